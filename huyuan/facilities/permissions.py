"""Who may do what with alarm devices."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import School
from huyuan.organisations.queries import has_permission


def check_can_register(reach: Reach) -> None:
    """Whoever keeps devices somewhere may open the page that registers one."""
    if not reach.may(Permission.DEVICE_KEEP):
        raise Denied(_("Your role does not keep alarm devices."))


def check_can_keep(reach: Reach, school: School) -> None:
    """The school, the bureau and the county police keep the register and announce tests."""
    if not has_permission(reach, Permission.DEVICE_KEEP, school.organisation):
        raise Denied(_("Your role does not keep the alarm devices of this school."))
