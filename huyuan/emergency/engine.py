"""The alarm engine: a loop over rows that are due. Any number of them, on any number of hosts, over one database.

Steps (whom to call, who stayed silent, is the tier whole) are done in threads, pages are sent at once, all of them
together. A notification of the database only wakes it early; without one it looks four times a second. A page is marked
when somebody has taken it, never before: an engine that dies in between sends it again, with the same code.
"""

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, connections
from psycopg import sql

from huyuan.emergency.actions.log import WAKE_CHANNEL
from huyuan.emergency.actions.outbox import Claimed, claim_pages, close_pages, make_up_lines, mark_accepted, mark_failed
from huyuan.emergency.actions.probing import answer_probes
from huyuan.emergency.actions.stepping import run_step
from huyuan.emergency.channels.letters import SendFailed
from huyuan.emergency.sending import Sender

logger = logging.getLogger(__name__)
POLL = 0.25
THREADS = 3
# A marking that takes longer hangs; another thread marks. Else this engine would send again what its lease gives up.
MARKING = 3.0
# So many pages are under way at once; a gateway that hangs holds each for its five seconds.
UNDER_WAY = 2000
Answer = TypeVar("Answer")


def name_of_process() -> str:
    """Which engine: host and process."""
    return f"{socket.gethostname()}:{os.getpid()}"[:80]


class Engine:
    """One engine; `run` goes on until `end`."""

    def __init__(self, name: str | None = None, *, answers: bool = True) -> None:
        """`answers` is whether it answers the watchdog's test alarm; the watchdog at work does not answer itself."""
        self.name, self.answers = name or name_of_process(), answers
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="alarms")
        self.ending = asyncio.Event()
        self.wakes: list[asyncio.Event] = []
        self.sending: set[asyncio.Task[None]] = set()
        self.taken: list[Claimed] = []
        self.some_taken = asyncio.Event()
        self.sender: Sender | None = None

    async def run(self) -> None:
        """Work until told to end; what is being sent then is marked before it is left."""
        async with Sender(self.in_thread) as self.sender:
            loops = [self.step, self.step, self.claim, self.mark]
            tasks = [asyncio.create_task(self.keep(loop)) for loop in loops]
            tasks += [asyncio.create_task(self.listen()), asyncio.create_task(self.sweep())]
            await self.ending.wait()
            if self.sending:
                await asyncio.wait(self.sending, timeout=1.0)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(DatabaseError, TimeoutError):
                await self.mark_taken()
        # One for each thread, all at the same time: every thread gives its own connection back.
        together = threading.Barrier(THREADS)
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(self.threads, leave, together) for _ in range(THREADS)))
        self.threads.shutdown(wait=True)

    def end(self) -> None:
        """Begin to end."""
        self.ending.set()

    async def in_thread(self, act: Callable[..., Answer], *given: Any, **named: Any) -> Answer:
        """Do database work in one of few threads, each with a connection of its own."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, partial(guarded, act, *given, **named))

    async def keep(self, loop: Callable[[asyncio.Event], Any]) -> None:
        """Go round and round; what the database refuses, or a mistake of ours, is tried again a moment later."""
        woken = asyncio.Event()
        self.wakes.append(woken)
        while True:
            round_ = asyncio.ensure_future(loop(woken))
            try:
                await asyncio.wait({round_})
            finally:
                round_.cancel()
            if error := round_.exception():
                logger.warning("%s failed: %r", loop.__name__, error, exc_info=error)
                await asyncio.sleep(POLL)

    async def step(self, woken: asyncio.Event) -> None:
        """Do the next step and send what it pages, or wait."""
        pages = await self.in_thread(run_step, me=self.name)
        if pages is None:
            await pause(woken)
        else:
            await self.begin(pages)

    async def claim(self, woken: asyncio.Event) -> None:
        """Take what is due and was not taken along with its step: tries that failed, engines that died."""
        room = UNDER_WAY - len(self.sending)
        pages = await self.in_thread(claim_pages, me=self.name, limit=room) if room > 0 else []
        await self.begin(pages)
        if len(pages) < room or room <= 0:
            await pause(woken)

    async def begin(self, pages: Sequence[Claimed]) -> None:
        """Send pages, all at once, nobody waiting for anybody."""
        if pages and self.sender is not None:
            await self.sender.prepare(pages)
            for page in pages:
                task = asyncio.create_task(self.send(page, self.sender))
                self.sending.add(task)
                task.add_done_callback(self.sent)

    async def send(self, page: Claimed, sender: Sender) -> None:
        """Send one page; what was taken is marked together with the others, a refusal at once."""
        try:
            await sender.send(page)
        except SendFailed as failure:
            logger.debug("page %s by %s not taken: %s", page.code, page.channel, failure)
            await self.in_thread(mark_failed, page=page, failure=failure, me=self.name)
        else:
            self.taken.append(page)
            self.some_taken.set()

    def sent(self, task: asyncio.Task[None]) -> None:
        """Let go of a send; one that ended in an error of ours comes back when its lease runs out."""
        self.sending.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.warning("a page was not sent: %r", error, exc_info=error)

    async def mark(self, _woken: asyncio.Event) -> None:
        """Mark what was taken since the last time, in one statement."""
        await self.some_taken.wait()
        self.some_taken.clear()
        await self.mark_taken()

    async def mark_taken(self) -> None:
        """Mark everything taken so far; kept for the next time when the database does not answer."""
        pages, self.taken = self.taken, []
        if not pages:
            return
        try:
            async with asyncio.timeout(MARKING):
                await self.in_thread(mark_accepted, pages=pages)
        except (DatabaseError, TimeoutError):
            self.taken = pages + self.taken
            self.some_taken.set()
            raise

    async def sweep(self) -> None:
        """Each second answer the watchdog's probe, end what waits for incidents that are over, and make up for what was held."""
        while True:
            try:
                if self.answers:
                    await self.in_thread(answer_probes, me=self.name)
                await self.in_thread(close_pages)
                await self.in_thread(make_up_lines)
            except (DatabaseError, OSError) as error:
                logger.warning("sweep failed: %s", error)
            await asyncio.sleep(1.0)

    async def listen(self) -> None:
        """Be woken by the database; a lost connection costs nothing but the early waking."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(dsn(), autocommit=True) as direct:
                    await direct.execute(sql.SQL("LISTEN {}").format(sql.Identifier(WAKE_CHANNEL)))
                    self.wake()
                    async for _notice in direct.notifies():
                        self.wake()
            except (psycopg.Error, OSError) as error:
                logger.info("not listening: %s", error)
            await asyncio.sleep(1.0)

    def wake(self) -> None:
        """Let every loop look at once."""
        for woken in self.wakes:
            woken.set()


async def pause(woken: asyncio.Event) -> None:
    """Wait to be woken, a quarter of a second at most."""
    with suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), POLL)
    woken.clear()


def guarded(act: Callable[..., Answer], *given: Any, **named: Any) -> Answer:
    """Act in a thread; after an error of the database begin with a new connection."""
    try:
        return act(*given, **named)
    except DatabaseError:
        connection.close()
        raise


def leave(together: threading.Barrier) -> None:
    """Close this thread's connection."""
    together.wait()
    connections.close_all()


def dsn() -> str:
    """The database as psycopg wants it; never through a pooler, which would swallow notifications."""
    one = settings.DATABASES["default"]
    named = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: str(connection.settings_dict[key]) for name, key in named.items() if one.get(key)}
    return psycopg.conninfo.make_conninfo(**given)
