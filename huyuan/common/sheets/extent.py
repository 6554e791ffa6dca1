"""How large a sheet may be: readers keep the whole rectangle in memory, so one stray far cell can exhaust a server."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.problems import UnreadableFile, say

MOST_CELLS = 5_000_000

EXCEL_ERRORS = {
    "#NULL!",
    "#DIV/0!",
    "#VALUE!",
    "#REF!",
    "#NAME?",
    "#NUM!",
    "#N/A",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
}
NO_RESULT = "#FORMULA"
CELL_ERRORS = frozenset(EXCEL_ERRORS | {NO_RESULT})


def check_extent(rows: int, columns: int) -> None:
    """Refuse a sheet whose used rectangle is too large to hold."""
    if rows * columns > MOST_CELLS:
        raise UnreadableFile(
            say(
                _(
                    "A sheet reaches to row %(rows)s and column %(columns)s, far more than any table needs. "
                    "Delete the cells outside the table, or copy the table into a new file, and try that file."
                ),
                rows=rows, columns=columns,
            )
        )  # fmt: skip
