"""Writing a ledger as a workbook in an agency's own columns."""

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.utils import timezone

from huyuan.ledgers.declaration import ColumnSet

WIDTH = 18
EXPORTED = "export."


def export_occasion(ledger: str, columns: str) -> str:
    """Under which name the cells of an export are counted: they were filled from records, nobody typed them."""
    return f"{EXPORTED}{ledger}.{columns}"


def workbook(title: str, column_set: ColumnSet, rows: Iterable[Any]) -> bytes:
    """The rows as XLSX: title row, header row, one row each; text is always text, so nothing is run as a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "constant_memory": True, "strings_to_formulas": False,
                                     "strings_to_urls": False, "remove_timezone": True})  # fmt: skip
    sheet = book.add_worksheet(title[:31])
    bold, head = (
        book.add_format({"bold": True, "font_size": 14}),
        book.add_format({"bold": True, "border": 1, "text_wrap": True}),
    )
    cell, day = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "yyyy-mm-dd"})
    sheet.set_column(0, len(column_set.columns) - 1, WIDTH)
    sheet.freeze_panes(2, 0)
    sheet.write_string(0, 0, title, bold)
    for place, (name, _value) in enumerate(column_set.columns):
        sheet.write_string(1, place, name, head)
    for line, row in enumerate(rows, 2):
        for place, (_name, value) in enumerate(column_set.columns):
            shown = value(row)
            if isinstance(shown, datetime):
                shown = timezone.localtime(shown).date()
            if isinstance(shown, date):
                sheet.write_datetime(line, place, datetime(shown.year, shown.month, shown.day), day)
            elif isinstance(shown, int | float):
                sheet.write_number(line, place, shown, cell)
            else:
                sheet.write_string(line, place, "" if shown is None else str(shown), cell)
    book.close()
    return out.getvalue()
