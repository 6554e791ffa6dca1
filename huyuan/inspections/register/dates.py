"""Days as ledgers write them: without their year, when the sheet's title says which term it is about."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import CellProblem, say
from huyuan.common.sheets.cells import plain, shown, tidy
from huyuan.common.sheets.dates import WITHOUT_YEAR
from huyuan.common.sheets.dates import date as day_with_year
from huyuan.common.sheets.workbook import Cell
from huyuan.inspections.register.words import AT_ONCE, AT_ONCE_SAID

SCHOOL_YEAR = re.compile(r"(\d{4})(?:[-—–~/至到]+\d{2,4})?学年度?(?:第?([一二12上下])学?期)?")
TERM = re.compile(r"(\d{4})年?(?:度)?([秋春])季?")
YEAR = re.compile(r"(?<!\d)(20\d{2})年")
AUTUMN, SPRING = "秋", "春"
TERMS = {"一": AUTUMN, "1": AUTUMN, "上": AUTUMN, "二": SPRING, "2": SPRING, "下": SPRING}
NO_TITLE_YEAR = _("“%(value)s” lacks the year, and no title above the table says it. Write it as 2024-09-05.")
OTHER_MONTH = _("“%(value)s” lacks the year, and it lies outside “%(title)s”. Write it as 2024-09-05.")


@dataclass(frozen=True)
class NoYear:
    """A day and its month; which year is not said."""

    month: int
    day: int
    said: str

    def in_year(self, year: int) -> date:
        """The day in a year; there may be none, such as the 29th of February."""
        try:
            return date(year, self.month, self.day)
        except ValueError as error:
            raise CellProblem(say(_("There is no day “%(value)s”."), value=self.said)) from error


Day = date | NoYear


def day(value: Cell) -> Day | None:
    """A day, with or without its year."""
    # In a number 10.1 the last nought of 10.10 may be lost; only text is taken for a day without a year.
    said = re.sub(r"\s*([-/.月日])\s*", r"\1", shown(value)) if isinstance(value, str) else ""
    if not WITHOUT_YEAR.fullmatch(said):
        return day_with_year(value)
    month, number = map(int, re.findall(r"\d+", said))
    found = NoYear(month, number, said)
    # Any day of a leap year may be right in its own.
    found.in_year(2024)
    return found


def deadline(value: Cell) -> Day | str | None:
    """A day, or at once."""
    return AT_ONCE if plain(shown(value)) in AT_ONCE_SAID else day(value)


@dataclass(frozen=True)
class Period:
    """What the title above a table says about time: a term, a school year or a calendar year."""

    title: str
    year: int
    part: str

    def date_of(self, day: NoYear) -> date:
        """The day with the year the title gives it; raises CellProblem for a month that could be of two years."""
        year = self._year_of(day.month)
        if year is None:
            raise CellProblem(say(OTHER_MONTH, value=day.said, title=self.title))
        return day.in_year(year)

    def _year_of(self, month: int) -> int | None:
        if self.part == "year":
            return self.year
        if self.part == AUTUMN:
            return self.year if month >= 8 else self.year + 1 if month <= 2 else None
        if self.part == SPRING:
            return self.year if 2 <= month <= 8 else None
        return self.year if month >= 8 else self.year + 1


def period_of(titles: Iterable[str]) -> Period | None:
    """The one period these titles speak of; several are none."""
    found = {(one.year, one.part): one for title in titles if (one := _said(title))}
    exact = {key: one for key, one in found.items() if one.part != "year"} or found
    return next(iter(exact.values())) if len(exact) == 1 else None


def _said(title: str) -> Period | None:
    text = plain(title)
    if term := TERM.search(text):
        return Period(tidy(title), int(term[1]), term[2])
    if years := SCHOOL_YEAR.search(text):
        part = TERMS.get(years[2] or "", "")
        return Period(tidy(title), int(years[1]) + (part == SPRING), part)
    years_said = set(YEAR.findall(text))
    return Period(tidy(title), int(years_said.pop()), "year") if len(years_said) == 1 else None
