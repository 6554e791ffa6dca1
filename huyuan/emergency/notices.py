"""What people are told about plans and units."""

from django.utils.translation import gettext_lazy as _

from huyuan.notifications.kinds import register

register({
    "contingency:approve": _("%(actor)s approved the contingency plan “%(plan)s” of %(school)s. You have a card in it; please read it."),
    "unit:add": _("%(actor)s named you for the emergency unit of %(school)s: %(part)s. In an alarm you are called."),
})  # fmt: skip
