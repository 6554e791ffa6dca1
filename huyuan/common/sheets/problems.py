"""What can be wrong with a sheet, said in sentences."""

from dataclasses import dataclass

from django.utils.functional import Promise, lazy

from huyuan.common.errors import Invalid

Sentence = str | Promise


def _fill(message: Sentence, **values: object) -> str:
    return str(message) % values


say = lazy(_fill, str)
"""Fill the placeholders of a translated sentence only when it is read, in the reader's language."""


class UnreadableFile(Invalid):
    """The file as a whole cannot be read: says what is wrong and what to do."""

    kind = "file:unreadable"


class CellProblem(Exception):
    """A cell says something that cannot be understood without guessing."""

    def __init__(self, reason: Sentence) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing that is wrong in one row; row 0 speaks of the whole file."""

    row: int
    field: str
    reason: Sentence
    value: str = ""
    sheet: str = ""
    # What is probably meant, for the person to choose from.
    offered: tuple[str, ...] = ()
