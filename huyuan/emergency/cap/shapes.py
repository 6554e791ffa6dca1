"""The order of elements as the standard lays it down, with how each value is written and read: one table, both ways."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from huyuan.emergency.cap import vocabulary as words
from huyuan.emergency.cap.alert import Alert, Area, Circle, Info, Pair, Point, Reference, Resource
from huyuan.emergency.cap.dates import read_stamp, stamp
from huyuan.emergency.cap.problems import CapProblem, Reason

NUMBER = re.compile(r"[+-]?\d{1,12}(\.\d{0,15})?", re.ASCII)


class Codec(NamedTuple):
    """How a value becomes text and text a value."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Part:
    """One element: its tag, the field it fills, how it is read, whether it must stand, how often, and may be empty."""

    tag: str
    name: str
    of: "Codec | Shape"
    needed: bool = False
    many: bool = False
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """The elements of a container, in order."""

    type: type
    parts: tuple[Part, ...]


def word(kind: type[StrEnum]) -> Codec:
    """One of the words that the standard fixes."""

    def read(text: str) -> StrEnum:
        try:
            return kind(text)
        except ValueError as error:
            raise CapProblem(Reason.WORD, text) from error

    return Codec(read, str)


def number(text: str) -> Decimal:
    """A decimal number of a length that can be meant."""
    if NUMBER.fullmatch(text) is None:
        raise CapProblem(Reason.NUMBER, text)
    return Decimal(text)


def whole(text: str) -> int:
    """A whole number."""
    if re.fullmatch(r"\d{1,15}", text, re.ASCII) is None:
        raise CapProblem(Reason.NUMBER, text)
    return int(text)


def plain(value: Decimal) -> str:
    """A decimal number without an exponent."""
    return f"{value:f}"


def point(text: str) -> Point:
    """A place as latitude,longitude."""
    match text.split(","):
        case [lat, lon]:
            return Point(number(lat), number(lon))
    raise CapProblem(Reason.PLACE, text)


def circle(text: str) -> Circle:
    """A circle as latitude,longitude radius."""
    match text.split():
        case [centre, radius]:
            return Circle(point(centre), number(radius))
    raise CapProblem(Reason.PLACE, text)


def references(text: str) -> tuple[Reference, ...]:
    """Earlier messages as sender,identifier,sent with spaces between."""
    found = []
    for one in text.split():
        match one.split(","):
            case [sender, identifier, sent] if sender and identifier:
                found.append(Reference(sender, identifier, read_stamp(sent)))
            case _:
                raise CapProblem(Reason.REFERENCE, one)
    return tuple(found)


def _pair(place: Point) -> str:
    return f"{plain(place.lat)},{plain(place.lon)}"


TEXT = Codec(str, str)
TIME = Codec(read_stamp, stamp)
DECIMAL = Codec(number, plain)
POLYGON = Codec(lambda text: tuple(point(one) for one in text.split()), lambda corners: " ".join(map(_pair, corners)))
CIRCLE = Codec(circle, lambda one: f"{_pair(one.centre)} {plain(one.radius)}")
REFERENCES = Codec(references, lambda many: " ".join(map(str, many)))

PAIR = Shape(
    Pair, (Part("valueName", "name", TEXT, needed=True), Part("value", "value", TEXT, needed=True, blank=True))
)
RESOURCE = Shape(Resource, (
    Part("resourceDesc", "description", TEXT, needed=True), Part("mimeType", "mime", TEXT, needed=True),
    Part("size", "size", Codec(whole, str)), Part("uri", "uri", TEXT), Part("derefUri", "content", TEXT),
    Part("digest", "digest", TEXT),
))  # fmt: skip
AREA = Shape(Area, (
    Part("areaDesc", "description", TEXT, needed=True), Part("polygon", "polygons", POLYGON, many=True),
    Part("circle", "circles", CIRCLE, many=True), Part("geocode", "geocodes", PAIR, many=True),
    Part("altitude", "altitude", DECIMAL), Part("ceiling", "ceiling", DECIMAL),
))  # fmt: skip
INFO = Shape(Info, (
    Part("language", "language", TEXT),
    Part("category", "categories", word(words.Category), needed=True, many=True),
    Part("event", "event", TEXT, needed=True),
    Part("responseType", "responses", word(words.Response), many=True),
    Part("urgency", "urgency", word(words.Urgency), needed=True),
    Part("severity", "severity", word(words.Severity), needed=True),
    Part("certainty", "certainty", word(words.Certainty), needed=True),
    Part("audience", "audience", TEXT), Part("eventCode", "event_codes", PAIR, many=True),
    Part("effective", "effective", TIME), Part("onset", "onset", TIME), Part("expires", "expires", TIME),
    Part("senderName", "sender_name", TEXT), Part("headline", "headline", TEXT),
    Part("description", "description", TEXT), Part("instruction", "instruction", TEXT), Part("web", "web", TEXT),
    Part("contact", "contact", TEXT), Part("parameter", "parameters", PAIR, many=True),
    Part("resource", "resources", RESOURCE, many=True), Part("area", "areas", AREA, many=True),
))  # fmt: skip
ALERT = Shape(Alert, (
    Part("identifier", "identifier", TEXT, needed=True), Part("sender", "sender", TEXT, needed=True),
    Part("sent", "sent", TIME, needed=True), Part("status", "status", word(words.Status), needed=True),
    Part("msgType", "kind", word(words.Kind), needed=True), Part("source", "source", TEXT),
    Part("scope", "scope", word(words.Scope), needed=True), Part("restriction", "restriction", TEXT),
    Part("addresses", "addresses", TEXT), Part("code", "codes", TEXT, many=True), Part("note", "note", TEXT),
    Part("references", "references", REFERENCES), Part("incidents", "incidents", TEXT),
    Part("info", "infos", INFO, many=True),
))  # fmt: skip
