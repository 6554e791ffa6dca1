"""What writing a workbook's rows came to, and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from huyuan.common.sheets.problems import RowProblem, Sentence

# Told how many rows are done, of how many.
Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """How many things were created, changed and left alone; the rows refused; of what was changed, name and how."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    changes: list[tuple[str, list[Sentence]]] = field(default_factory=list)
