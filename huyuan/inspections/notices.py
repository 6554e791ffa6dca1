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
})  # fmt: skip
