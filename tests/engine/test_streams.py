"""Live streams over a real server process and a real database."""

import asyncio
import time
from datetime import UTC, datetime

import psycopg
import pytest
from django.contrib.sessions.models import Session
from django.db import connections, transaction

from factories import called_incident, make_county
from huyuan.common.reach import system_reach
from huyuan.config.streams import hub as hubs
from huyuan.config.streams.lookups import INCIDENT, Topic
from huyuan.config.streams.serving import origin_allowed
from huyuan.emergency.actions import handling, responding
from huyuan.notifications.actions import queue
from huyuan.people.models import User
from tests.engine.serving import Client, environment, granian, session_of, status

STREAMS = 150


@pytest.fixture
def county(own_database, clock):
    """A county in a database of its own; the server process lives in the real time."""
    clock.set(datetime.now(UTC))
    return make_county()


@pytest.fixture
def port(own_database, county):
    with granian(own_database, "asgi", "huyuan.config.asgi:application") as found:
        yield found


def tell(users, county):
    with transaction.atomic():
        return queue(
            "inspection:complete",
            to=users,
            by=system_reach(county.pk),
            now=datetime.now(UTC),
            school="青溪镇中心小学",
            count=2,
        )


def tell_from_a_thread(users, county):
    try:
        tell(users, county)
    finally:
        connections.close_all()


def note_from_a_thread(county, incident, words):
    """An entry in the log of an incident, written and committed by another process."""
    try:
        handling.note_down(incident=incident, words=words, by=county.reach("head"), now=datetime.now(UTC))
    finally:
        connections.close_all()


def connections_of(database: str, like: str = "%") -> list[int]:
    with psycopg.connect(environment("postgres")["DATABASE_OWNER_URL"], autocommit=True) as connection:
        return [
            pid
            for (pid,) in connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name LIKE %s"
                " AND pid <> pg_backend_pid()",
                [database, like],
            )
        ]


def test_a_notification_reaches_150_signed_in_streams_and_pages_still_answer(own_database, county, port):
    county = county.county
    users = [User.objects.create_user(f"13700{n:06d}", "沈一帆", county) for n in range(STREAMS)]
    sessions = [session_of(user) for user in users]
    held_before = len(connections_of(own_database))

    async def hold() -> float:
        clients = await asyncio.gather(*(Client.open(port, session) for session in sessions))
        # Each signed-in stream has given its connection back: what is left is the one that listens.
        while len(connections_of(own_database)) > held_before:
            await asyncio.sleep(0.05)
        begun = time.monotonic()
        await asyncio.to_thread(tell_from_a_thread, users, county)
        await asyncio.gather(*(client.until(b"event: inbox") for client in clients))
        took = time.monotonic() - begun
        with granian(own_database, "wsgi", "huyuan.config.wsgi:application") as pages:
            assert [await asyncio.to_thread(status, pages, "/healthz") for _ in range(5)] == [200] * 5
        for client in clients:
            client.close()
        return took

    assert asyncio.run(hold()) < 5


def test_who_is_not_signed_in_gets_no_stream(county, port):
    session = session_of(county.safety)
    cookie = f"sessionid={session}"
    assert status(port, "/streams/inbox", Cookie=cookie) == 200
    assert status(port, "/streams/inbox") == 401
    assert status(port, "/streams/inbox", Cookie="sessionid=made-up") == 401
    assert status(port, "/streams/inbox", Cookie=cookie, Origin="https://elsewhere.example") == 403
    assert status(port, "/anything") == 404
    Session.objects.filter(session_key=session).delete()
    assert status(port, "/streams/inbox", Cookie=cookie) == 401


def test_a_changed_password_and_a_closed_account_end_the_right_to_a_stream(county, port):
    changed, closed = session_of(county.safety), session_of(county.head)
    county.safety.set_password("another-gate-2")
    county.safety.save()
    county.head.is_active = False
    county.head.save()
    assert [status(port, "/streams/inbox", Cookie=f"sessionid={key}") for key in (changed, closed)] == [401, 401]


