"""Reading a table by meaning: every record with its values or with what is wrong, and what was left out."""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.cells import Parser, shown, tidy
from huyuan.common.sheets.extent import CELL_ERRORS, NO_RESULT
from huyuan.common.sheets.headers import Header, Rows, find_header
from huyuan.common.sheets.problems import CellProblem, RowProblem, Sentence, UnreadableFile, say
from huyuan.common.sheets.rows import is_blank, kind_of
from huyuan.common.sheets.specs import SheetSpec
from huyuan.common.sheets.workbook import LARGEST_FILE, Cell, Range, Sheet, Source, open_workbook

MOST_ROWS = 200_000
MOST_REMARKS = 300
MOST_KNOWN = 2_000
UNSEEN = object()
# With fewer cells filled than this, a row may be a note; so many separators in a cell were meant to part cells.
FEW = 3
# With fewer such rows a sheet without titles may be an explanation.
FEWEST_RECORDS = 2
SEPARATORS = ",\t;|"
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
COVERED = _(
    "The cell is merged with another, so nobody can say whether its value counts here. Unmerge them and fill in both."
)
TOO_WIDE = _(
    "The row has more cells than there are titles; perhaps a figure such as 1,024 was parted at its comma. Save the table as .xlsx and try that file."
)
SWALLOWED = _(
    "A quotation mark is not closed, so the rows that follow ended up in one cell. Save the table as .xlsx and try that file."
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

    def refuse(self, name: str, reason: Sentence, value: str = "", offered: tuple[str, ...] = ()) -> None:
        """Add one thing that is wrong with this row."""
        self.problems.append(self.about(name, reason, value, offered))

    def about(self, name: str, reason: Sentence, value: str = "", offered: tuple[str, ...] = ()) -> RowProblem:
        """Something to be said about one field of this row."""
        return RowProblem(self.number, name, reason, value, self.sheet, offered)


@dataclass
class TableResult:
    """Everything a file said: records, problems of whole sheets, and what was passed over.

    `asked` are questions about rows that come in all the same, `remarks` what each sheet says around its tables.
    """

    rows: list[Row] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    asked: list[RowProblem] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    remarks: dict[str, list[str]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    headers: list[Header] = field(default_factory=list)

    @property
    def all_problems(self) -> list[RowProblem]:
        """Problems of sheets first, then row by row."""
        return [*self.problems, *(problem for row in self.rows for problem in row.problems)]


Corner = tuple[int, int]


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
    unread: list[RowProblem] = []
    for sheet in open_workbook(source, largest=largest):
        if sheet.hidden:
            result.notes.append(say(_("The hidden sheet “%(sheet)s” was not read."), sheet=sheet.name))
        else:
            unread += _read_sheet(sheet, spec, result)
    if result.headers or result.problems:
        result.problems += unread
    else:
        wanted = "、".join(one.examples[0] for one in spec.fields if one.column_needed)
        result.problems.append(RowProblem(0, "", say(NO_TITLES, titles=wanted)))
    return result


def _read_sheet(sheet: Sheet, spec: SheetSpec, result: TableResult) -> list[RowProblem]:
    """Read table after table down the sheet; the answer has a problem when the sheet holds rows but no such table."""
    merged = sheet.merged
    rows = Rows(sheet.rows())
    said = result.remarks.setdefault(sheet.name, [])
    header, records = _next_header(rows, spec, said, None)
    if header is None:
        reason = say(_("The sheet “%(sheet)s” has no titles of this table and was not read."), sheet=sheet.name)
        if records >= FEWEST_RECORDS:
            return [RowProblem(0, "", reason, "", sheet.name)]
        if rows.taken:
            result.notes.append(reason)
    while header is not None:
        if _columns_are_clear(header, sheet.name, spec, result):
            result.headers.append(header)
            TableReader(header, sheet, merged, spec, result).read(rows)
        header, _records = _next_header(rows, spec, said, header)
    return []


def _next_header(rows: Rows, spec: SheetSpec, said: list[str], last: Header | None) -> tuple[Header | None, int]:
    """Go on to below the next titles that are not the last ones again, and count the rows passed that look like records."""
    records = 0
    while rows.look(1):
        header = find_header(rows, spec)
        _number, cells = rows.take()
        if header is None or (last is not None and last.is_repeated_by(cells)):
            _remember(said, cells)
            records += sum(cell != "" for cell in cells) >= FEW
        else:
            for _row in range(header.depth - 1):
                rows.take()
            return header, records
    return None, records


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
    if header.unknown and not spec.keeps_unknown:
        names = "、".join(dict.fromkeys(header.unknown))
        result.notes.append(say(_("Columns that are not used: %(titles)s."), titles=names))
    return len(result.problems) == before


def _remember(said: list[str], cells: list[Cell]) -> None:
    """Keep what is written around a table: it may say how the table is meant."""
    if len(said) < MOST_REMARKS:
        said.extend(tidy(cell) for cell in cells if isinstance(cell, str) and cell)


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

    def __init__(self, header: Header, sheet: Sheet, merged: list[Range], spec: SheetSpec, result: TableResult) -> None:
        self.header, self.sheet, self.spec, self.result = header, sheet.name, spec, result
        self.is_text = sheet.text is not None
        self.anchor = header.columns.get(spec.anchor, 0)
        self.width = max(header.titles, default=0) + 1
        self.columns = [
            Column(one.name, header.columns[one.name], one.parse, one.blank, one.needed, {})
            for one in spec.fields
            if one.name in header.columns
        ]
        self.speaking = {
            header.columns[one.name] for one in spec.fields if one.spans_rows and one.name in header.columns
        }
        self.spans = self._spans(merged)
        self.spoken: dict[Corner, Cell] = {}

    def read(self, rows: Rows) -> None:
        """Read on until the sheet ends or another table's titles begin."""
        while seen := rows.look(1):
            [(number, cells)] = seen
            if is_blank(cells):
                self.result.skipped["blank"] += 1
            else:
                row, filled = self._read_row(number, cells)
                if kind := self._kind(row, filled):
                    self.result.skipped[kind] += 1
                elif row.problems and find_header(rows, self.spec):
                    return
                elif len(self.result.rows) >= MOST_ROWS:
                    raise UnreadableFile(say(TOO_MANY, most=MOST_ROWS))
                else:
                    self.result.rows.append(row)
            rows.take()

    def _kind(self, row: Row, filled: int) -> str | None:
        """What a row is that is no record; a row with nothing wrong is always one."""
        if not row.problems:
            return None
        if self.header.is_repeated_by(row.cells):
            return "header"
        kind = kind_of(row.cells, row.cells[self.anchor], filled)
        if filled == 1 or kind == "note":
            _remember(self.result.remarks[self.sheet], row.cells)
        return kind

    def _read_row(self, number: int, cells: list[Cell]) -> tuple[Row, int]:
        """Read every known cell; the second figure says how many of them held something."""
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        values: dict[str, object] = {}
        row = Row(number, self.sheet, cells, values, self.header)
        hidden = self._speak_for_covered(number, cells) if self.spans else frozenset()
        if self.is_text:
            self._check_text(row)
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
                if at in hidden:
                    row.refuse(name, COVERED)
                    continue
                if needed:
                    row.refuse(name, say(NO_VALUE, field=self.spec.by_name[name].title), shown(cell))
            values[name] = value
        return row, filled

    def _check_text(self, row: Row) -> None:
        """Refuse what separators and quotation marks out of place have shifted or swallowed."""
        if any(cell != "" for cell in row.cells[self.width :]):
            row.refuse("", TOO_WIDE)
        if any("\n" in cell and max(map(cell.count, SEPARATORS)) >= FEW for cell in map(str, row.cells)):
            row.refuse("", SWALLOWED)

    def _spans(self, merged: list[Range]) -> dict[int, list[tuple[int, Corner]]]:
        """For each row that merged cells reach into: the known columns in them, and the corner whose value is shown."""
        known = {column.at for column in self.columns}
        spans: dict[int, list[tuple[int, Corner]]] = {}
        for (top, left), (bottom, right) in merged:
            covered = [left, *(at for at in known if left < at <= right)]
            # Ranges are counted from 0, rows from 1; the titles' own ranges speak for no record.
            if top + 1 >= self.header.below and known.intersection(covered):
                for number in range(top + 1, min(bottom + 2, top + MOST_ROWS)):
                    spans.setdefault(number, []).extend((at, (top + 1, left)) for at in covered)
        return spans

    def _speak_for_covered(self, number: int, cells: list[Cell]) -> frozenset[int]:
        """Let a town speak for all the rows beside it; the answer has the columns where a merged cell hides a value."""
        hidden = set()
        for at, corner in self.spans.get(number, ()):
            if corner == (number, at):
                self.spoken[corner] = cells[at]
            elif cells[at] == "" and self.spoken.get(corner, "") != "":
                if at in self.speaking and at == corner[1]:
                    cells[at] = self.spoken[corner]
                else:
                    hidden.add(at)
        return frozenset(hidden)
