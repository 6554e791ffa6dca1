"""From records to standings: one statement a rule and period, for all organisations or for those that a record touches."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone

from huyuan.organisations.models import County, Organisation
from huyuan.policy.measuring import Rows, Scope
from huyuan.policy.models import Standing, Supplement
from huyuan.policy.packs import AppliesIf, Rhythm
from huyuan.policy.periods import Span
from huyuan.policy.rulebook import Rule, rulebook

# The classes of advisory locks: one organisation's standings, and all of a county's.
ONE, ALL = 82_001, 82_002
MANY = 400
EARLIEST = date(2000, 1, 1)
LATEST = date(2999, 12, 31)

WRITE = """
INSERT INTO policy_standing
    (version_id, obligation_id, organisation_id, starts_on, ends_on, value, wanted, declared, late, met_on, due_on)
SELECT %s, %s, bound.id, %s, %s,
    COALESCE(found.value, 0) + COALESCE(said.declared, 0),
    CASE WHEN bound.joined_on > %s AND COALESCE(found.value, 0) + COALESCE(said.declared, 0) < COALESCE(found.wanted, %s)
         THEN 0 ELSE COALESCE(found.wanted, %s) END,
    COALESCE(said.declared, 0),
    COALESCE(found.late, 0),
    CASE WHEN found.value >= found.wanted THEN found.met_on
         WHEN COALESCE(found.value, 0) + said.declared >= COALESCE(found.wanted, %s) THEN said.last_on END,
    found.due_on
FROM ({bound}) AS bound
LEFT JOIN ({found}) AS found ON found.bearer = bound.id
LEFT JOIN ({said}) AS said ON said.bearer = bound.id
LEFT JOIN policy_standing AS before
    ON before.obligation_id = %s AND before.organisation_id = bound.id AND before.starts_on = %s
WHERE found.bearer IS NOT NULL OR said.bearer IS NOT NULL OR before.id IS NOT NULL OR bound.joined_on > %s
ORDER BY bound.id
ON CONFLICT (obligation_id, organisation_id, starts_on) DO UPDATE SET
    version_id = excluded.version_id, ends_on = excluded.ends_on, value = excluded.value, wanted = excluded.wanted,
    declared = excluded.declared, late = excluded.late, met_on = excluded.met_on, due_on = excluded.due_on
WHERE (policy_standing.version_id, policy_standing.ends_on, policy_standing.value, policy_standing.wanted,
       policy_standing.declared, policy_standing.late, policy_standing.met_on, policy_standing.due_on)
    IS DISTINCT FROM (excluded.version_id, excluded.ends_on, excluded.value, excluded.wanted, excluded.declared,
                      excluded.late, excluded.met_on, excluded.due_on)
"""


def bound_by(county_id: int, bearer: str, applies_if: AppliesIf) -> QuerySet[Organisation]:
    """The organisations that owe something: of the bearer's kind, and where told, schools of a certain sort."""
    found = Organisation.objects.filter(county_id=county_id, kind=bearer)
    if applies_if.school_kinds:
        found = found.filter(school__kind__in=applies_if.school_kinds)
    if applies_if.boarding is not None:
        found = found.filter(school__boarders__gt=0) if applies_if.boarding else found.filter(school__boarders=0)
    if applies_if.teaching_point is not None:
        found = found.filter(school__central_school__isnull=not applies_if.teaching_point)
    if applies_if.pupils_from is not None:
        found = found.filter(school__pupils__gte=applies_if.pupils_from)
    if applies_if.pupils_below is not None:
        found = found.filter(school__pupils__lt=applies_if.pupils_below)
    return found


def scope_of(rule: Rule, span: Span, organisations: Sequence[int] | None = None) -> Scope:
    """Which records count for a period; what is owed once counts whenever it was done."""
    if rule.version.rhythm is Rhythm.ONCE:
        return Scope(rule.plan.county_id, EARLIEST, LATEST, rule.bearer, organisations)
    within = rule.entry.period.within_days or 0
    return Scope(rule.plan.county_id, span.starts_on, span.ends_on, rule.bearer, organisations, within, rule.since)


