"""What follows when nothing happens, as packs: on which day after (or before) the due date who is told."""

import enum
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from itertools import count
from pathlib import Path

from pydantic import Field, model_validator

from huyuan.common.packs import Edition, Strict, Text, packs_in, read_pack, register_reader, ruling
from huyuan.organisations.calendar import WorkingDays
from huyuan.policy.clocks import due_after
from huyuan.policy.models import DayKind

# A reminder this many days ahead of the due date is the earliest that is looked for.
EARLIEST = 90


class Says(enum.StrEnum):
    """What a step tells."""

    REMIND = "remind"
    OVERDUE = "overdue"
    WATCH = "watch"
    PROPOSE = "propose"


class Told(enum.StrEnum):
    """Whom a step tells."""

    RESPONSIBLE = "responsible"
    SAFETY_OFFICER = "safety_officer"
    SCHOOL_HEAD = "school_head"
    STATION = "station"
    EDUCATION_BUREAU = "education_bureau"
    LEADERS = "leaders"


class StepRule(Strict):
    """One step: `days` after the due date, below zero before it. Only a major hazard is proposed for listing."""

    key: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    days: int = Field(ge=-30, le=365)
    says: Says
    to: tuple[Told, ...] = Field(min_length=1)
    only_major: bool = False
    title: Text

    @model_validator(mode="after")
    def proposes_majors_only(self) -> "StepRule":
        """Refuse a rule that would propose a general hazard."""
        if self.says is Says.PROPOSE and not self.only_major:
            raise ValueError(f"step {self.key} proposes a listing, so it needs only_major: true")
        return self

    def day(self, due: date, kind: str, calendar: WorkingDays) -> date:
        """The day on which it is due for a hazard due on `due`."""
        if self.days >= 0:
            return due_after(due, self.days, kind, calendar)
        if kind == DayKind.CALENDAR:
            return due + timedelta(days=self.days)
        return next(day for day in back_from(due) if calendar.works(day) and calendar.between(day, due) >= -self.days)

    def latest_due(self, today: date, kind: str, calendar: WorkingDays) -> date:
        """The latest due date for which the step is due by today: one comparison finds all such hazards."""
        return next(
            due for due in back_from(today + timedelta(days=EARLIEST)) if self.day(due, kind, calendar) <= today
        )


class StepRules(Edition):
    """The steps of a county in one version, earliest first."""

    steps: tuple[StepRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def steps_follow_each_other(self) -> "StepRules":
        """Refuse steps out of order and keys that stand twice."""
        days = [step.days for step in self.steps]
        if days != sorted(set(days)):
            raise ValueError("steps stand in the order of their days, one a day")
        if len({step.key for step in self.steps}) != len(self.steps):
            raise ValueError("a step key stands twice")
        return self

    def step(self, key: str) -> StepRule | None:
        """The step with this key."""
        return next((step for step in self.steps if step.key == key), None)


def back_from(day: date) -> Iterator[date]:
    """A day and all days before it, the latest first."""
    return (day - timedelta(days=days) for days in count())


def read_step_rules(path: Path) -> StepRules:
    """Read and check one pack; raises PackError with every problem's line and reason."""
    return read_pack(path, StepRules)


@cache
def all_step_rules() -> list[StepRules]:
    """Every version of every pack."""
    return [read_step_rules(path) for path in packs_in("step-ups")]


def step_rules(adcode: str, today: date) -> StepRules:
    """The rules in force in a county: its own newest, else the newest default."""
    return ruling(all_step_rules(), adcode, today, folder="step-ups")


register_reader("step-ups", read_step_rules)
