"""Transfer: another organisation of the county follows a hazard from now on, once it has accepted."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict
from huyuan.common.reach import Reach
from huyuan.inspections.actions.audience import locked, tell, the_school
from huyuan.inspections.actions.handovers import answered, hand_over, locked_handover, the_asker
from huyuan.inspections.actions.standing import hazard_changed
from huyuan.inspections.models import HandOver, Hazard
from huyuan.inspections.permissions import check_can_answer, check_can_transfer
from huyuan.organisations.models import Organisation


@transaction.atomic
def ask_transfer(*, hazard: Hazard, to: Organisation, reason: str, by: Reach, now: datetime) -> HandOver:
    """Ask another organisation to take a hazard over; until it accepts nothing changes."""
    hazard = locked(hazard)
    check_can_transfer(by, hazard)
    if hazard.status == Hazard.Status.CLOSED:
        raise Conflict(_("This hazard is closed, so there is nothing left to transfer."))
    transfer = HandOver(
        hazard=hazard, kind=HandOver.Kind.TRANSFER, from_organisation_id=by.home, to_organisation=to, reason=reason
    )
    return hand_over(transfer, by, now)


@transaction.atomic
def accept_transfer(*, handover: HandOver, by: Reach, now: datetime) -> Hazard:
    """Take a hazard over: follow it, and act next where the former agency would have."""
    handover = locked_handover(handover)
    check_can_answer(by, handover)
    answered(handover, HandOver.Status.ACCEPTED, "", by, now)
    hazard, to = handover.hazard, handover.to_organisation
    if hazard.holder_id == hazard.agency_id:
        hazard.holder = to
    former, hazard.agency = hazard.agency_id, to
    hazard.save(update_fields=["agency", "holder"])
    hazard_changed(hazard, now, former_agency=former)
    audit.record("hazard:accept_transfer", target=hazard, by=by, now=now, to=str(to.code))
    for audience in (the_asker(handover, now), the_school(hazard, now)):
        tell("hazard:accept_transfer", hazard, audience, by, now, whom=to.name)
    return hazard
