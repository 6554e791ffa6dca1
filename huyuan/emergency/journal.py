"""A local journal: what a process has taken and not yet handed on survives its death and that of the machine.

Each process appends to files of its own, locked for as long as it lives. What is in them and not marked done when the
lock has fallen is for whoever takes the file over. Pure: no database, no settings.
"""

import fcntl
import json
import logging
import os
import struct
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
MAGIC = b"HYJ1"
# Mark, whether it is done, three bytes of nothing, length and checksum of what follows.
HEADER = struct.Struct(">4sc3xII")
STATE_AT = 4
WAITING, DONE = b"W", b"D"
STEP = 16
SIZE = 4 * 1024 * 1024
SUFFIX, HALF_MADE, DAMAGED = ".journal", ".new", "damaged"
# A file that its maker has not finished within this many seconds was left by a death.
MAKING = 60.0
Body = dict[str, Any]


class CannotKeep(Exception):
    """The disk is full or fails, so that this record is not kept; earlier ones are."""


@dataclass(frozen=True)
class Record:
    """What stands at one place of a file."""

    offset: int
    done: bool
    body: Body
    end: int


@dataclass(frozen=True)
class Damage:
    """Bytes that are no record; torn at the end of a file, where a death cut a write that nobody was told of."""

    offset: int
    raw: bytes
    torn: bool


def encode(body: Body) -> bytes:
    """A record as it stands in a file, padded to the step at which the next may begin."""
    payload = json.dumps(body, separators=(",", ":")).encode()
    whole = HEADER.pack(MAGIC, WAITING, len(payload), zlib.crc32(payload)) + payload
    return whole + bytes(-len(whole) % STEP)


def record_at(data: bytes, offset: int) -> Record | None:
    """The record that begins here, or None where none does or it is not whole."""
    if offset % STEP or len(data) - offset < HEADER.size:
        return None
    magic, state, length, checksum = HEADER.unpack_from(data, offset)
    start = offset + HEADER.size
    payload = data[start : start + length]
    if magic != MAGIC or not length or len(payload) < length or zlib.crc32(payload) != checksum:
        return None
    end = start + length
    return Record(offset, state == DONE, json.loads(payload), end + -end % STEP)


def read(data: bytes) -> tuple[list[Record], list[Damage]]:
    """All whole records of a file in their order, and what lies between or behind them and is not empty."""
    records: list[Record] = []
    damages: list[Damage] = []
    behind = position = 0
    while (found := data.find(MAGIC, position)) >= 0:
        record = record_at(data, found)
        if record is None:
            position = found + 1
            continue
        if raw := data[behind:found].rstrip(b"\0"):
            damages.append(Damage(behind, raw, torn=False))
        records.append(record)
        behind = position = record.end
    if raw := data[behind:].rstrip(b"\0"):
        damages.append(Damage(behind, raw, torn=True))
    return records, damages


@dataclass
class JournalFile:
    """One preallocated file, locked by who holds it."""

    path: Path
    handle: int
    size: int
    written: int = 0
    synced: int = 0
    sealed: bool = False
    failed: bool = False
    waiting: dict[int, Body] = field(default_factory=dict)
    damages: list[Damage] = field(default_factory=list)
    writing: threading.Lock = field(default_factory=threading.Lock)
    syncing: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def make(cls, folder: Path, size: int) -> "JournalFile":
        """Make a file that has all its room on the disk, is locked, and will be found after a power cut."""
        path = folder / f"{time.time_ns():020d}-{os.getpid()}-{uuid.uuid4().hex[:8]}{HALF_MADE}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.posix_fallocate(handle, 0, size)
            os.fsync(handle)
            # Only a locked file has the name that others look for.
            final = path.rename(path.with_suffix(SUFFIX))
            sync_folder(folder)
        except OSError:
            path.unlink(missing_ok=True)
            os.close(handle)
            raise
        return cls(final, handle, size)

    @classmethod
    def take_over(cls, path: Path) -> "JournalFile | None":
        """Lock and read the file of a dead process; None while its process lives or when somebody else was faster."""
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            data = os.pread(handle, os.fstat(handle).st_size, 0)
            records, damages = read(data)
            waiting = {record.offset: record.body for record in records if not record.done}
            return cls(path, handle, len(data), waiting=waiting, damages=damages)
        os.close(handle)
        return None

    def append(self, body: Body, whole: bytes) -> int | None:
        """Write a record and wait until it is on the disk; None when the file takes no more."""
        with self.writing:
            offset = self.written
            if self.sealed or offset + len(whole) > self.size:
                return None
            with self.distrust():
                write_at(self.handle, whole, offset)
            self.written = end = offset + len(whole)
            self.waiting[offset] = body
        self.sync(end)
        return offset

    def sync(self, end: int) -> None:
        """Wait until everything before `end` is on the disk; one call to the disk serves all who wait meanwhile."""
        with self.syncing:
            if self.synced < end:
                reached = self.written
                with self.distrust():
                    os.fdatasync(self.handle)
                self.synced = reached

    @contextmanager
    def distrust(self) -> Iterator[None]:
        """Write no more to a file that failed once.

        After a failed sync the system may call the next one good without having written anything.
        """
        if self.failed:
            raise OSError("an earlier write to this journal failed")
        try:
            yield
        except OSError:
            self.failed = True
            raise

    def mark_done(self, offset: int) -> None:
        """Mark a record as handed on, without waiting for the disk: handing on twice is harmless."""
        with self.writing, suppress(OSError):
            # Who comes second finds the file closed, perhaps.
            if self.waiting.pop(offset, None) is not None:
                os.pwrite(self.handle, DONE, offset + STATE_AT)

    def seal(self) -> None:
        """Take no more records."""
        with self.writing:
            self.sealed = True

    def set_damage_aside(self) -> None:
        """Keep what is no record beside the journal, and report it, once."""
        while self.damages:
            damage = self.damages[0]
            if damage.torn:
                logger.warning("%s ends in a record that was never whole, at %s", self.path.name, damage.offset)
            else:
                set_aside(self.path.parent, f"{self.path.stem}-{damage.offset}.bin", damage.raw)
            self.damages.pop(0)

    def close(self, *, remove: bool) -> None:
        """Give the file up; the lock falls."""
        with self.syncing:
            self.failed = True
            if remove:
                self.path.unlink(missing_ok=True)
            os.close(self.handle)


