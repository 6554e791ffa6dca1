"""All that runs, for the wall screen and the list: the real alarm first, in a fixed number of queries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Q, Value, When
from django.urls import reverse
from django.utils.text import capfirst

from huyuan.common.reach import Reach
from huyuan.emergency.board import Person, TierClock, person_of, three_things, tier_clock
from huyuan.emergency.models import Call, Incident, LogEntry
from huyuan.emergency.signs import Sign
from huyuan.facilities.models import Outage
from huyuan.organisations.models import School, Site

RECENT = 6
# So many stand with their clocks and people; the others are counted and stand in the ledger. Nobody reads a hundred cards, and a
# screen that had to draw them would show the newest alarm too late.
SHOWN = 24


def gravity(path: str = "") -> Case:
    """A real alarm of the highest class before other real ones, these before exercises, tests last."""
    real = Q(**{f"{path}sign": Sign.REAL})
    ranked = [real & Q(**{f"{path}policy__alarm_class__highest": True}), real, Q(**{f"{path}sign": Sign.EXERCISE})]
    whens = [When(which, then=Value(rank)) for rank, which in enumerate(ranked)]
    return Case(*whens, default=Value(len(whens)), output_field=IntegerField())


@dataclass(frozen=True)
class Running:
    """A running incident with its clocks and its people."""

    incident: Incident
    tiers: list[TierClock]
    people: list[Person]

    @property
    def things(self) -> list[Any]:
        """Stored, taken by the line, answered."""
        return three_things(self.incident)

    @property
    def moving(self) -> list[Person]:
        """Who is there or on the way, the nearest to the alarm first."""
        return sorted(
            (person for person in self.people if person.state in ("arrived", "on_way")), key=lambda one: one.state
        )

    @property
    def waiting(self) -> int:
        """How many were called and have said nothing yet."""
        return sum(person.state in ("called", "silent") and person.call.user_id is not None for person in self.people)


def running_of(reach: Reach, now: datetime) -> list[Running]:
    """What runs at the schools in the reader's charge, and what the reader was called to: the gravest and newest first."""
    seen = Incident.objects.visible_to(reach).open().select_related("school__organisation", "command")
    ordered = seen.prefetch_related("tiers").annotate(gravity=gravity()).order_by("gravity", "-opened_at", "-pk")
    incidents = list(ordered[:SHOWN])
    calls: dict[int, list[Call]] = {}
    rows = Call.objects.filter(incident__in=[one.pk for one in incidents]).order_by("rank", "pk")
    for call in rows.select_related("user", "organisation", "tier"):
        calls.setdefault(call.incident_id, []).append(call)
    found = []
    for incident in incidents:
        people = [person_of(call, incident, [], may_confirm=False) for call in calls.get(incident.pk, [])]
        found.append(
            Running(incident, [tier_clock(tier, incident, people, now) for tier in incident.tiers.all()], people)
        )
    return found


def counts_of(reach: Reach) -> dict[str, int]:
    """How many run, by sign."""
    seen = Incident.objects.visible_to(reach).open().order_by()
    return dict(seen.values_list("sign").annotate(count=Count("pk")))


def open_of(reach: Reach, limit: int) -> list[Incident]:
    """What runs, in one query: the real alarm first."""
    seen = Incident.objects.visible_to(reach).open().select_related("school__organisation")
    return list(seen.annotate(gravity=gravity()).order_by("gravity", "-opened_at")[:limit])


def newest_entry(reach: Reach) -> int:
    """The number of the newest entry of all that runs here."""
    seen = LogEntry.objects.filter(incident__in=Incident.objects.visible_to(reach).open())
    newest: int | None = seen.aggregate(newest=Max("pk"))["newest"]
    return newest or 0


def silent_devices(reach: Reach) -> int:
    """How many alarm devices in the reader's charge have fallen silent."""
    return Outage.objects.visible_to(reach).filter(ended_at=None).count()


def recent_of(reach: Reach) -> list[Incident]:
    """The last incidents that have ended, newest first: what a quiet wall shows."""
    seen = Incident.objects.visible_to(reach).exclude(status=Incident.Status.OPEN)
    return list(seen.select_related("school__organisation").order_by("-opened_at")[:RECENT])


def points_of_county(reach: Reach) -> list[dict[str, Any]]:
    """Every school in the reader's charge as a quiet point, and those with an alarm as what they are: the gravest of each."""
    seen = Incident.objects.visible_to(reach).open().only("code", "sign", "school_id")
    alarmed = {one.school_id: one for one in seen.annotate(gravity=gravity()).order_by("-gravity", "opened_at", "pk")}
    sites = Site.objects.filter(school__in=School.objects.visible_to(reach), is_main=True)
    points: list[dict[str, Any]] = []
    towns: dict[str, list[Site]] = {}
    for site in sites.select_related("school__organisation", "school__town"):
        if site.school.town:
            towns.setdefault(site.school.town.name, []).append(site)
        incident = alarmed.get(site.school_id)
        point = {"name": site.school.organisation.name, "lon": site.lon, "lat": site.lat, "kind": "school"}
        if incident is not None:
            url = reverse("emergency:incident", args=[incident.code])
            point |= {"kind": incident.sign, "words": capfirst(incident.get_sign_display()), "url": url}
        points.append(point)
    return points + [_town(name, found) for name, found in towns.items()]


def _town(name: str, sites: list[Site]) -> dict[str, Any]:
    """A town's name in the middle of its schools, for a map without roads."""
    middle = {"lon": sum(site.lon for site in sites) / len(sites), "lat": sum(site.lat for site in sites) / len(sites)}
    return {"name": name, "kind": "town", **middle}
