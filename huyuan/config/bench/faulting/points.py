"""The points at which the path from a press to a page can fail, and how it is made to fail there.

Everything is patched at class or module level, in a forked child only. A point is named by what is done there and by
how often the process has done it before: processes do several things at once, so that a bare running number would
name something else each time.
"""

import asyncio
import errno
import os
import re
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.utils import CursorWrapper

from huyuan.emergency.channels import gateway, push
from huyuan.emergency.channels.letters import SendFailed

SAVEPOINT = re.compile(r"s\d+_x\d+")
SPACE = re.compile(r"\s+")
TABLE = re.compile(r'(?:FROM|INTO|UPDATE(?: ONLY)?|LISTEN)\s+"?(\w+)"?')
LABEL = 70
# The exit code of a process that died of a fault of ours.
CRASHED = 113
# The calls to the disk that the journal makes.
DISK = ("posix_fallocate", "fsync", "pwrite", "fdatasync")


class Fault(StrEnum):
    """How a point fails."""

    ERROR = "error"
    HANG = "hang"
    CRASH_BEFORE = "crash_before"
    CRASH_AFTER = "crash_after"
    ANSWER_LOST = "answer_lost"


@dataclass(frozen=True)
class Point:
    """A thing that is done on the path, the `number`th time that a process does just that."""

    kind: str
    name: str
    number: int

    @property
    def label(self) -> str:
        """What a person reads."""
        words = self.name
        if self.kind == "sql":
            table = TABLE.search(words)
            words = f"{words.split(' ', 1)[0]} {table[1]}" if table else words
        return " ".join(part for part in (self.kind, words[:LABEL], f"#{self.number}") if part)


ERRORS: dict[str, Callable[[], Exception]] = {
    "sql": lambda: OperationalError("a fault was put here"),
    "commit": lambda: OperationalError("a fault was put here"),
    "connect": lambda: OperationalError("a fault was put here"),
    "listen": lambda: psycopg.OperationalError("a fault was put here"),
    "disk": lambda: OSError(errno.EIO, "a fault was put here"),
    "send": lambda: SendFailed("a fault was put here"),
}


@dataclass
class Trap:
    """Counts what this process does, tells each new point, and lets one of them fail, once.

    `hold` waits until the fault is lifted; `tell` says a word to whoever watches.
    """

    tell: Callable[[dict[str, Any]], None]
    hold: Callable[[], None]
    target: Point | None = None
    fault: Fault | None = None
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    counting: threading.Lock = field(default_factory=threading.Lock)

    def at(self, kind: str, name: str) -> bool:
        """Count this point and say whether it is the one that fails."""
        with self.counting:
            number = self.done[(kind, name)] = self.done[(kind, name)] + 1
        point = Point(kind, name, number)
        if self.target is None:
            self.tell({"point": [kind, name, number]})
        return point == self.target

    def strike(self, kind: str) -> None:
        """Fail before anything was done, in the way of the fault; a hang ends when it is lifted."""
        self.tell({"hit": True})
        if self.fault is Fault.CRASH_BEFORE:
            os._exit(CRASHED)
        if self.fault is Fault.ERROR:
            raise ERRORS[kind]()
        if self.fault is Fault.HANG:
            self.hold()

    def strike_after(self, kind: str) -> None:
        """Fail now that it was done: crash, or an error although it was done, as when a connection breaks at a commit."""
        if self.fault is Fault.CRASH_AFTER:
            os._exit(CRASHED)
        if self.fault is Fault.ANSWER_LOST:
            raise ERRORS[kind]()

    def around(self, kind: str, name_of: Callable[..., str], act: Callable[..., Any]) -> Callable[..., Any]:
        """An act with this trap around it."""

        def trapped(*given: Any, **named: Any) -> Any:
            if not self.at(kind, name_of(*given)):
                return act(*given, **named)
            self.strike(kind)
            answer = act(*given, **named)
            self.strike_after(kind)
            return answer

        return trapped

    def around_async(
        self, kind: str, name_of: Callable[..., str], act: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        """An asynchronous act with this trap around it; a hang holds up nothing else."""

        async def trapped(*given: Any, **named: Any) -> Any:
            if not self.at(kind, name_of(*given, **named)):
                return await act(*given, **named)
            if self.fault is Fault.HANG:
                self.tell({"hit": True})
                await asyncio.to_thread(self.hold)
            else:
                self.strike(kind)
            answer = await act(*given, **named)
            self.strike_after(kind)
            return answer

        return trapped


def set_up(trap: Trap) -> None:
    """Put the trap around everything that can fail. Only in a child: nothing is put back."""
    replace(CursorWrapper, "execute", trap.around("sql", statement, CursorWrapper.execute))
    replace(CursorWrapper, "executemany", trap.around("sql", statement, CursorWrapper.executemany))
    replace(BaseDatabaseWrapper, "_commit", trap.around("commit", once, BaseDatabaseWrapper._commit))  # type: ignore[attr-defined]  # Django's own, not in its stubs
    replace(DatabaseWrapper, "get_new_connection", trap.around("connect", once, DatabaseWrapper.get_new_connection))
    listen = trap.around_async("listen", lambda *_given, **_named: "", psycopg.AsyncConnection.execute)
    replace(psycopg.AsyncConnection, "execute", listen)
    for name in DISK:
        replace(os, name, trap.around("disk", lambda *_given, name=name: name, getattr(os, name)))
    replace(gateway, "send", trap.around_async("send", lambda _letter, *, kind, **_more: kind.value, gateway.send))
    replace(push, "send", trap.around_async("send", lambda *_given, **_named: "push", push.send))


def replace(owner: Any, name: str, by: Any) -> None:
    """Replace an attribute of a class or a module."""
    setattr(owner, name, by)


def once(*_given: Any) -> str:
    """The name of what has no other."""
    return ""


def statement(_cursor: CursorWrapper, text: Any, *_more: Any) -> str:
    """A statement without what differs from run to run."""
    return SPACE.sub(" ", SAVEPOINT.sub("savepoint", str(text))).strip()
