"""Reading a hazard ledger: a row is right, or it is reported with the reason; what the two levels do not know is asked."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import (
    CellProblem,
    Row,
    RowProblem,
    Sentence,
    Source,
    TableResult,
    error_sheet,
    read_table,
    say,
    template,
)
from huyuan.common.sheets.cells import plain, shown
from huyuan.common.sheets.specs import title_key
from huyuan.inspections.models import Hazard
from huyuan.inspections.register.dates import NO_TITLE_YEAR, NoYear, Period, period_of
from huyuan.inspections.register.fields import REGISTER
from huyuan.inspections.register.names import SchoolBook
from huyuan.inspections.register.words import LEVELS, STATE_NAMES, STATUS_OF

# Columns that say nothing of a hazard: running numbers, and what an error sheet adds.
SAYS_NOTHING = re.compile(r"序号|编号|号|no|number|原文件行号|问题说明|rowinyourfile|whatiswrong")
WORDS = (
    "found_by",
    "category",
    "place",
    "level",
    "basis",
    "measures",
    "responsible",
    "state",
    "rechecked_by",
    "remark",
)
MOST_ROWS_SAID = 20
NEAR = _("“%(value)s” is no school here. Is one of these meant: %(near)s? Write its name and give the row again.")
UNKNOWN = _("“%(value)s” is no school here. Write its name as in the roster, and give the row again.")
SEVERAL = _("Several schools are called “%(value)s”: %(names)s. Write the ten-digit code instead.")
OTHER_LEVEL = _(
    "“%(value)s” is no level: there are only general (一般) and major (重大) hazards. It came in with its level open; correct it in the sheet and give the file again."
)
NO_LEVEL = _("No level is given. It came in with its level open; fill it in and give the file again.")
FUTURE = _("%(day)s lies in the future. A hazard cannot have been found then; correct the date.")
NOT_DONE = _("A closed hazard needs the day on which it was put right. Fill it in, or correct the state.")
TWIN = _(
    "Row %(first)s has the same school, day and hazard, but differs: %(fields)s. Row %(first)s was taken. Delete this row, or describe the two hazards apart."
)
SAME = _("Row %(row)s is row %(first)s again and changes nothing.")
YEAR = _("The year %(year)s was taken from the title “%(title)s”.")
NOBODY = _("Nobody is named as responsible.")
BEFORE = _("%(title)s lies before the day on which it was found.")
KEPT = _("further columns")
UNCONFIRMED = _("Major without an item of the national guide: unconfirmed until somebody names the item.")


@dataclass(frozen=True, slots=True)
class HazardRow:
    """One hazard as the ledger says; `said` holds its words and days under the names of the columns the sheet has."""

    row: int
    sheet: str
    school_id: int
    found_on: date
    description: str
    year_inferred: bool
    said: dict[str, str]


@dataclass
class RegisterReading:
    """The hazards that are right, everything that is not, and remarks on single rows that come in."""

    table: TableResult
    today: date
    periods: dict[str, Period | None] = field(default_factory=dict)
    hazards: list[HazardRow] = field(default_factory=list)
    remarks: list[RowProblem] = field(default_factory=list)

    @property
    def problems(self) -> list[RowProblem]:
        """What is wrong, in the order of the file."""
        return self.table.all_problems

    @property
    def notes(self) -> list[Sentence]:
        """What the person should know although nothing is wrong; remarks on rows are gathered by their sentence."""
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for remark in self.remarks:
            rows[str(remark.reason)].append(remark.row)
        return [*self.table.notes, *(_gathered(reason, numbers) for reason, numbers in rows.items())]

    def error_sheet(self) -> bytes:
        """The refused rows with their reasons, as a workbook; the title stays, because it may say the year."""
        titles = {sheet: one.title for sheet, one in self.periods.items() if one}
        return error_sheet(self.table, REGISTER, headings=titles)

    def remark(self, row: Row, name: str, reason: Sentence) -> None:
        """Say something about a row that comes in."""
        self.remarks.append(row.about(name, reason))


def _gathered(reason: str, rows: list[int]) -> Sentence:
    numbers = list(dict.fromkeys(rows))
    named = "、".join(map(str, numbers[:MOST_ROWS_SAID])) + ("…" if len(numbers) > MOST_ROWS_SAID else "")
    return say(_("%(reason)s Rows (%(count)s): %(rows)s"), reason=reason, count=len(numbers), rows=named)


def register_template() -> bytes:
    """An empty ledger to fill in."""
    return template(REGISTER)


def read_register(source: Source, *, book: SchoolBook, today: date) -> RegisterReading:
    """Read a hazard ledger; raises UnreadableFile when there is no table to read at all."""
    table = read_table(source, REGISTER)
    reading = RegisterReading(table, today)
    reading.periods = {sheet: period_of([sheet, *said]) for sheet, said in table.remarks.items()}
    _say_what_is_kept(table)
    first: dict[tuple[int, date, str], tuple[HazardRow, bool]] = {}
    for row in table.rows:
        inferred = _with_years(row, reading)
        school = _school(row, book)
        _check_days(row, reading)
        hazard = _hazard(row, school, bool(inferred))
        if hazard is None:
            continue
        known = first.setdefault((hazard.school_id, hazard.found_on, hazard.description), (hazard, True))[0]
        if known is not hazard:
            _settle_twin(row, hazard, known, table)
            continue
        reading.hazards.append(hazard)
        reading.remarks += inferred
        _ask(row, hazard, reading)
    return reading


def _say_what_is_kept(table: TableResult) -> None:
    kept = dict.fromkeys(title for header in table.headers for title in header.unknown if _is_kept(title))
    if kept:
        reason = _("Columns without a place of their own are kept as words with each hazard: %(titles)s.")
        table.notes.append(say(reason, titles="、".join(kept)))


def _is_kept(title: str) -> bool:
    return not SAYS_NOTHING.fullmatch(title_key(title))


def _with_years(row: Row, reading: RegisterReading) -> list[RowProblem]:
    """Give days without a year the one of the sheet's title; the answer says so for each."""
    said, period = [], reading.periods.get(row.sheet)
    for name in ("found_on", "due", "done_on"):
        value = row.values.get(name)
        if not isinstance(value, NoYear):
            continue
        try:
            if period is None:
                raise CellProblem(say(NO_TITLE_YEAR, value=value.said))
            row.values[name] = found = period.date_of(value)
            said.append(row.about(name, say(YEAR, year=found.year, title=period.title), value.said))
        except CellProblem as problem:
            row.refuse(name, problem.reason, value.said)
    return said


