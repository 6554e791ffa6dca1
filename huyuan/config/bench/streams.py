"""`bench streams`: from an entry in an incident's log to the last of thousands of signed-in streams on one process."""

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import psutil
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, connections, transaction
from django.utils import timezone

from huyuan.common.clock import database_now
from huyuan.config.bench.database import NAME, own_database, versions
from huyuan.config.bench.filling import fill_county
from huyuan.config.bench.sessions import sessions_of
from huyuan.config.bench.start import free_port
from huyuan.config.processes import end_processes, port_is_free
from huyuan.config.settings import application_url, owner_url
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.models import Incident
from huyuan.emergency.policies import frozen, policy_of
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import County, School
from huyuan.people.models import Post, User

OPENING = 50
PATIENCE = 60.0


def run(clients: int, events: int) -> dict[str, Any]:
    """Hold the streams, write the entries one after another, and say how soon the last stream heard of each."""
    _raise_file_limit()
    with own_database():
        county = fill_county(1)
        incident = _incident(county)
        sessions = _signed_in(county, clients)
        connections.close_all()
        with _server() as (port, process):
            taken = asyncio.run(_measure(port, sessions, incident, events))
            rss = max(one.memory_info().rss for one in [process, *process.children(recursive=True)])
        described = versions()
        connection.close()
    taken.sort()
    return {
        "bench": "streams", "clients": clients, "events": events, "p50_ms": _ms(statistics.median(taken)),
        "p99_ms": _ms(taken[min(len(taken) - 1, round(0.99 * (len(taken) - 1)))]), "max_ms": _ms(taken[-1]),
        "rss_mb": round(rss / 2**20), "versions": described,
    }  # fmt: skip


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _raise_file_limit() -> None:
    """Each stream is an open file here and one in the server, which inherits the limit."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _incident(county: County) -> Incident:
    school = School.objects.get(county=county)
    rules = frozen(policy_of(county.adcode, timezone.localdate()), "attack")
    return Incident.objects.create(
        county=county, school=school, sign=Sign.EXERCISE, alarm_class="attack", opened_at=timezone.now(),
        policy=rules.model_dump(mode="json"),
    )  # fmt: skip


def _signed_in(county: County, clients: int) -> list[str]:
    """So many people who may see the incident, each with a session."""
    bureau = county.organisations.get(kind="education_bureau")
    users = User.objects.bulk_create(
        [User(phone=f"8{n:07d}", name=f"测试{n}", county=county, password=make_password(None)) for n in range(clients)]
    )
    Post.objects.bulk_create(
        Post(user=user, organisation=bureau, role="bureau_officer", starts_on=date(2026, 9, 1)) for user in users
    )
    return sessions_of(users)


@contextmanager
def _server() -> Iterator[tuple[int, psutil.Process]]:
    """The streams process of the product, on the benchmark's database."""
    port = free_port()
    urls = {"DATABASE_URL": application_url, "DATABASE_OWNER_URL": owner_url}
    moved = {name: urlsplit(url)._replace(path=f"/{NAME}").geturl() for name, url in urls.items()}
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--workers-kill-timeout", "2", "--no-ws", "--log-level", "error", "--backlog", "4096"]
    child = subprocess.Popen(
        [*command, "huyuan.config.asgi:application"], cwd=settings.BASE_DIR, env={**os.environ, **moved},
        start_new_session=True,
    )  # fmt: skip
    process = psutil.Process(child.pid)
    try:
        deadline = time.monotonic() + PATIENCE
        while port_is_free("127.0.0.1", port):
            if child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the streams process does not answer")
            time.sleep(0.1)
        yield port, process
    finally:
        end_processes([*process.children(recursive=True), process], patience=5)
        child.wait()


class _Page(asyncio.Protocol):
    """One open page: notes when it hears of an event."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.began = asyncio.Event()
        self.heard = asyncio.Event()
        self.heard_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        if isinstance(transport, asyncio.Transport):
            transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        """Note the beginning of the stream, and each event."""
        if b"retry:" in data:
            self.began.set()
        if b"event: log" in data:
            self.heard_at = time.perf_counter()
            self.heard.set()


async def _measure(port: int, sessions: list[str], incident: Incident, events: int) -> list[float]:
    """Seconds from before the commit of each entry until the last page has heard of it."""
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(OPENING)

    async def opened(session: str) -> _Page:
        lines = [f"GET /streams/incidents?incident={incident.code} HTTP/1.1", "Host: localhost"]
        page = _Page("\r\n".join([*lines, f"Cookie: sessionid={session}", "", ""]).encode())
        async with gate:
            await loop.create_connection(lambda: page, "127.0.0.1", port)
            await asyncio.wait_for(page.began.wait(), PATIENCE)
        return page

    pages = await asyncio.gather(*(opened(session) for session in sessions))
    taken = []
    for _number in range(events):
        for page in pages:
            page.heard.clear()
        begun = time.perf_counter()
        await asyncio.to_thread(_write, incident)
        for page in pages:
            await asyncio.wait_for(page.heard.wait(), PATIENCE)
        taken.append(max(page.heard_at for page in pages) - begun)
        await asyncio.sleep(0.2)
    return taken


def _write(incident: Incident) -> None:
    try:
        with transaction.atomic():
            write_log("note", incident=incident, now=database_now())
    finally:
        connections.close_all()
