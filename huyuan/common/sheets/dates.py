"""Reading dates the way people type them."""

import datetime as dt
import re

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.cells import NOTHING, shown
from huyuan.common.sheets.problems import CellProblem, say
from huyuan.common.sheets.workbook import Cell

FORMS = (
    re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?(?:[ T]?\d{1,2}[:时]\d{1,2}(?:[:分]\d{0,2}秒?)?)?"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
WITHOUT_YEAR = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
EXCEL_EPOCH = dt.date(1899, 12, 30)
# 1955 to 2119: what is smaller or larger was not meant as a day.
SERIALS = range(20_000, 80_000)


def date(value: Cell) -> dt.date | None:
    """A day: a date cell, an Excel day number, or one of the usual ways to type it, with its year."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and int(value) in SERIALS:
        return EXCEL_EPOCH + dt.timedelta(days=int(value))
    said = shown(value)
    if said in NOTHING:
        return None
    if said.isdecimal() and int(said[:9]) in SERIALS:
        return EXCEL_EPOCH + dt.timedelta(days=int(said))
    return _typed(said)


def _typed(said: str) -> dt.date:
    squeezed = re.sub(r"\s*([-/.年月日])\s*", r"\1", said)
    for form in FORMS:
        if found := form.fullmatch(squeezed):
            try:
                return dt.date(*map(int, found.groups()))
            except ValueError as error:
                raise CellProblem(say(_("There is no day “%(value)s”."), value=said)) from error
    if WITHOUT_YEAR.fullmatch(squeezed):
        raise CellProblem(say(_("“%(value)s” lacks the year. Write it as 2024-09-05."), value=said))
    raise CellProblem(say(_("“%(value)s” is no date. Write it as 2024-09-05."), value=said))
