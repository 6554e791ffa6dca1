"""Templates of contingency plans, as packs: who does what in minutes 1, 3 and 5, whom to ring, what to say."""

import enum
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from huyuan.common.packs import Dated, Found, Strict, Text, check_versions, packs_in, read_pack, register_reader


class CardPart(enum.StrEnum):
    """Whose card it is: the parts of the smallest emergency unit, and two who work beside it."""

    LEADER = "leader"
    GUARD = "guard"
    SAFETY = "safety"
    YOUNG_STAFF = "young_staff"
    MEDIC = "medic"
    MESSENGER = "messenger"
    COUNSELLOR = "counsellor"
    CLASS_TEACHER = "class_teacher"

    @property
    def label(self) -> Promise:
        """The part in the reader's language."""
        return PARTS[self]


PARTS: dict[CardPart, Promise] = {
    CardPart.LEADER: _("leader of the unit"),
    CardPart.GUARD: _("security guard"),
    CardPart.SAFETY: _("safety staff"),
    CardPart.YOUNG_STAFF: _("young staff"),
    CardPart.MEDIC: _("first aid"),
    CardPart.MESSENGER: _("communications"),
    CardPart.COUNSELLOR: _("counsellor"),
    CardPart.CLASS_TEACHER: _("class teachers"),
}
# Everybody who teaches is one; nobody is named on this card.
UNNAMED = frozenset({CardPart.CLASS_TEACHER})

# The field of a card, the minute of its tasks, what stands above them. Source: plan clause 3.9. What comes after the
# all-clear sorts behind every minute.
AFTER = 99
MINUTES: tuple[tuple[str, int, Promise], ...] = (
    ("minute_1", 1, _("Minute 1: help yourselves")),
    ("minute_3", 3, _("Minute 3: help each other")),
    ("minute_5", 5, _("Minute 5: reinforcement")),
    ("after", AFTER, _("After the all-clear")),
)


class Response(enum.StrEnum):
    """What everybody who has no card does."""

    LOCKDOWN = "lockdown"
    EVACUATION = "evacuation"
    SHELTER = "shelter"
    STOP = "stop"
    ISOLATE = "isolate"
    PROTECT = "protect"
    SEARCH = "search"
    GATE = "gate"

    @property
    def label(self) -> Promise:
        """The answer in the reader's language."""
        return RESPONSES[self]

    @property
    def needs_assembly(self) -> bool:
        """Whether people have to know where to gather."""
        return self in {Response.EVACUATION, Response.SHELTER}


RESPONSES: dict[Response, Promise] = {
    Response.LOCKDOWN: _("Lock down: rooms locked, nobody outside"),
    Response.EVACUATION: _("Evacuate to the assembly point"),
    Response.SHELTER: _("Take cover, then gather in the open"),
    Response.STOP: _("Stop the activity, keep others away"),
    Response.ISOLATE: _("Keep those concerned apart"),
    Response.PROTECT: _("Protect one child; few know"),
    Response.SEARCH: _("Search by areas; few know"),
    Response.GATE: _("Gate shut, pupils stay inside"),
}


class Callee(enum.StrEnum):
    """Whom the phone tree rings."""

    UNIT = "unit"
    POLICE = "police_110"
    AMBULANCE = "ambulance_120"
    FIRE_BRIGADE = "fire_119"
    HEAD = "head"
    STATION = "station"
    BUREAU = "bureau"
    NEIGHBOURS = "neighbours"
    TOWN = "town"
    HEALTH = "health"
    MARKET_REGULATION = "market_regulation"
    BUS_OPERATOR = "bus_operator"
    HOSPITAL = "hospital"
    COUNSELLOR = "counsellor"
    GUARDIANS = "guardians"

    @property
    def label(self) -> Promise:
        """Who it is, in the reader's language."""
        return CALLEES[self]


CALLEES: dict[Callee, Promise] = {
    Callee.UNIT: _("emergency unit of the school"),
    Callee.POLICE: _("police (110)"),
    Callee.AMBULANCE: _("ambulance (120)"),
    Callee.FIRE_BRIGADE: _("fire brigade (119)"),
    Callee.HEAD: _("head of school"),
    Callee.STATION: _("police station"),
    Callee.BUREAU: _("education bureau"),
    Callee.NEIGHBOURS: _("neighbouring schools"),
    Callee.TOWN: _("town"),
    Callee.HEALTH: _("health commission"),
    Callee.MARKET_REGULATION: _("market regulation bureau"),
    Callee.BUS_OPERATOR: _("school bus operator"),
    Callee.HOSPITAL: _("hospital or health centre"),
    Callee.COUNSELLOR: _("counsellor"),
    Callee.GUARDIANS: _("guardians"),
}
# Whose number the product knows; the school enters those of the others.
EMERGENCY_NUMBERS = {Callee.POLICE: "110", Callee.AMBULANCE: "120", Callee.FIRE_BRIGADE: "119"}

