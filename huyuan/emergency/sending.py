"""From a claimed page to somebody's phone: the words, the way, and the rules of each way."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Self
from uuid import UUID

import aiohttp
from django.conf import settings

from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.common.packs import Text
from huyuan.emergency.actions.outbox import Claimed, robot_messages
from huyuan.emergency.channels import bots, fake, gateway, outside, push
from huyuan.emergency.channels.letters import Gone, Letter, SendFailed
from huyuan.emergency.models import Page, PushSubscription
from huyuan.emergency.signs import Real, Sign
from huyuan.emergency.texts import Told, said, written

# What DingTalk allows a robot in a minute; the highest class is sent all the same.
ROBOT_LIMIT = 20
FAKED = frozenset({"sms", "voice", "bot", "outside"})
# No way out may take longer: below the lease, so that nobody else sends the same page meanwhile.
LONGEST_SEND = 6.0
InThread = Callable[..., Awaitable[Any]]


def letter_of(page: Claimed) -> Letter:
    """A page in the words of who gets it; a group, a landline and a system outside read the county's language."""
    told = Told(
        sign=Sign(page.sign), title=Text(**page.title), spoken=Text(**page.spoken), school=page.school, place=page.place,
        part=page.part or "", minutes=page.minutes or 1,
    )  # fmt: skip
    words = said if page.channel == Page.Channel.VOICE else written
    link = f"{settings.ADDRESS}/emergency/incidents/{page.incident_code}/"
    return Letter(page.code, page.sign, page.address, words(told, page.language or RECORD_LANGUAGE), link)


def is_faked(channel: str) -> bool:
    """Whether the fake gateway takes this way: in a demo without a real gateway."""
    return settings.DEMO and not settings.GATEWAY_URL and channel in FAKED


@dataclass
class Sender:
    """Sends pages; database work is handed to threads. Use it as a context: it opens the sessions."""

    in_thread: InThread
    leaving: dict[UUID, Page] = field(default_factory=dict)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
        self.session = await self.stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        self.guarded = await self.stack.enter_async_context(outside.open_session())
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stack.aclose()

    async def prepare(self, pages: Iterable[Claimed]) -> None:
        """Read in one go what the pages to systems outside need."""
        wanted = [page.code for page in pages if page.channel == Page.Channel.OUTSIDE]
        if wanted:
            self.leaving |= await self.in_thread(read_outside, wanted)

    async def send(self, page: Claimed) -> None:
        """Send one page by its way; returns when it has been taken, raises SendFailed when not."""
        try:
            async with asyncio.timeout(LONGEST_SEND):
                await self.by_way(page)
        except TimeoutError as error:
            raise SendFailed("nobody answered in time") from error

    async def by_way(self, page: Claimed) -> None:
        """Choose the way."""
        if page.channel == Page.Channel.SCREEN:
            # Screens read the incident's rows themselves.
            return
        letter = letter_of(page)
        if is_faked(page.channel):
            self.leaving.pop(page.code, None)
            await self.in_thread(fake.take, letter, channel=page.channel, county_id=page.county_id)
        elif page.channel == Page.Channel.OUTSIDE:
            await self.leave(page)
        elif page.channel == Page.Channel.PUSH:
            await self.push(page, letter)
        elif page.channel == Page.Channel.BOT:
            await self.tell_group(page, letter)
        else:
            await self.ring(page, letter)

    async def leave(self, page: Claimed) -> None:
        """Tell a system outside; only a real page comes this far, and the proof is asked for once more."""
        whole = self.leaving.pop(page.code)
        if whole.receiver is None:
            raise SendFailed("the receiver was removed", final=True)
        await outside.send(Real(whole), whole.receiver, self.guarded)

    async def ring(self, page: Claimed, letter: Letter) -> None:
        """Hand a short message or a call to the gateway."""
        if not settings.GATEWAY_URL:
            raise SendFailed("no gateway for messages and calls is set up", final=True)
        await gateway.send(letter, kind=gateway.Kind(page.channel), session=self.session)

    async def push(self, page: Claimed, letter: Letter) -> None:
        """Push to a browser; a subscription that has ended is forgotten."""
        if page.subscription is None:
            raise SendFailed("the phone has ended its subscription", final=True)
        try:
            await push.send(letter, subscription=page.subscription, session=self.session)
        except Gone:
            await self.in_thread(forget_subscription, page.subscription["endpoint"])
            raise

    async def tell_group(self, page: Claimed, letter: Letter) -> None:
        """Post to a group, within what its service allows unless the class is the highest."""
        if page.robot is None:
            raise SendFailed("the group robot was removed", final=True)
        if not page.highest and await self.in_thread(robot_messages, page.address) >= ROBOT_LIMIT:
            raise SendFailed("the group has had as many messages as its service allows in a minute")
        await bots.send(letter, address=page.robot)


def read_outside(codes: list[UUID]) -> dict[UUID, Page]:
    """Pages to systems outside, with all that is told of their incidents."""
    rows = Page.objects.select_related("receiver", "incident__school__organisation", "incident__county")
    return {page.code: page for page in rows.filter(code__in=codes)}


def forget_subscription(endpoint: str) -> None:
    """Forget a browser that takes no pushes any more."""
    PushSubscription.objects.filter(endpoint=endpoint).delete()
