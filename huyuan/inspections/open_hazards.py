"""The list of what is open: how long, whose turn it is, what comes next. Never counted or sorted by school.

What stands on this list is for working it off; who has how much of it is on no page, or people stop writing hazards down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.inspections.ledgers import towns
from huyuan.inspections.models import Hazard
from huyuan.inspections.models.hazards import HazardQuerySet
from huyuan.inspections.worklists import NEXT_ACT
from huyuan.organisations.models import OrganisationKind

Kind = OrganisationKind
SHOWN, SHOWN_ALONE = 50, 500
BANDS = ((0, 7, _("under 7 days")), (7, 31, _("7–30 days")), (31, 91, _("31–90 days")), (91, None, _("over 90 days")))
# Whose turn it is, by the kind of organisation that must act next; the last are all the others.
TURNS: Mapping[str, tuple[str | Promise, frozenset[str]]] = {
    "school": (_("with the schools"), frozenset({Kind.SCHOOL})),
    "station": (_("with the police stations"), frozenset({Kind.STATION})),
    "bureau": (_("with the education bureau"), frozenset({Kind.EDUCATION_BUREAU})),
    "other": (_("with other agencies"), frozenset()),
}
NAMED = frozenset().union(*(kinds for _label, kinds in TURNS.values()))


@dataclass(frozen=True)
class Choice:
    """A filter of the list, with what it offers and what was chosen."""

    key: str
    title: str | Promise
    options: Sequence[tuple[str, str | Promise]]
    value: str


@dataclass(frozen=True)
class OpenHazard:
    """A hazard on the list: how many days it is open, how many it is overdue, what whoever holds it does next."""

    hazard: Hazard
    days: int
    overdue: int
    wanted: str | Promise


@dataclass(frozen=True)
class Turn:
    """Those whose next act is with one kind of organisation, the longest open first; `more` when not all are shown."""

    key: str
    label: str | Promise
    count: int
    rows: list[OpenHazard]

    @property
    def more(self) -> bool:
        """Whether there are others behind those shown."""
        return self.count > len(self.rows)


@dataclass(frozen=True)
class OpenList:
    """The whole list under its filters."""

    turns: list[Turn]
    ages: Sequence[tuple[str | Promise, int]]
    choices: list[Choice]

    @property
    def count(self) -> int:
        """How many are open."""
        return sum(count for _label, count in self.ages)


def open_list(reach: Reach, asked: Mapping[str, str], today: date, shown: int = SHOWN) -> OpenList:
    """What is open within the reader's reach: one statement for the totals, one for each turn that has some."""
    choices = _choices(reach, asked)
    chosen = {choice.key: choice.value for choice in choices if choice.value}
    rows = _filtered(Hazard.objects.visible_to(reach).open(), chosen)
    if "turn" in chosen:
        rows, shown = rows.filter(_with(chosen["turn"])), SHOWN_ALONE
    counted = _counted(rows, today)
    ages = [(label, sum(bands[n] for bands in counted.values())) for n, (_from, _to, label) in enumerate(BANDS)]
    turns = []
    for key, (label, _kinds) in TURNS.items():
        count = sum(sum(bands) for kind, bands in counted.items() if _turn_of(kind) == key)
        if count:
            found = rows.filter(_with(key)).select_related("school__organisation", "holder").order_by("found_on", "pk")
            turns.append(Turn(key, label, count, [_row(hazard, today) for hazard in found[:shown]]))
    return OpenList(turns, ages, choices)


def chart_of(found: OpenList) -> dict[str, object]:
    """The ages as a chart."""
    series = [{"name": str(_("open hazards")), "colour": "--hy-warn"}]
    return {"kind": "bar", "stacked": False, "series": series, "rows": [(str(label), [n]) for label, n in found.ages]}


def _choices(reach: Reach, asked: Mapping[str, str]) -> list[Choice]:
    offered: list[tuple[str, str | Promise, Sequence[tuple[str, str | Promise]]]] = [
        ("turn", _("Whose turn"), [(key, label) for key, (label, _kinds) in TURNS.items()]),
        ("level", _("Level"), Hazard.Level.choices),
        ("category", _("Kind of hazard"), Hazard.Category.choices),
        ("town", _("Town"), towns(reach) if reach.covers_county else []),
    ]
    return [
        Choice(key, title, options, asked[key] if asked.get(key) in dict(options) else "")
        for key, title, options in offered if options
    ]  # fmt: skip


def _filtered(rows: HazardQuerySet, chosen: Mapping[str, str]) -> HazardQuerySet:
    fields = {"level": "level", "category": "category", "town": "school__town__code"}
    return rows.filter(**{fields[key]: value for key, value in chosen.items() if key in fields})


def _with(turn: str) -> Q:
    kinds = TURNS[turn][1]
    return Q(holder__kind__in=kinds) if kinds else ~Q(holder__kind__in=NAMED)


def _turn_of(kind: str) -> str:
    return next((key for key, (_label, kinds) in TURNS.items() if kind in kinds), "other")


def _counted(rows: HazardQuerySet, today: date) -> dict[str, list[int]]:
    """How many are open for how long, by the kind of organisation that must act next."""
    bands = {f"band_{n}": Count("pk", filter=_aged(today, *band[:2])) for n, band in enumerate(BANDS)}
    counted = rows.order_by().values("holder__kind").annotate(**bands)
    return {kind: counts for kind, *counts in counted.values_list("holder__kind", *bands)}


def _aged(today: date, least: int, below: int | None) -> Q:
    old = Q() if not least else Q(found_on__lte=today - timedelta(days=least))
    return old if below is None else old & Q(found_on__gt=today - timedelta(days=below))


def _row(hazard: Hazard, today: date) -> OpenHazard:
    due = None if hazard.paused_on else hazard.running_due_date
    overdue = max(0, (today - due).days) if due else 0
    wanted = NEXT_ACT.get(Hazard.Status(hazard.status))
    return OpenHazard(hazard, (today - hazard.found_on).days, overdue, wanted[0] if wanted else "")