def test_the_page_of_our_address_may_read_the_stream(county, port):
    async def open_from_page() -> None:
        session = session_of_thread
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        origin = "http://localhost:8000"
        writer.write(
            f"GET /streams/inbox HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: {origin}\r\n"
            f"Cookie: sessionid={session}\r\n\r\n".encode()
        )
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)).lower()
        writer.close()
        assert b"access-control-allow-origin: http://localhost:8000" in head
        assert b"access-control-allow-credentials: true" in head
        assert b"content-type: text/event-stream" in head

    session_of_thread = session_of(county.safety)
    asyncio.run(open_from_page())


def test_a_message_missed_while_away_is_told_at_once(county, port):
    session = session_of(county.safety)
    first, second = (tell([county.safety], county.county)[0].pk for _ in range(2))

    async def come_back() -> None:
        fresh = await Client.open(port, session)
        returned = await Client.open(port, session, f"Last-Event-ID: {first}")
        assert str(second).encode() in await returned.until(b"\nid: ", 5)
        opened = await Client.open(port, session, query=f"?after={first}")
        assert str(second).encode() in await opened.until(b"\nid: ", 5)
        # A page that has just been made knows what there is.
        with pytest.raises(TimeoutError):
            await fresh.until(b"event: inbox", 0.5)
        for client in (fresh, returned, opened):
            client.close()

    asyncio.run(come_back())


def test_a_lost_listening_connection_is_made_again_and_nothing_is_missed(own_database, county, port):
    session = session_of(county.safety)

    async def lose() -> None:
        client = await Client.open(port, session)
        for pid in connections_of(own_database, "huyuan streams"):
            with psycopg.connect(environment("postgres")["DATABASE_OWNER_URL"], autocommit=True) as owner:
                owner.execute("SELECT pg_terminate_backend(%s)", [pid])
        await asyncio.to_thread(tell_from_a_thread, [county.safety], county.county)
        await client.until(b"event: inbox", 15)
        client.close()

    asyncio.run(lose())


def test_in_production_only_our_own_address_may_open_a_stream(settings):
    settings.ADDRESS = "https://anquan.example.cn"
    settings.DEMO = False
    assert origin_allowed("https://anquan.example.cn", "streams.example.cn")
    assert not origin_allowed("http://streams.example.cn:8000", "streams.example.cn")
    settings.DEMO = True
    assert origin_allowed("http://localhost:8123", "localhost:8124")
    assert not origin_allowed("http://evil.example:8123", "localhost:8124")


def test_the_end_of_a_session_ends_its_open_stream(county, monkeypatch):
    monkeypatch.setattr(hubs, "SWEEP", 0.05)
    gone, stays = session_of(county.safety), session_of(county.head)

    async def sweep() -> list[bool]:
        hub = hubs.Hub()
        both = [hubs.Stream(county.safety, gone, told=0), hubs.Stream(county.head, stays, told=0)]
        for stream in both:
            hub.add(stream)
        hub.start()
        await asyncio.wait_for(both[0].woken.wait(), 10)
        found = [stream.over for stream in both]
        await hub.stop()
        return found

    Session.objects.filter(session_key=gone).delete()
    assert asyncio.run(sweep()) == [True, False]


def test_the_server_ends_soon_with_a_stream_open(own_database, county):
    session = session_of(county.safety)

    async def hold() -> float:
        with granian(own_database, "asgi", "huyuan.config.asgi:application") as port:
            client = await Client.open(port, session)
            begun = time.monotonic()
        took = time.monotonic() - begun
        client.close()
        return took

    assert asyncio.run(hold()) < 5


