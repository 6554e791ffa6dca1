"""A look through an .ods: how far its sheets reach, and what the reader does not tell: errors and merged cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from huyuan.common.sheets.extent import EXCEL_ERRORS, NO_RESULT, check_extent
from huyuan.common.sheets.ole import BROKEN
from huyuan.common.sheets.package import Package
from huyuan.common.sheets.problems import UnreadableFile

CONTENT = "content.xml"
OWN_ERROR = re.compile(r"Err:\d{3}")
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
CELLS = frozenset({TABLE + "table-cell", TABLE + "covered-table-cell"})


@dataclass
class Seen:
    """Error values and formulas without a result, and merged cells, of one sheet; counted from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


class SheetSurvey:
    """Follows the tables of a document: where their last filled cell stands, what is merged, what the reader shows as blank."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.sheets: dict[str, Seen] = {}
        self.sheet = Seen()
        self.row = self.repeat = self.column = self.last_row = self.last_column = 0
        self.row_is_filled = False
        # The text of the formula's cell that is open.
        self.result: list[str] | None = None
        self.is_valued = False

    def feed(self, piece: bytes) -> None:
        """Parse on; what is no XML is damage."""
        try:
            self.parser.Parse(piece, False)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise UnreadableFile(BROKEN) from error

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in CELLS:
            self._start_cell(attributes)
        elif name == TABLE + "table-row":
            self.repeat = int(attributes.get(TABLE + "number-rows-repeated", 1))
            self.column, self.row_is_filled = 0, False
        elif name == TABLE + "table":
            self.row = self.last_row = self.last_column = 0
            self.sheet = self.sheets.setdefault(attributes.get(TABLE + "name", ""), Seen())

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        rows, columns = (int(attributes.get(TABLE + f"number-{one}-spanned", 1)) for one in ("rows", "columns"))
        if rows > 1 or columns > 1:
            corner = (self.row, self.column)
            self.sheet.merged.append((corner, (self.row + rows - 1, self.column + columns - 1)))
        self.is_valued = OFFICE + "value-type" in attributes
        self.result = [] if TABLE + "formula" in attributes else None
        self.column += int(attributes.get(TABLE + "number-columns-repeated", 1))
        if self.is_valued or self.result is not None:
            self.row_is_filled = True
            self.last_column = max(self.last_column, self.column)

    def _text(self, said: str) -> None:
        if self.result is not None:
            self.result.append(said)

    def _end(self, name: str) -> None:
        if name in CELLS and self.result is not None:
            self._end_formula("".join(self.result).strip())
            self.result = None
        elif name == TABLE + "table-row":
            self.row += self.repeat
            if self.row_is_filled:
                self.last_row = self.row
        elif name == TABLE + "table":
            check_extent(self.last_row, self.last_column)

    def _end_formula(self, result: str) -> None:
        at = (self.row, self.column - 1)
        if result in EXCEL_ERRORS:
            self.sheet.errors[at] = result
        elif OWN_ERROR.fullmatch(result):
            self.sheet.errors[at] = "#VALUE!"
        elif not result and not self.is_valued:
            self.sheet.errors[at] = NO_RESULT


def survey(package: Package) -> dict[str, Seen]:
    """Check the whole package in one pass; the answer holds what was seen in each sheet, by the sheet's name."""
    seen = SheetSurvey()
    package.check({CONTENT: seen.feed})
    return seen.sheets
