"""The school calendar: terms, and days that work or rest against the public one."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.organisations.models import (
    CalendarDay,
    County,
    School,
    Term,
)
from huyuan.organisations.permissions import check_can_edit_calendar


@transaction.atomic
def set_term(
    *, county: County, year: int, number: int, starts_on: date, ends_on: date, by: Reach, now: datetime
) -> Term:
    """Say when a term of the county begins and ends; saying it again moves it."""
    check_can_edit_calendar(by, county, None)
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    if ends_on <= starts_on:
        raise Invalid(_("The last day of a term comes after its first day."))
    others = county.terms.exclude(year=year, number=number)
    if others.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise Conflict(_("Another term has some of these days. Correct the days of one of the terms."))
    days = {"starts_on": starts_on, "ends_on": ends_on}
    term, _created = Term.objects.update_or_create(county=county, year=year, number=number, defaults=days)
    audit.record(
        "term:set", target=county, by=by, now=now, year=year, number=number, first=str(starts_on), last=str(ends_on)
    )
    return term


@transaction.atomic
def set_calendar_day(
    *, county: County, school: School | None, day: date, works: bool, reason: str, by: Reach, now: datetime
) -> CalendarDay:
    """Say that a day works or rests against the public calendar, for the county or for one's own school."""
    check_can_edit_calendar(by, county, school)
    entry, _created = CalendarDay.objects.update_or_create(
        county=county, school=school, day=day, defaults={"works": works, "reason": reason}
    )
    about = school.organisation if school else county
    audit.record("calendar:set", target=about, by=by, now=now, day=str(day), works=works)
    return entry


@transaction.atomic
def remove_calendar_day(*, entry: CalendarDay, by: Reach, now: datetime) -> None:
    """Return a day to the public calendar."""
    check_can_edit_calendar(by, entry.county, entry.school)
    about = entry.school.organisation if entry.school else entry.county
    audit.record("calendar:remove", target=about, by=by, now=now, day=str(entry.day))
    entry.delete()
