"""What people are told about checks and hazards: who did what, and what is wanted."""

from django.utils.translation import gettext_lazy as _

from huyuan.notifications.kinds import register

register({
    "inspection:sign": _("%(actor)s signed the check of %(school)s. Please read it and sign for your side."),
    "inspection:reopen": _("%(actor)s opened the check of %(school)s again: %(reason)s. Both sides sign anew."),
    "inspection:cancel": _("%(actor)s cancelled the check of %(school)s: %(reason)s. Nothing more to do."),
    "inspection:complete": _("The check of %(school)s is signed by both sides, with %(count)s hazards. Please order rectification."),
    "inspection:self_check": _("%(actor)s signed the self-check of %(school)s, with %(count)s hazards. Please order rectification."),
    "hazard:order": _("%(actor)s ordered %(school)s to put right “%(hazard)s” by %(due_on)s. Please report when it is done."),
    "hazard:rectify": _("%(actor)s reported that %(school)s put right “%(hazard)s”. Please re-check."),
    "hazard:close": _("%(actor)s re-checked “%(hazard)s” at %(school)s and closed it. Nothing more to do."),
    "hazard:reject": _("%(actor)s did not accept the rectification of “%(hazard)s” at %(school)s: %(reason)s. Please go on by %(due_on)s."),
    "hazard:ask_extension": _("%(actor)s asks for time until %(due_on)s for “%(hazard)s” at %(school)s: %(reason)s. Please decide."),
    "hazard:grant_extension": _("%(actor)s granted more time for “%(hazard)s” at %(school)s. It is now due on %(due_on)s."),
    "hazard:refuse_extension": _("%(actor)s refused more time for “%(hazard)s” at %(school)s. It stays due on %(due_on)s."),
    "hazard:pause": _("%(actor)s paused the deadline of “%(hazard)s” at %(school)s: %(reason)s."),
    "hazard:resume": _("%(actor)s restarted the deadline of “%(hazard)s” at %(school)s. It is now due on %(due_on)s."),
    "hazard:raise": _("%(actor)s set “%(hazard)s” at %(school)s to major. Please read what is required."),
    "hazard:lower": _("%(actor)s lowered “%(hazard)s” at %(school)s to general: %(reason)s."),
    "hazard:decide_level": _("%(actor)s decided that “%(hazard)s” at %(school)s is a general hazard."),
    "hazard:spot": _("%(actor)s recorded that “%(hazard)s” at %(school)s was fixed on the spot. Please confirm it at the next check."),
    "hazard:confirm_spot": _("%(actor)s confirmed that “%(hazard)s” at %(school)s is fixed and closed it. Nothing more to do."),
    "hazard:refuse_spot": _("%(actor)s looked at “%(hazard)s” at %(school)s: it is not fixed: %(reason)s. It waits for an order."),
    "hazard:ask_transfer": _("%(actor)s asks you to take over “%(hazard)s” at %(school)s: %(reason)s. Please accept or refuse."),
    "hazard:accept_transfer": _("%(whom)s took over “%(hazard)s” at %(school)s and follows it from now on (%(actor)s)."),
    "hazard:refuse_transfer": _("%(whom)s does not take over “%(hazard)s” at %(school)s: %(reason)s. It stays as it was."),
    "hazard:ask_coordination": _("%(actor)s asks for your help with “%(hazard)s” at %(school)s: %(reason)s. Please answer; the deadline runs until you do."),
    "hazard:accept_coordination": _("%(whom)s promised help with “%(hazard)s” at %(school)s until %(until_on)s. It is now due on %(due_on)s."),
    "hazard:refuse_coordination": _("%(whom)s cannot help with “%(hazard)s” at %(school)s: %(reason)s. The deadline runs on."),
    "hazard:finish_coordination": _("%(whom)s has dealt with its part of “%(hazard)s” at %(school)s: %(reason)s. It is now due on %(due_on)s."),
})  # fmt: skip
