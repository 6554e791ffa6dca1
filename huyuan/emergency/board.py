"""An incident as its room shows it: what is known apart, who is where, what is missing, in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.geo import Point
from huyuan.common.reach import Permission, Reach, allowed
from huyuan.emergency.candidates import POLICE
from huyuan.emergency.log_words import sentence_of
from huyuan.emergency.measuring import seconds_after
from huyuan.emergency.models import (
    Call,
    Confirmation,
    Incident,
    LogEntry,
    Page,
    Press,
    RoleTask,
    Statement,
    Tier,
    UnitMember,
)
from huyuan.emergency.permissions import check_may_know_names
from huyuan.emergency.policies import ChannelKind
from huyuan.emergency.templatetags.moments import minutes
from huyuan.organisations.models import Organisation, Site
from huyuan.organisations.queries import has_permission

PARTS_OF_CARDS = {**{str(key): label for key, label in UnitMember.Part.choices}, "counsellor": _("counsellor"), "class_teacher": _("class teachers")}  # fmt: skip
STATES: dict[str, Promise] = {
    "arrived": _("on the spot"), "declined": _("cannot come"), "on_way": _("on the way"), "seen": _("has seen it"),
    "silent": _("no answer"), "called": _("called"),
}  # fmt: skip
LOOKS = {"arrived": "ok", "declined": "danger", "on_way": "info", "seen": "info", "silent": "warn", "called": ""}


@dataclass(frozen=True)
class Thing:
    """One of the three things that are never mixed up: when it happened, or that it has not."""

    title: Promise
    icon: str
    at: datetime | None
    seconds: int | None


@dataclass(frozen=True)
class Way:
    """How one message got on."""

    channel: str
    icon: str
    status: str
    words: str
    reason: str


@dataclass(frozen=True)
class Person:
    """Somebody called, or a duty line: where they are by now."""

    call: Call
    name: str
    state: str
    seconds: int | None
    ways: list[Way]
    confirmable: bool

    @property
    def words(self) -> Promise:
        """The state in words."""
        return STATES[self.state]

    @property
    def look(self) -> str:
        """The look of the badge."""
        return LOOKS[self.state]

    @property
    def predicted(self) -> int | None:
        """In how many seconds from the press they are expected; None for who has said that they cannot come."""
        return None if self.state == "declined" else self.call.predicted_seconds


@dataclass(frozen=True)
class TierClock:
    """One tier: how many are there of how many, what is missing, and its clock."""

    tier: Tier
    there: int
    on_way: int
    people: list[Person]
    state: str
    seconds: int | None
    predicted: int | None

    @property
    def missing(self) -> int:
        """How many are still missing."""
        return max(self.tier.needed - self.there, 0)


@dataclass(frozen=True)
class Said:
    """One entry of the log in words."""

    entry: LogEntry
    sentence: str
    seconds: int


@dataclass(frozen=True)
class Card:
    """The tasks of one part."""

    part: str | Promise
    tasks: list[RoleTask]

    @property
    def open(self) -> int:
        """How many are not done."""
        return sum(task.done_at is None for task in self.tasks)


@dataclass(frozen=True)
class Board:
    """Everything a room shows to one reader.

    Who was only called sees no log, no deliveries and no drafts; a volunteer sees how many come and what the school has
    said, and nobody's name.
    """

    incident: Incident
    inside: bool
    named: bool
    things: list[Thing]
    tiers: list[TierClock]
    others: list[Person]
    own: Call | None
    log: list[Said]
    newest: int
    delivered: int
    cards: list[Card]
    doors: list[Confirmation]
    counts: list[Confirmation]
    statements: list[Statement]
    presses: list[Press]

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self.incident.status == Incident.Status.OPEN

    @property
    def lasted(self) -> int | None:
        """Seconds until the all-clear."""
        return seconds_after(self.incident, self.incident.cleared_at)

    @property
    def heads(self) -> tuple[int, int]:
        """All heads counted, of all that should be there."""
        return sum(one.present or 0 for one in self.counts), sum(one.expected or 0 for one in self.counts)


def board_of(incident: Incident, reach: Reach, now: datetime) -> Board:
    """The room of an incident for one reader."""
    inside = has_permission(reach, Permission.INCIDENT_READ, incident.school.organisation)
    calls = list(incident.calls.select_related("user", "organisation", "tier", "confirmed_by").order_by("rank", "pk"))
    pages = list(incident.pages.filter(call__isnull=False).order_by("made_at", "pk")) if inside else []
    running = incident.status == Incident.Status.OPEN
    named = inside or allowed(check_may_know_names, reach, incident)
    people = [person_of(call, incident, pages, may_confirm=running and call.user_id != reach.user_id) for call in calls]
    clocks = [tier_clock(tier, incident, people, now) for tier in incident.tiers.all()]
    latest = _latest(incident)
    said = [_said(entry, incident) for entry in incident.log.select_related("actor")] if inside else []
    return Board(
        incident=incident, inside=inside, named=named, things=three_things(incident),
        tiers=clocks if named else [replace(clock, people=[]) for clock in clocks],
        others=[person for person in people if named and person.call.tier_id is None],
        own=next((call for call in calls if call.user_id == reach.user_id), None), log=said, newest=newest_of(incident),
        delivered=deliveries_of(incident),
        cards=cards_of(incident.tasks.select_related("done_by") if named else ()),
        doors=[one for one in latest if named and one.kind == Confirmation.Kind.LOCKDOWN],
        counts=[one for one in latest if named and one.kind == Confirmation.Kind.HEADCOUNT],
        statements=[one for one in incident.statements.select_related("released_by") if inside or one.released_at],
        presses=list(incident.presses.select_related("pressed_by", "device")),
    )  # fmt: skip


def newest_of(incident: Incident) -> int:
    """The number of the newest entry of the log."""
    newest: int | None = incident.log.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def deliveries_of(incident: Incident) -> int:
    """How many messages have come to an end; they write no entry of the log."""
    return incident.pages.filter(finished_at__isnull=False).count()


def three_things(incident: Incident) -> list[Thing]:
    """Stored, taken by the receiving line, answered by a person: three facts, each with its time or none."""
    said = (
        (_("Stored"), "database", incident.opened_at),
        (_("Receiving line took it"), "phone-incoming", incident.line_accepted_at),
        (_("A person answered"), "user-check", incident.answered_at),
    )
    return [Thing(title, icon, at, seconds_after(incident, at)) for title, icon, at in said]


def tier_clock(tier: Tier, incident: Incident, people: Iterable[Person], now: datetime) -> TierClock:
    """How a tier stands at a moment."""
    own = [person for person in people if person.call.tier_id == tier.pk]
    counting = [person.call for person in own if person.call.counts]
    there = sum(call.arrived_at is not None for call in counting)
    end = incident.cleared_at or now
    state = "whole" if tier.reached_at else "late" if end >= tier.due_at else "running"
    if not tier.reached_at and incident.cleared_at:
        state = "ended"
    predicted = (person.predicted for person in own if person.call.counts)
    expected = sorted(seconds for seconds in predicted if seconds is not None)
    return TierClock(
        tier, there, sum(person.state == "on_way" for person in own if person.call.counts), own, state,
        seconds_after(incident, tier.reached_at), expected[tier.needed - 1] if len(expected) >= tier.needed else None,
    )  # fmt: skip


def person_of(call: Call, incident: Incident, pages: Sequence[Page], *, may_confirm: bool) -> Person:
    """Where somebody called is by now."""
    at = {
        "arrived": call.arrived_at, "declined": call.declined_at, "on_way": call.on_way_at, "seen": call.seen_at,
        "silent": call.silent_at,
    }  # fmt: skip
    state = next((state for state, moment in at.items() if moment is not None), "called")
    ways = {page.channel: _way(page) for page in pages if page.call_id == call.pk}
    confirmable = may_confirm and call.user_id is not None and call.arrived_at is None
    name = call.user.name if call.user else str(call.get_part_display())
    return Person(call, name, state, seconds_after(incident, at.get(state)), list(ways.values()), confirmable)


ICONS = {
    ChannelKind.SCREEN: "device-desktop", ChannelKind.SMS: "message", ChannelKind.VOICE: "phone",
    ChannelKind.BOT: "robot", ChannelKind.PUSH: "bell-ringing", ChannelKind.OUTSIDE: "broadcast",
}  # fmt: skip


def _way(page: Page) -> Way:
    icon = ICONS[ChannelKind(page.channel)]
    words = str(_("delivered")) if page.status == Page.Status.ACCEPTED else page.get_status_display()
    return Way(page.get_channel_display(), icon, page.status, words, page.reason)


def _latest(incident: Incident) -> list[Confirmation]:
    """What each class said last."""
    latest: dict[tuple[str, str], Confirmation] = {}
    for one in incident.confirmations.select_related("by"):
        latest[one.kind, one.group] = one
    return sorted(latest.values(), key=lambda one: one.group)


def cards_of(tasks: Iterable[RoleTask]) -> list[Card]:
    """The tasks by part, in the order of the plan."""
    cards: dict[str, list[RoleTask]] = {}
    for task in tasks:
        cards.setdefault(task.part, []).append(task)
    return [Card(PARTS_OF_CARDS.get(part, part), found) for part, found in cards.items()]


def _said(entry: LogEntry, incident: Incident) -> Said:
    return Said(entry, sentence_of(entry), seconds_after(incident, entry.at) or 0)


def coming(organisation: Organisation, people: Sequence[Person]) -> dict[str, str]:
    """Who comes from one place: police or others, how far the furthest of them has got, and the time reckoned."""
    states = {person.state for person in people if person.call.counts}
    expected = [person.predicted for person in people if person.predicted is not None]
    return {
        "kind": "police" if organisation.kind in POLICE else "help",
        "state": next((state for state in ("arrived", "on_way") if state in states), "called"),
        "words": minutes(min(expected)) if expected else "",
    }


def points_of(incident: Incident, people: Iterable[Person]) -> list[dict[str, Any]]:
    """The school, the place of the press, and the posts that people come from, as points of the map."""
    sent: dict[Organisation, list[Person]] = {}
    for person in people:
        sent.setdefault(person.call.organisation, []).append(person)
    home = incident.school.organisation
    sites = Site.objects.filter(school_id__in=[home.pk, *(one.pk for one in sent)], is_main=True)
    places = {site.school_id: Point(site.lon, site.lat) for site in sites}
    found: list[dict[str, Any]] = []
    if here := places.get(home.pk):
        found.append({"name": home.name, "lon": here.lon, "lat": here.lat, "kind": "alarm"})
    for organisation, comers in sent.items():
        if organisation != home and (place := places.get(organisation.pk) or organisation.seat):
            found.append(
                {"name": organisation.name, "lon": place.lon, "lat": place.lat, **coming(organisation, comers)}
            )
    for press in incident.presses.filter(lon__isnull=False)[:5]:
        if press.lon is not None and press.lat is not None:
            spot = Point(press.lon, press.lat)
            found.append({"name": press.place, "lon": spot.lon, "lat": spot.lat, "kind": "press"})
    return found
