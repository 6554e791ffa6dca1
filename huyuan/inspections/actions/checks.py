"""Doing a check: begin, answer, photograph, sign, open again, cancel."""

import hashlib
import json
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.attachments import actions as attachments
from huyuan.attachments.models import Attachment
from huyuan.attachments.queries import photos_of
from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.actions import roving
from huyuan.inspections.actions.hazards import register_findings
from huyuan.inspections.actions.standing import check_changed
from huyuan.inspections.checklists import Checklist, Item
from huyuan.inspections.models import Answer, Inspection, RovingVisit, Signature
from huyuan.inspections.permissions import check_can_sign, check_can_use, signing_side
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.organisations.queries import acts_for
from huyuan.people.models import User
from huyuan.people.queries import speakers_for

OWNER = "inspections.inspection"


class AnsweredMeanwhile(Conflict):
    """Another phone answered the item since this one read it; carries the other answer."""

    def __init__(self, theirs: Answer) -> None:
        super().__init__(
            _("%(name)s answered this item in the meantime. Compare both answers and choose one; nothing is lost.")
            % {"name": theirs.answered_by.name}
        )
        self.theirs = theirs


@transaction.atomic
def begin_check(
    *,
    code: uuid.UUID,
    school: School,
    checklist: Checklist,
    visit: RovingVisit | None = None,
    by: Reach,
    now: datetime,
) -> Inspection:
    """Begin a check under the code that the phone chose, for a planned visit or not; beginning it twice is harmless."""
    check_can_use(by, school, checklist)
    agency_id = _agency_of(school, checklist, by)
    wanted = {
        "county_id": school.county_id, "school_id": school.pk, "checklist_code": checklist.code,
        "checklist_version": checklist.version, "started_by_id": by.person,
    }  # fmt: skip
    inspection, made = Inspection.objects.get_or_create(
        code=code, defaults={**wanted, "agency_id": agency_id, "started_at": now}
    )
    if not made:
        if any(getattr(inspection, name) != value for name, value in wanted.items()):
            raise Conflict(_("Another check has this code already. Open the page again and begin anew."))
        return inspection
    if visit is not None:
        roving.mark_visit(visit=visit, inspection=inspection, by=by)
    audit.record("inspection:begin", target=inspection, by=by, now=now, checklist=checklist.code)
    return inspection


@transaction.atomic
def answer_item(
    *, inspection: Inspection, item_key: str, value: str, note: str, base_revision: int, by: Reach, now: datetime
) -> Answer:
    """Answer one item. `base_revision` is the revision the phone had seen (0: none); raises AnsweredMeanwhile."""
    inspection = _locked(inspection)
    check_can_use(by, inspection.school, inspection.checklist)
    item = _open_item(inspection, item_key)
    if not item.accepts(value):
        raise Invalid(_("This answer does not fit the question."))
    answer = inspection.answers.select_for_update().filter(item_key=item_key).first()
    if answer is None:
        answer = Answer(inspection=inspection, item_key=item_key, revision=0)
    elif (answer.value, answer.note) == (value, note):
        return answer
    elif answer.revision != base_revision:
        raise AnsweredMeanwhile(answer)
    answer.value, answer.note, answer.answered_by_id, answer.answered_at = value, note, by.person, now
    answer.revision += 1
    answer.save()
    audit.record(
        "inspection:answer", target=inspection, by=by, now=now, item=item_key, answer=audit.digest(value + note)
    )
    return answer


@transaction.atomic
def photograph_item(*, inspection: Inspection, item_key: str, raw: bytes, by: Reach, now: datetime) -> Attachment:
    """Keep a photo with an item of an open check."""
    inspection = _locked(inspection)
    check_can_use(by, inspection.school, inspection.checklist)
    _open_item(inspection, item_key)
    [photo] = attachments.attach_photos(
        [raw], owner_kind=OWNER, owner_code=inspection.code, place=item_key, by=by, now=now
    )
    return photo


@transaction.atomic
def sign_check(*, inspection: Inspection, by: Reach, now: datetime) -> Inspection:
    """Sign for one's side; with the last signature every failed item becomes a hazard."""
    inspection = _locked(inspection)
    side = signing_side(by, inspection)
    check_can_sign(by, inspection)
    _check_all_answered(inspection)
    signed = set(inspection.signatures.filter(withdrawn_at=None).values_list("side", flat=True))
    if side in signed:
        raise Conflict(_("Your side has signed already."))
    complete = signed | {side} == set(inspection.checklist.sides)
    inspection.move_to(Inspection.Status.SIGNED if complete else Inspection.Status.SIGNING)
    inspection.signed_at = now if complete else None
    inspection.save(update_fields=["status", "signed_at"])
    content = _content_digest(inspection)
    Signature.objects.create(
        inspection=inspection, side=side, signed_by_id=by.person, signed_at=now, content_digest=content
    )
    hazards = register_findings(inspection=inspection, by=by, now=now) if complete else []
    if complete:
        check_changed(inspection, now)
        roving.finish_visit(inspection=inspection, by=by, now=now)
    audit.record("inspection:sign", target=inspection, by=by, now=now, side=side, content=content, hazards=len(hazards))
    if complete:
        _tell_the_agency(inspection, len(hazards), by, now)
    else:
        _tell("inspection:sign", inspection, _other_side(inspection, side, now), by, now)
    return inspection


