"""Periods: from which day to which something is owed, with school holidays left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from huyuan.organisations.calendar import WorkingDays, working_days
from huyuan.organisations.models import County, OrganisationKind, Term
from huyuan.policy.packs import Rhythm

# A month or quarter with fewer school days than this is holiday to a school: nothing is owed for it.
SCHOOL_DAYS = 8
LOOK_BACK = 15


@dataclass(frozen=True)
class Span:
    """One period, both days inclusive; `due_on` is its last working day."""

    starts_on: date
    ends_on: date
    due_on: date


@dataclass(frozen=True)
class Year:
    """What a county's calendar says: its terms in order, and which days are worked."""

    terms: Sequence[tuple[date, date]]
    days: WorkingDays

    def span(self, rhythm: Rhythm, day: date, bearer: str, counts_from: date, within: int | None) -> Span | None:
        """The period that runs on `day`, or between two of them the one that ended last; None before the first."""
        if rhythm is Rhythm.ONCE:
            return self._made(counts_from, counts_from + timedelta(days=within or 0))
        if rhythm is Rhythm.TERM:
            begun = [term for term in self.terms if term[0] <= day]
            return self._made(*begun[-1]) if begun else None
        if rhythm is Rhythm.YEARLY:
            return self._made(date(day.year, 1, 1), date(day.year, 12, 31))
        if rhythm is Rhythm.DAILY:
            return self._school_day(day)
        months = 3 if rhythm is Rhythm.QUARTERLY else 1
        if rhythm is Rhythm.EVENT or bearer != OrganisationKind.SCHOOL:
            return self._made(*months_around(day, months))
        return self._school_months(day, months)

    def _made(self, starts_on: date, ends_on: date) -> Span:
        due = ends_on
        while due > starts_on and not self.days.works(due):
            due -= timedelta(days=1)
        return Span(starts_on, ends_on, due)

    def _school_day(self, day: date) -> Span | None:
        for back in range(LOOK_BACK * 6):
            tried = day - timedelta(days=back)
            if self.days.works(tried) and self._in_term(tried):
                return Span(tried, tried, tried)
        return None

    def _school_months(self, day: date, months: int) -> Span | None:
        for _ in range(LOOK_BACK):
            first, last = months_around(day, months)
            if self._school_days(first, last) >= SCHOOL_DAYS * months:
                return self._made(first, last)
            day = first - timedelta(days=1)
        return None

    def _in_term(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.terms)

    def _school_days(self, first: date, last: date) -> int:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return sum(self._in_term(day) and self.days.works(day) for day in days)


def months_around(day: date, months: int) -> tuple[date, date]:
    """The first and last day of the month, or the group of months, that holds a day."""
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    ahead = first.month - 1 + months
    return first, date(first.year + ahead // 12, ahead % 12 + 1, 1) - timedelta(days=1)


def year_of(county: County) -> Year:
    """The county's calendar; two queries."""
    terms = Term.objects.filter(county=county).order_by("starts_on").values_list("starts_on", "ends_on")
    return Year(list(terms), working_days(county))
