"""How ready the schools of one's charge are: plans they lack, units that are short now."""

from dataclasses import dataclass
from datetime import date, datetime

from huyuan.common.reach import Reach
from huyuan.emergency.contingency_packs import Template, templates
from huyuan.emergency.models import ContingencyPlan
from huyuan.emergency.units import Unit, units_of
from huyuan.organisations.models import County, School

# Whoever is short comes first, then who has named nobody; nothing to do comes last.
ORDER = ("short", "unnamed", "small", "whole", "closed")


@dataclass(frozen=True)
class Gap:
    """What a school's plans lack."""

    school: School
    missing: list[Template]
    overdue: list[Template]
    held: int


def plan_gaps(reach: Reach, today: date) -> list[Gap]:
    """Which expected plans each school of one's charge lacks or has not reviewed; two queries, the largest gap first."""
    expected = {kind: one for kind, one in templates(today).items() if one.expected}
    held: dict[int, dict[str, date | None]] = {}
    approved = ContingencyPlan.objects.visible_to(reach).approved().values_list("school_id", "kind", "review_by")
    for school_id, kind, review_by in approved:
        held.setdefault(school_id, {})[kind] = review_by
    found = []
    for school in School.objects.visible_to(reach).select_related("organisation").order_by("organisation__sort_key"):
        has = held.get(school.pk, {})
        missing = [one for kind, one in expected.items() if kind not in has]
        late = [one for kind, one in expected.items() if (due := has.get(kind)) is not None and due < today]
        found.append(Gap(school, missing, late, len(expected) - len(missing)))
    return sorted(found, key=lambda gap: -len(gap.missing) - len(gap.overdue))


def units_in_charge(reach: Reach, county: County, now: datetime) -> list[Unit]:
    """The units of the schools of one's charge now, those that are short first."""
    schools = (
        School.objects.visible_to(reach).select_related("organisation", "county").order_by("organisation__sort_key")
    )
    return sorted(units_of(county, schools, now), key=lambda unit: ORDER.index(unit.state))
