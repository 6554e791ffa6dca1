"""The pack of a plan: what every clause is, and which obligations its duties become."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field, ValidationError

from huyuan.common.packs import (
    Found,
    PackError,
    Place,
    Strict,
    Text,
    check_versions,
    misfits,
    packs_in,
    read_all,
    read_pack,
    register_reader,
)
from huyuan.organisations.kinds import SchoolKind
from huyuan.organisations.models import OrganisationKind
from huyuan.policy.measuring import MEASURES, Measure
from huyuan.policy.plantext import PlanText, passages


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
    teaching_point: bool | None = None
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


FOLDER = "plans"
# Rhythms whose periods the calendar alone gives.
RECURRING = frozenset({Rhythm.DAILY, Rhythm.MONTHLY, Rhythm.QUARTERLY, Rhythm.TERM, Rhythm.YEARLY})
COUNTED_IN_DAYS = frozenset({Rhythm.ONCE, Rhythm.EVENT})


def read_plan_pack(path: Path) -> PlanPack:
    """Read and check one pack; raises PackError with every problem's line and reason."""
    return read_pack(path, PlanPack, _problems)


register_reader(FOLDER, read_plan_pack, check_versions)


@cache
def plan_packs() -> dict[tuple[str, int], PlanPack]:
    """All versions of all packs, by code and version; raises PackError with the problems of all."""
    packs, problems = read_all(FOLDER, packs_in(FOLDER))
    if problems:
        raise PackError(problems)
    return {(pack.code, pack.version): pack for pack in packs.values()}


def matches(pack: PlanPack, plan: PlanText) -> list[str]:
    """What of a pack does not fit a text: clauses and passages that the text lacks, clauses that the pack leaves out."""
    held = {clause.number: len(passages(clause.text)) for clause in plan.clauses}
    found = []
    for entry in pack.clauses:
        if entry.number not in held:
            found.append(
                _("The pack types clause %(clause)s, which the text does not have.") % {"clause": entry.number}
            )
            continue
        found += [
            _("The pack types passage %(passage)d of clause %(clause)s, which has %(held)d passages.")
            % {"passage": passage.number, "clause": entry.number, "held": held[entry.number]}
            for passage in entry.passages if passage.number > held[entry.number]
        ]  # fmt: skip
    typed = {entry.number for entry in pack.clauses}
    return found + [
        _("The pack leaves out clause %(clause)s “%(title)s”.") % {"clause": clause.number, "title": clause.title}
        for clause in plan.clauses if clause.number not in typed
    ]  # fmt: skip


def untyped(pack: PlanPack, plan: PlanText) -> list[str]:
    """Passages of a text that the pack does not type, in the clauses that it does."""
    typed = {entry.number: {passage.number for passage in entry.passages} for entry in pack.clauses}
    return [
        _("The pack leaves out passage %(passage)d of clause %(clause)s: %(text)s")
        % {"passage": number, "clause": clause.number, "text": text}
        for clause in plan.clauses if clause.number in typed
        for number, text in enumerate(passages(clause.text), start=1) if number not in typed[clause.number]
    ]  # fmt: skip


def _problems(pack: PlanPack) -> Iterator[Found]:
    """What a model alone does not see, each with its place in the pack."""
    yield from _repeated(pack)
    for at, clause in enumerate(pack.clauses):
        for position, passage in enumerate(clause.passages):
            place: Place = ("clauses", at, "passages", position)
            if passage.kind is ClauseKind.DUTY and not passage.obligations:
                yield place, f"{clause.number} passage {passage.number} is a duty and needs an obligation"
            other = next((kind for kind in (clause.kind, passage.kind) if kind is not ClauseKind.DUTY), None)
            if passage.obligations and other:
                yield (*place, "obligations"), f"obligations under a {other}: only a duty carries them"
            for number, rule in enumerate(passage.obligations):
                yield from _rule_problems(rule, (*place, "obligations", number))