def test_an_incident_is_followed_only_by_who_may_see_it(county, port):
    incident = called_incident(county, now=datetime.now(UTC))
    path = f"/streams/incidents?incident={incident.code}"
    said = {
        part: status(port, path, Cookie=f"sessionid={session_of(county.users[part])}")
        for part in ("commander", "head", "guard", "bureau", "teacher", "other_head", "nobody")
    }
    assert said == {
        "commander": 200, "head": 200, "guard": 200, "bureau": 200, "teacher": 404, "other_head": 404, "nobody": 404,
    }  # fmt: skip
    assert status(port, path) == 401
    cookie = f"sessionid={session_of(county.commander)}"
    assert status(port, "/streams/incidents?incident=made-up", Cookie=cookie) == 404


def test_a_new_entry_wakes_the_incident_and_the_wall_of_its_county_and_nobody_elses(county, port):
    incident = called_incident(county, now=datetime.now(UTC))
    quiet = session_of(county.other_head)

    async def follow() -> None:
        room = await Client.open(port, wall_session, path=f"/streams/incidents?incident={incident.code}")
        wall = await Client.open(port, wall_session, path="/streams/alarms")
        elsewhere = await Client.open(port, quiet, path="/streams/alarms")
        await asyncio.to_thread(note_from_a_thread, county, incident, "歹徒在东门")
        await room.until(b"event: log", 10)
        assert b"data: {" in await wall.until(b"event: alarms\nid: ", 10) + await wall.until(b"data: ", 10)
        with pytest.raises(TimeoutError):
            await elsewhere.until(b"event: alarms", 0.5)
        for client in (room, wall, elsewhere):
            client.close()

    wall_session = session_of(county.commander)
    asyncio.run(follow())


def test_entries_missed_while_the_stream_was_lost_are_told_at_once(county, port):
    incident = called_incident(county, now=datetime.now(UTC))
    known = incident.log.latest("pk").pk
    handling.note_down(incident=incident, words="第一条", by=county.reach("head"), now=datetime.now(UTC))
    newest = incident.log.latest("pk").pk
    path, session = f"/streams/incidents?incident={incident.code}", session_of(county.commander)

    async def come_back() -> None:
        returned = await Client.open(port, session, f"Last-Event-ID: {known}", path=path)
        assert str(newest).encode() in await returned.until(b"event: log\nid: ", 5)
        returned.close()

    asyncio.run(come_back())


def test_an_open_page_hears_that_its_reader_is_called_until_they_answer(county, port):
    sessions = {part: session_of(county.users[part]) for part in ("guard", "teacher")}

    async def be_called() -> None:
        guard, teacher = [await Client.open(port, sessions[part]) for part in ("guard", "teacher")]
        await asyncio.to_thread(call_from_a_thread, county)
        await guard.until(b"event: called", 10)
        with pytest.raises(TimeoutError):
            await teacher.until(b"event: called", 0.5)
        again = await Client.open(port, sessions["guard"])
        await again.until(b"event: called", 5)
        await asyncio.to_thread(answer_from_a_thread, county)
        answered = await Client.open(port, sessions["guard"])
        with pytest.raises(TimeoutError):
            await answered.until(b"event: called", 0.5)
        for client in (guard, teacher, again, answered):
            client.close()

    asyncio.run(be_called())


def call_from_a_thread(county):
    try:
        called_incident(county, now=datetime.now(UTC))
    finally:
        connections.close_all()


def answer_from_a_thread(county):
    try:
        call = county.guard.calls.get()
        responding.mark_seen(call=call, by=county.reach("guard"), now=datetime.now(UTC))
    finally:
        connections.close_all()


def test_an_entry_that_committed_after_a_later_one_is_told_too(county):
    stream = hubs.Stream(county.safety, "key", told=0, topic=Topic(INCIDENT, "code"))
    stream.wake(12, again=True)
    assert b"id: 12" in stream.news()
    stream.wake(12)
    assert stream.news() == b""
    stream.wake(12, again=True)
    assert b"id: 12" in stream.news()