@transaction.atomic
def reopen_check(*, inspection: Inspection, reason: str, by: Reach, now: datetime) -> Inspection:
    """Open a half-signed check again because something in it is wrong; the signature is withdrawn, not deleted."""
    inspection = _locked(inspection)
    side = signing_side(by, inspection)
    inspection.move_to(Inspection.Status.OPEN)
    inspection.save(update_fields=["status"])
    inspection.signatures.filter(withdrawn_at=None).update(withdrawn_at=now)
    audit.record("inspection:reopen", target=inspection, by=by, now=now, reason=audit.digest(reason))
    _tell("inspection:reopen", inspection, _other_side(inspection, side, now), by, now, reason=reason)
    return inspection


@transaction.atomic
def cancel_check(*, inspection: Inspection, reason: str, by: Reach, now: datetime) -> Inspection:
    """Cancel a check begun by mistake; it stays in the ledger with its reason."""
    inspection = _locked(inspection)
    check_can_use(by, inspection.school, inspection.checklist)
    inspection.move_to(Inspection.Status.CANCELLED)
    inspection.cancel_reason = reason
    inspection.save(update_fields=["status", "cancel_reason"])
    audit.record("inspection:cancel", target=inspection, by=by, now=now, reason=audit.digest(reason))
    today = timezone.localdate(now)
    both = [speakers_for(pk, Permission.INSPECTION_SIGN, today) for pk in (inspection.agency_id, inspection.school_id)]
    _tell("inspection:cancel", inspection, [*both[0], *both[1]], by, now, reason=reason)
    return inspection


def _agency_of(school: School, checklist: Checklist, by: Reach) -> int:
    """Who leads a joint check, or follows what comes from a self-check: the school's station, else the bureau."""
    agency_id = school.station_id if acts_for(by, school.pk) else by.organisation_id
    if agency_id is not None:
        return agency_id
    if checklist.is_joint:
        raise Invalid(_("This school has no police station yet, so nobody could sign for the other side."))
    bureaus = Organisation.objects.filter(county_id=school.county_id, kind=OrganisationKind.EDUCATION_BUREAU)
    return bureaus.values_list("pk", flat=True).earliest("pk")


def _locked(inspection: Inspection) -> Inspection:
    locked = Inspection.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("school__organisation").get(pk=inspection.pk)


def _open_item(inspection: Inspection, item_key: str) -> Item:
    if inspection.status != Inspection.Status.OPEN:
        raise Conflict(_("This check is signed, so its answers no longer change. Open it again first."))
    item = inspection.checklist.item(item_key)
    if item is None:
        raise Invalid(_("This item is not part of the checklist."))
    return item


def _check_all_answered(inspection: Inspection) -> None:
    answers = dict(inspection.answers.values_list("item_key", "value"))
    photographed = {photo.place for photo in photos_of(OWNER, inspection.code)}
    missing = [item for item in inspection.checklist.asked(answers) if not item.is_done(answers, photographed)]
    if missing:
        raise Invalid(
            _("%(count)s items have no answer or no photo yet, the first is “%(item)s”. Complete them, then sign.")
            % {"count": len(missing), "item": missing[0].ask}
        )


def _content_digest(inspection: Inspection) -> str:
    content = list(inspection.answers.order_by("item_key").values_list("item_key", "value", "note"))
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _tell_the_agency(inspection: Inspection, count: int, by: Reach, now: datetime) -> None:
    """Tell whoever orders rectification; a self-check in which all was in order is nobody's news."""
    if count or inspection.checklist.is_joint:
        kind = "inspection:complete" if inspection.checklist.is_joint else "inspection:self_check"
        to = speakers_for(inspection.agency_id, Permission.HAZARD_ORDER, timezone.localdate(now))
        _tell(kind, inspection, to, by, now, count=count)


def _other_side(inspection: Inspection, side: str, now: datetime) -> list[User]:
    other = inspection.school_id if side == Signature.Side.AGENCY else inspection.agency_id
    return speakers_for(other, Permission.INSPECTION_SIGN, timezone.localdate(now))


def _tell(kind: str, inspection: Inspection, to: list[User], by: Reach, now: datetime, **facts: Any) -> None:
    actor = User.objects.get(pk=by.user_id).name
    school = inspection.school.organisation.name
    notifications.queue(
        kind, to=to, by=by, now=now, url=inspection.get_absolute_url(), actor=actor, school=school, **facts
    )
