"""Engines in this process for tests, over a database of the test's own."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager

from aiohttp import web
from asgiref.sync import sync_to_async
from django.db import connections

from huyuan.emergency.engine import Engine


def run_until(done: Callable[[], object], *engines: Engine) -> None:
    """Let engines work together until something has come true."""
    asyncio.run(working(done, *engines))


async def working(done: Callable[[], object], *engines: Engine) -> None:
    """Run engines in this loop until something has come true."""
    tasks = [asyncio.ensure_future(engine.run()) for engine in engines]
    while not await sync_to_async(asked)(done):
        for task in tasks:
            if task.done():
                task.result()
        await asyncio.sleep(0.02)
    for engine in engines:
        engine.end()
    await asyncio.gather(*tasks)


def asked(done: Callable[[], object]) -> object:
    """Ask the database and give the connection back."""
    try:
        return done()
    finally:
        connections.close_all()


class Gateway:
    """A gateway of the test: keeps what it was given, and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[dict[str, str]] = []
        self.keys: list[str] = []
        self.answers: list[int | None] = []
        self.always: int | None = 200

    async def take(self, request: web.Request) -> web.Response:
        """Take one letter; None in the answers hangs."""
        self.keys.append(request.headers["Idempotency-Key"])
        status = self.answers.pop(0) if self.answers else self.always
        if status is None:
            await asyncio.sleep(30)
        elif status < 300:
            self.taken.append(await request.json())
        return web.Response(status=status or 500)


@asynccontextmanager
async def listening(gateway: Gateway):
    """The gateway at an address of this machine."""
    app = web.Application()
    app.router.add_post("/", gateway.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
