"""The web hook of receivers outside: an alert of CAP 1.2, signed, of a real alarm and of nothing else."""

import hashlib
import hmac
import socket
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from asgiref.sync import sync_to_async
from django.utils import timezone

from huyuan.emergency.cap.writing import to_xml
from huyuan.emergency.cap_feed import CAP, message_of
from huyuan.emergency.channels.addresses import inside_hosts, may_connect, may_reach, split
from huyuan.emergency.channels.letters import SendFailed, reaching
from huyuan.emergency.models import Incident, OutsideReceiver, Page
from huyuan.emergency.sealing import unseal
from huyuan.emergency.signs import Real

PATIENCE = aiohttp.ClientTimeout(total=5)
PASSING = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class GuardedResolver(AbstractResolver):
    """Leaves out of the answer every machine behind our own wall, at each connection anew."""

    def __init__(self) -> None:
        self.inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Look a name up and keep what may be connected to."""
        found = await self.inner.resolve(host, port, family)
        if host in inside_hosts():
            return found
        outside = [one for one in found if may_connect(ip_address(one["host"].partition("%")[0]))]
        if not outside:
            raise OSError(None, "leads to a machine inside")
        return outside

    async def close(self) -> None:
        """Nothing is kept open."""
        await self.inner.close()


class GuardedConnector(aiohttp.TCPConnector):
    """Connects to the outside only."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A real page in the form in which it leaves."""

    page: Real[Page]
    url: str
    secret: str
    body: bytes

    def headers(self, at: datetime) -> dict[str, str]:
        """The kind of content, the key against taking it twice, and who vouches for it."""
        seconds = str(int(at.timestamp()))
        signed = hmac.new(self.secret.encode(), f"{seconds}.".encode() + self.body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": CAP,
            "Idempotency-Key": str(self.page.thing.code),
            "Huyuan-Signature": f"t={seconds},v1={signed}",
        }


def open_session() -> aiohttp.ClientSession:
    """A session that reaches the outside only; call it where a loop runs."""
    connector = GuardedConnector(resolver=GuardedResolver(), use_dns_cache=False)
    return aiohttp.ClientSession(connector=connector, timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar())


async def send(page: Real[Page], receiver: OutsideReceiver, session: aiohttp.ClientSession) -> None:
    """Post the message of a page; returns when the receiver has taken it, and only then."""
    parcel = await sync_to_async(parcel_of)(page, receiver)
    await post(parcel, session, timezone.now())


def parcel_of(page: Real[Page], receiver: OutsideReceiver) -> Parcel:
    """Make what leaves: looks the message up in the incident's log."""
    thing = page.thing
    if thing.channel != Page.Channel.OUTSIDE or thing.receiver_id != receiver.pk:
        raise SendFailed("the page is not for this receiver", final=True)
    parts = split(receiver.url)
    if not receiver.active or parts is None or not may_reach(parts.hostname or ""):
        raise SendFailed("the receiver was removed, or its address is not allowed", final=True)
    incident = Incident.objects.select_related("school__organisation", "county").get(pk=thing.incident_id)
    message = message_of(Real(incident).thing, int(thing.address.rpartition(".")[2]))
    if message is None:
        raise SendFailed("the message does not exist", final=True)
    return Parcel(page, receiver.url, unseal(receiver.secret, receiver.code), to_xml(message))


async def post(parcel: Parcel, session: aiohttp.ClientSession, at: datetime) -> None:
    """Post a parcel over a session that was opened here."""
    if not isinstance(session.connector, GuardedConnector):
        raise TypeError("only a session of open_session() reaches receivers outside")
    with reaching("the receiver"):
        async with session.post(
            parcel.url, data=parcel.body, headers=parcel.headers(at), allow_redirects=False
        ) as answer:
            status = answer.status
    if not HTTPStatus(200) <= status < HTTPStatus(300):
        refused = HTTPStatus(300) <= status < HTTPStatus(500) and status not in PASSING
        raise SendFailed(f"the receiver answered {status}", final=refused)
