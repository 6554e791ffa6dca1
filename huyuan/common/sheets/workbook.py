"""Opening a workbook: looked through first, refused in a sentence, then read sheet by sheet and row by row."""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import biff, odf, ooxml, texts
from huyuan.common.sheets.ole import MAGIC, OleFile
from huyuan.common.sheets.package import WORD, Package
from huyuan.common.sheets.problems import Sentence, UnreadableFile, say
from huyuan.common.sheets.reading import WorkbookReader

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta
Source = str | Path | bytes | BinaryIO
Rows = Iterator[tuple[int, list[Cell]]]
Range = tuple[tuple[int, int], tuple[int, int]]

LARGEST_FILE = 20 * 1024 * 1024
TOO_LARGE = _(
    "The file is %(size)s MB; at most %(most)s MB are read. Take out pictures and sheets that are not needed, "
    "or split the table into several files."
)
EMPTY = _("The file is empty. Save it again and try that file.")
MISSING = _("There is no file “%(name)s”.")
CLOSED = _("The file “%(name)s” cannot be opened. Check that you may read it.")
OFFICE_BUT_NO_TABLE = _(
    "This is an Office file, but not a spreadsheet. Copy the table into a spreadsheet, save it as .xlsx, and try that file."
)
PDF = _("This is a PDF, not a spreadsheet. Ask for the original table as .xlsx.")
PICTURE = _("This is a picture, not a spreadsheet. Give the table itself, as .xlsx, .xls, .ods or .csv.")
ARCHIVE = _("This is an archive, not a spreadsheet. Unpack it and try the workbook inside.")
STRANGERS: tuple[tuple[bytes, Sentence], ...] = (
    (b"%PDF", PDF), (b"\x89PNG", PICTURE), (b"\xff\xd8\xff", PICTURE), (b"GIF8", PICTURE),
    (b"RIFF", PICTURE), (b"\0\0\0\x18ftyp", PICTURE), (b"\0\0\0\x1cftyp", PICTURE), (b"\0\0\0 ftyp", PICTURE),
    (b"II*\0", PICTURE), (b"MM\0*", PICTURE), (b"Rar!", ARCHIVE), (b"7z\xbc\xaf", ARCHIVE), (b"\x1f\x8b", ARCHIVE),
    (b"{\\rtf", WORD),
)  # fmt: skip


@dataclass
class Sheet:
    """One sheet; reading it from the start again is allowed, reading two at the same time is not."""

    name: str
    hidden: bool = False
    reader: WorkbookReader | None = None
    number: int = 0
    text: tuple[BinaryIO, str] | None = None
    errors: ooxml.Errors = field(default_factory=dict)
    # The merged cells where the reader does not know them.
    spans: list[Range] = field(default_factory=list)

    @property
    def merged(self) -> list[Range]:
        """Merged cells, rows and columns counted from 0; to be asked before the rows."""
        return self.spans or (self.reader.open_sheet(self.number) if self.reader is not None else [])

    def rows(self) -> Rows:
        """Every row with its number as Excel shows it, and its cells from column A on."""
        if self.text is not None:
            for number, cells in texts.text_rows(*self.text):
                yield number, list(cells)
        if self.reader is None:
            return
        bad_rows = {row for row, _column in self.errors}
        for index, row in enumerate(self.reader.rows(self.number)):
            if index in bad_rows:
                self._show_errors(index, row)
            yield index + 1, row

    def _show_errors(self, index: int, row: list[Cell]) -> None:
        """Put error values back, which the reader shows as blank: blank means none, an error means unknown."""
        for column, cell in enumerate(row):
            if cell == "" and (index, column) in self.errors:
                row[column] = self.errors[index, column]


def open_workbook(source: Source, *, largest: int = LARGEST_FILE) -> list[Sheet]:
    """Look through the file, then open it; raises UnreadableFile with a sentence for whoever gave it."""
    file = _as_file(source, largest)
    file.seek(0, io.SEEK_END)
    size = file.tell()
    check_size(size, largest)
    if not size:
        raise UnreadableFile(EMPTY)
    file.seek(0)
    head = file.read(16)
    for magic, sentence in STRANGERS:
        if head.startswith(magic):
            raise UnreadableFile(sentence)
    if head.startswith(b"PK"):
        return _open_package(file)
    if head.startswith(MAGIC):
        return _open_with_reader(file, _survey_ole(file, size))
    return [Sheet(name="", text=(file, texts.encoding_of(file)))]


def check_size(size: int, largest: int = LARGEST_FILE) -> None:
    """Refuse a file that is too large before anything of it is read."""
    if size > largest:
        # Rounded up: a file a little over the limit must not be called as large as the limit.
        raise UnreadableFile(say(TOO_LARGE, size=-(-size // 2**20), most=largest // 2**20))


def _as_file(source: Source, largest: int) -> BinaryIO:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if not isinstance(source, str | Path):
        return source
    path = Path(source)
    if not path.is_file():
        raise UnreadableFile(say(MISSING, name=path.name))
    check_size(path.stat().st_size, largest)
    try:
        return io.BytesIO(path.read_bytes())
    except OSError as error:
        raise UnreadableFile(say(CLOSED, name=path.name)) from error


def _open_package(file: BinaryIO) -> list[Sheet]:
    package = Package(file)
    if package.kind() == "xlsx":
        return _open_with_reader(file, ooxml.survey(package))
    seen = odf.survey(package)
    sheets = _open_with_reader(file, {name: one.errors for name, one in seen.items()})
    for sheet in sheets:
        sheet.spans = seen[sheet.name].merged if sheet.name in seen else []
    return sheets


def _survey_ole(file: BinaryIO, size: int) -> dict[str, ooxml.Errors]:
    """Tell an old workbook from everything else that comes in the same container."""
    ole = OleFile(file, size)
    names = ole.names
    if "EncryptedPackage" in names:
        raise UnreadableFile(biff.PASSWORD)
    if names & {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"}:
        raise UnreadableFile(biff.MACROS)
    stream = ole.read("Workbook", "Book")
    if stream is None:
        raise UnreadableFile(WORD if "WordDocument" in names else OFFICE_BUT_NO_TABLE)
    return biff.survey(stream)


def _open_with_reader(file: BinaryIO, errors: dict[str, ooxml.Errors]) -> list[Sheet]:
    reader = WorkbookReader(file)
    return [
        Sheet(name=name, hidden=hidden, reader=reader, number=number, errors=errors.get(name, {}))
        for number, name, hidden in reader.sheets
    ]
