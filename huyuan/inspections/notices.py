"""What people are told about checks and hazards: who did what, and what is wanted."""

from django.utils.translation import gettext_lazy as _

from huyuan.notifications.kinds import register

register({
    "inspection:sign": _("%(actor)s signed the check of %(school)s. Please read it and sign for your side."),
    "inspection:reopen": _("%(actor)s opened the check of %(school)s again: %(reason)s. Both sides sign anew."),
    "inspection:cancel": _("%(actor)s cancelled the check of %(school)s: %(reason)s. Nothing more to do."),
    "inspection:complete": _("The check of %(school)s is signed by both sides, with %(count)s hazards. Please order rectification."),
    "hazard:order": _("%(actor)s ordered %(school)s to put right “%(hazard)s” by %(due_on)s. Please report when it is done."),
    "hazard:rectify": _("%(actor)s reported that %(school)s put right “%(hazard)s”. Please re-check."),
    "hazard:close": _("%(actor)s re-checked “%(hazard)s” at %(school)s and closed it. Nothing more to do."),
    "hazard:reject": _("%(actor)s did not accept the rectification of “%(hazard)s” at %(school)s: %(reason)s. Please go on by %(due_on)s."),
    "hazard:ask_extension": _("%(actor)s asks for time until %(due_on)s for “%(hazard)s” at %(school)s: %(reason)s. Please decide."),
    "hazard:grant_extension": _("%(actor)s granted more time for “%(hazard)s” at %(school)s. It is now due on %(due_on)s."),
    "hazard:refuse_extension": _("%(actor)s refused more time for “%(hazard)s” at %(school)s. It stays due on %(due_on)s."),
    "hazard:pause": _("%(actor)s paused the deadline of “%(hazard)s” at %(school)s: %(reason)s."),
    "hazard:resume": _("%(actor)s restarted the deadline of “%(hazard)s” at %(school)s. It is now due on %(due_on)s."),
    "notice:issue": _("%(actor)s issued notice %(number)s to %(school)s, about %(count)s hazards. Please read it and sign for it."),
    "notice:sign": _("%(actor)s signed for notice %(number)s on behalf of %(school)s. Nothing more to do."),
    "notice:receive": _("%(actor)s recorded that %(receiver)s of %(school)s signed for notice %(number)s on paper. Nothing more to do."),
    "notice:refuse": _("%(actor)s recorded that %(school)s did not sign for notice %(number)s: %(reason)s. Witness: %(witness)s. The deadlines stand."),
    "notice:withdraw": _("%(actor)s withdrew notice %(number)s to %(school)s: %(reason)s. Nothing to sign any more."),
    "hazard:step_remind": _("“%(hazard)s” at %(school)s is due on %(due_on)s. Please put it right and report, or ask for more time."),
    "hazard:step_overdue": _("“%(hazard)s” at %(school)s was due on %(due_on)s and is overdue. Please see that it is put right and reported."),
    "hazard:step_watch": _("“%(hazard)s” at %(school)s was due on %(due_on)s and is still not put right. Please press for it."),
    "supervision:propose": _("%(actor)s proposes listed supervision of “%(hazard)s” at %(school)s: %(reason)s. Please decide."),
    "supervision:list": _("%(actor)s listed “%(hazard)s” at %(school)s for supervision by %(supervisor)s, to be closed by %(due_on)s."),
    "supervision:decline": _("%(actor)s decided not to list “%(hazard)s” at %(school)s: %(reason)s. The deadline stands."),
    "supervision:lift": _("%(actor)s lifted the listed supervision of “%(hazard)s” at %(school)s. Nothing more to do."),
})  # fmt: skip
