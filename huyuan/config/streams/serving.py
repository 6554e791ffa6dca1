"""The ASGI application of the streams process: who may open which stream, and how one is held open."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from huyuan.config.streams.hub import Hub, Stream
from huyuan.config.streams.lookups import ALARMS, INBOX, INCIDENT, Topic, in_thread, may_follow, signed_in
from huyuan.people.models import User

logger = logging.getLogger(__name__)
HEARTBEAT = 20.0
# After this long a stream ends; the page connects again and is signed in anew, with all the rules of signing in.
LIFETIME = 15 * 60.0
PATHS = {"/streams/inbox": INBOX, "/streams/incidents": INCIDENT, "/streams/alarms": ALARMS}

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


def header(scope: Scope, name: bytes) -> str:
    """A header of the request, empty when missing."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")


def origin_allowed(origin: str, host: str) -> bool:
    """Whether a page of this origin may open a stream: ours, and in a demo the same host on any port."""
    if not origin or origin == settings.ADDRESS:
        return True
    return bool(settings.DEMO and urlsplit(origin).hostname == split_domain_port(host)[0].strip("[]"))


def asked(scope: Scope, name: str) -> str:
    """A value of the address, empty when missing."""
    values: list[str] = parse_qs(scope.get("query_string", b"").decode("latin-1")).get(name, [""])
    return values[0]


def last_told(scope: Scope) -> int | None:
    """The number the page knows of: from the browser on reconnecting, from the address on opening."""
    known = header(scope, b"last-event-id") or asked(scope, "after")
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
        """Serve what this process has: the streams, and whether it is well."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/healthz":
            await answer(send, 200, "ok")
        elif scope["type"] == "http" and scope["path"] in PATHS and scope["method"] == "GET":
            await self.stream(PATHS[scope["path"]], scope, receive, send)
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

    async def stream(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Stream numbers of what is new to one user; whether they may follow it is asked once, at the opening."""
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
            user, topic = await in_thread(opened, kind, session_key, asked(scope, "incident"))
        except (DatabaseError, OSError):
            await answer(send, 503, headers=shared)
            return
        if user is None:
            await answer(send, 401, headers=shared)
        elif topic is None:
            await answer(send, 404, headers=shared)
        else:
            await self.flow(Stream(user, session_key, told=0, topic=topic), scope, receive, send, shared)

    async def flow(self, stream: Stream, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        """Hold the stream open until the page goes, the session ends or the stream is old."""
        known = last_told(scope)
        stream.told = known or 0
        # Taken in before looking: a message that comes in between is told, perhaps twice looked up, never lost.
        self.hub.add(stream)
        gone = asyncio.ensure_future(disconnected(receive))
        try:
            await self.hub.begin(stream)
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


def opened(kind: str, session_key: str, incident: str) -> tuple[User | None, Topic | None]:
    """Who opens a stream, and what it may be about; nobody without a session."""
    if not session_key:
        return None, None
    if kind == INBOX:
        user = signed_in(session_key)
        return user, Topic(INBOX) if user else None
    return may_follow(session_key, kind, incident)


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
