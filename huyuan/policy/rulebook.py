"""Which rule judges whom today, and over which period."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from huyuan.organisations.models import County
from huyuan.policy.measuring import MEASURES, Measure, Parameters
from huyuan.policy.models import ObligationVersion, Plan
from huyuan.policy.packs import ObligationRule, Rhythm
from huyuan.policy.periods import Span, Year, year_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rule:
    """One obligation as it is judged on a day: the version that governs, its period, and the period before.

    `former` is judged by `former_version`, whichever governed then. `since` is the day from which it counts: a period
    that began earlier can be met but is never missed.
    """

    version: ObligationVersion
    bearer: str
    plan: Plan
    span: Span | None
    former: Span | None
    since: date
    former_version: ObligationVersion | None = None

    @property
    def entry(self) -> ObligationRule:
        """What the pack says."""
        return self.version.entry

    @property
    def measure(self) -> Measure | None:
        """The measure that judges it, None when nothing does yet."""
        return MEASURES.get(self.version.measure)

    @property
    def may_be_declared(self) -> bool:
        """Whether what was done earlier can be declared at all."""
        return self.measure is not None and self.measure.declarable and not self.measure.events

    @property
    def of_former(self) -> "Rule | None":
        """The rule that judges the period before."""
        if self.former is None or self.former_version is None:
            return None
        return replace(self, version=self.former_version, span=self.former, former=None, former_version=None)

    @property
    def parameters(self) -> Parameters:
        """The parameters of its measure."""
        measure, use = self.measure, self.entry.measure
        if measure is None or use is None:
            raise LookupError(self.version.measure)
        return measure.parameters.model_validate(use.parameters)

    def counted(self, span: Span) -> bool:
        """Whether a period counts at all."""
        return span.starts_on >= self.since


@dataclass(frozen=True)
class Rulebook:
    """The rules of a county's plan on a day, in the order of the plan."""

    day: date
    rules: Sequence[Rule]


def plans_of(county_id: int) -> QuerySet[Plan]:
    """The county's plans, the one brought in last first; that one is in force, the others are history."""
    return Plan.objects.filter(county_id=county_id).order_by("-in_force_from", "-pk")


def rulebook(
    county: County,
    day: date,
    bearer: str | QuerySet[Any, Any] | None = None,
    measures: Sequence[str] | None = None,
) -> Rulebook:
    """The rules in force: all, or of one kind of bearer, or those that some measures judge; one query without a plan, else three."""
    versions = ObligationVersion.objects.filter(
        Q(obligation__retired_on=None) | Q(obligation__retired_on__gt=day),
        obligation__plan=plans_of(county.pk).values("pk")[:1],
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
    ordered = (sorted(group, key=lambda v: v.valid_from) for group in grouped.values())
    rules = [_rule(plan, group, year, day) for group in ordered if group[0].valid_from <= max(day, plan.counts_from)]
    return sorted(rules, key=lambda rule: (rule.version.position, rule.version.pk))


def _rule(plan: Plan, versions: Sequence[ObligationVersion], year: Year, day: date) -> Rule:
    """The rule of a day: the version that governs it, and the one that governed the period before."""
    bearer, since = versions[0].obligation.bearer, max(plan.counts_from, versions[0].valid_from)
    version, span = _governing(plan, versions, year, day)
    former_version, former = None, None
    if span is not None and version.rhythm not in (Rhythm.ONCE, Rhythm.EVENT):
        former_version, former = _governing(plan, versions, year, span.starts_on - DAY)
        if former_version.rhythm in (Rhythm.ONCE, Rhythm.EVENT) or former is None or former.ends_on >= span.starts_on:
            former_version, former = None, None
    return Rule(version, bearer, plan, span, former, since, former_version)


def _governing(
    plan: Plan, versions: Sequence[ObligationVersion], year: Year, day: date
) -> tuple[ObligationVersion, Span | None]:
    """A later version judges from the first period of its own that begins when it is valid already."""
    for version in reversed(versions):
        period = version.entry.period
        span = year.span(version.rhythm, day, version.obligation.bearer, plan.counts_from, period.within_days)
        if version is versions[0] or (span and version.valid_from <= span.starts_on):
            return version, span
    raise LookupError("an obligation without a version")
