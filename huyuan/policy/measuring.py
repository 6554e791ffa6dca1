"""The registry of measures: figures that a domain offers, one set-based query for all organisations of a period."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Aggregate, DateField, ExpressionWrapper, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone
from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict, Field

from huyuan.common.reach import Reach

Rows = QuerySet[Any, Any]


class Parameters(BaseModel):
    """What an obligation may set; `wanted` is how many of the counted things make it met."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    wanted: int = Field(default=1, ge=1)


@dataclass(frozen=True)
class Scope:
    """Of which county, from which day to which (inclusive), and of which organisations; None means of all.

    `bearer` is the kind of organisation judged, `within_days` the time the obligation gives after an event;
    events due before `since` are left out.
    """

    county_id: int
    starts_on: date
    ends_on: date
    bearer: str
    organisations: Sequence[int] | None = None
    within_days: int = 0
    since: date = date.min

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first moment of the first day, and the first moment after the last."""
        zone = timezone.get_current_timezone()
        after = self.ends_on + timedelta(days=1)
        return datetime.combine(self.starts_on, time.min, zone), datetime.combine(after, time.min, zone)

    def of(self, rows: Rows, organisation: str) -> Rows:
        """Rows of the organisations asked for, by the name of the field that holds their id."""
        return rows if self.organisations is None else rows.filter(**{f"{organisation}__in": self.organisations})


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
    `bearer` (its id), `value`, `wanted`, `late` (events done too late), `met_on` (the day the last one wanted was
    done, else None) and `due_on` (the earliest due date among events still open, else None).
    A measure of events has `events=True`: it is met when every event of the period was dealt with in time.
    `proof(reach, organisation id, scope, parameters)` lists the records behind the value, newest first, within the reach.
    What is judged by how things are now (`declarable=False`), not by what was done, cannot be declared afterwards.
    `page` names the ledger page where such records are made. `bearers` are the kinds of organisation it can judge.
    """

    key: str
    title: str | Promise
    bearers: frozenset[str]
    rows: Callable[[Scope, Any], Rows]
    proof: Callable[[Reach, int, Scope, Any], list[Evidence]]
    page: str
    parameters: type[Parameters] = Parameters
    events: bool = False
    declarable: bool = True


MEASURES: dict[str, Measure] = {}


def register(measure: Measure) -> Measure:
    """Make a measure known under its key."""
    if measure.key in MEASURES:
        raise ValueError(f"two measures are called {measure.key}")
    MEASURES[measure.key] = measure
    return measure


class Nth(Aggregate):
    """The nth smallest of a group's different values; nothing when there are fewer."""

    name = "Nth"

    def __init__(self, expression: Any, nth: int, **extra: Any) -> None:
        super().__init__(expression, **extra)
        self.nth = nth

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, Any]:
        """Write the expression twice: what is gathered, and the order it is gathered in."""
        sql, given = compiler.compile(self.get_source_expressions()[0])
        return f"(ARRAY_AGG(DISTINCT {sql} ORDER BY {sql}))[{int(self.nth)}]", (*given, *given)


NOTHING_DUE = Cast(Value(None), DateField())


def days_after(field: str, days: int) -> ExpressionWrapper[Any]:
    """A date so many calendar days after a field of dates."""
    return ExpressionWrapper(F(field) + Value(days, output_field=IntegerField()), output_field=DateField())
