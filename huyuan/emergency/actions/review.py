"""The look back: what was predicted and what came, and what follows from it."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.emergency.actions.handling import held
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.actions.standing import incident_reviewed
from huyuan.emergency.measuring import measured
from huyuan.emergency.models import Finding, Incident, Review
from huyuan.emergency.permissions import check_can_finish_finding, check_can_review
from huyuan.inspections.actions.reviews import register_hazard
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation
from huyuan.people.models import User
from huyuan.people.queries import speakers_for


def _cleared(incident: Incident, by: Reach) -> Incident:
    """The incident after its all-clear, for who may review it."""
    incident = held(incident, running=False)
    check_can_review(by, incident)
    if incident.status == Incident.Status.OPEN:
        raise Conflict(_("The incident is still running. The review begins after the all-clear."))
    return incident


@transaction.atomic
def add_finding(*, incident: Incident, text: str, by: Reach, now: datetime) -> Finding:
    """Write down one thing that the incident has shown."""
    incident = _cleared(incident, by)
    if not text.strip():
        raise Invalid(_("Write what was found."))
    found = Finding.objects.create(incident=incident, text=text.strip()[:300], found_at=now, found_by_id=by.person)
    audit.record("incident:finding", target=found, by=by, now=now, text=audit.digest(found.text))
    return found


def _unsettled(finding: Finding, by: Reach) -> Finding:
    rows = Finding.objects.select_for_update(of=("self",), no_key=True).select_related("incident__school__organisation")
    finding = rows.get(pk=finding.pk)
    _cleared(finding.incident, by)
    if finding.hazard_id or finding.task_for_id:
        raise Conflict(_("This finding has become a hazard or a task already."))
    return finding


@transaction.atomic
def make_hazard(*, finding: Finding, category: str, place: str, by: Reach, now: datetime) -> Finding:
    """Let a finding become a hazard of the school, to be ordered and followed like any other."""
    finding = _unsettled(finding, by)
    finding.hazard = register_hazard(
        school=finding.incident.school, category=category, place=place, description=finding.text, by=by, now=now
    )
    finding.save(update_fields=["hazard"])
    audit.record("incident:finding_hazard", target=finding, by=by, now=now, hazard=str(finding.hazard.code))
    return finding


@transaction.atomic
def give_task(*, finding: Finding, to: Organisation, due: date, by: Reach, now: datetime) -> Finding:
    """Let a finding become a task of an organisation with a day."""
    finding = _unsettled(finding, by)
    if due < timezone.localdate(now):
        raise Invalid(_("The day is over already. Choose a later one."))
    finding.task_for, finding.task_due = to, due
    finding.save(update_fields=["task_for", "task_due"])
    audit.record("incident:finding_task", target=finding, by=by, now=now, to=str(to.code), due=str(due))
    incident = finding.incident
    notifications.queue(
        "incident:task", to=speakers_for(to.pk, Permission.INCIDENT_READ, timezone.localdate(now)), by=by, now=now,
        url=f"{incident.get_absolute_url()}review/", actor=User.objects.get(pk=by.person).name,
        school=incident.school.organisation.name, sign=incident.get_sign_display(), finding=finding.text[:60], due_on=due,
    )  # fmt: skip
    return finding


@transaction.atomic
def finish_task(*, finding: Finding, by: Reach, now: datetime) -> Finding:
    """Note that the task of a finding is done."""
    finding = Finding.objects.select_for_update(of=("self",), no_key=True).get(pk=finding.pk)
    check_can_finish_finding(by, finding)
    if finding.done_at is None:
        finding.done_at, finding.done_by_id = now, by.person
        finding.save(update_fields=["done_at", "done_by"])
        audit.record("incident:finding_done", target=finding, by=by, now=now)
    return finding


@transaction.atomic
def close_review(*, incident: Incident, went_well: str, to_change: str, by: Reach, now: datetime) -> Review:
    """End the review: the figures are kept as they are now, every finding must have become something."""
    incident = _cleared(incident, by)
    if incident.findings.filter(hazard=None, task_for=None).exists():
        raise Invalid(_("A finding has become neither a hazard nor a task yet. Decide on each first."))
    incident.move_to(Incident.Status.REVIEWED)
    incident.save(update_fields=["status"])
    figures: dict[str, Any] = measured(incident)
    review = Review.objects.create(
        incident=incident, went_well=went_well.strip(), to_change=to_change.strip(), measured=figures, written_at=now,
        written_by_id=by.person,
    )  # fmt: skip
    incident_reviewed(incident, now)
    audit.record(
        "incident:review", target=incident, by=by, now=now,
        went_well=audit.digest(review.went_well), to_change=audit.digest(review.to_change),
    )  # fmt: skip
    write_log("reviewed", incident=incident, now=now, by=by)
    return review
