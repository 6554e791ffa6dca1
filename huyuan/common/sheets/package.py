"""A look through a zipped workbook (.xlsx, .ods) before it is parsed: bombs, macros, passwords, foreign declarations."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.biff import MACROS, PASSWORD
from huyuan.common.sheets.ole import BROKEN
from huyuan.common.sheets.problems import UnreadableFile

MOST_ENTRIES = 3_000
MOST_BYTES = 200 * 1024 * 1024
MOST_RATIO = 200
# Small repetitive parts pack very well and do no harm; the ratio counts from here on.
HARMLESS_BYTES = 5 * 1024 * 1024
CHUNK = 256 * 1024
# A count of ten million or more, as in uniqueCount="4294967295": reserving room for it ends the whole process.
BOAST = re.compile(rb"""ount\s*=\s*["']\s*\+?0*[1-9]\d{7}""")
BOMB = _(
    "The file unpacks to far more than a table holds. Copy the table into a new, empty workbook and try that file."
)
FOREIGN = _(
    "The file contains declarations that no spreadsheet program writes. Open it in your spreadsheet program, save it again as .xlsx, and try that file."
)
WORD = _(
    "This is a Word document, not a spreadsheet. Copy the table into a spreadsheet, save it as .xlsx, and try that file."
)
SLIDES = _(
    "This is a presentation, not a spreadsheet. Copy the table into a spreadsheet, save it as .xlsx, and try that file."
)
BINARY = _("This is a binary workbook (.xlsb), which is not read. Save it as .xlsx and try that file.")
ARCHIVE = _("This is an archive, not a spreadsheet. Unpack it and try the workbook inside.")


class Package:
    """A zip file whose entries are only ever read under the limits."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        try:
            with zipfile.ZipFile(file) as archive:
                self.entries = {entry.filename: entry for entry in archive.infolist()}
                count = len(archive.infolist())
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
            raise UnreadableFile(BROKEN) from error
        if count > MOST_ENTRIES or sum(entry.file_size for entry in self.entries.values()) > MOST_BYTES:
            raise UnreadableFile(BOMB)
        if count != len(self.entries):
            raise UnreadableFile(BROKEN)
        if any(entry.flag_bits & 1 for entry in self.entries.values()):
            raise UnreadableFile(PASSWORD)
        self.unpacked = 0

    def kind(self) -> str:
        """`xlsx` or `ods` by content; everything else is refused by its own sentence."""
        names = {name.lower() for name in self.entries}
        if any("vbaproject" in name or name.startswith(("xl/macrosheets/", "basic/", "scripts/")) for name in names):
            raise UnreadableFile(MACROS)
        if "xl/workbook.xml" in names:
            return "xlsx"
        if "xl/workbook.bin" in names:
            raise UnreadableFile(BINARY)
        mime = self.read("mimetype") if "mimetype" in self.entries else b""
        if b"opendocument.spreadsheet" in mime and "content.xml" in names:
            if b"encryption-data" in self.read("META-INF/manifest.xml"):
                raise UnreadableFile(PASSWORD)
            return "ods"
        if "word/document.xml" in names or b"opendocument.text" in mime:
            raise UnreadableFile(WORD)
        if "ppt/presentation.xml" in names or b"opendocument.presentation" in mime:
            raise UnreadableFile(SLIDES)
        raise UnreadableFile(BROKEN if "[content_types].xml" in names else ARCHIVE)

    def read(self, name: str) -> bytes:
        """One whole entry; empty when there is none of that name."""
        return b"".join(self.stream(name)) if name in self.entries else b""

    def stream(self, name: str) -> Iterator[bytes]:
        """Unpack an entry piece by piece, counting what really comes out: a bomb lies about its size."""
        entry = self.entries[name]
        self.file.seek(entry.header_offset)
        head = self.file.read(30)
        if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
            raise UnreadableFile(BROKEN)
        start = entry.header_offset + 30 + sum(struct.unpack_from("<HH", head, 26))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFile(BROKEN)
        came = 0
        for piece in self._pieces(start, entry):
            came += len(piece)
            self.unpacked += len(piece)
            if self.unpacked > MOST_BYTES or came > max(HARMLESS_BYTES, MOST_RATIO * entry.compress_size):
                raise UnreadableFile(BOMB)
            yield piece
        if came != entry.file_size:
            raise UnreadableFile(BROKEN)

    def _pieces(self, start: int, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """The entry's bytes; the place in the file is kept here, because others read it in between."""
        inflate = zlib.decompressobj(-15) if entry.compress_type == zipfile.ZIP_DEFLATED else None
        at, end = start, start + entry.compress_size
        while at < end:
            self.file.seek(at)
            packed = self.file.read(min(CHUNK, end - at))
            if not packed:
                raise UnreadableFile(BROKEN)
            at += len(packed)
            if inflate is None:
                yield packed
                continue
            while packed:
                try:
                    yield inflate.decompress(packed, CHUNK)
                except zlib.error as error:
                    raise UnreadableFile(BROKEN) from error
                packed = inflate.unconsumed_tail
        if inflate is not None:
            yield inflate.flush()

    def check(self, watchers: Mapping[str, Callable[[bytes], None]]) -> None:
        """Unpack every entry once: real sizes, no declarations in any XML part; a watcher sees its part go by."""
        for name in self.entries:
            is_markup = name.lower().endswith((".xml", ".rels"))
            watch = watchers.get(name)
            before = b""
            for piece in self.stream(name):
                if is_markup:
                    check_markup(before + piece)
                    before = piece[-64:]
                if watch is not None:
                    watch(piece)


def check_markup(piece: bytes) -> None:
    """Refuse what only attackers write: document types, entities, and counts for which a reader would reserve all memory."""
    if b"<!" in piece and (b"<!DOCTYPE" in piece or b"<!ENTITY" in piece):
        raise UnreadableFile(FOREIGN)
    if BOAST.search(piece):
        raise UnreadableFile(BROKEN)
