"""The state that is shown: derived from what is stored and the day it is read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from huyuan.policy.models import Standing
from huyuan.policy.rulebook import Rule


class State(models.TextChoices):
    """Where an organisation stands with an obligation."""

    MET = "met", _("met")
    AT_RISK = "at_risk", _("at risk")
    MISSED = "missed", _("missed")
    NOT_YET_DUE = "not_yet_due", _("not yet due")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    OUTSIDE = "outside", _("handled outside")
    NO_DATA = "no_data", _("no data behind it")


JUDGED = (State.MET, State.AT_RISK, State.MISSED, State.NOT_YET_DUE)


@dataclass(frozen=True)
class Stand:
    """One organisation and one rule on a day.

    `days_left` counts to `due_on`, calendar days, below zero when past. `declared` tells that it is met only with what
    was declared (补录). `former_missed` tells that the period before was missed and nothing has made up for it yet.
    """

    rule: Rule
    state: State
    due_on: date | None = None
    days_left: int | None = None
    row: Standing | None = None
    declared: bool = False
    former_missed: bool = False

    @property
    def label(self) -> str:
        """The state in words."""
        return str(self.state.label)


def stand(rule: Rule, rows: Mapping[date, Standing], applies: bool, today: date) -> Stand:
    """Where an organisation stands, given its rows of this obligation by the first day of their period."""
    if rule.entry.outside is not None:
        return Stand(rule, State.OUTSIDE)
    if not applies:
        return Stand(rule, State.NOT_APPLICABLE)
    if rule.measure is None:
        return Stand(rule, State.NO_DATA, due_on=rule.span.due_on if rule.span else None)
    if rule.span is None:
        return Stand(rule, State.NOT_YET_DUE)
    if rule.measure.events:
        return _of_events(rule, rows, today)
    return _of_period(rule, rows, today)


def stands(rules: Iterable[Rule], rows: Iterable[Standing], applies: Mapping[int, bool], today: date) -> list[Stand]:
    """Where one organisation stands with each rule; `applies` by the id of the obligation."""
    found: dict[int, dict[date, Standing]] = {}
    for row in rows:
        found.setdefault(row.obligation_id, {})[row.starts_on] = row
    return [
        stand(rule, found.get(rule.version.obligation_id, {}), applies[rule.version.obligation_id], today)
        for rule in rules
    ]


def is_met(row: Standing | None) -> bool:
    """Whether what counted reaches what is wanted."""
    return row is not None and 0 < row.wanted <= row.value


def is_done_with(row: Standing | None) -> bool:
    """Whether a period is met, or nothing was owed for it."""
    return row is not None and (row.wanted == 0 or is_met(row))


def _of_period(rule: Rule, rows: Mapping[date, Standing], today: date) -> Stand:
    span, former = rule.span, rule.former
    if span is None:
        raise LookupError("a period is judged only where there is one")
    row = rows.get(span.starts_on)
    left = (span.due_on - today).days
    if row is not None and row.wanted == 0:
        return Stand(rule, State.NOT_APPLICABLE, row=row)
    if row is not None and is_met(row):
        declared = row.declared > 0 and row.value - row.declared < row.wanted
        return Stand(rule, State.MET, span.due_on, left, row, declared)
    counted = rule.counted(span)
    former_missed = former is not None and rule.counted(former) and not is_done_with(rows.get(former.starts_on))
    if counted and (today > span.ends_on or former_missed):
        return Stand(rule, State.MISSED, span.due_on, left, row, former_missed=former_missed)
    if counted and left <= rule.entry.period.warn_days:
        return Stand(rule, State.AT_RISK, span.due_on, left, row)
    return Stand(rule, State.NOT_YET_DUE, span.due_on, left, row)


def _of_events(rule: Rule, rows: Mapping[date, Standing], today: date) -> Stand:
    """Events still open count whatever period they are from; what was too late counts in its own."""
    if rule.span is None or not rows:
        return Stand(rule, State.NOT_YET_DUE)
    row = rows[max(rows)]
    late = row.late if row.starts_on == rule.span.starts_on else 0
    left = (row.due_on - today).days if row.due_on else None
    if late or (left is not None and left < 0):
        return Stand(rule, State.MISSED, row.due_on, left, row)
    if left is not None and left <= rule.entry.period.warn_days:
        return Stand(rule, State.AT_RISK, row.due_on, left, row)
    if left is None and row.starts_on == rule.span.starts_on and is_met(row):
        return Stand(rule, State.MET, None, None, row)
    return Stand(rule, State.NOT_YET_DUE, row.due_on, left, row)
