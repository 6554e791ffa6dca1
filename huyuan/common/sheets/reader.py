"""The program that parses workbooks, in a process of its own: a crafted file can end it, never the server.

It is started by `reading.py`, which hands it the open workbook's file descriptor. It answers requests on its standard
input: a sheet's number opens that sheet, an empty line asks for its next rows.
"""

import os
import pickle
import resource
import sys
from collections.abc import Iterator
from itertools import islice

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 120
BATCH = 500


def main() -> None:
    """Answer until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    try:
        workbook = CalamineWorkbook.from_filelike(os.fdopen(int(sys.argv[1]), "rb"))
    except PasswordError:
        return answer("password")
    about = workbook.sheets_metadata
    answer(
        [
            (number, sheet.name, sheet.visible != SheetVisibleEnum.Visible)
            for number, sheet in enumerate(about)
            if sheet.typ is SheetTypeEnum.WorkSheet
        ]
    )
    rows: Iterator[list[object]] = iter(())
    for request in sys.stdin:
        if request.strip():
            sheet = workbook.get_sheet_by_index(int(request))
            # The rows begin at row 1 whatever is blank, the columns at the first one that is used.
            before: list[object] = [""] * (sheet.start[1] if sheet.start else 0)
            rows = (before + row for row in sheet.iter_rows())
            answer(sheet.merged_cell_ranges or [])
        else:
            answer(list(islice(rows, BATCH)))
    return None


def answer(message: object) -> None:
    """Send one message."""
    pickler = pickle.Pickler(sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
    # No cell is the same object as another, so looking for repeats is wasted.
    pickler.fast = True
    pickler.dump(message)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
