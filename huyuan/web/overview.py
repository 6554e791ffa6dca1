"""What is open in the county, for those who read all of it: figures that lead to the ledger, and what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.inspections.models import Hazard
from huyuan.ledgers.engine import COUNT_CAP, capped_counts

SHOWN = 20
STATES = (Hazard.Status.RECTIFIED, Hazard.Status.ORDERED, Hazard.Status.REGISTERED)


@dataclass(frozen=True)
class Figure:
    """How many hazards there are of a sort, and where they are listed; `capped` when there are more than are counted."""

    label: str | Promise
    count: int
    capped: bool
    url: str
    kind: str = ""


@dataclass(frozen=True)
class Overview:
    """The county's open hazards: counts, and those longest overdue."""

    figures: list[Figure]
    overdue: Sequence[Hazard]
    overdue_url: str


def overview(reach: Reach, today: date) -> Overview | None:
    """What is open in the county, in two statements however large it is; nothing for who does not read all of it."""
    if not (reach.covers_county and reach.may(Permission.HAZARD_READ)):
        return None
    hazards, ledger = Hazard.objects.visible_to(reach), reverse("inspections:hazards")
    overdue, overdue_url = hazards.overdue(today), f"{ledger}?overdue=yes&sort=due"
    late, *counts = capped_counts([overdue, *(hazards.filter(status=state) for state in STATES)])
    figures = [_figure(_("overdue"), late, overdue_url, "danger")]
    figures += [
        _figure(state.label, count, f"{ledger}?status={state}") for state, count in zip(STATES, counts, strict=True)
    ]
    longest = list(overdue.select_related("school__organisation").order_by("due_date", "pk")[:SHOWN])
    return Overview(figures, longest, overdue_url)


def _figure(label: str | Promise, count: int, url: str, kind: str = "") -> Figure:
    return Figure(label, min(count, COUNT_CAP), count > COUNT_CAP, url, kind)
