"""What filling in has cost the demo's organisations, reckoned from what they recorded."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Length, TruncMonth

from huyuan.attachments.models import Attachment
from huyuan.common.effort import Cost
from huyuan.config.demo.timeline import ZONE
from huyuan.inspections.actions import checks
from huyuan.inspections.models import Answer, Extension, Hazard, Inspection, Rectification
from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.exports import export_occasion
from huyuan.organisations.models import County
from huyuan.people.models import Post
from huyuan.policy.models import Effort

WALK = 120
ACCEPTED, REJECTED = Q(verdict=Rectification.Verdict.ACCEPTED), Q(verdict=Rectification.Verdict.REJECTED)


@dataclass(frozen=True)
class Source:
    """Records of one occasion: who made them when, and what one of them cost; each sign of `words` takes two seconds."""

    occasion: str
    rows: QuerySet[Any]
    who: str
    at: str
    typed: int
    filled: int = 0
    seconds: int = 0
    words: str = ""

    def costs(self) -> list[tuple[int, date, Cost]]:
        """Person, month and cost, in one statement."""
        groups = self.rows.order_by().values(self.who, month=TruncMonth(self.at, tzinfo=ZONE))
        signs = Sum(Length(self.words)) if self.words else Count("pk") * 0
        return [
            (row[self.who], row["month"].date(), Cost(
                self.occasion, row["n"], row["n"] * self.typed, row["n"] * self.filled, 0,
                row["n"] * self.seconds + 2 * (row["signs"] or 0),
            ))
            for row in groups.annotate(n=Count("pk"), signs=signs)
        ]  # fmt: skip


def sources(county: County) -> list[Source]:
    """Where the records lie."""
    rounds, hazards = Rectification.objects.filter(hazard__county=county), Hazard.objects.filter(county=county)
    asked = Extension.objects.filter(hazard__county=county)
    photos = Attachment.objects.filter(county=county, owner_kind=checks.OWNER)
    begun = Inspection.objects.filter(county=county)
    return [
        Source("inspections.begin", begun, "started_by", "started_at", typed=1, filled=1, seconds=20),
        Source("inspections.photograph", photos, "uploaded_by", "uploaded_at", typed=1),
        Source("inspections.order", hazards.exclude(ordered_by=None), "ordered_by", "ordered_at",
               typed=1, filled=4, seconds=45, words="requirement"),
        Source("inspections.rectify", rounds, "done_by", "done_at", typed=2, seconds=75, words="report"),
        Source("inspections.close", rounds.filter(ACCEPTED), "checked_by", "checked_at", typed=1, seconds=25),
        Source("inspections.reject", rounds.filter(REJECTED), "checked_by", "checked_at",
               typed=1, filled=1, seconds=30, words="remark"),
        Source("inspections.extend", asked, "asked_by", "asked_at", typed=2, seconds=30, words="reason"),
        Source("inspections.decide", asked.exclude(decided_by=None), "decided_by", "decided_at", typed=1, seconds=20),
    ]  # fmt: skip


def answers(county: County) -> list[tuple[int, date, Cost]]:
    """The answers of each check: a field each, a note where one was written, and the time of the walk."""
    rows = Answer.objects.filter(inspection__county=county).order_by().values("answered_by", "inspection")
    walks = rows.annotate(
        n=Count("pk"), notes=Count("pk", filter=~Q(note="")), first=Min("answered_at"), last=Max("answered_at"),
        begun=F("inspection__started_at"),
    )  # fmt: skip
    return [
        (walk["answered_by"], _month(walk["first"]), Cost(
            "inspections.answer", walk["n"], walk["n"] + walk["notes"], 0, 0,
            min(int((walk["last"] - walk["begun"]).total_seconds()), walk["n"] * WALK),
        ))
        for walk in walks
    ]  # fmt: skip


def exports(county: County, homes: dict[int, int], until: date) -> list[tuple[int, date, Cost]]:
    """Once a month each school takes its hazards out in the columns of every agency instead of writing them again."""
    found: dict[int, list[date]] = defaultdict(list)
    rows = Hazard.objects.filter(county=county).order_by("pk")
    for school, central, day in rows.values_list("school", "school__central_school", "found_on"):
        found[central or school].append(day)
    months = sorted({day.replace(day=1) for days in found.values() for day in days} | {until.replace(day=1)})
    return [
        (school, month, Cost(export_occasion("hazards", entry.key), reused=listed * len(entry.columns)))
        for school, days in found.items() if school in homes.values()
        for month in months if (listed := sum(day.replace(day=1) <= month for day in days))
        for entry in LEDGERS["hazards"].column_sets
    ]  # fmt: skip


def reckon(county: County, until: date) -> None:
    """Write the efforts of the county up to a day."""
    posts = Post.objects.filter(organisation__county=county).order_by("-pk")
    homes = dict(posts.values_list("user", "organisation"))
    entered = [cost for source in sources(county) for cost in source.costs()] + answers(county)
    all_costs = [(homes[person], month, cost) for person, month, cost in entered] + exports(county, homes, until)
    efforts: dict[tuple[int, date, str], Effort] = {}
    for organisation, month, cost in all_costs:
        fresh = Effort(county=county, organisation_id=organisation, month=month, occasion=cost.occasion)
        effort = efforts.setdefault((organisation, month, cost.occasion), fresh)
        for name in ("entries", "typed", "filled", "reused", "seconds"):
            setattr(effort, name, getattr(effort, name) + getattr(cost, name))
    Effort.objects.bulk_create(efforts.values())


def _month(at: datetime) -> date:
    return at.astimezone(ZONE).date().replace(day=1)
