"""Where organisations stand: one of them with everything it owes, or a whole scope counted per obligation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, QuerySet

from huyuan.common.reach import Reach
from huyuan.organisations.models import County, Organisation, OrganisationKind
from huyuan.policy.judging import bound_by, scope_of
from huyuan.policy.measuring import Evidence
from huyuan.policy.models import Assignment, Standing, Supplement
from huyuan.policy.packs import AppliesIf
from huyuan.policy.rulebook import Rule, Rulebook, rulebook
from huyuan.policy.states import JUDGED, Stand, State, stand, stands


def duties_of(organisation: Organisation, county: County, today: date) -> list[Stand]:
    """Everything an organisation owes and where it stands with it, in the order of the plan."""
    return standing_with(rulebook(county, today, bearer=organisation.kind), organisation)


def standing_with(book: Rulebook, organisation: Organisation) -> list[Stand]:
    """Where an organisation stands with the rules of its kind; one query, and one for the school's roster."""
    if not book.rules:
        return []
    applies = _applies_to(organisation, book.rules)
    firsts = {span.starts_on for rule in book.rules for span in (rule.span, rule.former) if span}
    rows = Standing.objects.filter(organisation=organisation, starts_on__gte=min(firsts)) if firsts else []
    return stands(book.rules, rows, applies, book.day)


def _applies_to(organisation: Organisation, rules: Iterable[Rule]) -> dict[int, bool]:
    """Which obligations bind this organisation; only schools are told apart, by what the roster says of them."""
    school = organisation.school if organisation.kind == OrganisationKind.SCHOOL else None
    return {rule.version.obligation_id: binds(rule.entry.applies_if, school) for rule in rules}


def binds(condition: AppliesIf, school: Any) -> bool:
    """Whether a condition holds for a school; without a school there is nothing to tell apart."""
    if school is None:
        return True
    return (
        (not condition.school_kinds or school.kind in condition.school_kinds)
        and (condition.boarding is None or condition.boarding == (school.boarders > 0))
        and (condition.teaching_point is None or condition.teaching_point == (school.central_school_id is not None))
        and (condition.pupils_from is None or school.pupils >= condition.pupils_from)
        and (condition.pupils_below is None or school.pupils < condition.pupils_below)
    )


@dataclass(frozen=True)
class Tally:
    """How many organisations of a scope stand where with one rule; a rule nobody judges has only its own state."""

    rule: Rule
    counts: dict[State, int]
    declared: int = 0

    @property
    def bound(self) -> int:
        """How many owe it."""
        return sum(self.counts.values())

    @property
    def worst(self) -> State:
        """What is shown when there is room for one word only."""
        for state in (State.MISSED, State.AT_RISK, State.NOT_YET_DUE, State.MET, State.NO_DATA, State.OUTSIDE):
            if self.counts.get(state):
                return state
        return State.NOT_APPLICABLE


COUNTED = """
WITH spans (obligation_id, present, former, warned) AS (
    SELECT * FROM unnest(%s::bigint[], %s::date[], %s::date[], %s::date[])
),
per AS (
    SELECT spans.obligation_id, s.organisation_id,
        bool_or(s.starts_on = spans.present AND s.wanted > 0 AND s.value >= s.wanted) AS met,
        bool_or(s.starts_on = spans.present AND s.declared > 0 AND s.value - s.declared < s.wanted
                AND s.value >= s.wanted) AS declared,
        bool_or(s.starts_on = spans.present AND s.wanted = 0) AS exempt,
        bool_or(s.starts_on = spans.former AND s.value >= s.wanted) AS former,
        COALESCE(sum(s.late) FILTER (WHERE s.starts_on = spans.present), 0) AS late,
        (array_agg(s.due_on ORDER BY s.starts_on DESC))[1] AS due_on, min(spans.warned) AS warned
    FROM policy_standing AS s JOIN spans ON spans.obligation_id = s.obligation_id
    WHERE (s.starts_on = spans.present OR s.starts_on = spans.former OR spans.former IS NULL)
        AND s.organisation_id IN ({scope})
    GROUP BY 1, 2
)
SELECT obligation_id, count(*) FILTER (WHERE met), count(*) FILTER (WHERE declared),
    count(*) FILTER (WHERE former AND NOT met AND NOT COALESCE(exempt, false)),
    count(*) FILTER (WHERE late > 0 OR due_on < %s),
    count(*) FILTER (WHERE late = 0 AND due_on BETWEEN %s AND warned),
    count(*) FILTER (WHERE late = 0 AND due_on IS NULL AND met),
    count(*) FILTER (WHERE exempt)
FROM per GROUP BY 1
"""


def tallies(county: County, scope: QuerySet[Organisation], today: date) -> list[Tally]:
    """Every rule of the plan, counted over the organisations of a scope, in a fixed number of statements."""
    book = rulebook(county, today)
    bound = _bound(county, book, scope)
    judged = [rule for rule in book.rules if rule.measure is not None and rule.span is not None]
    figures = _figures(judged, scope, today)
    return [_tally(rule, bound[_group(rule)], figures.get(rule.version.obligation_id), today) for rule in book.rules]


def _group(rule: Rule) -> tuple[str, AppliesIf]:
    return rule.bearer, rule.entry.applies_if


