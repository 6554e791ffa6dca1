"""Listed supervision of major hazards: proposed by rule or officer, decided and lifted by a leader."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.actions.audience import locked, the_agency, the_school
from huyuan.inspections.models import Hazard, Supervision
from huyuan.inspections.permissions import check_can_propose, check_can_supervise
from huyuan.inspections.queries import possible_supervisors
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.models import User
from huyuan.people.queries import users_who_can

Status = Supervision.Status


@transaction.atomic
def propose_supervision(*, hazard: Hazard, reason: str, by: Reach, now: datetime) -> Supervision:
    """Ask the leaders to list a major hazard for supervision; nobody is named until one of them decides."""
    hazard = locked(hazard)
    check_can_propose(by, hazard)
    if hazard.level != Hazard.Level.MAJOR:
        raise Conflict(_("Only a major hazard is proposed for listed supervision."))
    if not hazard.guide_item:
        raise Conflict(_("This major hazard names no item of the national guide yet. Confirm its level first."))
    if hazard.status == Hazard.Status.CLOSED:
        raise Conflict(_("This hazard is closed. There is nothing to supervise."))
    if hazard.supervisions.filter(status__in=[Status.PROPOSED, Status.LISTED]).exists():
        raise Conflict(_("This hazard is proposed or listed already."))
    supervision = Supervision.objects.create(
        county_id=hazard.county_id, hazard=hazard, proposed_at=now, proposed_by_id=by.user_id, proposal_reason=reason
    )
    audit.record("supervision:propose", target=supervision, by=by, now=now, reason=audit.digest(reason))
    _tell("supervision:propose", supervision, leaders_of(hazard.county_id, now), by, now, reason=reason)
    return supervision


@transaction.atomic
def list_supervision(
    *, supervision: Supervision, supervisor: User, deadline: date, by: Reach, now: datetime
) -> Supervision:
    """List a hazard for supervision: a leader names who of an agency supervises it, and until when it is to be closed."""
    hazard, supervision = _locked(supervision)
    check_can_supervise(by, supervision)
    today = timezone.localdate(now)
    if hazard.status == Hazard.Status.CLOSED:
        raise Conflict(_("This hazard has been closed in the meantime. Decline the listing."))
    if hazard.level != Hazard.Level.MAJOR:
        raise Conflict(_("This hazard is no longer a major one. Decline the listing."))
    if deadline < today:
        raise Invalid(_("The deadline of the supervision lies in the past. Choose a later day."))
    if not possible_supervisors(supervision.county_id, today).filter(pk=supervisor.pk).exists():
        raise Invalid(_("Choose somebody of an agency of this county who sees hazards."))
    supervision.move_to(Status.LISTED)
    supervision.decided_at, supervision.decided_by_id = now, by.person
    supervision.supervisor, supervision.deadline = supervisor, deadline
    supervision.save()
    audit.record(
        "supervision:list", target=supervision, by=by, now=now, supervisor=str(supervisor.code), deadline=str(deadline)
    )
    told = [*the_school(hazard, now).people, *the_agency(hazard, now).people, supervisor]
    _tell("supervision:list", supervision, told, by, now, supervisor=supervisor.name, due_on=deadline)
    return supervision


@transaction.atomic
def decline_supervision(*, supervision: Supervision, reason: str, by: Reach, now: datetime) -> Supervision:
    """Decide against a listing, with the reason."""
    hazard, supervision = _locked(supervision)
    check_can_supervise(by, supervision)
    if not reason:
        raise Invalid(_("Say why it is not listed."))
    supervision.move_to(Status.DECLINED)
    supervision.decided_at, supervision.decided_by_id, supervision.decline_reason = now, by.person, reason
    supervision.save()
    audit.record("supervision:decline", target=supervision, by=by, now=now, reason=audit.digest(reason))
    _tell("supervision:decline", supervision, the_agency(hazard, now).people, by, now, reason=reason)
    return supervision


@transaction.atomic
def lift_supervision(*, supervision: Supervision, by: Reach, now: datetime) -> Supervision:
    """End a supervision once its hazard is closed."""
    hazard, supervision = _locked(supervision)
    check_can_supervise(by, supervision)
    if hazard.status != Hazard.Status.CLOSED:
        raise Conflict(_("The hazard is not closed yet. Its supervision is lifted after that."))
    supervision.move_to(Status.LIFTED)
    supervision.lifted_at, supervision.lifted_by_id = now, by.person
    supervision.save(update_fields=["status", "lifted_at", "lifted_by"])
    audit.record("supervision:lift", target=supervision, by=by, now=now)
    told = [*the_school(hazard, now).people, *the_agency(hazard, now).people]
    if supervision.supervisor:
        told.append(supervision.supervisor)
    _tell("supervision:lift", supervision, told, by, now)
    return supervision


def leaders_of(county_id: int, now: datetime) -> list[User]:
    """The leaders who decide on listings in a county."""
    groups = Organisation.objects.filter(
        county_id=county_id, kind__in=[OrganisationKind.PARTY_GROUP, OrganisationKind.LEADING_GROUP]
    )
    return users_who_can(Permission.SUPERVISION_DECIDE, groups.values_list("pk", flat=True), timezone.localdate(now))


def _locked(supervision: Supervision) -> tuple[Hazard, Supervision]:
    hazard = locked(supervision.hazard)
    found = Supervision.objects.select_for_update(of=("self",), no_key=True).select_related("supervisor")
    supervision = found.get(pk=supervision.pk)
    supervision.hazard = hazard
    return hazard, supervision


def _tell(kind: str, supervision: Supervision, to: list[User], by: Reach, now: datetime, **facts: Any) -> None:
    hazard = supervision.hazard
    actor = User.objects.get(pk=by.user_id).name if by.user_id else _("The rule of step-ups")
    notifications.queue(
        kind, to=to, by=by, now=now, url=supervision.get_absolute_url(), actor=actor,
        school=hazard.school.organisation.name, hazard=hazard.description[:60], **facts,
    )  # fmt: skip
