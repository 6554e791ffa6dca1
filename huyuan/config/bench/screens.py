"""`bench screens`: from a press to the second in which it stands on the screens of police and school (bar R4).

The product is served as ever. A screen does what the page does: it holds the stream, and when that says something it asks for
what runs, at most every 400 ms. Alarms are only pressed, none is ended, so that at the end all of them are open.
"""

import asyncio
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from django.conf import settings
from django.db import connections
from django.test.utils import override_settings
from django.urls import reverse

from huyuan.common.clock import database_now
from huyuan.common.keys import read_or_make_key
from huyuan.config.bench.alarm import milliseconds
from huyuan.config.bench.database import NAME, own_database, versions
from huyuan.config.bench.sessions import sessions_of
from huyuan.config.bench.storming.children import Stage, staged
from huyuan.config.bench.storming.fleet import SINCE, Place, muster
from huyuan.config.bench.storming.running import sink
from huyuan.emergency.models import Incident
from huyuan.emergency.press_address import PATH
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.models import Post, User

PEOPLE = 4
# As the page waits between two questions.
PAUSE = 0.4
PATIENCE = 60.0
# Before the first press until every stream is held, and after the last until it has been shown.
SETTLING = 8.0
CLASS = "attack"
INCIDENT = re.compile(r"/emergency/incidents/([0-9a-f-]{36})/")


@dataclass
class Screen:
    """A page that shows what runs, with the moment at which each alarm first stood on it."""

    session: str
    shown: dict[str, float] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def headers(self) -> dict[str, str]:
        """Who looks."""
        return {"Host": "localhost", "Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"}

    async def follow(self, http: aiohttp.ClientSession, port: int) -> None:
        """Hold the stream, and open it again when it ends."""
        url = f"http://127.0.0.1:{port}/streams/alarms"
        while True:
            async with http.get(url, headers=self.headers, timeout=aiohttp.ClientTimeout(None)) as stream:
                right(stream)
                async for line in stream.content:
                    if line.startswith(b"event:"):
                        self.news.set()
            await asyncio.sleep(1.0)

    async def look(self, http: aiohttp.ClientSession, port: int) -> None:
        """Ask for what runs whenever there is news."""
        url = f"http://127.0.0.1:{port}{reverse('emergency:running')}"
        while True:
            await self.news.wait()
            self.news.clear()
            async with http.get(url, headers=self.headers | {"HX-Request": "true"}) as answer:
                right(answer)
                found = INCIDENT.findall(await answer.text())
            at = time.monotonic()
            for code in found:
                self.shown.setdefault(code, at)
            await asyncio.sleep(PAUSE)


@dataclass
class Pressed:
    """A press: its school and incident, when it began and when it was stored."""

    school: int
    incident: str
    began: float
    stored: float


def run(alarms: int, seconds: float, schools: int) -> dict[str, Any]:
    """Press so many alarms within so long; one screen of the police, and one of each of so many schools."""
    with own_database(), tempfile.TemporaryDirectory(prefix="huyuan-screens-") as folder, sink() as gateway:
        var = Path(folder)
        keys = var / "keys"
        secret = read_or_make_key(keys / "secret.key").hex()
        with override_settings(PRESS_KEYS=keys / settings.PRESS_KEYS.name, SECRET_KEY=secret):
            places = muster(alarms, PEOPLE, database_now())
            screens = watching(places[:: max(1, alarms // schools)][:schools])
        described = versions()
        connections.close_all()
        with staged(NAME, var, gateway.url) as stage:
            pressed = asyncio.run(measure(stage, places, screens, seconds))
        gateway.end()
        still_open = Incident.objects.open().count()
        connections.close_all()
    return {
        "bench": "screens", "n": len(pressed), "seconds": seconds, "open": still_open, "school_screens": schools,
        "durable": milliseconds([one.stored - one.began for one in pressed]),
        "police": figures([(screens[0], one) for one in pressed]),
        "school": figures([(screens[one.school], one) for one in pressed if one.school in screens]),
        "versions": described,
    }  # fmt: skip


def right(answer: aiohttp.ClientResponse) -> None:
    """Refuse to measure what is no screen: another page, or an error."""
    if answer.status != 200 or answer.history:
        raise AssertionError(f"{answer.url}: {answer.status}")


def watching(places: Sequence[Place]) -> dict[int, Screen]:
    """Screens by school: the command centre's, under 0, and one of the head of each of these schools."""
    county = places[0].phone.school.county
    centre = Organisation.named(county=county, kind=OrganisationKind.COMMAND_CENTRE, name="测试县指挥中心")
    centre.save()
    posts = [
        (0, centre.pk, "commander"),
        *((one.phone.school.pk, one.phone.school.pk, "school_head") for one in places),
    ]
    users = User.objects.bulk_create(
        User(county=county, phone=f"8{number:07d}", name=f"值守{number}", sort_key=f"{number:04d}", password="!")  # noqa: S106  # nobody signs in with it
        for number in range(len(posts))
    )  # fmt: skip
    Post.objects.bulk_create(
        Post(user=user, organisation_id=home, role=role, starts_on=SINCE)
        for user, (_key, home, role) in zip(users, posts, strict=True)
    )
    return {key: Screen(session) for (key, _home, _role), session in zip(posts, sessions_of(users), strict=True)}


async def measure(stage: Stage, places: Sequence[Place], screens: dict[int, Screen], seconds: float) -> list[Pressed]:
    """Press evenly, and wait until every alarm stands where it should or nothing new has come for a while."""
    pressed: list[Pressed] = []
    port, no_limit = stage.served.port, aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=no_limit, timeout=aiohttp.ClientTimeout(PATIENCE)) as http:
        held = [asyncio.create_task(screen.follow(http, port + 1)) for screen in screens.values()]
        held += [asyncio.create_task(screen.look(http, port)) for screen in screens.values()]
        await asyncio.sleep(SETTLING)
        start = time.monotonic()
        await asyncio.gather(
            *(press(place, start + n * seconds / len(places), http, port, pressed) for n, place in enumerate(places))
        )
        await asyncio.sleep(SETTLING)
        for task in held:
            task.cancel()
        ended = await asyncio.gather(*held, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error
    return pressed


async def press(place: Place, at: float, http: aiohttp.ClientSession, port: int, pressed: list[Pressed]) -> None:
    """Press once at a moment; refused or unanswered ends the run."""
    signed = place.phone.press(CLASS)
    await asyncio.sleep(max(0.0, at - time.monotonic()))
    began = time.monotonic()
    async with http.post(f"http://127.0.0.1:{port}{PATH}", data=signed.body, headers=signed.headers) as answer:
        said = await answer.json()
    if answer.status not in (200, 201):
        raise AssertionError(said)
    pressed.append(Pressed(place.phone.school.pk, said["incident"], began, time.monotonic()))


def figures(of: Sequence[tuple[Screen, Pressed]]) -> dict[str, Any]:
    """From the press until it stood on the screen; what never did is counted apart."""
    late = [screen.shown[one.incident] - one.began for screen, one in of if one.incident in screen.shown]
    return {"n": len(of), **milliseconds(late), "never_shown": len(of) - len(late)}