def _bound(county: County, book: Rulebook, scope: QuerySet[Organisation]) -> dict[tuple[str, AppliesIf], int]:
    """How many organisations of the scope each sort of rule binds: one statement for all sorts."""
    groups = sorted({_group(rule) for rule in book.rules}, key=str)
    if not groups:
        return {}
    counts = [
        bound_by(county.pk, bearer, condition).filter(pk__in=scope.values("pk")).order_by()
        .values("county").annotate(n=Count("pk")).values("n")
        for bearer, condition in groups
    ]  # fmt: skip
    parts = [query.query.sql_with_params() for query in counts]
    statement = "SELECT " + ", ".join(f"({sql})" for sql, _given in parts)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for _sql, given in parts for value in given])
        row = cursor.fetchone() or ()
    return dict(zip(groups, (count or 0 for count in row), strict=True))


def _figures(rules: Sequence[Rule], scope: QuerySet[Organisation], today: date) -> dict[int, tuple[int, ...]]:
    spans = [
        (
            rule.version.obligation_id, rule.span.starts_on, rule.former.starts_on if rule.former else None,
            today + timedelta(days=rule.entry.period.warn_days),
        )
        for rule in rules if rule.span
    ]  # fmt: skip
    if not spans:
        return {}
    sql, given = scope.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(COUNTED.format(scope=sql), [*map(list, zip(*spans, strict=True)), *given, today, today])
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _tally(rule: Rule, bound: int, figures: tuple[int, ...] | None, today: date) -> Tally:
    if rule.entry.outside is not None:
        return Tally(rule, {State.OUTSIDE: bound})
    if rule.measure is None:
        return Tally(rule, {State.NO_DATA: bound})
    met, declared, former, late, open_, quiet, exempt = figures or (0,) * 7
    bound = max(bound - exempt, 0)
    if rule.measure.events:
        return Tally(rule, _present({
            State.MET: quiet, State.MISSED: late, State.AT_RISK: open_,
            State.NOT_YET_DUE: max(bound - quiet - late - open_, 0),
        }))  # fmt: skip
    return Tally(rule, _present(_periodic(rule, bound, met, former, today)), declared)


def _periodic(rule: Rule, bound: int, met: int, former: int, today: date) -> dict[State, int]:
    """Those who have not met it yet, told apart by whether the period is over and how the one before ended."""
    span, unmet = rule.span, max(bound - met, 0)
    if span is None or not rule.counted(span):
        return {State.MET: met, State.NOT_YET_DUE: unmet}
    if today > span.ends_on:
        return {State.MET: met, State.MISSED: unmet}
    waiting = State.AT_RISK if (span.due_on - today).days <= rule.entry.period.warn_days else State.NOT_YET_DUE
    missed = max(unmet - former, 0) if rule.former is not None and rule.counted(rule.former) else 0
    return {State.MET: met, State.MISSED: missed, waiting: unmet - missed}


def _present(counts: dict[State, int]) -> dict[State, int]:
    return {state: counts[state] for state in JUDGED if counts.get(state)}


@dataclass(frozen=True)
class Page:
    """Organisations with their states, by name; `after` leads on, empty at the end."""

    rows: list[tuple[Organisation, Stand]]
    after: str


def organisations_standing(
    rule: Rule, scope: QuerySet[Organisation], today: date, *, unmet: bool, after: str, limit: int
) -> Page:
    """A page of those whom a rule binds, each with its state; `unmet` leaves out who has met it."""
    bound = bound_by(rule.plan.county_id, rule.bearer, rule.entry.applies_if).filter(pk__in=scope.values("pk"))
    obligation = rule.version.obligation_id
    if unmet and rule.span is not None:
        met = Standing.objects.filter(
            obligation_id=obligation, organisation=OuterRef("pk"), starts_on=rule.span.starts_on, wanted__gt=0,
            value__gte=F("wanted"),
        )  # fmt: skip
        bound = bound.exclude(Exists(met))
    if after:
        bound = bound.filter(sort_key__gt=after)
    found = list(bound.order_by("sort_key", "pk")[: limit + 1])
    rows = Standing.objects.filter(obligation_id=obligation, organisation__in=found[:limit])
    by_organisation: dict[int, dict[date, Standing]] = {}
    for row in rows:
        by_organisation.setdefault(row.organisation_id, {})[row.starts_on] = row
    shown = [(one, stand(rule, by_organisation.get(one.pk, {}), True, today)) for one in found[:limit]]
    return Page(shown, shown[-1][0].sort_key if len(found) > limit else "")


@dataclass(frozen=True)
class Proof:
    """What stands behind one organisation's figure in one period: its records, and what was declared."""

    evidence: list[Evidence] = field(default_factory=list)
    supplements: list[Supplement] = field(default_factory=list)


def proof_of(reach: Reach, rule: Rule, organisation: Organisation) -> Proof:
    """The records that prove a standing, within the reader's reach, and the declarations with those taken back."""
    said = Supplement.objects.visible_to(reach).filter(
        obligation_id=rule.version.obligation_id, organisation=organisation
    )
    supplements = list(said.select_related("declared_by", "withdrawn_by"))
    if rule.measure is None or rule.span is None:
        return Proof([], supplements)
    scope = scope_of(rule, rule.span, [organisation.pk])
    return Proof(rule.measure.proof(reach, organisation.pk, scope, rule.parameters), supplements)


def answering(organisation: Organisation) -> dict[int, Assignment]:
    """Who answers for each obligation, by its id."""
    standing = Assignment.objects.filter(organisation=organisation, ended_on=None).select_related("person")
    return {assignment.obligation_id: assignment for assignment in standing}
