"""`bench alarm`: from the press over HTTP to the last of the receivers, durable on the way; Alertmanager in the same run.

Web by granian, one alarm engine, a gateway that is a sink of this machine; every press carries a real token and is
signed. A receiver is a person of the emergency unit who is told by one short message through the gateway.
"""

import asyncio
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from django.conf import settings
from django.db import connection, connections
from django.test.utils import override_settings

from huyuan.common.clock import database_now
from huyuan.config import processes
from huyuan.config.bench.database import own_database, versions
from huyuan.config.bench.filling import fill_county
from huyuan.config.bench.phones import Phone
from huyuan.config.bench.start import free_port
from huyuan.config.settings import application_url
from huyuan.emergency.models import Incident, Page, UnitMember
from huyuan.emergency.press_address import PATH
from huyuan.organisations.models import County, Organisation, OrganisationKind, School
from huyuan.people.models import Post, User

ALERTMANAGER = "prometheus-alertmanager"
# A class that sends one message a person through the gateway: as much as a receiver of Alertmanager gets.
ALARM_CLASS = "gate"
RECEIVERS = "138"
READY_SECONDS = 60.0
# After this long without anything new, what has not come is lost.
QUIET_SECONDS = 10.0


@dataclass
class Run:
    """When each alarm began, when it was answered, and when which receiver was told of it."""

    began: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    told: dict[tuple[str, int], list[float]] = field(default_factory=dict)

    def figures(self, receivers: int) -> dict[str, Any]:
        """Latencies to the last receiver, losses and repetitions."""
        last = [
            max(self.told[code, n][0] for n in range(receivers)) - began
            for code, began in self.began.items()
            if all((code, n) in self.told for n in range(receivers))
        ]
        lost = sum((code, n) not in self.told for code in self.began for n in range(receivers))
        answers = [at - self.began[code] for code, at in self.answered.items()]
        return {
            **milliseconds(last), "lost": lost, "duplicates": sum(len(times) - 1 for times in self.told.values()),
            "alarms": len(self.began), "answered": len(answers), "answer": milliseconds(answers),
        }  # fmt: skip


def milliseconds(seconds: list[float]) -> dict[str, float | None]:
    """The median, the 99th of a hundred, and the slowest."""
    if not seconds:
        return {"p50_ms": None, "p99_ms": None, "max_ms": None}
    ordered = sorted(seconds)
    late = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return {name: round(value * 1000, 1) for name, value in
            (("p50_ms", statistics.median(ordered)), ("p99_ms", late), ("max_ms", ordered[-1]))}  # fmt: skip


class Sinks:
    """The receivers, in a process of their own."""

    def __init__(self, count: int) -> None:
        command = [sys.executable, "-m", "huyuan.config.bench.sinks", str(count)]
        self.process = subprocess.Popen(
            command, cwd=settings.BASE_DIR, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )  # fmt: skip
        if self.process.stdout is None:
            raise AssertionError("the sinks have no output")
        self.ports: list[int] = json.loads(self.process.stdout.readline())

    def heard(self) -> list[tuple[int, float, str, list[str]]]:
        """End them, and what each heard: receiver, when, idempotency key, codes in the body."""
        output, _errors = self.process.communicate()
        return [tuple(one) for one in json.loads(output)]


