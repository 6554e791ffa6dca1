"""An alert as values that cannot change: the message, what it says in each language, and for which area."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from huyuan.emergency.cap.dates import stamp
from huyuan.emergency.cap.vocabulary import (
    Category,
    Certainty,
    Kind,
    Response,
    Scope,
    Severity,
    Status,
    Urgency,
)

LASTS = timedelta(hours=24)
"""How long a message holds that does not say until when; the standard leaves it to the receiver."""


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """What identifies one message for ever: who sent it, under which mark, when."""

    sender: str
    identifier: str
    sent: datetime

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{stamp(self.sent)}"


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS 84."""

    lat: Decimal
    lon: Decimal


@dataclass(frozen=True, slots=True)
class Circle:
    """All within so many kilometres of a place."""

    centre: Point
    radius: Decimal


@dataclass(frozen=True, slots=True)
class Pair:
    """A value under a name that a community of users has agreed on."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A further file that belongs to a message; its content is not kept."""

    description: str
    mime: str
    size: int | None = None
    uri: str = ""
    content: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """Where a message is meant for, in words and, if known, as polygons, circles and codes."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[Pair, ...] = ()
    altitude: Decimal | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What a message says in one language."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str = ""
    responses: tuple[Response, ...] = ()
    audience: str = ""
    event_codes: tuple[Pair, ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[Pair, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message of the standard."""

    identifier: str
    sender: str
    sent: datetime
    status: Status
    kind: Kind
    scope: Scope
    source: str = ""
    restriction: str = ""
    addresses: str = ""
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[Reference, ...] = ()
    incidents: str = ""
    infos: tuple[Info, ...] = ()

    @property
    def reference(self) -> Reference:
        """How later messages name this one."""
        return Reference(self.sender, self.identifier, self.sent)

    @property
    def ends_at(self) -> datetime:
        """When it ends by itself: the last of its infos, or a day after it was sent."""
        ends = [info.expires for info in self.infos if info.expires]
        if not ends or len(ends) < len(self.infos):
            ends.append(self.sent + LASTS)
        return max(ends)