OWN_NUMBERS = (Callee.BUS_OPERATOR, Callee.HOSPITAL, Callee.COUNSELLOR)

PLACES = frozenset({"school", "time", "place", "assembly", "phone", "spokesperson"})
PLACE = re.compile(r"\{(\w*)\}")


class Card(Strict):
    """What one part of the unit does by when; `people` are the members whom the school gave it, by their ids."""

    part: CardPart
    people: tuple[int, ...] = ()
    minute_1: tuple[Text, ...] = ()
    minute_3: tuple[Text, ...] = ()
    minute_5: tuple[Text, ...] = ()
    after: tuple[Text, ...] = ()

    def tasks(self) -> Iterator[tuple[int, Text]]:
        """Its lines with their minute, the earliest first."""
        for field, minute, _title in MINUTES:
            for line in getattr(self, field):
                yield minute, line

    def blocks(self) -> list[tuple[Promise, tuple[Text, ...]]]:
        """Its lines under what stands above them."""
        return [(title, getattr(self, field)) for field, _minute, title in MINUTES if getattr(self, field)]


class AssemblyPoint(Strict):
    """Where people gather; WGS84 degrees where the school marked it on its map."""

    name: str = Field(min_length=1, max_length=60)
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)


class PlanContent(Strict):
    """What a contingency plan says, as template and as a school's own. `numbers` are those that only the school knows."""

    response: Response
    private: bool
    cards: tuple[Card, ...] = Field(min_length=1)
    calls: tuple[Callee, ...] = Field(min_length=1)
    parents: Text
    press: Text
    assembly: tuple[AssemblyPoint, ...] = ()
    numbers: dict[Callee, str] = Field(default_factory=dict)
    spokesperson: int | None = None

    @model_validator(mode="after")
    def stands_once(self) -> "PlanContent":
        """Refuse two cards of one part, and somebody who is rung twice."""
        if len({card.part for card in self.cards}) != len(self.cards):
            raise ValueError("a part has two cards")
        if len(set(self.calls)) != len(self.calls):
            raise ValueError("somebody stands twice in the phone tree")
        return self

    def people(self) -> set[int]:
        """Everybody it names, by id."""
        named = {pk for card in self.cards for pk in card.people}
        return named | ({self.spokesperson} if self.spokesperson else set())

    def without_people(self) -> "PlanContent":
        """The same, with nobody named."""
        cards = tuple(card.model_copy(update={"people": ()}) for card in self.cards)
        return self.model_copy(update={"cards": cards, "spokesperson": None})


class Template(Dated):
    """A plan for one kind of emergency in one version. `expected`: every school is expected to have one."""

    code: str = Field(pattern=r"^[a-z_]{3,30}$")
    rank: int = Field(ge=0)
    alarm_classes: tuple[str, ...] = ()
    expected: bool
    review_months: int = Field(ge=1, le=36)
    plan: PlanContent

    @property
    def edition(self) -> str:
        """Which version of which template."""
        return f"{self.code}@{self.version}"


def unknown_places(text: str) -> set[str]:
    """The named places of a notice that nobody would fill in."""
    return set(PLACE.findall(text)) - PLACES


def fill_in(text: str, places: dict[str, Any]) -> str:
    """A notice with its named places filled in; what is not known yet stays to be seen as a gap."""
    return PLACE.sub(lambda found: str(places.get(found[1]) or "____"), text)


def _misfits(template: Template) -> Iterator[Found]:
    for name in ("parents", "press"):
        for language in ("zh", "en"):
            for place in sorted(unknown_places(getattr(getattr(template.plan, name), language))):
                yield ("plan", name, language), f"{{{place}}} is not one of {', '.join(sorted(PLACES))}"
    for number, card in enumerate(template.plan.cards):
        if card.people:
            yield ("plan", "cards", number, "people"), "a template names nobody"
        if not list(card.tasks()):
            yield ("plan", "cards", number), "the card says nothing"


def read_template(path: Path) -> Template:
    """Read and check one pack; raises PackError with every problem's line and reason."""
    return read_pack(path, Template, _misfits)


@cache
def all_templates() -> list[Template]:
    """Every version of every template."""
    return [read_template(path) for path in packs_in("contingency")]


def templates(today: date) -> dict[str, Template]:
    """The templates in force by their kind, in the order they are shown."""
    in_force = [one for one in all_templates() if one.effective_from <= today]
    newest: dict[str, Template] = {}
    for one in sorted(in_force, key=lambda one: one.version):
        newest[one.code] = one
    return {one.code: one for one in sorted(newest.values(), key=lambda one: one.rank)}


def title_of(kind: str, today: date) -> str:
    """What a kind of emergency is called; its code where no template knows it any more."""
    template = templates(today).get(kind)
    return str(template.title) if template else kind


register_reader("contingency", read_template, check_versions)