def fill(schools: int, receivers: int) -> County:
    """A county whose schools all have the same unit of so many people."""
    county = fill_county(schools)
    # The landlines and people of stations would be told too; here it is about the unit.
    Post.objects.filter(role="station_officer").update(ends_on=date(2026, 9, 1))
    people = [
        User(county=county, phone=f"{RECEIVERS}{n:08d}", name=f"队员{n}", sort_key=f"{n:04d}") for n in range(receivers)
    ]
    people = User.objects.bulk_create(people)
    places = [(school, user) for school in School.objects.filter(county=county) for user in people]
    UnitMember.objects.bulk_create(
        UnitMember(school=school, user=user, part="guard", since=date(2026, 9, 1)) for school, user in places
    )
    # Who holds no post at the school has left and is not called.
    Post.objects.bulk_create(
        Post(user=user, organisation_id=school.pk, role="guard", starts_on=date(2026, 9, 1)) for school, user in places
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return county


def phone_of_commander(county: County, keys: Path) -> Phone:
    """A commander's registered phone, which may press for every school."""
    centre = Organisation.named(county=county, kind=OrganisationKind.COMMAND_CENTRE, name="测试县指挥中心")
    centre.save()
    user = User.objects.create_user("139", "测试指挥员", county)
    post = Post.objects.create(user=user, organisation=centre, role="commander", starts_on=date(2026, 9, 1))
    with override_settings(PRESS_KEYS=keys):
        return Phone.registered(post, School.objects.filter(county=county).earliest("pk"), database_now())


@contextmanager
def product(var: Path, port: int, gateway: str, engines: int = 1) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Web and so many alarm engines over the benchmark's database; these are given."""
    name = connection.settings_dict["NAME"]
    address = urlsplit(application_url)._replace(path=f"/{name}").geturl()
    environment = os.environ | {
        "HUYUAN_VAR": str(var), "DATABASE_URL": address, "DATABASE_OWNER_URL": address, "HUYUAN_GATEWAY_URL": gateway,
        **processes.marked(var),
    }  # fmt: skip
    granian = [sys.executable, "-m", "granian", "--log-level", "error", "--no-ws", "--interface", "wsgi"]
    granian += ["--port", str(port), "--workers", "2", "--blocking-threads", str(settings.WEB_THREADS)]
    granian += ["huyuan.config.wsgi:application"]
    commands = [granian, *[[sys.executable, "manage.py", "run_alarms"]] * engines]
    started = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, start_new_session=True)
        for command in commands
    ]
    try:
        yield started[1:]
    finally:
        processes.end_processes(processes.processes_of(var), patience=5)
        for process in started:
            process.wait()


@contextmanager
def alertmanager(folder: Path, port: int, sinks: list[int]) -> Iterator[None]:
    """Alertmanager with its receivers, telling at once."""
    hooks = "".join(f"\n      - url: http://127.0.0.1:{sink}/\n        send_resolved: false" for sink in sinks)
    config = folder / "alertmanager.yml"
    config.write_text(
        "route:\n  receiver: all\n  group_by: [alarm]\n  group_wait: 0s\n  group_interval: 5m\n  repeat_interval: 4h\n"
        f"receivers:\n  - name: all\n    webhook_configs:{hooks}\n"
    )
    command = [
        ALERTMANAGER, f"--config.file={config}", f"--storage.path={folder / 'data'}", "--cluster.listen-address=",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
    ]  # fmt: skip
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


async def until_well(address: str) -> None:
    """Wait until somebody answers."""
    deadline = time.monotonic() + READY_SECONDS
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < deadline:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(address, headers={"Host": "localhost"}) as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


async def raise_all(
    run: Run, address: str, requests: list[tuple[str, bytes, dict[str, str]]], seconds: float
) -> None:  # fmt: skip
    """Raise the alarms evenly over so many seconds; all at once when none are given."""
    start = time.monotonic()

    async def one(number: int, session: aiohttp.ClientSession) -> None:
        identity, body, headers = requests[number]
        await asyncio.sleep(max(0.0, start + number * seconds / len(requests) - time.monotonic()))
        run.began[identity] = time.monotonic()
        async with session.post(address, data=body, headers=headers) as answer:
            await answer.read()
            if answer.status in (200, 201):
                run.answered[identity] = time.monotonic()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(one(number, session) for number in range(len(requests))))


async def ours(phone: Phone, port: int, schools: list[School], seconds: float) -> Run:
    """Press, and wait until every page has been taken or nothing moves any more."""
    run = Run()
    signed = [phone.press(ALARM_CLASS, school) for school in schools]
    requests = [(one.identity, one.body, one.headers) for one in signed]
    await raise_all(run, f"http://127.0.0.1:{port}{PATH}", requests, seconds)
    async for waiting in unsent():
        if not waiting:
            break
    return run


async def unsent() -> AsyncIterator[int]:
    """How many messages have not been taken, asked until it has been still for a while."""
    before, still_since = -1, time.monotonic()
    while time.monotonic() - still_since < QUIET_SECONDS:
        waiting = await asyncio.to_thread(count_unsent)
        if waiting != before:
            before, still_since = waiting, time.monotonic()
        yield waiting
        await asyncio.sleep(0.25)


