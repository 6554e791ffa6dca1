"""Which rule judges whom today, and over which period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from huyuan.organisations.models import County
from huyuan.policy.measuring import MEASURES, Measure, Parameters
from huyuan.policy.models import ObligationVersion, Plan
from huyuan.policy.packs import ObligationRule, Rhythm
from huyuan.policy.periods import Span, Year, year_of


@dataclass(frozen=True)
class Rule:
    """One obligation as it is judged on a day: the version that governs, its period, and the period before.

    `counted` tells whether a period began on or after the day from which the plan counts; one that did not can be met
    but is never missed.
    """

    version: ObligationVersion
    bearer: str
    plan: Plan
    span: Span | None
    former: Span | None

    @property
    def entry(self) -> ObligationRule:
        """What the pack says."""
        return self.version.entry

    @property
    def measure(self) -> Measure | None:
        """The measure that judges it, None when nothing does yet."""
        return MEASURES.get(self.version.measure)

    @property
    def parameters(self) -> Parameters:
        """The parameters of its measure."""
        measure, use = self.measure, self.entry.measure
        if measure is None or use is None:
            raise LookupError(self.version.measure)
        return measure.parameters.model_validate(use.parameters)

    def counted(self, span: Span) -> bool:
        """Whether a period counts at all."""
        return span.starts_on >= self.plan.counts_from


@dataclass(frozen=True)
class Rulebook:
    """The rules of a county's plan on a day, in the order of the plan."""

    day: date
    rules: Sequence[Rule]


def plans_of(county_id: int) -> QuerySet[Plan]:
    """The county's plans, the one brought in last first; that one is in force, the others are history."""
    return Plan.objects.filter(county_id=county_id).order_by("-pk")


def rulebook(
    county: County,
    day: date,
    bearer: str | QuerySet[Any, Any] | None = None,
    measures: Sequence[str] | None = None,
) -> Rulebook:
    """The rules in force: all, or of one kind of bearer, or those that some measures judge; one query without a plan, else three."""
    versions = ObligationVersion.objects.filter(
        obligation__plan=plans_of(county.pk).values("pk")[:1], obligation__retired_on=None
    )
    if bearer is not None:
        versions = versions.filter(obligation__bearer=bearer)
    if measures is not None:
        judged = ObligationVersion.objects.filter(measure__in=measures, obligation=OuterRef("obligation"))
        versions = versions.filter(Exists(judged))
    found = list(versions.select_related("obligation__plan__county"))
    if not found:
        return Rulebook(day, [])
    rules = rules_of(found[0].obligation.plan, found, year_of(county), day)
    if measures is not None:
        rules = [rule for rule in rules if rule.version.measure in measures and rule.measure]
    return Rulebook(day, rules)


def rules_of(plan: Plan, versions: Iterable[ObligationVersion], year: Year, day: date) -> list[Rule]:
    """The governing version of each obligation among these versions."""
    grouped: dict[int, list[ObligationVersion]] = {}
    for version in versions:
        grouped.setdefault(version.obligation_id, []).append(version)
    rules = [_governing(plan, sorted(group, key=lambda v: v.valid_from), year, day) for group in grouped.values()]
    return sorted(rules, key=lambda rule: (rule.version.position, rule.version.pk))


def _governing(plan: Plan, versions: Sequence[ObligationVersion], year: Year, day: date) -> Rule:
    """A later version judges from the first period of its own that begins when it is valid already."""
    for version in reversed(versions):
        rule = _rule(plan, version, year, day)
        if version is versions[0] or (rule.span and version.valid_from <= rule.span.starts_on):
            return rule
    raise LookupError("an obligation without a version")


def _rule(plan: Plan, version: ObligationVersion, year: Year, day: date) -> Rule:
    bearer, rhythm = version.obligation.bearer, version.rhythm
    span = year.span(rhythm, day, bearer, plan.counts_from, version.entry.period.within_days)
    former = None
    if span is not None and rhythm not in (Rhythm.ONCE, Rhythm.EVENT):
        former = year.before(span, rhythm, bearer, plan.counts_from)
    return Rule(version, bearer, plan, span, former)
