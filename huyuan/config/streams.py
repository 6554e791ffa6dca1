"""Live streams: one bare ASGI application, so that thousands of open streams cost the database nothing.

A stream is signed in by the session cookie, in a thread that gives its database connection back before the first
byte. One connection a process listens; a notification only wakes up early: what is told comes from the rows, and
a sweep finds what a lost connection missed.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import psycopg
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import Error as DatabaseError
from django.db import connections
from django.db.models import Max
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host
from django.utils import timezone
from psycopg import sql

from huyuan.config.settings import application_url
from huyuan.notifications.actions import WAKE_CHANNEL
from huyuan.notifications.models import Message
from huyuan.people.models import User

logger = logging.getLogger(__name__)
INBOX = "/streams/inbox"
HEARTBEAT = 20.0
SWEEP = 20.0
# After this long a stream ends; the page connects again and is signed in anew, with all the rules of signing in.
LIFETIME = 15 * 60.0
RECONNECT = 1.0
# Notifications that come together are looked up together.
GATHER = 0.05
# Bounds the connections to the database, whatever the number of streams that open at once.
THREADS = 4

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]
Answer = TypeVar("Answer")
threads = ThreadPoolExecutor(THREADS, thread_name_prefix="streams")


@contextmanager
def connection_given_back() -> Iterator[None]:
    """Close this thread's database connection afterwards."""
    try:
        yield
    finally:
        connections.close_all()


def signed_in(session_key: str) -> User | None:
    """Who is signed in with a session, by the same rules as on pages."""
    with connection_given_back():
        request = HttpRequest()
        request.session = SessionStore(session_key)
        user = get_user(request)
        return user if isinstance(user, User) else None


def newest_messages(users: set[int]) -> dict[int, int]:
    """The newest message of each of these users who has any."""
    with connection_given_back():
        found = Message.objects.filter(recipient_id__in=users).order_by().values_list("recipient_id")
        return dict(found.annotate(newest=Max("pk")))


def living_sessions(keys: set[str]) -> set[str]:
    """Those of these sessions that were neither ended nor ran out."""
    with connection_given_back():
        living = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        return set(living.values_list("session_key", flat=True))


async def in_thread(ask: Callable[..., Answer], *given: Any) -> Answer:
    """Ask the database without holding up the streams."""
    return await asyncio.get_running_loop().run_in_executor(threads, ask, *given)


@dataclass(eq=False)
class Stream:
    """One open stream of one user: the newest message there is, and the newest that was told."""

    user: User
    session_key: str
    told: int
    newest: int = 0
    over: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self, newest: int) -> None:
        """Note a newer message."""
        if newest > self.newest:
            self.newest = newest
            self.woken.set()

    def end(self) -> None:
        """Let the stream end."""
        self.over = True
        self.woken.set()

    def news(self) -> bytes:
        """What to tell now: the newest message, once."""
        self.woken.clear()
        if self.newest <= self.told:
            return b""
        self.told = self.newest
        return f'event: inbox\nid: {self.told}\ndata: {{"id": {self.told}}}\n\n'.encode()


class Hub:
    """All streams of this process, and the one connection that listens for them."""

    def __init__(self) -> None:
        self.streams: dict[str, set[Stream]] = defaultdict(set)
        self.called: set[str] = set()
        self.calling = asyncio.Event()
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen, to look up and to sweep."""
        self.tasks = [asyncio.create_task(run()) for run in (self.listen, self.look_up, self.sweep)]

    async def stop(self) -> None:
        """End the tasks and every stream."""
        for stream in self.open_streams():
            stream.end()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def open_streams(self) -> list[Stream]:
        """Every stream that is open."""
        return [stream for streams in self.streams.values() for stream in streams]

    def add(self, stream: Stream) -> None:
        """Take a stream in; from now on it is woken."""
        self.streams[str(stream.user.code)].add(stream)

    def remove(self, stream: Stream) -> None:
        """Forget a stream."""
        code = str(stream.user.code)
        self.streams[code].discard(stream)
        if not self.streams[code]:
            del self.streams[code]

    def call(self, code: str) -> None:
        """Note that a user has a message."""
        if code in self.streams:
            self.called.add(code)
            self.calling.set()

    def call_all(self) -> None:
        """Look after everybody: something may have been missed."""
        for code in self.streams:
            self.call(code)

    async def listen(self) -> None:
        """Listen on one connection; while it is lost, try again."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    application_url, autocommit=True, application_name="huyuan streams",
                    connect_timeout=10, keepalives_idle=30, keepalives_interval=10, keepalives_count=3,
                ) as connection:  # fmt: skip
                    # With one login for everything, this connection too steps down to the application's role.
                    await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(settings.APPLICATION_ROLE)))
                    await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(WAKE_CHANNEL)))
                    self.call_all()
                    async for notification in connection.notifies():
                        self.call(notification.payload)
            except (psycopg.Error, OSError) as error:
                logger.warning("not listening: %s", error)
            await asyncio.sleep(RECONNECT)

    async def look_up(self) -> None:
        """Wake the streams of those who were called, with one query for all."""
        while True:
            await self.calling.wait()
            await asyncio.sleep(GATHER)
            self.calling.clear()
            called, self.called = self.called, set()
            try:
                await self.refresh([stream for code in called for stream in self.streams.get(code, ())])
            except (DatabaseError, OSError) as error:
                logger.warning("messages not looked up: %s", error)

    async def refresh(self, streams: list[Stream]) -> None:
        """Tell streams of their newest message."""
        newest = await in_thread(newest_messages, {stream.user.pk for stream in streams})
        for stream in streams:
            stream.wake(newest.get(stream.user.pk, 0))

    async def sweep(self) -> None:
        """Every while look after everybody, and end the streams of sessions that have ended."""
        while True:
            await asyncio.sleep(SWEEP)
            self.call_all()
            streams = self.open_streams()
            try:
                living = await in_thread(living_sessions, {stream.session_key for stream in streams})
            except (DatabaseError, OSError) as error:
                logger.warning("sessions not looked up: %s", error)
                continue
            for stream in streams:
                if stream.session_key not in living:
                    stream.end()