def count_unsent() -> int:
    """Messages that were not taken, and incidents nobody was called to."""
    try:
        sms = Page.objects.filter(channel="sms", round=1).exclude(status="accepted").count()
        return sms + Incident.objects.filter(calls=None).count()
    finally:
        connection.close()


def told_by_us(run: Run, heard: list[tuple[int, float, str, list[str]]]) -> None:
    """Find the alarm and the receiver of each message: its key is the page's code."""
    # Nobody answers here: after the seconds of the policy others are called and the silent rung again, not counted.
    rows = Page.objects.filter(channel="sms", round=1, call__user__phone__startswith=RECEIVERS)
    known = {
        str(code): (str(press), int(phone.removeprefix(RECEIVERS)))
        for code, press, phone in rows.values_list("code", "incident__presses__code", "call__user__phone")
    }
    for _sink, at, key, _codes in heard:
        if key in known:
            run.told.setdefault(known[key], []).append(at)


async def theirs(port: int, alarms: int, seconds: float) -> Run:
    """Raise the same alarms at Alertmanager."""
    run = Run()
    requests = []
    for _number in range(alarms):
        identity = str(uuid.uuid4())
        body = json.dumps([{"labels": {"alertname": "alarm", "alarm": identity}}]).encode()
        requests.append((identity, body, {"Content-Type": "application/json"}))
    await raise_all(run, f"http://127.0.0.1:{port}/api/v2/alerts", requests, seconds)
    await asyncio.sleep(QUIET_SECONDS / 2)
    return run


def measure_ours(var: Path, receivers: int, alarms: int, seconds: float) -> dict[str, Any]:
    """One run of the product."""
    sinks, port = Sinks(1), free_port()
    with own_database():
        described = versions()
        county = fill(alarms + 1, receivers)
        phone = phone_of_commander(county, var / "keys" / "press")
        schools = list(School.objects.filter(county=county).select_related("organisation").order_by("pk"))
        connections.close_all()
        with product(var, port, f"http://127.0.0.1:{sinks.ports[0]}/"):
            asyncio.run(until_well(f"http://127.0.0.1:{port}/healthz"))
            # The first press of a process loads what the others find; it is not counted.
            asyncio.run(ours(phone, port, schools[-1:], 0))
            run = asyncio.run(ours(phone, port, schools[:alarms], seconds))
        heard = sinks.heard()
        told_by_us(run, heard)
        run.told = {key: times for key, times in run.told.items() if key[0] in run.began}
        connections.close_all()
    return run.figures(receivers) | {"versions": described}


def measure_theirs(folder: Path, receivers: int, alarms: int, seconds: float) -> dict[str, Any]:
    """One run of Alertmanager."""
    sinks, port = Sinks(receivers), free_port()
    with alertmanager(folder, port, sinks.ports):
        asyncio.run(until_well(f"http://127.0.0.1:{port}/-/ready"))
        asyncio.run(theirs(port, 1, 0))
        run = asyncio.run(theirs(port, alarms, seconds))
    for sink, at, _key, codes in sinks.heard():
        for code in set(codes) & set(run.began):
            run.told.setdefault((code, sink), []).append(at)
    version = subprocess.run([ALERTMANAGER, "--version"], capture_output=True, text=True, check=True)
    return run.figures(receivers) | {"version": (version.stdout or version.stderr).splitlines()[0]}


def run(*, receivers: int, alarms: int, seconds: float, burst: bool, against: str | None) -> dict[str, Any]:
    """Measure the product, and Alertmanager after it where that is wanted and installed."""
    over = 0.0 if burst else seconds
    folder = Path(tempfile.mkdtemp(prefix="huyuan-bench-")).resolve()
    folder.chmod(0o755)
    try:
        result = measure_ours(folder, receivers, alarms, over)
        described: dict[str, Any] = {
            "bench": "alarm", "n": alarms, "receivers": receivers, "seconds": over, "cores": os.cpu_count(), **result,
        }  # fmt: skip
        if against and shutil.which(ALERTMANAGER):
            other = measure_theirs(folder, receivers, alarms, over)
            described["alertmanager"] = other
            if result["p99_ms"] and other["p99_ms"]:
                described["ratio_p99"] = round(result["p99_ms"] / other["p99_ms"], 2)
        elif against:
            described["alertmanager"] = "not installed: apt-get install prometheus-alertmanager"
    finally:
        shutil.rmtree(folder)
    return described
