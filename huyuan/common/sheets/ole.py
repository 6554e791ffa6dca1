"""The old container of Office files (.xls, password-protected .xlsx): which streams it has, and one of them read out."""

import struct
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets.problems import UnreadableFile

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN = _(
    "The file is damaged and cannot be read. Open it in your spreadsheet program, save it again as .xlsx, and try that file."
)
LAST_REAL_SECTOR = 0xFFFFFFF9
STREAM, ROOT = 2, 5


class OleFile:
    """A directory of streams, each a chain of sectors."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self.file = file
        self.size = size
        file.seek(0)
        head = file.read(512)
        if len(head) < 512:
            raise UnreadableFile(BROKEN)
        shift, mini_shift = struct.unpack_from("<HH", head, 30)
        if shift not in (9, 12) or mini_shift != 6:
            raise UnreadableFile(BROKEN)
        self.sector_size = 1 << shift
        directory, self.mini_cutoff, mini_fat = (struct.unpack_from("<I", head, at)[0] for at in (48, 56, 60))
        self.fat = self._table(self._fat_sectors(head))
        self.entries = self._entries(directory)
        self.mini_fat = self._table(self._chain(mini_fat, self.fat))
        self.mini_stream = next(
            (start for _name, kind, start, _size in self.entries if kind == ROOT), LAST_REAL_SECTOR + 1
        )

    @property
    def names(self) -> set[str]:
        """The names of all streams and storages."""
        return {name for name, _kind, _start, _size in self.entries}

    def read(self, *names: str) -> bytes | None:
        """The content of the first stream that has one of these names."""
        for name, kind, start, size in self.entries:
            if kind == STREAM and name in names:
                if size >= self.mini_cutoff:
                    return self._join(self._chain(start, self.fat))[:size]
                mini = self._join(self._chain(self.mini_stream, self.fat))
                return b"".join(mini[s * 64 : s * 64 + 64] for s in self._chain(start, self.mini_fat))[:size]
        return None

    def _is_in_file(self, number: int) -> bool:
        """False for sectors that were cut off; the last one may be shorter than the others."""
        return bool((number + 1) * self.sector_size < self.size)

    def _sector(self, number: int) -> bytes:
        self.file.seek((number + 1) * self.sector_size)
        return self.file.read(self.sector_size).ljust(self.sector_size, b"\0")

    def _join(self, sectors: list[int]) -> bytes:
        return b"".join(map(self._sector, sectors))

    def _table(self, sectors: list[int]) -> tuple[int, ...]:
        data = self._join(sectors)
        return struct.unpack(f"<{len(data) // 4}I", data)

    def _fat_sectors(self, head: bytes) -> list[int]:
        sectors = list(struct.unpack_from("<109I", head, 76))
        further = struct.unpack_from("<I", head, 68)[0]
        most = self.size // self.sector_size + 1
        for _round in range(most):
            if further >= LAST_REAL_SECTOR:
                break
            more = struct.unpack(f"<{self.sector_size // 4}I", self._sector(further))
            sectors.extend(more[:-1])
            further = more[-1]
        return [s for s in sectors if s < most]

    def _chain(self, start: int, table: tuple[int, ...]) -> list[int]:
        """Follow a chain of sectors; one that bites its own tail or leaves the file is damage."""
        chain: list[int] = []
        while start <= LAST_REAL_SECTOR:
            if start >= len(table) or len(chain) > len(table) or (table is self.fat and not self._is_in_file(start)):
                raise UnreadableFile(BROKEN)
            chain.append(start)
            start = table[start]
        return chain

    def _entries(self, start: int) -> list[tuple[str, int, int, int]]:
        data = self._join(self._chain(start, self.fat))
        found = []
        for at in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            if kind and 2 <= length <= 64:
                name = data[at : at + length - 2].decode("utf-16-le", "replace")
                first, size = struct.unpack_from("<II", data, at + 116)
                found.append((name, kind, first, size))
        return found
