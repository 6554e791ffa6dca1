"""The receiver of panels over real sockets: what is answered, and what is kept before it is."""

import asyncio
import gc
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connections
from psycopg import sql

from conftest import run_as_owner
from factories import Cast, make_county
from huyuan.config.settings import owner_url
from huyuan.emergency import panels
from huyuan.emergency.models import Incident, Press
from huyuan.emergency.panels import Receiver
from huyuan.emergency.tests.devices import KEY, device_of
from huyuan.facilities.dc09.frames import Frame, open_envelope, read_envelope
from huyuan.facilities.dc09.panel import Panel
from huyuan.facilities.models import Device, RefusedAccount, Signal

WAYS = (socket.SOCK_STREAM, socket.SOCK_DGRAM)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def county(own_database: str) -> Cast:
    return make_county()


@pytest.fixture
def port(county: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A receiver at work on the test's own database."""
    monkeypatch.setattr(panels, "TENDED_EVERY", 0.05)
    opened, loops, workers = threading.Event(), {}, ThreadPoolExecutor(4)

    async def receive() -> None:
        loops["ending"], loops["loop"] = asyncio.Event(), asyncio.get_running_loop()

        def ready(port: int) -> None:
            loops["port"] = port
            opened.set()

        await Receiver("127.0.0.1", 0, "here", workers=workers).run(loops["ending"], ready)

    thread = threading.Thread(target=lambda: asyncio.run(receive()), daemon=True)
    thread.start()
    assert opened.wait(30)
    yield loops["port"]
    loops["loop"].call_soon_threadsafe(loops["ending"].set)
    thread.join(10)
    together = threading.Barrier(4)
    list(workers.map(lambda _worker: (connections.close_all(), together.wait(10)), range(4)))
    workers.shutdown()


def connected(port: int, way: socket.SocketKind = socket.SOCK_STREAM) -> socket.socket:
    made = socket.socket(socket.AF_INET, way)
    made.settimeout(30)
    made.connect(("127.0.0.1", port))
    return made


def ask(port: int, raw: bytes, way: socket.SocketKind = socket.SOCK_STREAM) -> bytes:
    """Send and wait for one answer."""
    with connected(port, way) as connection:
        connection.sendall(raw)
        return connection.recv(4096)


def heard(answer: bytes, key: bytes | None = None) -> Frame:
    return open_envelope(read_envelope(answer.strip(b"\r\n")), key)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize(("label", "data"), [("SIA-DCS", "NPA01"), ("ADM-CID", "1120 01 015")])
def test_a_press_is_acknowledged_in_the_way_it_came(county, port, way, key, label, data):
    device_of(county, key=key)
    answer = heard(ask(port, Panel("A001", key).say(data, now=now(), label=label), way), key)
    assert (answer.label, answer.sequence, answer.account, answer.encrypted) == ("ACK", "0001", "A001", key is not None)
    press = Press.objects.get()
    assert (press.source, press.incident.alarm_class) == (Press.Source.PANEL, "attack")


def test_ack_is_made_only_after_another_connection_sees_the_press(county, port, monkeypatch):
    device_of(county)
    seen = []
    acknowledge = panels.acknowledge

    def look(*args, **kwargs):
        name = connections["default"].settings_dict["NAME"]
        with psycopg.connect(owner_url, dbname=name) as other:
            seen.append(other.execute("SELECT count(*) FROM emergency_press").fetchone()[0])
        return acknowledge(*args, **kwargs)

    monkeypatch.setattr(panels, "acknowledge", look)
    assert b'"ACK"' in ask(port, Panel("A001").say("NPA01", now=now()))
    assert seen == [1]


def test_a_sign_of_life_is_noted(county, port):
    device = device_of(county)
    assert b'"ACK"' in ask(port, Panel("A001").beat(now=now()), socket.SOCK_DGRAM)
    device.refresh_from_db()
    assert now() - device.last_seen_at < timedelta(minutes=1)
    assert not Signal.objects.exists()


def refused_rows(reason: str) -> list[tuple[str, int]]:
    """What the receiver wrote of refusals once it had the time to."""
    for _attempt in range(200):
        rows = list(RefusedAccount.objects.filter(reason=reason).values_list("account", "count"))
        if rows:
            return rows
        threading.Event().wait(0.02)
    return []


def test_an_unknown_account_gets_nak_and_is_seen_by_an_officer(county, port):
    assert heard(ask(port, Panel("FFFF").say("NPA01", now=now()))).label == "NAK"
    assert refused_rows("account") == [("FFFF", 1)]
    assert not Press.objects.exists()


@pytest.mark.parametrize("key", [bytes(16), None])
def test_a_wrong_key_or_none_gets_nak_and_alarms_nobody(county, port, key):
    device_of(county, key=KEY)
    assert heard(ask(port, Panel("A001", key).say("NPA01", now=now()))).label == "NAK"
    assert refused_rows("key" if key else "plain") == [("A001", 1)]
    assert not Press.objects.exists()


def test_a_clock_an_hour_off_is_told_our_time_and_the_next_try_is_taken(county, port):
    device_of(county, key=KEY)
    answer = heard(ask(port, Panel("A001", KEY).say("NPA01", now=now() - timedelta(hours=1))))
    assert answer.label == "NAK"
    assert abs(answer.stamp - now()) < timedelta(seconds=30)
    assert not Press.objects.exists()
    assert heard(ask(port, Panel("A001", KEY).say("NPA01", now=answer.stamp)), KEY).label == "ACK"
    assert Press.objects.count() == 1


def test_half_a_frame_waits_for_its_other_half_and_a_lost_half_for_nobody(county, port):
    device_of(county)
    raw = Panel("A001").say("NPA01", now=now())
    with connected(port) as connection:
        connection.sendall(raw[:20])
        connection.sendall(raw[20:])
        assert b'"ACK"' in connection.recv(4096)
    with connected(port) as connection:
        connection.sendall(raw[:20])
    assert Press.objects.count() == 1


def test_several_frames_in_one_packet_are_all_answered(county, port):
    device_of(county)
    panel = Panel("A001")
    with connected(port) as connection:
        connection.sendall(b"".join(panel.say(data, now=now()) for data in ("NAT00", "NAR00", "NPA01")))
        answers = b""
        while answers.count(b'"ACK"') < 3:
            answers += connection.recv(4096)
    assert (Signal.objects.count(), Press.objects.count()) == (3, 1)


def test_a_frame_of_a_megabyte_ends_its_connection_and_the_next_panel_is_heard(county, port):
    device_of(county)
    with connected(port) as connection:
        try:
            connection.sendall(b"\n" + b"A" * 1_000_000)
            assert connection.recv(4096) == b""
        except ConnectionError:
            pass
    assert b'"ACK"' in ask(port, Panel("A001").say("NPA01", now=now()))


@pytest.mark.parametrize("key", [None, KEY])
def test_a_replay_is_acknowledged_and_is_no_second_alarm(county, port, key):
    device_of(county, key=key)
    raw = Panel("A001", key).say("NPA01", now=now())
    for way in (*WAYS, *WAYS):
        assert heard(ask(port, raw, way), key).label == "ACK"
    assert (Signal.objects.count(), Press.objects.count(), Incident.objects.count()) == (1, 1, 1)


def test_what_is_no_event_gets_duh(county, port):
    device_of(county)
    assert heard(ask(port, Panel("A001").say("hello", now=now()))).label == "DUH"


def test_fifty_panels_press_at_once_and_each_is_an_alarm(county, port):
    for number in range(50):
        device_of(county, account=f"B{number:03d}", by="bureau")
    with ThreadPoolExecutor(50) as pool:
        said = [Panel(f"B{number:03d}").say("NPA01", now=now()) for number in range(50)]
        answers = list(pool.map(lambda pair: ask(port, pair[1], WAYS[pair[0] % 2]), enumerate(said)))
    assert all(b'"ACK"' in answer for answer in answers)
    assert (Press.objects.count(), Incident.objects.count()) == (50, 1)


def test_with_the_database_down_nothing_is_answered_and_the_panel_s_next_try_is_one_alarm(county, port):
    device_of(county)
    raw = Panel("A001").say("NPA01", now=now())
    there = connections["default"].settings_dict["NAME"]
    allow = "ALTER DATABASE {} ALLOW_CONNECTIONS {}"
    ends = sql.SQL("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}").format(
        sql.Literal(there)
    )
    run_as_owner(sql.SQL(allow).format(sql.Identifier(there), sql.SQL("false")), ends)
    with connected(port) as connection:
        connection.settimeout(1.0)
        connection.sendall(raw)
        with pytest.raises(TimeoutError):
            connection.recv(4096)
    run_as_owner(sql.SQL(allow).format(sql.Identifier(there), sql.SQL("true")))
    connections["default"].close()
    assert b'"ACK"' in ask(port, raw)
    assert (Device.objects.count(), Press.objects.count()) == (1, 1)


def test_who_connects_as_the_receiver_ends_is_hung_up_on(county):
    """Were a socket left open, the collection at the end of this test would say so."""

    async def ends_as_one_connects() -> bytes:
        ending, port = asyncio.Event(), asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(
            Receiver("127.0.0.1", 0, "here", workers=ThreadPoolExecutor(1)).run(ending, port.set_result)
        )
        with socket.socket() as panel:
            panel.setblocking(False)
            await asyncio.get_running_loop().sock_connect(panel, ("127.0.0.1", await port))
            ending.set()
            await serving
            return await asyncio.wait_for(asyncio.get_running_loop().sock_recv(panel, 1), 20)

    assert asyncio.run(ends_as_one_connects()) == b""
    gc.collect()