def _school(row: Row, book: SchoolBook) -> int | None:
    raw = str(row.values.get("school") or "")
    meant = book.meant(raw) if raw else []
    if len(meant) == 1:
        return meant[0].pk
    if meant:
        row.refuse("school", say(SEVERAL, value=raw, names="、".join(one.label for one in meant)), raw)
    elif raw:
        near = book.near(raw)
        reason = say(NEAR, value=raw, near="、".join(near)) if near else say(UNKNOWN, value=raw)
        row.refuse("school", reason, raw, near)
    return None


def _check_days(row: Row, reading: RegisterReading) -> None:
    found, values = row.values.get("found_on"), row.values
    if isinstance(found, date) and found > reading.today:
        row.refuse("found_on", say(FUTURE, day=found), str(found))
    closed = STATUS_OF.get(STATE_NAMES.get(plain(str(values.get("state"))), "")) == Hazard.Status.CLOSED
    if closed and not values.get("done_on") and not any(one.field == "done_on" for one in row.problems):
        row.refuse("done_on", NOT_DONE)


def _hazard(row: Row, school: int | None, year_inferred: bool) -> HazardRow | None:
    values = row.values
    found = values.get("found_on")
    if row.problems or school is None or not isinstance(found, date):
        return None
    said = {name: str(values[name]) for name in WORDS if name in values}
    said |= {name: str(values[name] or "") for name in ("due", "done_on") if name in values}
    if kept := "；".join(_kept(row)):
        said["kept"] = kept
    return HazardRow(row.number, row.sheet, school, found, str(values["description"]), year_inferred, said)


def _kept(row: Row) -> Iterator[str]:
    used = set(row.header.columns.values())
    for at, title in row.header.titles.items():
        if at not in used and row.cells[at] != "" and _is_kept(title):
            yield f"{title}：{shown(row.cells[at])}"


def _settle_twin(row: Row, hazard: HazardRow, known: HazardRow, table: TableResult) -> None:
    """The same hazard twice: harmless when the rows agree, otherwise for a person to tell."""
    if hazard.said == known.said:
        table.notes.append(say(SAME, row=hazard.row, first=known.row))
        return
    titles = {one.name: one.title for one in REGISTER.fields} | {"kept": KEPT}
    differs = [name for name in titles if hazard.said.get(name) != known.said.get(name)]
    joined = say("、".join(f"%({name})s" for name in differs), **{name: titles[name] for name in differs})
    row.refuse("description", say(TWIN, first=known.row, fields=joined), hazard.description)


def _ask(row: Row, hazard: HazardRow, reading: RegisterReading) -> None:
    """Ask for a level that is none of the two, and remark on what is missing or looks odd."""
    level = hazard.said.get("level", "")
    if LEVELS.get(plain(level)) is None:
        reason = say(OTHER_LEVEL, value=level) if level else NO_LEVEL
        reading.table.asked.append(row.about("level", reason, level))
    if LEVELS.get(plain(level)) == Hazard.Level.MAJOR:
        reading.remark(row, "level", UNCONFIRMED)
    if not hazard.said.get("responsible"):
        reading.remark(row, "responsible", NOBODY)
    for name in ("due", "done_on"):
        day = row.values.get(name)
        if isinstance(day, date) and day < hazard.found_on:
            reading.remark(row, name, say(BEFORE, title=REGISTER.by_name[name].title))
