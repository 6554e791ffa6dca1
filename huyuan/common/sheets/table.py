"""Reading a table by meaning: every record with its values or with what is wrong, and what was left out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.cells import Parser, shown, tidy
from huyuan.common.sheets.extent import CELL_ERRORS, NO_RESULT
from huyuan.common.sheets.headers import DEEPEST, LOOKED_AT, Header, NumberedRow, find_header
from huyuan.common.sheets.problems import CellProblem, RowProblem, Sentence, UnreadableFile, say
from huyuan.common.sheets.rows import is_blank, kind_of, looks_like_total
from huyuan.common.sheets.specs import SheetSpec
from huyuan.common.sheets.workbook import LARGEST_FILE, Cell, Range, Sheet, Source, open_workbook

MOST_ROWS = 200_000
MOST_REMARKS = 300
MOST_KNOWN = 2_000
UNSEEN = object()
# With fewer cells filled than this, a row may be a note.
FEW = 3
NO_TITLES = _(
    "No sheet has the titles of this table. Put them in one row above the data, for example: %(titles)s. "
    "An empty template can be downloaded on the import page."
)
NO_COLUMN = _("There is no column for “%(field)s”. It can be titled: %(titles)s.")
TWO_COLUMNS = _(
    "Several columns could be “%(field)s”: %(titles)s. Keep one of them, or change the titles of the others."
)
NO_VALUE = _("“%(field)s” is empty. Fill it in.")
ERROR_VALUE = _("The cell shows the error %(value)s. Correct its formula or type the value.")
UNSOLVED = _(
    "The cell holds a formula without its result. Open the file in your spreadsheet program, save it, and try again."
)
TOO_MANY = _("The table has more than %(most)s rows. Split it into several files.")


@dataclass(slots=True)
class Row:
    """One record as read; with any problem it must not be used."""

    number: int
    sheet: str
    cells: list[Cell]
    values: dict[str, object]
    header: Header
    problems: list[RowProblem] = field(default_factory=list)
    # Why a right row is shown among the wrong ones: to be compared with another.
    compared: Sentence = ""

    def refuse(self, name: str, reason: Sentence, value: str = "") -> None:
        """Add one thing that is wrong with this row."""
        self.problems.append(RowProblem(self.number, name, reason, value, self.sheet))


@dataclass
class TableResult:
    """Everything a file said: records, problems of whole sheets, and what was passed over."""

    rows: list[Row] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    headers: dict[str, Header] = field(default_factory=dict)

    @property
    def all_problems(self) -> list[RowProblem]:
        """Problems of sheets first, then row by row."""
        return [*self.problems, *(problem for row in self.rows for problem in row.problems)]


class Column(NamedTuple):
    """How one column is read."""

    name: str
    at: int
    parse: Parser
    blank: object
    needed: bool
    known: dict[str, object]


def read_table(source: Source, spec: SheetSpec, *, largest: int = LARGEST_FILE) -> TableResult:
    """Read every visible sheet with recognisable titles; raises UnreadableFile when the file cannot be read at all."""
    result = TableResult()
    for sheet in open_workbook(source, largest=largest):
        if sheet.hidden:
            result.notes.append(say(_("The hidden sheet “%(sheet)s” was not read."), sheet=sheet.name))
        else:
            _read_sheet(sheet, spec, result)
    if not result.headers and not result.problems:
        wanted = "、".join(one.examples[0] for one in spec.fields if one.column_needed)
        result.problems.append(RowProblem(0, "", say(NO_TITLES, titles=wanted)))
    return result


def _read_sheet(sheet: Sheet, spec: SheetSpec, result: TableResult) -> None:
    """Read table after table down the sheet; most sheets have one."""
    merged = sheet.merged
    rows = sheet.rows()
    top = list(islice(rows, LOOKED_AT + DEEPEST))
    header = find_header(top, spec)
    if header is None and any(any(cells) for _number, cells in top):
        result.notes.append(
            say(_("The sheet “%(sheet)s” has no titles of this table and was not read."), sheet=sheet.name)
        )
        _remember(result, [cells for _number, cells in top])
    while header is not None:
        first_row = header.row + header.depth
        _remember(result, [cells for number, cells in top if number < first_row])
        below = chain([one for one in top if one[0] >= first_row], rows)
        further = None
        if _columns_are_clear(header, sheet.name, spec, result):
            result.headers.setdefault(sheet.name, header)
            further = TableReader(header, sheet.name, merged, spec, result).read(below)
        if further is None:
            return
        top = [further, *islice(below, DEEPEST)]
        rows, header = below, find_header(top, spec)


def _columns_are_clear(header: Header, sheet: str, spec: SheetSpec, result: TableResult) -> bool:
    """Say which columns are missing or claimed twice; either makes every row of the table a guess."""
    before = len(result.problems)
    for one in spec.fields:
        replaced = one.instead and header.columns.keys() >= set(one.instead)
        if one.column_needed and one.name not in header.columns and not replaced:
            reason = say(NO_COLUMN, field=one.title, titles="、".join(one.examples))
            result.problems.append(RowProblem(header.row, one.name, reason, "", sheet))
        if one.name in header.clashes and not one.may_repeat:
            reason = say(TWO_COLUMNS, field=one.title, titles="、".join(header.clashes[one.name]))
            result.problems.append(RowProblem(header.row, one.name, reason, "", sheet))
    if header.unknown:
        names = "、".join(dict.fromkeys(header.unknown))
        result.notes.append(say(_("Columns that are not used: %(titles)s."), titles=names))
    return len(result.problems) == before


def _remember(result: TableResult, rows: list[list[Cell]]) -> None:
    """Keep what is written around a table: it may say how the table is meant."""
    for cells in rows:
        if len(result.remarks) < MOST_REMARKS:
            result.remarks.extend(tidy(cell) for cell in cells if isinstance(cell, str) and cell)


def _sound(cell: Cell) -> Cell:
    """Let a cell through, and refuse an error value: it hides a figure that nobody here knows."""
    if type(cell) is str and cell[0] == "#":
        if cell == NO_RESULT:
            raise CellProblem(UNSOLVED)
        if cell in CELL_ERRORS:
            raise CellProblem(say(ERROR_VALUE, value=cell))
    return cell


class TableReader:
    """Reads the records below one header."""

    def __init__(self, header: Header, sheet: str, merged: list[Range], spec: SheetSpec, result: TableResult) -> None:
        self.header, self.sheet, self.spec, self.result = header, sheet, spec, result
        self.anchor = header.columns.get(spec.anchor, 0)
        self.width = max(header.titles, default=0) + 1
        self.columns = [
            Column(one.name, header.columns[one.name], one.parse, one.blank, one.needed, {})
            for one in spec.fields
            if one.name in header.columns
        ]
        self.spans = self._spans(merged)
        self.spoken: dict[int, Cell] = {}

    def read(self, rows: Iterator[NumberedRow]) -> NumberedRow | None:
        """Read on until the sheet ends, or give the row in which another table's titles begin."""
        for number, cells in rows:
            if is_blank(cells):
                self.result.skipped["blank"] += 1
                continue
            if self.spans:
                self._speak_for_covered(number, cells)
            row, filled = self._read_row(number, cells)
            if row.problems or filled < FEW or looks_like_total(cells[0]) or looks_like_total(self._at_anchor(cells)):
                if self.header.is_repeated_by(cells):
                    self.result.skipped["header"] += 1
                    continue
                if row.problems and self._begins_table(number, cells):
                    return number, cells
                if kind := kind_of(cells, self._at_anchor(cells), filled):
                    self.result.skipped[kind] += 1
                    _remember(self.result, [cells] if kind == "note" else [])
                    continue
                if filled == 1:
                    _remember(self.result, [cells])
            if len(self.result.rows) >= MOST_ROWS:
                raise UnreadableFile(say(TOO_MANY, most=MOST_ROWS))
            self.result.rows.append(row)
        return None

    def _read_row(self, number: int, cells: list[Cell]) -> tuple[Row, int]:
        """Read every known cell; the second figure says how many of them held something."""
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        values: dict[str, object] = {}
        row = Row(number, self.sheet, cells, values, self.header)
        filled = 0
        for name, at, parse, blank, needed, known in self.columns:
            cell = cells[at]
            value: object = None
            if cell != "":
                filled += 1
                # Most texts of a column come again and again: 是, 小学, the stations.
                value = known.get(cell, UNSEEN) if type(cell) is str else UNSEEN
                if value is UNSEEN:
                    try:
                        value = parse(_sound(cell))
                    except CellProblem as problem:
                        row.refuse(name, problem.reason, shown(cell))
                        continue
                    if type(cell) is str:
                        if cell.isspace():
                            filled -= 1
                        elif len(known) < MOST_KNOWN:
                            known[cell] = value
            if value is None:
                value = blank
                if needed:
                    row.refuse(name, say(NO_VALUE, field=self.spec.by_name[name].title), shown(cell))
            values[name] = value
        return row, filled

    def _at_anchor(self, cells: list[Cell]) -> Cell:
        return cells[self.anchor] if self.anchor < len(cells) else ""

    def _begins_table(self, number: int, cells: list[Cell]) -> bool:
        return find_header([(number, cells)], self.spec) is not None

    def _spans(self, merged: list[Range]) -> dict[int, list[tuple[int, int]]]:
        """For each row covered by merged cells that speak for several rows: their columns, and the row they begin in."""
        speaking = {
            self.header.columns[one.name]
            for one in self.spec.fields
            if one.spans_rows and one.name in self.header.columns
        }
        spans: dict[int, list[tuple[int, int]]] = {}
        for (top, left), (bottom, _right) in merged:
            # Ranges are counted from 0, rows from 1; the titles' own ranges speak for no record.
            if left in speaking and top + 1 >= self.header.row + self.header.depth:
                for covered in range(top + 1, min(bottom + 2, top + MOST_ROWS)):
                    spans.setdefault(covered, []).append((left, top + 1))
        return spans

    def _speak_for_covered(self, number: int, cells: list[Cell]) -> None:
        for column, top in self.spans.get(number, ()):
            if column < len(cells):
                if number == top:
                    self.spoken[column] = cells[column]
                elif cells[column] == "":
                    cells[column] = self.spoken.get(column, "")
