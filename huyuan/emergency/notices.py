"""What people are told about plans, units and incidents, beside their calls."""

from django.utils.translation import gettext_lazy as _

from huyuan.notifications.kinds import register

register({
    "contingency:approve": _("%(actor)s approved the contingency plan “%(plan)s” of %(school)s. You have a card in it; please read it."),
    "unit:add": _("%(actor)s named you for the emergency unit of %(school)s: %(part)s. In an alarm you are called."),
    "incident:hand_over": _("%(sign)s at %(school)s: %(actor)s handed the command over to you. Situation: %(reason)s."),
    "incident:clear": _("%(sign)s at %(school)s: %(actor)s gave the all-clear. Nothing more to do; thank you."),
    "incident:task": _("%(sign)s at %(school)s, review: %(actor)s gave you a task: “%(finding)s”, due on %(due_on)s."),
    "exercise:announce": _("%(actor)s announces an exercise at %(school)s (%(title)s). Nothing has happened; when the call comes, act as if it were real."),
})  # fmt: skip
