"""Asking the program that parses workbooks, and saying so when it does not live to answer."""

import pickle
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from huyuan.common.sheets.biff import PASSWORD
from huyuan.common.sheets.ole import BROKEN
from huyuan.common.sheets.problems import UnreadableFile

PROGRAM = Path(__file__).with_name("reader.py")
SECONDS_TO_END = 5
# Room for a whole batch, so that the program reads on while the last one is used.
PIPE_SIZE = 1024 * 1024


class WorkbookReader:
    """One workbook in a process of its own, which ends with this object."""

    def __init__(self, file: BinaryIO) -> None:
        with tempfile.TemporaryFile() as copy:
            file.seek(0)
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            self.process = start(copy.fileno())
        weakref.finalize(self, end, self.process)
        self.awaited = 1
        # The sheet that is open and of which no row was asked for yet; opening one costs most of reading it.
        self.unread: int | None = None
        self.sheets: list[tuple[int, str, bool]] = self._receive()
        if self.sheets == "password":
            raise UnreadableFile(PASSWORD)

    def open_sheet(self, number: int) -> list[Any]:
        """Make this the sheet that is read, from its first row; the answer holds its merged cells."""
        while self.awaited:
            self._receive()
        self._ask(str(number))
        self.unread = number
        merged: list[Any] = self._receive()
        return merged

    def rows(self, number: int) -> Iterator[list[Any]]:
        """All rows of a sheet, from row 1 and column A on; while some are used, the next are being read."""
        if self.unread != number:
            self.open_sheet(number)
        self.unread = None
        self._ask("")
        while batch := self._receive():
            self._ask("")
            yield from batch

    def _ask(self, request: str) -> None:
        pipe = self.process.stdin
        assert pipe is not None
        try:
            pipe.write(request.encode() + b"\n")
            pipe.flush()
        except OSError as error:
            raise UnreadableFile(BROKEN) from error
        self.awaited += 1

    def _receive(self) -> Any:
        assert self.process.stdout is not None
        self.awaited -= 1
        try:
            return pickle.load(self.process.stdout)  # noqa: S301 -- our own program speaks, not the file
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise UnreadableFile(BROKEN) from error


def start(workbook: int) -> subprocess.Popen[bytes]:
    """Start the program and hand it the open workbook."""
    command = [sys.executable, "-I", str(PROGRAM), str(workbook)]
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=(workbook,),
        pipesize=PIPE_SIZE,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End the program: without anybody asking it goes by itself, or is made to."""
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                # It died with a question still on its way to it.
                continue
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
