"""Tables read by meaning and written safely: every import of the product goes through here."""

from huyuan.common.sheets.problems import CellProblem, RowProblem, Sentence, UnreadableFile, say
from huyuan.common.sheets.reports import as_objects, check_any_row
from huyuan.common.sheets.specs import SheetField, SheetSpec
from huyuan.common.sheets.table import Row, TableResult, read_table
from huyuan.common.sheets.workbook import LARGEST_FILE, Source, check_size, open_workbook
from huyuan.common.sheets.writing import error_sheet, template

__all__ = [
    "LARGEST_FILE",
    "CellProblem",
    "Row",
    "RowProblem",
    "Sentence",
    "SheetField",
    "SheetSpec",
    "Source",
    "TableResult",
    "UnreadableFile",
    "as_objects",
    "check_any_row",
    "check_size",
    "error_sheet",
    "open_workbook",
    "read_table",
    "say",
    "template",
]
