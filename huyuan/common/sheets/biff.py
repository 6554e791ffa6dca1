"""A look through an old .xls before it is parsed: password, macro sheets, how far it reaches, error values."""

import struct
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.extent import check_extent
from huyuan.common.sheets.problems import UnreadableFile

PASSWORD = _("The file is protected with a password. Open it, remove the password, save it, and try that file.")
MACROS = _(
    "The file contains macros, which are not accepted. Save it as an ordinary workbook (.xlsx) and try that file."
)
BOF, EOF, FILEPASS, BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
BOOLERR, FORMULA, MULRK = 0x0205, 0x0006, 0x00BD
CELLS = frozenset({0x0203, 0x027E, 0x00FD, 0x0204, 0x00D6, BOOLERR, FORMULA, MULRK})
ERROR_NAMES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


@dataclass
class BiffSheet:
    """What was seen in one sheet."""

    name: str
    rows: int = 0
    columns: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def survey(stream: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Walk the records once; the answer holds the error values by sheet and by row and column, counted from 0."""
    sheets: dict[int, BiffSheet] = {}
    sheet: BiffSheet | None = None
    at, end = 0, len(stream) - 4
    while at <= end:
        code, length = struct.unpack_from("<HH", stream, at)
        if code in CELLS and sheet is not None:
            _note_cell(sheet, code, stream[at + 4 : at + 4 + length])
        elif code == BOF:
            sheet = sheets.get(at)
        elif code == FILEPASS:
            raise UnreadableFile(PASSWORD)
        elif code == BOUNDSHEET:
            _note_sheet(sheets, stream[at + 4 : at + 4 + length])
        at += 4 + length
    for seen in sheets.values():
        check_extent(seen.rows, seen.columns)
    return {seen.name: seen.errors for seen in sheets.values()}


def _note_sheet(sheets: dict[int, BiffSheet], record: bytes) -> None:
    if len(record) < 8:
        return
    position, _state, kind, length = struct.unpack_from("<IBBB", record)
    if kind == 1:
        raise UnreadableFile(MACROS)
    wide = record[7] & 1
    raw = record[8 : 8 + length * (1 + wide)]
    sheets[position] = BiffSheet(raw.decode("utf-16-le" if wide else "latin-1", "replace"))


def _note_cell(sheet: BiffSheet, code: int, record: bytes) -> None:
    if len(record) < 6:
        return
    row, column = struct.unpack_from("<HH", record)
    last = struct.unpack_from("<H", record, len(record) - 2)[0] if code == MULRK else column
    sheet.rows, sheet.columns = max(sheet.rows, row + 1), max(sheet.columns, last + 1)
    if code == BOOLERR and len(record) >= 8 and record[7]:
        sheet.errors[row, column] = ERROR_NAMES.get(record[6], "#N/A")
    elif code == FORMULA and len(record) >= 14 and record[12:14] == b"\xff\xff" and record[6] == 2:
        sheet.errors[row, column] = ERROR_NAMES.get(record[8], "#N/A")