def _repeated(pack: PlanPack) -> Iterator[Found]:
    """Clause numbers, passage numbers and keys that stand twice."""
    clauses: Counter[str] = Counter()
    keys: Counter[str] = Counter()
    for at, clause in enumerate(pack.clauses):
        clauses[clause.number] += 1
        if clauses[clause.number] > 1:
            yield ("clauses", at, "number"), f"clause {clause.number} stands above already"
        numbers: Counter[int] = Counter()
        for position, passage in enumerate(clause.passages):
            place: Place = ("clauses", at, "passages", position)
            numbers[passage.number] += 1
            if numbers[passage.number] > 1:
                yield (*place, "number"), f"{clause.number} passage {passage.number} stands above already"
            for number, rule in enumerate(passage.obligations):
                keys[rule.key] += 1
                if keys[rule.key] > 1:
                    yield (*place, "obligations", number, "key"), f"key: {rule.key} stands above already"


def _rule_problems(rule: ObligationRule, place: Place) -> Iterator[Found]:
    """What is wrong with one obligation."""
    if rule.bearer not in OrganisationKind.values:
        yield (*place, "bearer"), f'bearer: "{rule.bearer}" is not one of {", ".join(OrganisationKind.values)}'
    yield from _applies_problems(rule, (*place, "applies_if"))
    measure = MEASURES.get(rule.measure.key) if rule.measure else None
    yield from _period_problems(rule.period, measure, (*place, "period"))
    if rule.measure and rule.outside:
        yield (*place, "outside"), "both measure and outside: what is handled outside is not measured here"
    if rule.measure and measure is None:
        known = ", ".join(sorted(MEASURES)) or "none"
        yield (*place, "measure", "key"), f'measure: "{rule.measure.key}" is not one of {known}'
    if rule.measure and measure is not None:
        yield from _measure_problems(rule, measure, rule.measure.parameters, (*place, "measure"))


def _measure_problems(
    rule: ObligationRule, measure: Measure, parameters: dict[str, Any], place: Place
) -> Iterator[Found]:
    """Whether the measure can judge this bearer with these parameters."""
    if rule.bearer in OrganisationKind.values and rule.bearer not in measure.bearers:
        judged = ", ".join(sorted(measure.bearers))
        yield (*place, "key"), f"measure: {measure.key} cannot judge a {rule.bearer}, only {judged}"
    try:
        measure.parameters.model_validate(parameters)
    except ValidationError as error:
        yield from misfits(error, (*place, "parameters"))


def _applies_problems(rule: ObligationRule, place: Place) -> Iterator[Found]:
    """Conditions that no organisation of the bearer's kind could answer."""
    condition = rule.applies_if
    if condition != AppliesIf() and rule.bearer != OrganisationKind.SCHOOL:
        yield place, f"applies_if: only schools can be told apart, not a {rule.bearer}"
    for at, kind in enumerate(condition.school_kinds):
        if kind not in set(SchoolKind):
            yield (*place, "school_kinds", at), f'school_kinds: "{kind}" is not one of {", ".join(SchoolKind)}'
    least, below = condition.pupils_from, condition.pupils_below
    if least is not None and below is not None and least >= below:
        yield (*place, "pupils_from"), "pupils_from is not below pupils_below: it would apply to no school"


def _period_problems(period: Period, measure: Measure | None, place: Place) -> Iterator[Found]:
    """Periods that cannot be computed."""
    rhythm = period.rhythm
    if rhythm in COUNTED_IN_DAYS and period.within_days is None:
        yield place, f"period: {rhythm} needs within_days"
    if rhythm not in COUNTED_IN_DAYS and period.within_days is not None:
        yield (*place, "within_days"), f"period: within_days belongs to once and event, not to {rhythm}"
    if rhythm is Rhythm.REGULAR and period.default is None:
        yield place, "period: regular needs a default, the rhythm shown until the county sets its own"
    if rhythm is not Rhythm.REGULAR and period.default is not None:
        yield (*place, "default"), f"period: a default belongs to regular, not to {rhythm}"
    if period.default is not None and period.default not in RECURRING:
        wanted = ", ".join(one for one in Rhythm if one in RECURRING)
        yield (*place, "default"), f'period: default "{period.default}" is not one of {wanted}'
    if measure is not None and measure.events != (rhythm is Rhythm.EVENT):
        needed = "only event" if measure.events else "any rhythm but event"
        yield (
            (*place, "rhythm"),
            f"period: {measure.key} judges {'events' if measure.events else 'periods'}: {needed} fits it",
        )
