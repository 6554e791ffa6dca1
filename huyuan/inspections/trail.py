"""What stands beside a hazard: its notices, the steps taken and the next one, its listed supervision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from huyuan.common.packs import Text
from huyuan.common.reach import Reach, allowed
from huyuan.inspections.models import Hazard, Inspection, RectificationNotice, StepUp, Supervision
from huyuan.inspections.permissions import check_can_issue, check_can_propose
from huyuan.inspections.queries import hazards_to_put_on_paper, steps_of
from huyuan.inspections.step_ups import StepRules, step_rules
from huyuan.organisations.calendar import working_days


@dataclass(frozen=True)
class NextStep:
    """The step that follows when nothing happens, and on which day."""

    day: date
    title: Text


@dataclass(frozen=True)
class TakenStep:
    """A step that was taken, in words; `current` when it is about the present due date."""

    step: StepUp
    title: Text | str
    current: bool


@dataclass(frozen=True)
class Trail:
    """What a hazard's page shows beside the hazard itself."""

    notices: Sequence[RectificationNotice]
    may_make: bool
    steps: Sequence[TakenStep]
    following: Sequence[NextStep]
    rules: StepRules
    supervision: Supervision | None
    may_propose: bool


def trail_of(reach: Reach, hazard: Hazard) -> Trail:
    """Everything of it, with a fixed number of queries."""
    today = timezone.localdate()
    rules = step_rules(hazard.county.adcode, today)
    taken = list(steps_of(hazard))
    said = [TakenStep(step, _title(rules, step.rule), step.current) for step in taken]  # type: ignore[attr-defined]  # annotated by steps_of
    supervision = hazard.supervisions.select_related("supervisor").order_by("-pk").first()
    return Trail(
        notices=list(RectificationNotice.objects.visible_to(reach).filter(items__hazard=hazard).order_by("-pk")),
        may_make=allowed(check_can_issue, reach, hazard)
        and hazards_to_put_on_paper(reach, hazard.school_id).filter(pk=hazard.pk).exists(),
        steps=said,
        following=_following(hazard, rules, {one.step.rule for one in said if one.current}),
        rules=rules,
        supervision=supervision,
        may_propose=may_propose(reach, hazard, supervision),
    )


def may_propose(reach: Reach, hazard: Hazard, supervision: Supervision | None) -> bool:
    """Whether the reader is offered to propose this hazard for listing."""
    if hazard.level != Hazard.Level.MAJOR or not hazard.guide_item or hazard.status == Hazard.Status.CLOSED:
        return False
    live = supervision is not None and supervision.status in {Supervision.Status.PROPOSED, Supervision.Status.LISTED}
    return not live and allowed(check_can_propose, reach, hazard)


def notices_of_check(reach: Reach, inspection: Inspection) -> QuerySet[RectificationNotice]:
    """The notices about hazards of a check."""
    seen = RectificationNotice.objects.visible_to(reach)
    return seen.filter(items__hazard__inspection=inspection).distinct().order_by("pk")


def without_notice(reach: Reach, inspection: Inspection) -> Hazard | None:
    """A hazard of the check from which the reader may make a notice."""
    return hazards_to_put_on_paper(reach, inspection.school_id).filter(inspection=inspection).first()


def _following(hazard: Hazard, rules: StepRules, taken: set[str]) -> list[NextStep]:
    if hazard.running_due_date is None or hazard.paused_on is not None:
        return []
    calendar = working_days(hazard.county, hazard.school)
    major = hazard.level == Hazard.Level.MAJOR and bool(hazard.guide_item)
    left = [rule for rule in rules.steps if rule.key not in taken and (major or not rule.only_major)]
    return [NextStep(rule.day(hazard.running_due_date, hazard.due_kind, calendar), rule.title) for rule in left]


def _title(rules: StepRules, key: str) -> Text | str:
    rule = rules.step(key)
    return rule.title if rule else key
