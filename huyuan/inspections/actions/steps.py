"""What follows when nothing happens: the steps of the county's rules, each taken and told once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db import transaction
from django.utils import timezone, translation

from huyuan.audit import actions as audit
from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.common.reach import Permission, Reach, system_reach
from huyuan.inspections.actions.audience import Audience
from huyuan.inspections.actions.supervision import leaders_of, propose_supervision
from huyuan.inspections.models import Hazard, StepUp, Supervision
from huyuan.inspections.queries import due_by, hazards_to_step
from huyuan.inspections.step_ups import Says, StepRule, StepRules, Told, step_rules
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import County, Organisation, OrganisationKind
from huyuan.people.queries import speakers_in_roles, users_who_can

# People are not woken: the first steps of a day are taken from this hour.
FIRST_HOUR = 7


@dataclass(frozen=True)
class Taken:
    """How many hazards were stepped up, how many steps were overtaken by later ones, how many listings proposed."""

    told: int = 0
    skipped: int = 0
    proposed: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.told + other.told, self.skipped + other.skipped, self.proposed + other.proposed)


def step_up_everywhere(*, now: datetime) -> Taken:
    """Take every step that is due in every county."""
    return sum(
        (step_up(county=county, by=system_reach(county.pk), now=now) for county in County.objects.all()), Taken()
    )


@transaction.atomic
def step_up(*, county: County, by: Reach, now: datetime) -> Taken:
    """Take the steps due in a county: nobody is told twice of one hazard, whatever was missed meanwhile.

    One run at a time a county; a second one finds nothing to do.
    """
    if not County.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=county.pk):
        return Taken()
    rules = step_rules(county.adcode, timezone.localdate(now))
    due = _due(county, rules, timezone.localdate(now))
    return sum((_take(hazard, steps, by, now) for hazard, steps in due), Taken())


def _due(county: County, rules: StepRules, today: date) -> list[tuple[Hazard, list[StepRule]]]:
    due: dict[tuple[int, int, date | None], list[StepRule]] = defaultdict(list)
    for rule in rules.steps:
        found = hazards_to_step(county, rule, due_by(rule, today, county), today)
        for stand in found.values_list("pk", "round", "due_date"):
            due[stand].append(rule)
    running = Hazard.objects.filter(pk__in=[pk for pk, _round, _due in due])
    locked = running.select_for_update(of=("self",), no_key=True).select_related("school__organisation", "responsible")
    still = locked.filter(status=Hazard.Status.ORDERED, paused_on=None).order_by("pk")
    # A date that was moved while its row was waited for is looked at anew in the next hour.
    return [(h, due[h.pk, h.round, h.due_date]) for h in still if (h.pk, h.round, h.due_date) in due]


def _take(hazard: Hazard, rules: Sequence[StepRule], by: Reach, now: datetime) -> Taken:
    """Tell the latest step, and those it overtook to whoever has not heard; a reminder comes too late by then."""
    last, due_date = rules[-1], cast(date, hazard.due_date)
    heard = [rule for rule in rules if rule is last or rule.says is not Says.REMIND]
    StepUp.objects.bulk_create(
        StepUp(
            hazard=hazard, round=hazard.round, due_date=due_date, rule=rule.key, taken_on=timezone.localdate(now),
            told=rule in heard,
        )
        for rule in rules
    )  # fmt: skip
    audit.record("hazard:step_up", target=hazard, by=by, now=now, rule=last.key, due=str(due_date))
    told: set[int] = set()
    proposed = 0
    for rule in reversed(heard):
        if rule.says is Says.PROPOSE:
            proposed += _propose(hazard, rule, by, now)
        else:
            told |= _tell(hazard, rule, told, by, now)
    return Taken(1, len(rules) - len(heard), proposed)


def _propose(hazard: Hazard, rule: StepRule, by: Reach, now: datetime) -> int:
    live = [Supervision.Status.PROPOSED, Supervision.Status.LISTED]
    if hazard.supervisions.filter(status__in=live).exists():
        return 0
    with translation.override(RECORD_LANGUAGE):
        propose_supervision(hazard=hazard, reason=str(rule.title), by=by, now=now)
    return 1


def _tell(hazard: Hazard, rule: StepRule, before: set[int], by: Reach, now: datetime) -> set[int]:
    told = set(before)
    for whom in rule.to:
        audience = audience_of(whom, hazard, now)
        people = [person for person in audience.people if person.pk not in told]
        told |= {person.pk for person in people}
        notifications.queue(
            f"hazard:step_{rule.says}", to=people, organisation_id=audience.organisation_id, by=by, now=now,
            url=hazard.get_absolute_url(), school=hazard.school.organisation.name, hazard=hazard.description[:60],
            due_on=hazard.due_date,
        )  # fmt: skip
    return told


def audience_of(whom: Told, hazard: Hazard, now: datetime) -> Audience:
    """The people of one part of a step's addressees."""
    today, school_id = timezone.localdate(now), hazard.school_id
    if whom is Told.RESPONSIBLE:
        return Audience([hazard.responsible] if hazard.responsible else [], None)
    if whom is Told.SAFETY_OFFICER:
        return Audience(speakers_in_roles(school_id, ["safety_officer"], today), school_id)
    if whom is Told.SCHOOL_HEAD:
        return Audience(speakers_in_roles(school_id, ["school_head"], today), school_id)
    if whom is Told.LEADERS:
        return Audience(leaders_of(hazard.county_id, now), None)
    agency_id = hazard.school.station_id
    if whom is Told.EDUCATION_BUREAU:
        bureau = Organisation.objects.filter(county_id=hazard.county_id, kind=OrganisationKind.EDUCATION_BUREAU).first()
        agency_id = bureau.pk if bureau else None
    return Audience(users_who_can(Permission.HAZARD_ORDER, [agency_id] if agency_id else [], today), agency_id)
