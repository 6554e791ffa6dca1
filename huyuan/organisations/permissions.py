"""Who may change what an organisation is."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, School
from huyuan.organisations.queries import has_permission


def check_can_import_schools(reach: Reach, county: County | None = None) -> None:
    """Only the education bureau of a county brings in its roster."""
    if not reach.may(Permission.SCHOOL_IMPORT):
        raise Denied(_("Only the education bureau can import the school roster."))
    if county is not None and county.pk != reach.county_id:
        raise Denied(_("This belongs to another county."))


def check_can_keep_organisations(reach: Reach, county: County | None = None) -> None:
    """Only the education bureau of a county adds and corrects its organisations."""
    if not reach.may(Permission.SCHOOL_IMPORT):
        raise Denied(_("Only the education bureau keeps the list of organisations."))
    if county is not None and county.pk != reach.county_id:
        raise Denied(_("This belongs to another county."))


def check_can_edit_calendar(reach: Reach, county: County, school: School | None) -> None:
    """The bureau sets the county's days, a school its own."""
    own = school is not None and has_permission(reach, Permission.CALENDAR_EDIT, school.organisation)
    wide = county.pk == reach.county_id and reach.covers_county and reach.may(Permission.CALENDAR_EDIT)
    if not own and not wide:
        raise Denied(_("Only the education bureau and schools for themselves can change the calendar."))
    if school is not None and school.county_id != county.pk:
        raise Denied(_("This belongs to another county."))


def check_can_edit_some_calendar(reach: Reach) -> None:
    """Whoever sets days at all: the county's, or those of a school."""
    if not reach.may(Permission.CALENDAR_EDIT):
        raise Denied(_("Only the education bureau and schools for themselves can change the calendar."))
