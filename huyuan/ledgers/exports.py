"""Writing a ledger as a workbook in an agency's own columns."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from huyuan.ledgers.declaration import LINE, ColumnSet, Ledger, Value

WIDTH = 18
EXPORTED = "export."


def export_occasion(ledger: str, columns: str) -> str:
    """Under which name the cells of an export are counted: they were filled from records, nobody typed them."""
    return f"{EXPORTED}{ledger}.{columns}"


def workbook(ledger: Ledger, columns: ColumnSet, rows: Iterable[Any]) -> bytes:
    """The rows as XLSX under the agency's titles; text is always text, so nothing is run as a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False,
                                     "strings_to_urls": False, "remove_timezone": True})  # fmt: skip
    sheet = book.add_worksheet(str(ledger.title)[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    sheet.set_column(0, len(columns.columns) - 1, WIDTH)
    below = _write_titles(sheet, str(ledger.title), columns, bold, head)
    sheet.freeze_panes(below, 0)
    cell, day = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    values = [_value_of(ledger, key) for _title, key in columns.columns]
    for line, row in enumerate(rows):
        for place, value in enumerate(values):
            shown = line + 1 if value is None else value(row)
            _write(sheet, below + line, place, shown, cell, None if columns.plain else day)
    book.close()
    return out.getvalue()


def _value_of(ledger: Ledger, key: str) -> Value | None:
    """How a column's value is found; None is the row's running number."""
    if key == LINE:
        return None
    return ledger.fields[key].value if key in ledger.fields else _nothing


def _nothing(_row: Any) -> None:
    """A column the county fills in by hand."""


def _write_titles(sheet: Worksheet, title: str, columns: ColumnSet, bold: Format, head: Format) -> int:
    """Write what stands above the rows; answers the first row below it."""
    titles = [name for name, _key in columns.columns]
    if columns.plain:
        return _write_rows(sheet, [titles], 0, bold, head)
    if columns.layout is None:
        return _write_rows(sheet, [[title], titles], 1, bold, head)
    # Merged cells are told to the sheet without writing them again: a row once left cannot be written any more.
    sheet.merge.extend(list(area) for area in columns.layout.merged)
    return _write_rows(sheet, columns.layout.rows, columns.layout.titles_at, bold, head)


def _write_rows(sheet: Worksheet, rows: Sequence[Sequence[str]], titles_at: int, bold: Format, head: Format) -> int:
    for line, row in enumerate(rows):
        for place, words in enumerate(row):
            if words or line >= titles_at:
                sheet.write_string(line, place, words, head if line >= titles_at else bold)
    return len(rows)


def _write(sheet: Worksheet, line: int, place: int, shown: Any, cell: Format, day: Format | None) -> None:
    """Write one value; without a format for days they are text."""
    if isinstance(shown, datetime):
        shown = timezone.localtime(shown).date()
    if isinstance(shown, date) and day is not None:
        sheet.write_datetime(line, place, datetime(shown.year, shown.month, shown.day), day)
    elif isinstance(shown, int | float):
        sheet.write_number(line, place, shown, cell)
    else:
        sheet.write_string(line, place, "" if shown is None else str(shown), cell)
