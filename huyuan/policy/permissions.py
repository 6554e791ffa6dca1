"""Who may see what filling in costs."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import School


def check_can_read_burden(reach: Reach) -> None:
    """Heads and safety officers, and those who keep or follow the county's ledgers."""
    if not reach.may(Permission.BURDEN_READ):
        raise Denied(_("Your role does not see what filling in costs."))


def check_can_read_burden_of(reach: Reach, school: School) -> None:
    """One school by itself is seen by the school and by the county; a town and a station see the sum of theirs."""
    check_can_read_burden(reach)
    if not reach.covers_county and school.pk not in reach.speaks_for:
        raise Denied(_("You see the sum of your schools, not one school by itself."))
