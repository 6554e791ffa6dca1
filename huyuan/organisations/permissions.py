"""Who may change what an organisation is."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import School
from huyuan.organisations.queries import has_permission


def check_can_import_schools(reach: Reach) -> None:
    """Only the education bureau of a county brings in its roster."""
    if not reach.may(Permission.SCHOOL_IMPORT):
        raise Denied(_("Only the education bureau can import the school roster."))


def check_can_edit_calendar(reach: Reach, school: School | None) -> None:
    """The bureau sets the county's days, a school its own."""
    own = school is not None and has_permission(reach, Permission.CALENDAR_EDIT, school.organisation)
    if not own and not (reach.covers_county and reach.may(Permission.CALENDAR_EDIT)):
        raise Denied(_("Only the education bureau and schools for themselves can change the calendar."))