@dataclass(frozen=True)
class Entry:
    """A record that is kept, and by which file."""

    file: JournalFile
    offset: int
    body: Body

    def done(self) -> None:
        """Say that it is handed on."""
        self.file.mark_done(self.offset)

    def set_aside(self) -> None:
        """Take it out of the way of later ones and report it: it can never be handed on as it is."""
        name = f"{self.file.path.stem}-{self.offset}.json"
        set_aside(self.file.path.parent, name, json.dumps(self.body, ensure_ascii=False).encode())
        self.done()


class Journal:
    """The journal of this process; safe to use from many threads."""

    def __init__(self, folder: Path, size: int = SIZE) -> None:
        self.folder = folder
        self.size = size
        self.files: list[JournalFile] = []
        self.changing = threading.Lock()

    def keep(self, body: Body) -> Entry:
        """Keep a record: when this returns it is on the disk; else it raises `CannotKeep`."""
        whole = encode(body)
        if len(whole) > self.size:
            raise CannotKeep("the record is larger than a journal")
        try:
            file = self.current()
            while (offset := file.append(body, whole)) is None:
                file = self.following(file)
        except OSError as error:
            raise CannotKeep(str(error)) from error
        return Entry(file, offset, body)

    def waiting(self) -> list[Entry]:
        """What this process has not handed on, oldest first."""
        return [
            Entry(file, offset, body) for file in self.files for offset, body in sorted(file.waiting.copy().items())
        ]

    def current(self) -> JournalFile:
        """The file that takes records now; the first caller makes it."""
        with self.changing:
            if not self.files or self.files[-1].failed:
                self.files = [*self.files, self.make()]
            return self.files[-1]

    def following(self, full: JournalFile) -> JournalFile:
        """The file after a full one; whoever comes first makes it and clears away what is done."""
        with self.changing:
            if self.files[-1] is full:
                made = self.make()
                full.seal()
                finished = [file for file in self.files if not file.waiting]
                self.files = [file for file in self.files if file.waiting] + [made]
                for file in finished:
                    file.close(remove=True)
            return self.files[-1]

    def make(self) -> JournalFile:
        """A new file in the folder, which is made when it is not there."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            sync_folder(self.folder.parent)
        return JournalFile.make(self.folder, self.size)

    def close(self) -> None:
        """Give all files up, those that hold nothing any more with their names."""
        with self.changing:
            for file in self.files:
                file.close(remove=not file.waiting)
            self.files = []


def drain(folder: Path, hand_on: Callable[[Entry], bool]) -> int:
    """Hand on what dead processes left, oldest file first; a file of which nothing waits is removed.

    `hand_on` says whether the entry is dealt with; what is not stays for the next time. Returns how many were.
    """
    count = 0
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        file = JournalFile.take_over(path)
        if file is None:
            continue
        finished = False
        try:
            for offset, body in sorted(file.waiting.items()):
                count += hand_on(Entry(file, offset, body))
            file.set_damage_aside()
            finished = not file.waiting
        finally:
            file.close(remove=finished)
    for path in folder.glob(f"*{HALF_MADE}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > MAKING:
                path.unlink()
    return count


def waiting_in(folder: Path) -> Iterator[Body]:
    """What waits in any journal of this host, of living and dead processes; only reads."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        with suppress(FileNotFoundError):
            records, _damages = read(path.read_bytes())
            yield from (record.body for record in records if not record.done)


def set_aside(folder: Path, name: str, raw: bytes) -> None:
    """Keep what cannot be handed on where a person finds it."""
    place = folder / DAMAGED
    place.mkdir(exist_ok=True, mode=0o700)
    (place / name).write_bytes(raw)
    logger.error("A record of the journal could not be handed on and was set aside: %s", place / name)


def write_at(handle: int, whole: bytes, offset: int) -> None:
    """Write all of it; a write may stop half way, on a full disk for instance."""
    while whole:
        count = os.pwrite(handle, whole, offset)
        whole, offset = whole[count:], offset + count


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
