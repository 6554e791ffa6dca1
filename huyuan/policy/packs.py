"""The pack of a plan: what every clause is, and which obligations its duties become."""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from huyuan.common.packs import Strict, Text


class ClauseKind(StrEnum):
    """What a clause, or one passage of it, does."""

    GOAL = "goal"
    PRINCIPLE = "principle"
    POWER = "power"
    DUTY = "duty"


class Rhythm(StrEnum):
    """How often something is owed. `REGULAR` is what the plan calls "regularly" without a number."""

    ONCE = "once"
    DAILY = "daily"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TERM = "term"
    YEARLY = "yearly"
    EVENT = "event"
    REGULAR = "regular"


class Period(Strict):
    """How often and until when.

    `within_days`: for `once` the days after the county's start date, for `event` the days after the event.
    `default`: for `regular` the rhythm shown until the county sets its own, labelled as a default.
    `warn_days`: an obligation not met yet is at risk when at most so many days are left.
    """

    rhythm: Rhythm
    within_days: int | None = Field(default=None, ge=0, le=730)
    default: Rhythm | None = None
    warn_days: int = Field(default=14, ge=0, le=120)


class AppliesIf(Strict):
    """Which organisations of the bearer's kind owe it; an empty condition means all. Only schools can be told apart."""

    school_kinds: tuple[str, ...] = ()
    boarding: bool | None = None
    pupils_from: int | None = Field(default=None, ge=0)
    pupils_below: int | None = Field(default=None, ge=0)


class MeasureUse(Strict):
    """Which registered measure judges it, and with which parameters."""

    key: str
    parameters: dict[str, Any] = Field(default_factory=dict)


class ObligationRule(Strict):
    """One obligation: who owes what, how often, how it is judged, where it comes from.

    `bearer` is a kind of organisation. Either `measure`, or `outside` (why it is fulfilled outside this system), or
    neither: then it stands as "no data behind it".
    """

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{2,59}$")
    title: Text
    bearer: str
    period: Period
    source: Text
    applies_if: AppliesIf = AppliesIf()
    measure: MeasureUse | None = None
    outside: Text | None = None
    weight: int = Field(default=1, ge=0, le=100)
    veto: bool = False


class Passage(Strict):
    """One sentence part of a clause's text, counted from 1, and the obligations it becomes."""

    number: int = Field(ge=1)
    kind: ClauseKind
    obligations: tuple[ObligationRule, ...] = ()


class ClauseEntry(Strict):
    """What a clause is; `number` joins the numbers of its levels with dots ("3.1")."""

    number: str = Field(pattern=r"^\d+(\.\d+)*$")
    kind: ClauseKind
    passages: tuple[Passage, ...] = ()


class PlanPack(Strict):
    """A whole pack in one version: it judges periods that begin on `effective_from` or later."""

    code: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    version: int = Field(ge=1)
    effective_from: date
    title: Text
    source: Text
    clauses: tuple[ClauseEntry, ...]

    def obligations(self) -> list[tuple[str, int, ObligationRule]]:
        """Every obligation with its clause number and the number of its passage."""
        return [
            (clause.number, passage.number, rule)
            for clause in self.clauses for passage in clause.passages for rule in passage.obligations
        ]  # fmt: skip
