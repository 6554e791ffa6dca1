"""All streams of this process, and the one connection that listens for them."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from psycopg import sql

from huyuan.config.settings import application_url
from huyuan.config.streams.lookups import (
    INBOX,
    INCIDENT,
    Topic,
    in_thread,
    living_sessions,
    newest_messages,
    news_of,
    unanswered_calls,
)
from huyuan.emergency.actions.log import WAKE_CHANNEL as ALARM_CHANNEL
from huyuan.notifications.actions import WAKE_CHANNEL
from huyuan.people.models import User

logger = logging.getLogger(__name__)
SWEEP = 20.0
RECONNECT = 1.0
# Notifications that come together are looked up together.
GATHER = 0.05


@dataclass(eq=False)
class Stream:
    """One open stream of one user: the newest number there is, and the newest that was told."""

    user: User
    session_key: str
    told: int
    topic: Topic = field(default_factory=lambda: Topic(INBOX))
    newest: int = 0
    call: int = 0
    call_told: int = 0
    over: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self, newest: int, *, again: bool = False) -> None:
        """Note something newer; `again` tells it even where a later number was told before an earlier one committed."""
        if again and newest <= self.told:
            self.told = newest - 1
        if newest > self.newest or newest > self.told:
            self.newest = max(newest, self.newest)
            self.woken.set()

    def called(self, call: int) -> None:
        """Note that the user is called to an incident and has not answered."""
        if call > self.call:
            self.call = call
            self.woken.set()

    def end(self) -> None:
        """Let the stream end."""
        self.over = True
        self.woken.set()

    def news(self) -> bytes:
        """What to tell now: the newest number, once; and on an inbox the newest unanswered call."""
        self.woken.clear()
        said = b""
        if self.call > self.call_told:
            self.call_told = self.call
            said += f'event: called\ndata: {{"id": {self.call}}}\n\n'.encode()
        if self.newest > self.told:
            self.told = self.newest
            said += f'event: {self.topic.kind}\nid: {self.told}\ndata: {{"id": {self.told}}}\n\n'.encode()
        return said


class Hub:
    """The streams by what wakes them. Inboxes are woken by their user's code, the others by an incident's."""

    def __init__(self) -> None:
        self.inboxes: dict[str, set[Stream]] = defaultdict(set)
        self.watching: set[Stream] = set()
        self.called: set[str] = set()
        self.alarmed: set[str] = set()
        self.sweeping = False
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
        return [*self.open_inboxes(), *self.watching]

    def open_inboxes(self) -> list[Stream]:
        """Every open stream of an inbox."""
        return [stream for streams in self.inboxes.values() for stream in streams]

    def add(self, stream: Stream) -> None:
        """Take a stream in; from now on it is woken."""
        if stream.topic.kind == INBOX:
            self.inboxes[str(stream.user.code)].add(stream)
        else:
            self.watching.add(stream)

    def remove(self, stream: Stream) -> None:
        """Forget a stream."""
        self.watching.discard(stream)
        code = str(stream.user.code)
        self.inboxes[code].discard(stream)
        if not self.inboxes[code]:
            del self.inboxes[code]

    def heard(self, channel: str, payload: str) -> None:
        """Note whom a notification concerns: a user with a message, or an incident with a new entry."""
        if channel == ALARM_CHANNEL:
            self.alarmed.add(payload)
            self.calling.set()
        elif payload in self.inboxes:
            self.called.add(payload)
            self.calling.set()

    def call_all(self) -> None:
        """Look after everybody: something may have been missed."""
        self.called |= self.inboxes.keys()
        self.sweeping = True
        self.calling.set()

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
                    for channel in (WAKE_CHANNEL, ALARM_CHANNEL):
                        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    self.call_all()
                    async for notification in connection.notifies():
                        self.heard(notification.channel, notification.payload)
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
            alarmed, self.alarmed = self.alarmed, set()
            sweeping, self.sweeping = self.sweeping, False
            try:
                await self.refresh([stream for code in called for stream in self.inboxes.get(code, ())])
                if alarmed or sweeping:
                    await self.refresh_alarms(alarmed, sweeping=sweeping)
            except (DatabaseError, OSError) as error:
                logger.warning("news not looked up: %s", error)

    async def refresh(self, streams: list[Stream]) -> None:
        """Tell inboxes of their newest message."""
        if streams:
            newest = await in_thread(newest_messages, {stream.user.pk for stream in streams})
            for stream in streams:
                stream.wake(newest.get(stream.user.pk, 0))

    async def refresh_alarms(self, codes: Iterable[str], *, sweeping: bool = False) -> None:
        """Tell whoever watches of new entries, and everybody of a call that waits for their answer."""
        if self.inboxes:
            self.tell_calls(await in_thread(unanswered_calls), self.open_inboxes())
        if self.watching:
            alarmed = set(codes)
            followed = {stream.topic.incident for stream in self.watching if stream.topic.kind == INCIDENT}
            for news in await in_thread(news_of, alarmed | followed if sweeping else alarmed, sweeping):
                for stream in self.watching:
                    if stream.topic.concerns(news):
                        stream.wake(news.newest, again=news.incident in alarmed)

    async def begin(self, stream: Stream) -> None:
        """Look up what there is for a stream that has just been opened."""
        if stream.topic.kind == INBOX:
            await self.refresh([stream])
            self.tell_calls(await in_thread(unanswered_calls), [stream])
            return
        codes = {stream.topic.incident} if stream.topic.kind == INCIDENT else set()
        for news in await in_thread(news_of, codes, not codes):
            if stream.topic.concerns(news):
                stream.wake(news.newest)

    def tell_calls(self, calls: dict[int, int], streams: Iterable[Stream]) -> None:
        """Wake those of these inboxes whose users are called."""
        for stream in streams:
            stream.called(calls.get(stream.user.pk, 0))

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
