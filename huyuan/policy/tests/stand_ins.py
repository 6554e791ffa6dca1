"""Measures as other apps offer them, with their parameters and bearers alone: enough to check a pack."""

from typing import Literal

import pytest
from pydantic import Field

from huyuan.organisations.models import OrganisationKind as K
from huyuan.policy import packs
from huyuan.policy.measuring import MEASURES, Measure, Parameters


class Checks(Parameters):
    """Which checks count, and by whom they were led."""

    checklists: tuple[Literal["comprehensive", "fire", "food", "daily", "opening"], ...] = ()
    by: tuple[Literal["station", "education_bureau", "security_bureau", "school"], ...] = ()


class Led(Parameters):
    """Of how many of its schools a check counts."""

    checklists: tuple[str, ...] = ()
    share: int = Field(default=100, ge=1, le=100)


class Items(Parameters):
    """The items that must be right."""

    items: tuple[str, ...] = Field(min_length=1)


class Roles(Parameters):
    """The roles that must be held."""

    roles: tuple[str, ...] = Field(min_length=1)


def measure(key: str, bearers: set[str], parameters: type[Parameters] = Parameters, *, events: bool = False) -> Measure:
    return Measure(
        key=key, title=key, bearers=frozenset(bearers), rows=NotImplemented, proof=NotImplemented, page="web:today",
        parameters=parameters, events=events,
    )  # fmt: skip


AGENCIES = {K.STATION, K.EDUCATION_BUREAU, K.SECURITY_BUREAU}
STAND_INS = {
    one.key: one
    for one in (
        measure("inspections.checks", {K.SCHOOL}, Checks),
        measure("inspections.checks_led", AGENCIES, Led),
        measure("inspections.days_checked", {K.SCHOOL}, Checks),
        measure("inspections.items_passed", {K.SCHOOL}, Items),
        measure("inspections.hazards_ordered", AGENCIES, events=True),
        measure("inspections.hazards_rectified", {K.SCHOOL}, events=True),
        measure("inspections.hazards_rechecked", AGENCIES, events=True),
        measure("inspections.roving", {K.STATION, K.EDUCATION_BUREAU}),
        measure("people.posts_held", {K.SCHOOL, K.STATION, K.EDUCATION_BUREAU}, Roles),
        measure("policy.implementation_plan", set(K.values)),
    )
}


def register(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let packs be checked against the stand-ins, and against the measures themselves as far as an app offers them."""
    monkeypatch.setattr(packs, "MEASURES", {**STAND_INS, **MEASURES})
