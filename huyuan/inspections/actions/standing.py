"""Where organisations stand is judged anew with every record that bears on it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone

from huyuan.inspections.models import Hazard, Inspection, RovingPlan
from huyuan.organisations.models import County
from huyuan.policy.judging import touch

OF_CHECKS = (
    "inspections.checks", "inspections.days_checked", "inspections.checks_led", "inspections.items_passed",
    "inspections.roving",
)  # fmt: skip
OF_HAZARDS = (
    "inspections.hazards_ordered", "inspections.hazards_rectified", "inspections.hazards_rechecked",
    "inspections.items_passed",
)  # fmt: skip


def check_changed(inspection: Inspection, now: datetime) -> None:
    """Judge the school and the agency of a check that was signed just now, hazards and all."""
    touch(
        county=inspection.county, measures=[*OF_CHECKS, *OF_HAZARDS],
        organisations=[inspection.school_id, inspection.agency_id], on=timezone.localdate(now),
    )  # fmt: skip


def roving_changed(plan: RovingPlan, now: datetime) -> None:
    """Judge the agency whose roving checks were drawn, moved or dropped."""
    on = timezone.localdate(now)
    touch(county=plan.county, measures=["inspections.roving"], organisations=[plan.organisation_id], on=on)


def hazard_changed(hazard: Hazard, now: datetime, *, former_agency: int | None = None) -> None:
    """Judge the school and the agency of a hazard, and the agency that followed it until now."""
    touched = [hazard.school_id, hazard.agency_id, *([former_agency] if former_agency else [])]
    touch(county=hazard.county, measures=OF_HAZARDS, organisations=touched, on=timezone.localdate(now))


def hazards_changed(county: County, hazards: Iterable[Hazard], agencies: Iterable[int], now: datetime) -> None:
    """Judge everybody whom many hazards concern, once."""
    touched = {pk for hazard in hazards for pk in (hazard.school_id, hazard.agency_id)} | set(agencies)
    touch(county=county, measures=OF_HAZARDS, organisations=touched, on=timezone.localdate(now))
