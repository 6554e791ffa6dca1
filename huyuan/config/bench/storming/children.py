"""The product during a storm: served as ever, its programs killed without warning and started again by its supervisor."""

import random
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

from huyuan.config import processes, programs
from huyuan.config.bench.start import Served
from huyuan.config.settings import application_url, owner_url

READY_SECONDS = 60.0
VICTIMS = ("web", "alarms", "engine", "panels")


def environment(database: str, gateway: str) -> dict[str, str]:
    """What the programs of a storm know: another database, and a gateway of their own."""
    moved = {
        name: urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
        for name, url in (("DATABASE_URL", application_url), ("DATABASE_OWNER_URL", owner_url))
    }
    return moved | {"HUYUAN_GATEWAY_URL": gateway}


@dataclass
class Stage:
    """A served product whose programs are killed."""

    served: Served
    kills: int = 0

    @property
    def panels_port(self) -> int:
        """Where alarm panels are received."""
        return self.served.port + 10

    def check(self) -> None:
        """See that whoever starts the dead again lives himself; raises with what he said when he does not."""
        if self.served.process.poll() is not None:
            raise AssertionError(self.served.output)

    def strike(self, dice: random.Random) -> bool:
        """Kill one of the processes of a program: the main one or, as often, one of its workers; False when none lives."""
        living = self.living()
        if not living:
            return False
        with suppress(psutil.NoSuchProcess):
            dice.choice(living[dice.choice(sorted(living))]).kill()
            self.kills += 1
        return True

    def living(self) -> dict[str, list[psutil.Process]]:
        """The processes of each program that may be killed, in the order of their numbers."""
        found: dict[str, list[psutil.Process]] = {}
        below = psutil.Process(self.served.process.pid).children(recursive=True)
        for process in sorted(below, key=lambda one: one.pid):
            name = programs.name_of(processes.describe(process))
            if name in VICTIMS and processes.lives(process):
                found.setdefault(name, []).append(process)
        return found


@contextmanager
def staged(database: str, var: Path, gateway: str) -> Iterator[Stage]:
    """The product with a database, a data folder and a gateway of its own, served until the end."""
    served = Served(var, "--no-demo", port=None, **environment(database, gateway))
    stage = Stage(served)
    try:
        served.ready()
        wait_until_listening(stage.panels_port)
        yield stage
    finally:
        served.end()


def wait_until_listening(port: int) -> None:
    """Wait until somebody accepts connections."""
    deadline = time.monotonic() + READY_SECONDS
    while True:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if time.monotonic() > deadline:
            raise TimeoutError("alarm panels are not received")
        time.sleep(0.1)
