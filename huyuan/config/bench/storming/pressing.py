"""Phones and panels in a storm: each says the same again until it is acknowledged."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp

from huyuan.config.bench.storming.fleet import CLASSES, Place
from huyuan.emergency.press_address import PATH
from huyuan.facilities.dc09.panel import Panel

COMMITTED = frozenset({200, 201})
AGAIN = 0.5
# Long enough for every process to come back; who is not answered by then is counted as not acknowledged.
GIVE_UP = 120.0
PANEL_SHARE = 5


@dataclass
class Pressed:
    """One press with the seconds until it was acknowledged, if it was."""

    identity: str
    school: int
    seconds: float | None = None
    tries: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Planned:
    """A press to be made: when, where, what, for which time there; one in five by a panel."""

    at: float
    place: Place
    alarm_class: str
    by_panel: bool
    turn: int


def planned(places: Sequence[Place], alarms: int, seconds: float, dice: random.Random) -> list[Planned]:
    """Every school in each class before any twice; what is left over presses a second time."""
    pairs = [(place, alarm_class) for alarm_class in CLASSES for place in places]
    dice.shuffle(pairs)
    chosen = [pairs[number % len(pairs)] for number in range(alarms)]
    # A panel knows panic and fire, and nothing of other disasters.
    return [
        Planned(
            dice.uniform(0, seconds),
            place,
            kind,
            number % PANEL_SHARE == 0 and kind != "disaster",
            number // len(pairs),
        )
        for number, (place, kind) in enumerate(chosen)
    ]


async def press_all(plans: Sequence[Planned], web: int, panels: int) -> list[Pressed]:
    """Make every press at its moment."""
    connector = aiohttp.TCPConnector(limit=200, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        return list(await asyncio.gather(*(press_one(plan, session, web, panels) for plan in plans)))


async def press_one(plan: Planned, session: aiohttp.ClientSession, web: int, panels: int) -> Pressed:
    """Wait for the moment, then press until it is acknowledged."""
    await asyncio.sleep(plan.at)
    began = time.monotonic()
    pressed = await (by_panel(plan, panels, began) if plan.by_panel else by_phone(plan, session, web, began))
    pressed.school = plan.place.phone.school.pk
    return pressed


async def by_phone(plan: Planned, session: aiohttp.ClientSession, port: int, began: float) -> Pressed:
    """The same signed bytes again and again until they are committed."""
    signed = plan.place.phone.press(plan.alarm_class)
    pressed = Pressed(signed.identity, 0)
    url, patience = f"http://127.0.0.1:{port}{PATH}", aiohttp.ClientTimeout(total=5)
    while time.monotonic() - began < GIVE_UP:
        pressed.tries += 1
        with suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with session.post(url, data=signed.body, headers=signed.headers, timeout=patience) as answer:
                if answer.status in COMMITTED:
                    pressed.seconds = time.monotonic() - began
                    return pressed
                pressed.refused += 400 <= answer.status < 500
        await asyncio.sleep(AGAIN)
    return pressed


async def by_panel(plan: Planned, port: int, began: float) -> Pressed:
    """The same frame again and again until it is acknowledged; another press is another number, else it is a repetition."""
    panel = Panel(plan.place.account, number=CLASSES.index(plan.alarm_class) * 100 + plan.turn)
    frame = panel.say("NPA001" if plan.alarm_class == "attack" else "NFA001", now=datetime.now(UTC))
    pressed = Pressed("", 0)
    while time.monotonic() - began < GIVE_UP:
        pressed.tries += 1
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            if await said(frame, port):
                pressed.seconds = time.monotonic() - began
                return pressed
        await asyncio.sleep(AGAIN)
    return pressed


async def said(frame: bytes, port: int) -> bool:
    """Whether a frame was answered with ACK."""
    reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 5)
    try:
        writer.write(frame)
        return b'"ACK"' in await asyncio.wait_for(reader.readuntil(b"\r"), 5)
    finally:
        writer.close()
