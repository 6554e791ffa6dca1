"""Working days: public holidays with make-up workdays, overruled by the county, overruled by the school."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from huyuan.organisations.models import CalendarDay, County, School

SATURDAY = 5


def public_working_day(day: date) -> bool:
    """Whether the State Council's calendar works on `day`; years not announced yet count Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < SATURDAY


@dataclass(frozen=True)
class WorkingDays:
    """The calendar of one county or one school."""

    overrides: Mapping[date, bool]

    def works(self, day: date) -> bool:
        """Whether people are at work on `day`."""
        return self.overrides.get(day, public_working_day(day))

    def after(self, start: date, days: int) -> date:
        """The working day that many working days after `start`; zero is the first working day from `start` on."""
        day = start
        while days > 0 or not self.works(day):
            day += timedelta(days=1)
            days -= self.works(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start` up to and including `end`."""
        return sum(self.works(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def working_days(county: County, school: School | None = None) -> WorkingDays:
    """The county's calendar, with one school's own days when a school is given. One query."""
    days = CalendarDay.objects.filter(county=county, school=None)
    if school is not None:
        days = days | CalendarDay.objects.filter(county=county, school=school)
    ordered = sorted(days, key=lambda entry: entry.school_id is not None)
    return WorkingDays({entry.day: entry.works for entry in ordered})