def joined_too_late(rule: Rule, span: Span) -> date:
    """Who joins the county after this day owes nothing for a period: it had begun, and the plan was in force already."""
    if rule.version.rhythm in (Rhythm.ONCE, Rhythm.EVENT):
        return LATEST
    return max(span.starts_on, timezone.localdate(rule.plan.in_force_from))


def declared(said: QuerySet[Supplement]) -> Rows:
    """How much each organisation has declared, and for which day last."""
    return said.order_by().values(bearer=F("organisation_id")).annotate(declared=Count("pk"), last_on=Max("done_on"))


def judge(rule: Rule, span: Span, organisations: Sequence[int] | None = None) -> None:
    """Write what the records say of one rule in one period, in one statement."""
    measure = rule.measure
    if measure is None:
        return
    scope = scope_of(rule, span, organisations)
    bound = bound_by(rule.plan.county_id, rule.bearer, rule.entry.applies_if)
    said = Supplement.objects.standing().filter(
        obligation_id=rule.version.obligation_id, done_on__range=(scope.starts_on, scope.ends_on)
    )
    if organisations is not None:
        bound, said = bound.filter(pk__in=organisations), said.filter(organisation_id__in=organisations)
    parts = {
        "bound": _sql(bound.order_by().values("id", "joined_on")),
        "found": _sql(measure.rows(scope, rule.parameters).order_by()),
        "said": _sql(declared(said)),
    }
    obligation, wanted = rule.version.obligation_id, rule.parameters.wanted
    owed_from = joined_too_late(rule, span)
    parameters: list[Any] = [
        rule.version.pk, obligation, span.starts_on, span.ends_on, owed_from, wanted, wanted, wanted,
        *parts["bound"][1], *parts["found"][1], *parts["said"][1], obligation, span.starts_on, owed_from,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(WRITE.format(**{name: sql for name, (sql, _given) in parts.items()}), parameters)


_postponed: ContextVar[bool] = ContextVar("_postponed", default=False)


@contextmanager
def postponed() -> Iterator[None]:
    """Leave judging to a `judge_all` that the caller does afterwards: for loading very many records at once."""
    before = _postponed.set(True)
    try:
        yield
    finally:
        _postponed.reset(before)


def touch(*, county: County, measures: Iterable[str] | None, organisations: Iterable[int], on: date) -> None:
    """Judge anew what a record of the day `on` changes, in its transaction; without measures by all that bind."""
    if _postponed.get():
        return
    touched = sorted(set(organisations))
    rules = rulebook(county, on, measures=None if measures is None else tuple(measures)).rules
    if not rules or not touched:
        return
    with connection.cursor() as cursor:
        if len(touched) > MANY:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ALL, county.pk])
        else:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [ALL, county.pk])
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, id) FROM (SELECT unnest(%s::int[]) AS id) AS one", [ONE, touched]
            )
    for rule in rules:
        if rule.span is not None:
            judge(rule, rule.span, touched)


def forget_unbound(rule: Rule) -> None:
    """Delete what was written of organisations that the rule does not bind any more."""
    bound = bound_by(rule.plan.county_id, rule.bearer, rule.entry.applies_if).values("pk")
    if rule.span is not None:
        written = Standing.objects.filter(obligation_id=rule.version.obligation_id, starts_on=rule.span.starts_on)
        written.exclude(organisation__in=bound).delete()


def judge_all(*, county: County, today: date) -> int:
    """Judge every rule of the county for its present period and the one before; says how many statements it took."""
    book = rulebook(county, today)
    done = 0
    for rule in [one for now in book.rules for one in (now, now.of_former) if one is not None]:
        if rule.span is None or rule.measure is None:
            continue
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ALL, county.pk])
            forget_unbound(rule)
            judge(rule, rule.span)
        done += 1
    return done


def _sql(rows: Rows) -> tuple[str, tuple[Any, ...]]:
    """A queryset's own statement with its parameters."""
    sql, parameters = rows.query.sql_with_params()
    return sql, tuple(parameters)
