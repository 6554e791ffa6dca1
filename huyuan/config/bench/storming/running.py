"""One storm after another, each with a seed and a database of its own."""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.test.utils import override_settings

from huyuan.common.clock import database_now
from huyuan.config.bench.database import NAME, own_database, versions
from huyuan.config.bench.storming.children import Stage, staged
from huyuan.config.bench.storming.fleet import muster
from huyuan.config.bench.storming.pressing import Planned, Pressed, planned, press_all
from huyuan.config.bench.storming.verdict import Heard, Verdict, settled

PEOPLE = 20
CALM_SECONDS = 600.0


@dataclass
class Sink:
    """The gateway of a storm: takes everything and notes the key of each page."""

    process: "subprocess.Popen[str]"
    port: int
    heard: Heard = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where pages are sent."""
        return f"http://127.0.0.1:{self.port}/send"

    def end(self) -> None:
        """Learn what was heard."""
        out, _errors = self.process.communicate()
        self.heard = json.loads(out)


@contextmanager
def sink() -> Iterator[Sink]:
    """A gateway in a process of its own."""
    command = [sys.executable, "-m", "huyuan.config.bench.sinks", "1"]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield Sink(process, json.loads(process.stdout.readline())[0])
    finally:
        process.kill()
        process.wait()


def run(alarms: int, kills: int, seeds: range, schools: int, seconds: float) -> dict[str, Any]:
    """All storms; the sums over the seeds stand beside each seed's own figures."""
    found = [storm(seed, alarms, kills, schools, seconds) for seed in seeds]
    wrongs = ("lost", "duplicate_alarms", "lost_pages", "duplicate_pages", "missing_audit_rows")
    return {
        "what": "storm", "n": alarms * len(seeds), "alarms": alarms, "kills": kills, "seeds": len(seeds), "schools": schools,
        "people": PEOPLE, "seconds": seconds, **{wrong: sum(one[wrong] for one in found) for wrong in wrongs},
        "acknowledged_within_30_s": min(one["acknowledged_within_30_s"] for one in found), "each": found,
        "versions": versions(),
    }  # fmt: skip


def storm(seed: int, alarms: int, kills: int, schools: int, seconds: float) -> dict[str, Any]:
    """One storm: press and kill, wait for calm, count."""
    dice = random.Random(f"storm {seed}")  # noqa: S311 -- a storm that can be repeated, no secret
    with own_database(), tempfile.TemporaryDirectory(prefix="huyuan-storm-") as folder, sink() as gateway:
        var = Path(folder)
        with override_settings(PRESS_KEYS=var / "keys" / settings.PRESS_KEYS.name):
            places = muster(schools, PEOPLE, database_now())
        connections.close_all()
        plans = planned(places, alarms, seconds, dice)
        with staged(NAME, var, gateway.url) as stage:
            pressed = asyncio.run(blow(stage, plans, sorted(dice.uniform(0, seconds) for _ in range(kills)), dice))
            wait_for_calm(stage)
        gateway.end()
        return Verdict(seed, pressed, gateway.heard, stage.kills).figures()


async def blow(stage: Stage, plans: Sequence[Planned], moments: Sequence[float], dice: random.Random) -> list[Pressed]:
    """Press and kill at the same time."""
    over = asyncio.Event()

    async def kill() -> None:
        began, left = time.monotonic(), list(moments)
        while left or not over.is_set():
            while left and time.monotonic() - began >= left[0] and stage.strike(dice):
                left.pop(0)
            stage.check()
            await asyncio.sleep(0.05)

    killing = asyncio.create_task(kill())
    pressed = await press_all(plans, stage.served.port, stage.panels_port)
    over.set()
    await killing
    return pressed


def wait_for_calm(stage: Stage) -> None:
    """Wait until everybody was called and the first round of pages has been taken."""
    deadline = time.monotonic() + CALM_SECONDS
    while not settled() and time.monotonic() < deadline:
        stage.check()
        time.sleep(0.5)
    connections.close_all()
