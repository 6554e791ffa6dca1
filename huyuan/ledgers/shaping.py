"""Reading an agency's empty sheet: where its titles stand, and which field of a ledger each of them means."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Invalid
from huyuan.common.sheets import SheetField, SheetSpec, Source, open_workbook, say
from huyuan.common.sheets.cells import shown, text, tidy
from huyuan.common.sheets.headers import Header, Rows, find_header, read_titles
from huyuan.common.sheets.specs import title_key
from huyuan.common.sheets.workbook import Cell, Sheet
from huyuan.ledgers.declaration import LINE, Layout, Ledger

MOST_COLUMNS = 60
DEEPEST_TITLES = 30
FEWEST_TITLES = 3
LONGEST_NAME = 60
ROW_NUMBERS = (r"序号|编号|行号|号|no|number|#",)
NOT_A_SHEET = _("This is a text file. Give the agency's empty sheet as .xlsx.")
NO_TITLES = _(
    "No row of titles was found in the first 30 rows of the sheet. Put the titles into one row, each in a cell of its own, and give the sheet again."
)
TWICE = _("Several columns are titled “%(titles)s”. Give each a title of its own, and give the sheet again.")
TOO_MANY = _("The sheet has %(count)s columns; at most %(most)s can be filled. Delete those that are not needed.")


@dataclass(frozen=True)
class Shape:
    """What an empty sheet says: a name, its columns with the fields they mean, and how it looks down to its titles."""

    title: str
    columns: list[tuple[str, str]]
    layout: Layout


def read_shape(source: Source, ledger: Ledger, name: str) -> Shape:
    """Understand the first sheet that has titles; `name` stands in for a sheet without a heading.

    Raises Invalid with a sentence when there are none, or when they cannot be told apart.
    """
    spec = spec_of(ledger)
    for sheet in open_workbook(source):
        if sheet.text is not None:
            raise Invalid(NOT_A_SHEET)
        if sheet.hidden:
            continue
        merged, rows = sheet.merged, _first_rows(sheet)
        header = _header(rows, spec)
        if header is not None:
            return _shape(header, rows, merged, name)
    raise Invalid(NO_TITLES)


def spec_of(ledger: Ledger) -> SheetSpec:
    """The fields of a ledger as a table that can be recognised: by the titles of its column sets, and by patterns."""
    printed: dict[str, list[str]] = {}
    for columns in ledger.column_sets:
        for title, key in columns.columns:
            printed.setdefault(key, []).append(re.escape(title_key(title)))
    fields = [
        SheetField(
            name=key, title=one.title, examples=(str(one.title),), parse=text(500),
            patterns=("|".join([re.escape(title_key(str(one.title))), *printed.get(key, ())]), *one.called),
        )
        for key, one in ledger.fields.items()
    ]  # fmt: skip
    line = SheetField(name=LINE, title=_("running number"), patterns=ROW_NUMBERS, examples=("序号",), parse=text(500))
    return SheetSpec(title=ledger.title, fields=(*fields, line), anchor=fields[0].name)


def _as_written(cell: Cell) -> str:
    return cell if isinstance(cell, str) else shown(cell)


def _first_rows(sheet: Sheet) -> list[tuple[int, list[Cell]]]:
    rows = []
    for number, cells in sheet.rows():
        if number > DEEPEST_TITLES:
            break
        rows.append((number, cells))
    return rows


def _header(rows: Sequence[tuple[int, list[Cell]]], spec: SheetSpec) -> Header | None:
    """The titles, as imports find them; where too few are known, the first row with several texts beside each other."""
    ahead = Rows(iter(rows))
    while ahead.look(1):
        if header := find_header(ahead, spec):
            return header
        ahead.take()
    for row in rows:
        if len({tidy(cell) for cell in row[1] if isinstance(cell, str) and cell.strip()}) >= FEWEST_TITLES:
            return read_titles([row], spec)
    return None


def _shape(
    header: Header, rows: Sequence[tuple[int, list[Cell]]], merged: Sequence[tuple[tuple[int, int], ...]], name: str
) -> Shape:
    width = max(header.titles) + 1
    if width > MOST_COLUMNS:
        raise Invalid(say(TOO_MANY, count=width, most=MOST_COLUMNS))
    twice = [title for title, count in Counter(header.titles.values()).items() if count > 1]
    if twice:
        raise Invalid(say(TWICE, titles="、".join(twice)))
    keys = {column: key for key, column in header.columns.items()}
    columns = [(header.titles.get(place, ""), keys.get(place, "")) for place in range(width)]
    above = [[_as_written(cell) for cell in cells[:width]] for number, cells in rows if number < header.below]
    layout = Layout(
        [row + [""] * (width - len(row)) for row in above],
        header.row - 1,
        [[*first, *last] for first, last in merged if last[0] + 1 < header.below and last[1] < width],
    )
    headings = [tidy(words) for row in above[: layout.titles_at] for words in row if words.strip()]
    return Shape((headings[0] if headings else name)[:LONGEST_NAME], columns, layout)
