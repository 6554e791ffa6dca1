"""How each trouble of an installation is made, and ended."""

import resource
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from huyuan.config.bench.faulting.children import Act as ChildAct
from huyuan.config.bench.faulting.children import Child, Wires
from huyuan.config.bench.faulting.lane import Lane
from huyuan.config.bench.faulting.outcomes import Trouble
from huyuan.config.bench.faulting.points import replace
from huyuan.config.bench.faulting.sink import Mode
from huyuan.config.bench.faulting.streaming import Streams

JUMP = 60.0


@dataclass
class Stage:
    """The processes in trouble."""

    lane: Lane
    seconds: float
    first: Child | None = None
    streams: Streams | None = None

    @property
    def silence(self) -> Path:
        """The file that makes the name service dead while it is there."""
        return self.lane.sink.folder / "names.dead"


Step = Callable[[Stage], None]


def nothing(_stage: Stage) -> None:
    """Do nothing."""


def plain(act: ChildAct, _stage: Stage) -> ChildAct:
    """A process as it is."""
    return act


@dataclass(frozen=True)
class Making:
    """How a trouble begins (before its processes are born, or after), goes on half way, ends; and what is put around every process that is in it."""

    before: Step = nothing
    begin: Step = nothing
    half: Step = nothing
    end: Step = nothing
    around: Callable[[ChildAct, Stage], ChildAct] = plain
    lasts: bool = True


def stop_database(stage: Stage) -> None:
    """The database goes."""
    stage.lane.installation.stop()


def start_database(stage: Stage) -> None:
    """The database comes back."""
    stage.lane.installation.start()


def kill_first_web(stage: Stage) -> None:
    """The process that holds the presses dies."""
    if stage.first is not None:
        stage.first.end()


def gateway(mode: Mode) -> Step:
    """The gateway becomes so."""
    return lambda stage: stage.lane.sink.become(mode)


def without_disk(act: ChildAct, _stage: Stage) -> ChildAct:
    """A process that can write to no file."""

    def limited(wires: Wires) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        act(wires)

    return limited


def without_names(act: ChildAct, stage: Stage) -> ChildAct:
    """A process that finds no name while the file is there."""
    asked = socket.getaddrinfo

    def find(*given: Any, **named: Any) -> Any:
        if stage.silence.exists():
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return asked(*given, **named)

    def deaf(wires: Wires) -> None:
        replace(socket, "getaddrinfo", find)
        act(wires)

    return deaf


def with_clock(seconds: float) -> Callable[[ChildAct, Stage], ChildAct]:
    """A process on a host whose clock goes wrong; only the database's does not."""
    shift = timedelta(seconds=seconds)
    now, stamp = timezone.now, time.time

    def around(act: ChildAct, _stage: Stage) -> ChildAct:
        def wrong(wires: Wires) -> None:
            replace(timezone, "now", lambda: now() + shift)
            replace(time, "time", lambda: stamp() + seconds)
            act(wires)

        return wrong

    return around


def cut_streams(stage: Stage) -> None:
    """The streams process dies while a page listens; something happens that it misses."""
    if stage.streams is not None:
        stage.streams.kill()
        stage.streams.tell()


def mend_streams(stage: Stage) -> None:
    """The streams process is started again and the page comes back to it."""
    if stage.streams is not None:
        stage.streams.start()
        stage.streams.come_back()


def silence_names(stage: Stage) -> None:
    """Names are found no more."""
    stage.silence.touch()


def give_names(stage: Stage) -> None:
    """Names are found again."""
    stage.silence.unlink()


MAKING: dict[Trouble, Making] = {
    Trouble.DATABASE_RESTART: Making(begin=stop_database, half=start_database, lasts=False),
    Trouble.DATABASE_DOWN: Making(begin=stop_database, half=kill_first_web, end=start_database),
    Trouble.DISK_FULL: Making(around=without_disk),
    # An engine that has asked before knows the address for a while, and keeps connections open.
    Trouble.DNS_DEAD: Making(before=silence_names, end=give_names, around=without_names),
    Trouble.GATEWAY_5XX: Making(begin=gateway(Mode.BROKEN), end=gateway(Mode.WELL)),
    Trouble.GATEWAY_HANGING: Making(begin=gateway(Mode.HANGING), end=gateway(Mode.WELL)),
    Trouble.STREAM_CUT: Making(begin=cut_streams, end=mend_streams),
    Trouble.CLOCK_AHEAD: Making(around=with_clock(JUMP)),
    Trouble.CLOCK_BEHIND: Making(around=with_clock(-JUMP)),
}
