"""How a plan is shown: each passage of its text with the obligations it became and where the scope stands with them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from huyuan.policy.states import JUDGED, State

# Colour is kept for what is done and what presses; everything else is told by its icon and its word.
LOOKS = {State.MET: "ok", State.AT_RISK: "warn", State.MISSED: "danger"}
ICONS = {
    State.MISSED: "alert-triangle", State.AT_RISK: "clock", State.NOT_YET_DUE: "calendar", State.MET: "check",
    State.NO_DATA: "circle-dashed", State.OUTSIDE: "arrow-up-right", State.NOT_APPLICABLE: "minus",
}  # fmt: skip
PRESSING = (State.MISSED, State.AT_RISK)
RHYTHM_WORDS: dict[Rhythm, str | Promise] = {
    Rhythm.ONCE: _("once"), Rhythm.DAILY: _("every school day"), Rhythm.MONTHLY: _("every month"),
    Rhythm.QUARTERLY: _("every quarter"), Rhythm.TERM: _("every term"), Rhythm.YEARLY: _("every year"),
    Rhythm.EVENT: _("whenever it happens"),
}  # fmt: skip
KINDS: dict[ClauseKind, str | Promise] = {
    ClauseKind.GOAL: _("goal"), ClauseKind.PRINCIPLE: _("principle"), ClauseKind.POWER: _("power"),
    ClauseKind.DUTY: "",
}  # fmt: skip


@dataclass(frozen=True)
class Digest:
    """Several obligations in one line: what presses, how much is met of what is judged, else the one word for all."""

    counts: Mapping[State, int]

    @property
    def pressing(self) -> list[tuple[State, int]]:
        """What is missed or at risk, with how many."""
        return [(state, self.counts[state]) for state in PRESSING if self.counts.get(state)]

    @property
    def judged(self) -> int:
        """How many are judged at all."""
        return sum(self.counts.get(state, 0) for state in JUDGED)

    @property
    def met(self) -> int:
        """How many have met it."""
        return self.counts.get(State.MET, 0)

    @property
    def word(self) -> State:
        """The most pressing state."""
        return next((state for state in ICONS if self.counts.get(state)), State.NOT_APPLICABLE)


def digest_of(found: Iterable[Tally]) -> Digest:
    """The states of several obligations together."""
    counts: Counter[State] = Counter()
    for tally in found:
        counts.update(tally.counts)
    return Digest(counts)


@dataclass(frozen=True)
class LivingPassage:
    """A piece of the text, what it is when it obliges to nothing, and what it obliges to."""

    number: int
    text: str
    kind: str | Promise
    tallies: Sequence[Tally]

    @property
    def digest(self) -> Digest:
        """Its obligations in one line."""
        return digest_of(self.tallies)


@dataclass(frozen=True)
class LivingClause:
    """A clause with its heading and its passages."""

    clause: Clause
    heading: str
    passages: Sequence[LivingPassage]

    @property
    def tallies(self) -> list[Tally]:
        """Everything its passages oblige to."""
        return [tally for passage in self.passages for tally in passage.tallies]

    @property
    def digest(self) -> Digest:
        """Its obligations in one line."""
        return digest_of(self.tallies)


def pack_of(plan: Plan) -> PlanPack | None:
    """The pack whose rules are installed."""
    return plan_packs().get((plan.code, plan.pack_version)) if plan.pack_version else None


def living(
    version: PlanVersion, plan: Plan, found: Iterable[Tally], scope: PlanScope, shown: str
) -> list[LivingClause]:
    """The clauses in order; with `shown` those that hold an obligation in that state."""
    pack = pack_of(plan)
    kinds = {entry.number: entry for entry in pack.clauses} if pack else {}
    by_place: dict[tuple[str, int], list[Tally]] = {}
    for tally in found:
        if tally.bound and (not shown or tally.counts.get(State(shown))):
            by_place.setdefault((tally.rule.version.clause, tally.rule.version.passage), []).append(tally)
    clauses = [_clause(clause, kinds.get(clause.number), by_place) for clause in version.clauses.all()]
    return _with_headings(clauses) if shown else clauses


def _with_headings(clauses: Sequence[LivingClause]) -> list[LivingClause]:
    """The clauses that oblige to something, under the headings they stand below."""
    holding = [f"{one.clause.number}." for one in clauses if one.tallies]
    return [one for one in clauses if any(number.startswith(f"{one.clause.number}.") for number in holding)]


def _clause(clause: Clause, entry: Any, by_place: dict[tuple[str, int], list[Tally]]) -> LivingClause:
    pieces = passages(clause.text)
    told = {passage.number: KINDS[passage.kind] for passage in entry.passages} if entry else {}
    heading = clause.text[: clause.text.find(pieces[0])] if pieces and pieces[0] in clause.text else clause.text
    return LivingClause(
        clause, heading.strip() if pieces else clause.text.strip(),
        [LivingPassage(n, text, told.get(n, ""), by_place.get((clause.number, n), [])) for n, text in enumerate(pieces, 1)],
    )  # fmt: skip


def choices_of(found: Iterable[Tally]) -> list[tuple[State, int]]:
    """The states that occur, the most pressing first, with how many obligations stand in them."""
    counts = Counter(state for tally in found if tally.bound for state, count in tally.counts.items() if count)
    return [(state, counts[state]) for state in ICONS if counts[state]]


def unjudged(found: Iterable[Tally]) -> list[Tally]:
    """What is owed without any data behind it."""
    return [tally for tally in found if State.NO_DATA in tally.counts and tally.bound]


def listed(rules: Iterable[Rule]) -> list[Rule]:
    """The rules whose rhythm the county sets."""
    return [rule for rule in rules if rule.entry.period.rhythm is Rhythm.REGULAR]


def standing_of(rule: Rule) -> Rhythm:
    """The rhythm in force."""
    return rule.version.rhythm
