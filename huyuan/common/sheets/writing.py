"""Writing sheets: what was refused, with the reason beside it, and the empty template."""

import datetime as dt
import io
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from huyuan.common.sheets.cells import shown
from huyuan.common.sheets.extent import NO_RESULT
from huyuan.common.sheets.problems import RowProblem
from huyuan.common.sheets.specs import SheetSpec
from huyuan.common.sheets.table import Row, TableResult
from huyuan.common.sheets.workbook import Cell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A spreadsheet program takes text that begins like this for a formula when the sheet is saved as text and opened again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TEMPLATE_ROWS = 2_000
LONGEST_SHEET_NAME = 31
LONGEST_OFFERED = 255


class SheetWriter:
    """A workbook in memory whose text never becomes a formula."""

    def __init__(self) -> None:
        self.file = io.BytesIO()
        self.book = Workbook(self.file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self.title: Format = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.hint: Format = self.book.add_format(
            {"italic": True, "text_wrap": True, "valign": "top", "font_color": "#555555"}
        )
        self.wrong: Format = self.book.add_format({"text_wrap": True, "valign": "top", "font_color": "#B00020"})
        self.as_text: Format = self.book.add_format({"quote_prefix": True})
        self.day: Format = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.names: set[str] = set()

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet under this name, made acceptable and unique."""
        plain = "".join("_" if mark in "[]:*?/\\" else mark for mark in name).strip("'")[:LONGEST_SHEET_NAME] or "Sheet"
        final, count = plain, 1
        while final.lower() in self.names:
            count += 1
            final = f"{plain[: LONGEST_SHEET_NAME - 4]} {count}"
        self.names.add(final.lower())
        return self.book.add_worksheet(final)

    def cell(self, sheet: Worksheet, row: int, column: int, value: Cell) -> None:
        """Write a cell as it was typed."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, self.day)
        elif value == NO_RESULT:
            return
        elif text := value if isinstance(value, str) else shown(value):
            risky = text.startswith(FORMULA_STARTS)
            sheet.write_string(row, column, text, self.as_text if risky else None)

    def done(self) -> bytes:
        """Close the workbook and give its bytes."""
        self.book.close()
        return self.file.getvalue()


def error_sheet(result: TableResult, spec: SheetSpec, *, headings: Mapping[str, str] | None = None) -> bytes:
    """Write the refused rows as they were typed, each with what is wrong; corrected, the file can be imported.

    A sheet's heading stands above its titles and says what the rows alone do not: coordinate system, year.
    """
    writer = SheetWriter()
    refused: dict[tuple[str, int], list[Row]] = {}
    for row in result.rows:
        if row.problems or row.compared:
            refused.setdefault((row.sheet, row.header.row), []).append(row)
    if result.problems or not refused:
        _write_file_problems(writer, result.problems)
    for rows in refused.values():
        _write_refused(writer, rows, spec, (headings or {}).get(rows[0].sheet, ""))
    return writer.done()


def _write_file_problems(writer: SheetWriter, problems: list[RowProblem]) -> None:
    sheet = writer.sheet(str(_("Whole file")))
    sheet.set_column(0, 0, 100)
    sheet.write_string(0, 0, str(_("What is wrong")), writer.title)
    for line, problem in enumerate(problems, 1):
        sheet.write_string(line, 0, str(problem.reason), writer.wrong)


def _write_refused(writer: SheetWriter, rows: list[Row], spec: SheetSpec, heading: str) -> None:
    """Write the refused rows of one table under its own titles."""
    sheet, header = writer.sheet(rows[0].sheet), rows[0].header
    width = max(header.titles) + 1
    top = 1 if heading else 0
    if heading:
        sheet.write_string(0, 0, heading)
    for column, title in header.titles.items():
        sheet.write_string(top, column, title, writer.title)
    sheet.write_string(top, width, str(_("Row in your file")), writer.title)
    sheet.write_string(top, width + 1, str(_("What is wrong")), writer.title)
    sheet.set_column(0, width, 12)
    sheet.set_column(width + 1, width + 1, 80)
    sheet.freeze_panes(top + 1, 0)
    for line, row in enumerate(rows, top + 1):
        for column, value in enumerate(row.cells[:width]):
            writer.cell(sheet, line, column, value)
        sheet.write_number(line, width, row.number)
        sheet.write_string(line, width + 1, _reasons(row, spec), writer.wrong)


def _reasons(row: Row, spec: SheetSpec) -> str:
    lines = [str(row.compared)] if row.compared else []
    for problem in row.problems:
        one = spec.by_name.get(problem.field)
        lines.append(f"{one.title}: {problem.reason}" if one else str(problem.reason))
    return "\n".join(lines)


def template(spec: SheetSpec) -> bytes:
    """Write an empty table: titles, a line of hints, lists to choose from."""
    writer = SheetWriter()
    sheet = writer.sheet(str(spec.title))
    hints = writer.sheet(str(_("How to fill in")))
    hints.set_column(0, 0, 24)
    hints.set_column(1, 1, 100)
    sheet.freeze_panes(1, 1)
    for column, one in enumerate(spec.fields):
        title = str(one.title) + ("*" if one.needed else "")
        sheet.write_string(0, column, title, writer.title)
        sheet.set_column(column, column, max(10, min(30, len(title) * 2)))
        hints.write_string(column, 0, title, writer.title)
        hints.write_string(column, 1, str(one.hint), writer.hint)
        if one.hint:
            sheet.write_comment(0, column, str(one.hint))
        offered = [str(name) for name in one.choices]
        if offered and len(",".join(offered)) <= LONGEST_OFFERED:
            sheet.data_validation(1, column, TEMPLATE_ROWS, column, {"validate": "list", "source": offered})
    return writer.done()
