"""A look through the sheets of an .xlsx: how far each reaches, and cells whose value the reader would show as blank."""

import posixpath
import re
from collections.abc import Callable
from xml.etree import ElementTree

from huyuan.common.sheets.extent import NO_RESULT, check_extent
from huyuan.common.sheets.ole import BROKEN
from huyuan.common.sheets.package import Package, check_markup
from huyuan.common.sheets.problems import UnreadableFile

Errors = dict[tuple[int, int], str]

# Without a cell beyond column Z or row 99,999 a sheet is small enough, and the slow look at every cell is spared.
FAR = re.compile(rb"""r=["'](?:[A-Z]{2,3}\d|[A-Z]\d{6})""")
FILLED = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br=["']([A-Z]{1,3})(\d{1,7})["'](?:[^<>]*[^/<>])?>""")
ERROR = re.compile(
    rb"""<(?:\w+:)?c\s(?=[^<>]*\bt=["']e["'])[^<>]*\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*>"""
    rb"""(?:<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]*)<"""
)
# A formula that its writer never worked out: no value beside it. Text results may rightly be empty.
UNSOLVED = re.compile(
    rb"""<(?:\w+:)?c\s(?![^<>]*\bt=["']str["'])[^<>]*\br=["']([A-Z]{1,3})(\d{1,7})["'][^<>]*>"""
    rb"""<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
ROW = re.compile(rb"<(?:\w+:)?row\b")
BARE_CELL = re.compile(rb"<(?:\w+:)?c(?:>|\s+(?!r=)[a-qs-z]\w*=[^<>]*>)")
LONGEST_CELL = 1024 * 1024


class SheetSurvey:
    """Watches one sheet's XML go by in pieces."""

    def __init__(self) -> None:
        self.columns: set[bytes] = set()
        self.last_row = 0
        self.errors: Errors = {}
        self.rest = b""

    def feed(self, piece: bytes) -> None:
        """Look at whole cells only; an unfinished one waits for the next piece."""
        data = self.rest + piece
        cut = data.rfind(b"</c>") + 4
        if cut < 4:
            cut = max(data.rfind(b">") + 1, len(data) - LONGEST_CELL)
        self._look(data[:cut])
        self.rest = data[cut:]

    def finish(self) -> Errors:
        """Check the extent and give the error values found, by row and column counted from 0."""
        self._look(self.rest)
        check_extent(self.last_row, max(map(column_number, self.columns), default=0))
        return self.errors

    def _look(self, data: bytes) -> None:
        if FAR.search(data) or b":c " in data:
            for column, row in FILLED.findall(data):
                self.columns.add(column)
                self.last_row = max(self.last_row, int(row))
        if data.count(b"<c") + data.count(b":c") > data.count(b"<c r=") and BARE_CELL.search(data):
            self._count_bare(data)
        if b't="e"' in data or b"t='e'" in data:
            for column, row, value in ERROR.findall(data):
                self.errors[int(row) - 1, column_number(column) - 1] = value.decode("utf-8", "replace")
        if b"<f" in data or b":f" in data:
            for column, row in UNSOLVED.findall(data):
                self.errors[int(row) - 1, column_number(column) - 1] = NO_RESULT

    def _count_bare(self, data: bytes) -> None:
        """Cells without an address stand one after the other; count them row by row."""
        rows = ROW.split(data)
        self.last_row += len(rows)
        widest = max(len(BARE_CELL.findall(row)) for row in rows)
        self.columns.add(column_letters(widest).encode())


def column_number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> str:
    """1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters or "A"


def survey(package: Package) -> dict[str, Errors]:
    """Check the whole package in one pass; the answer holds each sheet's error values by the sheet's name."""
    sheets = _sheet_parts(package)
    surveys = {part: SheetSurvey() for part in sheets.values()}
    watchers: dict[str, Callable[[bytes], None]] = {part: seen.feed for part, seen in surveys.items()}
    package.check(watchers)
    errors = {part: seen.finish() for part, seen in surveys.items()}
    return {name: errors[part] for name, part in sheets.items()}


def _sheet_parts(package: Package) -> dict[str, str]:
    """Sheet names with the entry each is stored in."""
    real = {name.lower(): name for name in package.entries}
    targets = {}
    for node in _parse(package.read(real.get("xl/_rels/workbook.xml.rels", ""))):
        if node.get("Id") and node.get("Target"):
            path = posixpath.normpath(posixpath.join("/xl", node.get("Target", "")))
            targets[node.get("Id", "")] = real.get(path.lstrip("/").lower(), "")
    parts = {}
    for node in _parse(package.read(real["xl/workbook.xml"])).iter():
        if node.tag.rpartition("}")[2] == "sheet":
            link = next((value for key, value in node.items() if key.rpartition("}")[2] == "id"), "")
            if targets.get(link):
                parts[node.get("name", "")] = targets[link]
    return parts


def _parse(data: bytes) -> ElementTree.Element:
    """Parse a small part whose declarations were refused first."""
    check_markup(data)
    try:
        return ElementTree.fromstring(data or b"<none/>")  # noqa: S314 -- entities and document types were refused above
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise UnreadableFile(BROKEN) from error
