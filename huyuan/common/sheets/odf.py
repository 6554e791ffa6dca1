"""A look through an .ods: repeated cells can make a small file into an endless sheet."""

from collections.abc import Mapping
from xml.parsers import expat

from huyuan.common.sheets.extent import check_extent
from huyuan.common.sheets.ole import BROKEN
from huyuan.common.sheets.package import Package
from huyuan.common.sheets.problems import UnreadableFile

CONTENT = "content.xml"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
CELLS = frozenset({TABLE + "table-cell", TABLE + "covered-table-cell"})


class SheetSurvey:
    """Follows the tables of a document and where their last filled cell stands."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.row = self.repeat = self.column = self.last_row = self.last_column = 0
        self.row_is_filled = False

    def feed(self, piece: bytes) -> None:
        """Parse on; what is no XML is damage."""
        try:
            self.parser.Parse(piece, False)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise UnreadableFile(BROKEN) from error

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in CELLS:
            self.column += int(attributes.get(TABLE + "number-columns-repeated", 1))
            if OFFICE + "value-type" in attributes:
                self.row_is_filled = True
                self.last_column = max(self.last_column, self.column)
        elif name == TABLE + "table-row":
            self.repeat = int(attributes.get(TABLE + "number-rows-repeated", 1))
            self.column, self.row_is_filled = 0, False
        elif name == TABLE + "table":
            self.row = self.last_row = self.last_column = 0

    def _end(self, name: str) -> None:
        if name == TABLE + "table-row":
            self.row += self.repeat
            if self.row_is_filled:
                self.last_row = self.row
        elif name == TABLE + "table":
            check_extent(self.last_row, self.last_column)


def survey(package: Package) -> None:
    """Check the whole package in one pass."""
    package.check({CONTENT: SheetSurvey().feed})
