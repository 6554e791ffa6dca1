"""What commands say about a file they have read."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.problems import RowProblem, UnreadableFile, say
from huyuan.common.sheets.table import TableResult


def check_any_row(table: TableResult) -> None:
    """Refuse a file of which no row was read: whoever runs a command must not take that for success."""
    if not table.rows:
        reasons = " ".join(str(problem.reason) for problem in table.problems)
        raise UnreadableFile(say(_("No row was read. %(reasons)s"), reasons=reasons or _("The table is empty.")))


def as_objects(problems: Iterable[RowProblem], table: TableResult) -> list[dict[str, Any]]:
    """Problems as plain objects; where several sheets were read, the reason begins with the name of the sheet."""
    several = len({row.sheet for row in table.rows}) > 1
    return [
        {
            "row": problem.row,
            "field": problem.field,
            "reason": f"{problem.sheet}: {problem.reason}" if several and problem.sheet else str(problem.reason),
            **({"offered": list(problem.offered)} if problem.offered else {}),
        }
        for problem in problems
    ]
