"""Forked processes of the installation under attack: each is told nothing, tells what it meets, and can be killed."""

import ctypes
import json
import os
import select
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connections

from huyuan.config.bench.faulting.points import Fault, Point, Trap, set_up

# Longer than every patience of the product: a process that hangs does so for ever.
FOR_EVER = 60.0
# Linux: this process gets the signal when its parent has died.
DIE_WITH_PARENT = 1
Act = Callable[["Wires"], None]


class Wires:
    """What a child has to do with its parent."""

    def __init__(self, told: int, lifted: int) -> None:
        self.told, self.lifted = told, lifted
        self.telling = threading.Lock()

    def tell(self, word: dict[str, Any]) -> None:
        """Say a word, with the moment."""
        line = json.dumps({**word, "at": time.monotonic()}).encode() + b"\n"
        with self.telling:
            while line:
                line = line[os.write(self.told, line) :]

    def hold(self) -> None:
        """Wait until the parent lifts the fault."""
        select.select([self.lifted], [], [], FOR_EVER)


class Child:
    """A forked process. Fork only where no other thread runs."""

    def __init__(self, act: Act) -> None:
        connections.close_all()
        told, tells = os.pipe()
        lifted, self.lifts = os.pipe()
        self.status: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.close(told)
            os.close(self.lifts)
            live(act, Wires(tells, lifted))
        os.close(tells)
        os.close(lifted)
        self.told, self.buffer = told, b""
        self.words: list[dict[str, Any]] = []
        os.set_blocking(told, False)

    def listen(self) -> list[dict[str, Any]]:
        """Everything that it has said so far."""
        with suppress(BlockingIOError):
            while self.told >= 0 and (chunk := os.read(self.told, 1 << 16)):
                self.buffer += chunk
        *lines, self.buffer = self.buffer.split(b"\n")
        self.words += [json.loads(line) for line in lines]
        return self.words

    def hit(self) -> float | None:
        """When the fault struck, if it did."""
        return next((word["at"] for word in self.listen() if word.get("hit")), None)

    def lives(self) -> bool:
        """Whether it is still there."""
        if self.status is None and (found := os.waitpid(self.pid, os.WNOHANG))[0]:
            self.status = found[1]
        return self.status is None

    def lift(self) -> None:
        """Let a hang end."""
        if self.lifts >= 0:
            os.close(self.lifts)
            self.lifts = -1

    def end(self) -> None:
        """Kill it, as a power cut does."""
        if self.lives():
            os.kill(self.pid, signal.SIGKILL)
            self.status = os.waitpid(self.pid, 0)[1]
        self.listen()
        self.lift()
        if self.told >= 0:
            os.close(self.told)
            self.told = -1


def live(act: Act, wires: Wires) -> None:
    """The whole life of a child; it never returns into its parent's code."""
    status = 1
    try:
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        act(wires)
        status = 0
    except BaseException:  # noqa: BLE001 -- the end of a process, whatever ended it; its parent reads the words
        traceback.print_exc()
    finally:
        os._exit(status)


def trapped(act: Act, target: Point | None, fault: Fault | None) -> Act:
    """An act in a process with a trap; without a target the trap only tells the points."""

    def whole(wires: Wires) -> None:
        set_up(Trap(wires.tell, wires.hold, target, fault))
        act(wires)

    return whole


@contextmanager
def running(*acts: Act) -> Iterator[list[Child]]:
    """Children that live as long as this."""
    children: list[Child] = []
    try:
        for act in acts:
            children.append(Child(act))
        yield children
    finally:
        for child in children:
            child.end()