def header(scope: Scope, name: bytes) -> str:
    """A header of the request, empty when missing."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def origin_allowed(origin: str, host: str) -> bool:
    """Whether a page of this origin may open a stream: ours, and in a demo the same host on any port."""
    if not origin or origin == settings.ADDRESS:
        return True
    return bool(settings.DEMO and urlsplit(origin).hostname == split_domain_port(host)[0].strip("[]"))


def last_told(scope: Scope) -> int | None:
    """The message the page knows of: from the browser on reconnecting, from the address on opening."""
    after = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("after", [""])[0]
    known = header(scope, b"last-event-id") or after
    return int(known) if known.isdecimal() and len(known) < 19 else None


async def answer(send: Send, status: int, text: str = "", headers: Headers = ()) -> None:
    """Send a whole short answer."""
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *headers]})
    await send({"type": "http.response.body", "body": text.encode()})


class Streams:
    """The ASGI application of the streams process."""

    def __init__(self) -> None:
        self.hub = Hub()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve what this process has: the inbox, and whether it is well."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/healthz":
            await answer(send, 200, "ok")
        elif scope["type"] == "http" and scope["path"] == INBOX and scope["method"] == "GET":
            await self.inbox(scope, receive, send)
        elif scope["type"] == "http":
            await answer(send, 404)

    async def live(self, receive: Receive, send: Send) -> None:
        """Begin and end with the server."""
        await receive()
        self.hub.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def inbox(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream the numbers of new messages to one user."""
        host, origin = header(scope, b"host"), header(scope, b"origin")
        if not validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
            await answer(send, 400)
            return
        if not origin_allowed(origin, host):
            await answer(send, 403)
            return
        shared = [(b"vary", b"Origin")]
        if origin:
            shared += [(b"access-control-allow-origin", origin.encode("latin-1"))]
            shared += [(b"access-control-allow-credentials", b"true")]
        session_key = parse_cookie(header(scope, b"cookie")).get(settings.SESSION_COOKIE_NAME, "")
        try:
            user = await in_thread(signed_in, session_key) if session_key else None
        except (DatabaseError, OSError):
            await answer(send, 503, headers=shared)
            return
        if user is None:
            await answer(send, 401, headers=shared)
            return
        await self.flow(user, session_key, scope, receive, send, shared)

    async def flow(
        self, user: User, session_key: str, scope: Scope, receive: Receive, send: Send, headers: Headers
    ) -> None:
        """Hold the stream open until the page goes, the session ends or the stream is old."""
        known = last_told(scope)
        stream = Stream(user, session_key, told=known or 0)
        # Taken in before looking: a message that comes in between is told, perhaps twice looked up, never lost.
        self.hub.add(stream)
        gone = asyncio.ensure_future(disconnected(receive))
        try:
            await self.hub.refresh([stream])
            if known is None:
                stream.told = stream.newest
            await send(start_of_stream(headers))
            await send(body(f"retry: 3000\nid: {stream.told}\n\n".encode() + stream.news()))
            ends_at = asyncio.get_running_loop().time() + LIFETIME
            while not gone.done() and not stream.over and asyncio.get_running_loop().time() < ends_at:
                woken = asyncio.ensure_future(stream.woken.wait())
                await asyncio.wait({gone, woken}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
                if not gone.done():
                    await send(body(stream.news() or b": still here\n\n"))
            if not gone.done():
                await send({"type": "http.response.body", "body": b""})
        except (DatabaseError, OSError) as error:
            logger.info("a stream ended: %s", error)
        finally:
            gone.cancel()
            self.hub.remove(stream)


async def disconnected(receive: Receive) -> None:
    """Wait until the page has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def start_of_stream(headers: Headers) -> dict[str, Any]:
    """The head of an event stream; proxies are asked to pass it on unbuffered."""
    own = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]
    own += [(b"x-accel-buffering", b"no"), (b"x-content-type-options", b"nosniff")]
    return {"type": "http.response.start", "status": 200, "headers": [*own, *headers]}


def body(content: bytes) -> dict[str, Any]:
    """A part of an answer, with more to come."""
    return {"type": "http.response.body", "body": content, "more_body": True}


application = Streams()
