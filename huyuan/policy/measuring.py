"""The registry of measures: figures that a domain offers, one set-based query for all organisations of a period."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict, Field

from huyuan.common.reach import Reach


class Parameters(BaseModel):
    """What an obligation may set; `wanted` is how many of the counted things make it met."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    wanted: int = Field(default=1, ge=1)


@dataclass(frozen=True)
class Scope:
    """Of which county, from which day to which (inclusive), and of which organisations; None means of all."""

    county_id: int
    starts_on: date
    ends_on: date
    organisations: Sequence[int] | None = None


@dataclass(frozen=True)
class Evidence:
    """One record that proves a figure, with the page where it can be looked at and disputed."""

    title: str
    detail: str
    day: date
    url: str
    counts: bool = True


@dataclass(frozen=True)
class Measure:
    """A figure per organisation and period.

    `rows(scope, parameters)` answers a queryset of `.values(...)` with one row per organisation and exactly these names:
    `organisation` (id), `value`, `wanted`, `late` (events done too late), `met_on` (the day the last one wanted was
    done, else None) and `due_on` (the earliest due date among events still open, else None).
    A measure of events has `events=True`: it is met when every event of the period was dealt with in time.
    `proof(reach, organisation id, scope, parameters)` lists the records behind the value, newest first, within the reach.
    `page` names the ledger page where such records are made. `bearers` are the kinds of organisation it can judge.
    """

    key: str
    title: str | Promise
    bearers: frozenset[str]
    rows: Callable[[Scope, Any], QuerySet[Any, dict[str, Any]]]
    proof: Callable[[Reach, int, Scope, Any], list[Evidence]]
    page: str
    parameters: type[Parameters] = Parameters
    events: bool = False


MEASURES: dict[str, Measure] = {}


def register(measure: Measure) -> Measure:
    """Make a measure known under its key."""
    if measure.key in MEASURES:
        raise ValueError(f"two measures are called {measure.key}")
    MEASURES[measure.key] = measure
    return measure
