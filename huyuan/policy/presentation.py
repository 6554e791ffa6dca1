"""How a plan is shown: each passage of its text with the obligations it became and where the scope stands with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.policy.models import Clause, Plan, PlanVersion
from huyuan.policy.packs import ClauseKind, PlanPack, Rhythm, plan_packs
from huyuan.policy.plantext import passages
from huyuan.policy.queries import Tally
from huyuan.policy.rulebook import Rule
from huyuan.policy.scopes import PlanScope
from huyuan.policy.states import State

LOOKS = {
    State.MET: "ok", State.AT_RISK: "warn", State.MISSED: "danger", State.NOT_YET_DUE: "info", State.NOT_APPLICABLE: "",
    State.OUTSIDE: "", State.NO_DATA: "",
}  # fmt: skip
COLOURS = {
    State.MET: "--hy-good", State.NOT_YET_DUE: "--hy-info", State.AT_RISK: "--hy-warn", State.MISSED: "--hy-bad",
    State.NO_DATA: "--hy-edge", State.OUTSIDE: "--hy-quiet-bg",
}  # fmt: skip
RHYTHM_WORDS: dict[Rhythm, str | Promise] = {
    Rhythm.ONCE: _("once"), Rhythm.DAILY: _("every school day"), Rhythm.MONTHLY: _("every month"),
    Rhythm.QUARTERLY: _("every quarter"), Rhythm.TERM: _("every term"), Rhythm.YEARLY: _("every year"),
    Rhythm.EVENT: _("whenever it happens"),
}  # fmt: skip
KINDS: dict[ClauseKind, str | Promise] = {
    ClauseKind.GOAL: _("goal"), ClauseKind.PRINCIPLE: _("principle"), ClauseKind.POWER: _("power"),
    ClauseKind.DUTY: _("duty"),
}  # fmt: skip


@dataclass(frozen=True)
class LivingPassage:
    """A piece of the text, what it is, and what it obliges to."""

    number: int
    text: str
    kind: str | Promise
    tallies: Sequence[Tally]


@dataclass(frozen=True)
class LivingClause:
    """A clause with its heading and its passages."""

    clause: Clause
    heading: str
    kind: str | Promise
    passages: Sequence[LivingPassage]

    @property
    def tallies(self) -> list[Tally]:
        """Everything its passages oblige to."""
        return [tally for passage in self.passages for tally in passage.tallies]


def pack_of(plan: Plan) -> PlanPack | None:
    """The pack whose rules are installed."""
    return plan_packs().get((plan.code, plan.pack_version)) if plan.pack_version else None


def living(
    version: PlanVersion, plan: Plan, found: Iterable[Tally], scope: PlanScope, shown: str
) -> list[LivingClause]:
    """The clauses in order; with `shown` only those that hold an obligation in that state."""
    pack = pack_of(plan)
    kinds = {entry.number: entry for entry in pack.clauses} if pack else {}
    by_place: dict[tuple[str, int], list[Tally]] = {}
    for tally in found:
        if tally.bound and (not shown or tally.counts.get(State(shown))):
            by_place.setdefault((tally.rule.version.clause, tally.rule.version.passage), []).append(tally)
    clauses = [_clause(clause, kinds.get(clause.number), by_place) for clause in version.clauses.all()]
    return [clause for clause in clauses if clause.tallies] if shown else clauses


def _clause(clause: Clause, entry: Any, by_place: dict[tuple[str, int], list[Tally]]) -> LivingClause:
    pieces = passages(clause.text)
    told = {passage.number: KINDS[passage.kind] for passage in entry.passages} if entry else {}
    body = "".join(pieces)
    heading = clause.text[: clause.text.find(pieces[0])] if pieces and pieces[0] in clause.text else clause.text
    return LivingClause(
        clause, heading.strip() if body else clause.text.strip(), KINDS[entry.kind] if entry else "",
        [LivingPassage(n, text, told.get(n, ""), by_place.get((clause.number, n), [])) for n, text in enumerate(pieces, 1)],
    )  # fmt: skip


def chart_of(found: Sequence[Tally]) -> dict[str, Any] | None:
    """Where the scope stands, clause by clause of the measures, as stacked bars."""
    parts: dict[str, dict[State, int]] = {}
    for tally in found:
        part = parts.setdefault(tally.rule.version.clause, {})
        for state, count in tally.counts.items():
            part[state] = part.get(state, 0) + count
    states = [state for state in COLOURS if any(part.get(state) for part in parts.values())]
    if not states:
        return None
    series = [{"name": str(state.label), "colour": COLOURS[state]} for state in states]
    rows = [(clause, [part.get(state, 0) for state in states]) for clause, part in parts.items()]
    return {"kind": "bar", "stacked": True, "series": series, "rows": rows}


def unjudged(found: Iterable[Tally]) -> list[Tally]:
    """What is owed without any data behind it."""
    return [tally for tally in found if State.NO_DATA in tally.counts and tally.bound]


def listed(rules: Iterable[Rule]) -> list[Rule]:
    """The rules whose rhythm the county sets."""
    return [rule for rule in rules if rule.entry.period.rhythm is Rhythm.REGULAR]


def standing_of(rule: Rule) -> Rhythm:
    """The rhythm in force."""
    return rule.version.rhythm
