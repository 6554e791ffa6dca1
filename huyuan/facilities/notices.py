"""What people are told about alarm devices."""

from django.utils.translation import gettext_lazy as _

from huyuan.notifications.kinds import register

register({
    "device:silent": _("The alarm device “%(place)s” of %(school)s is silent. Please see to its power and network."),
    "device:silent_many": _("%(count)s alarm devices fell silent at once, one of them “%(place)s” of %(school)s. Please look into it."),
    "test:announce": _("%(actor)s announced a test of the alarm buttons of %(school)s on %(day)s from %(starts)s to %(ends)s. A press then sends nobody."),
    "test:withdraw": _("%(actor)s called off the test of the alarm buttons of %(school)s on %(day)s. A press is real again."),
})  # fmt: skip
