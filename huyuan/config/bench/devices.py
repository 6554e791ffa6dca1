"""`bench devices`: how soon a silent panel is shown, among many that report over TCP and UDP and lose a message now and then."""

import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from huyuan.common.reach import Reach, system_reach
from huyuan.config.bench.database import NAME, own_database, versions
from huyuan.config.bench.filling import fill_county
from huyuan.config.settings import application_url, owner_url
from huyuan.facilities.actions.registering import register_device
from huyuan.facilities.dc09.panel import Panel
from huyuan.facilities.models import Device
from huyuan.facilities.sealing import key_of
from huyuan.facilities.worklists import devices_silent
from huyuan.organisations.models import School

# Seconds: between two signs of life, until a panel without an answer says it again, between two looks at Today.
INTERVAL, AGAIN_AFTER, LOOK_EVERY = 5, 1.5, 0.1
LOST = 0.01
SILENT_SHARE = 10
# The panels that fall silent do so within this time; after it all are watched for false alarms.
FALLING, WATCHED = 20.0, 25.0
SEED = 6


@dataclass
class Simulated:
    """A panel that gives signs of life, says them again when no answer comes, and some day stops."""

    panel: Panel
    udp: bool
    dice: random.Random
    heard_at: float = 0.0
    sent: int = 0
    lost: int = 0
    stopped: asyncio.Event = field(default_factory=asyncio.Event)

    async def live(self, port: int) -> None:
        """Report until stopped."""
        await asyncio.sleep(self.dice.random() * INTERVAL)
        way = Datagram(port) if self.udp else Stream(port)
        await way.open()
        try:
            while not self.stopped.is_set():
                began = time.time()
                while not (self.stopped.is_set() or await self.said(way)):
                    await asyncio.sleep(0)
                await asyncio.sleep(max(0.0, began + INTERVAL - time.time()))
        finally:
            way.close()

    async def said(self, way: "Datagram | Stream") -> bool:
        """Say it once; whether an answer came."""
        self.sent += 1
        if self.dice.random() < LOST:
            self.lost += 1
            await asyncio.sleep(AGAIN_AFTER)
            return False
        try:
            await asyncio.wait_for(way.ask(self.panel.beat(now=datetime.now(UTC))), AGAIN_AFTER)
        except TimeoutError:
            return False
        self.heard_at = time.time()
        return True


@dataclass
class Stream:
    """A connection over TCP."""

    port: int

    async def open(self) -> None:
        """Connect."""
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, raw: bytes) -> bytes:
        """Send and wait for the answer."""
        self.writer.write(raw)
        return await self.reader.readuntil(b"\r")

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


@dataclass
class Datagram:
    """Messages over UDP."""

    port: int

    async def open(self) -> None:
        """Bind to the receiver."""
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.connect(("127.0.0.1", self.port))

    async def ask(self, raw: bytes) -> bytes:
        """Send and wait for the answer."""
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.socket, raw)
        return await loop.sock_recv(self.socket, 4096)

    def close(self) -> None:
        """Let go."""
        self.socket.close()


@contextmanager
def product() -> Iterator[int]:
    """The receiver and the engine as they run in an installation, on the benchmark's database; gives the port."""
    urls = {"DATABASE_URL": application_url, "DATABASE_OWNER_URL": owner_url}
    moved = {name: urlsplit(url)._replace(path=f"/{NAME}").geturl() for name, url in urls.items()}
    environment = {**os.environ, **moved, "PYTHONUNBUFFERED": "1", "HUYUAN_VAR": str(settings.VAR)}
    started = [
        subprocess.Popen(
            [sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=environment, text=True,
            stdout=subprocess.PIPE, start_new_session=True,
        )
        for command in (("run_panels", "--listen", "127.0.0.1:0"), ("run_engine",))
    ]  # fmt: skip
    try:
        line = started[0].stdout.readline() if started[0].stdout else ""
        yield int(line.split()[-1])
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(10)


def shown(reach: Reach) -> set[str]:
    """The addresses of the devices that Today shows as silent."""
    return {task.url for task in devices_silent(reach, timezone.localdate(), 10_000)}


async def watch(reach: Reach, seconds: float, seen: dict[str, float]) -> None:
    """Note when each device is first shown as silent."""
    ends = time.time() + seconds
    while time.time() < ends:
        for url in await sync_to_async(shown)(reach):
            seen.setdefault(url, time.time())
        await asyncio.sleep(LOOK_EVERY)


async def simulate(port: int, panels: list[Simulated], reach: Reach, seconds: int) -> dict[str, float]:
    """Let all report, then some fall silent; gives when each silent one was shown, by its address."""
    seen: dict[str, float] = {}
    living = [asyncio.create_task(panel.live(port)) for panel in panels]
    await watch(reach, seconds, seen)
    dice = seeded(SEED)
    falling = dice.sample(panels, max(1, len(panels) // SILENT_SHARE))
    loop = asyncio.get_running_loop()
    for panel in falling:
        loop.call_later(dice.random() * FALLING, panel.stopped.set)
    await watch(reach, FALLING + WATCHED, seen)
    for task in living:
        task.cancel()
    await asyncio.gather(*living, return_exceptions=True)
    return seen


def seeded(seed: int) -> random.Random:
    """Chances that are the same in every run."""
    return random.Random(seed)  # noqa: S311  # reproducible, not secret


def register_all(count: int) -> tuple[Reach, list[Device]]:
    """So many panels at the schools of one county."""
    county = fill_county(100)
    reach, schools = system_reach(county.pk), list(School.objects.filter(county=county))
    devices = [
        register_device(
            school=schools[number % len(schools)], kind=Device.Kind.PANEL, place=f"门卫室{number}",
            account=f"{0xA000 + number:04X}", interval=INTERVAL, key=seeded(number).randbytes(16),
            by=reach, now=timezone.now(),
        )
        for number in range(count)
    ]  # fmt: skip
    return reach, devices


def run(count: int, seconds: int) -> dict[str, Any]:
    """Measure with so many panels that report for so many seconds before a tenth of them falls silent."""
    with own_database():
        reach, devices = register_all(count)
        panels = [
            Simulated(Panel(device.account, key_of(device)), udp=bool(number % 2), dice=seeded(number))
            for number, device in enumerate(devices)
        ]
        with product() as port:
            seen = asyncio.run(simulate(port, panels, reach, seconds))
        described = versions()
    urls = [device.get_absolute_url() for device in devices]
    silent = {url: panel for url, panel in zip(urls, panels, strict=True) if panel.stopped.is_set()}
    late = sorted(seen[url] - panel.heard_at - INTERVAL for url, panel in silent.items() if url in seen)
    return {
        "bench": "devices", "devices": count, "silent": len(silent), "shown": len(late), "false": len(seen.keys() - silent),
        "shown_p50_s": round(statistics.median(late), 2), "shown_p99_s": round(late[int(len(late) * 0.99)], 2),
        "shown_max_s": round(late[-1], 2), "interval_s": INTERVAL, "messages": sum(panel.sent for panel in panels),
        "lost": sum(panel.lost for panel in panels), "seconds": seconds + FALLING + WATCHED, "versions": described,
    }  # fmt: skip
