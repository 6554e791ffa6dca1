"""Notices to schools: issued and numbered, signed for or refused before a witness, withdrawn."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.models import Hazard, NoticeItem, NoticeNumbering, RectificationNotice
from huyuan.inspections.permissions import check_can_handle, check_can_issue, check_can_number, check_can_receive
from huyuan.inspections.queries import hazards_to_put_on_paper
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.models import User
from huyuan.people.queries import speakers_for, users_who_can

PREFIX = re.compile(r"[^\W\d_]{2,30}")


@transaction.atomic
def issue_notice(*, hazards: Sequence[Hazard], recheck_on: date, by: Reach, now: datetime) -> RectificationNotice:
    """Put ordered hazards of one school on one paper; the education bureau's gets its number here."""
    chosen = _locked_hazards(hazards)
    if not chosen or len({hazard.school_id for hazard in chosen}) > 1:
        raise Invalid(_("Choose at least one hazard, all of one school."))
    for hazard in chosen:
        check_can_issue(by, hazard)
    if len(hazards_to_put_on_paper(by, chosen[0].school_id).filter(pk__in=[h.pk for h in chosen])) < len(chosen):
        raise Conflict(_("One of these hazards stands on a notice already, or is no longer ordered. Choose again."))
    if recheck_on < timezone.localdate(now):
        raise Invalid(_("The day of the re-check lies in the past. Choose a later day."))
    checks = {hazard.inspection_id for hazard in chosen}
    notice = RectificationNotice(
        county_id=chosen[0].county_id, school=chosen[0].school, agency_id=by.home, issued_at=now, issued_by_id=by.person,
        recheck_on=recheck_on, inspection_id=checks.pop() if len(checks) == 1 else None,
    )  # fmt: skip
    _number(notice, timezone.localdate(now).year)
    notice.save()
    NoticeItem.objects.bulk_create(_item(notice, place, hazard) for place, hazard in enumerate(chosen, 1))
    audit.record("notice:issue", target=notice, by=by, now=now, number=notice.number, hazards=len(chosen))
    if notice.kind == RectificationNotice.Kind.EDUCATION:
        _tell_school("notice:issue", notice, by, now, number=notice.number, count=len(chosen))
    return notice


@transaction.atomic
def enter_number(
    *, notice: RectificationNotice, number: str, dated_on: date, reason: str = "", by: Reach, now: datetime
) -> RectificationNotice:
    """Enter the number that the police case system gave; the school is asked to sign. A correction needs a reason."""
    notice = _locked(notice)
    check_can_handle(by, notice)
    if notice.kind != RectificationNotice.Kind.POLICE:
        raise Conflict(_("This notice has its number from the county's own count; it is never changed."))
    if notice.status == RectificationNotice.Status.WITHDRAWN:
        raise Conflict(_("This notice was withdrawn."))
    if dated_on > timezone.localdate(now):
        raise Invalid(_("The date of the paper lies in the future. Enter the date printed on it."))
    first = not notice.outside_number
    if not first and not reason:
        raise Invalid(_("Say why the number is corrected."))
    notice.outside_number, notice.outside_on = number, dated_on
    notice.save(update_fields=["outside_number", "outside_on"])
    audit.record(
        "notice:number" if first else "notice:correct_number", target=notice, by=by, now=now, number=number,
        dated=str(dated_on), reason=audit.digest(reason),
    )  # fmt: skip
    if first:
        _tell_school("notice:issue", notice, by, now, number=number, count=notice.items.count())
    return notice


@transaction.atomic
def sign_for_notice(*, notice: RectificationNotice, by: Reach, now: datetime) -> RectificationNotice:
    """Sign for a notice on behalf of the school."""
    notice = _locked(notice)
    check_can_receive(by, notice)
    signer = User.objects.get(pk=by.person)
    _receive(notice, signer.name, timezone.localdate(now), by, now)
    _tell_agency("notice:sign", notice, by, now)
    return notice


@transaction.atomic
def record_receipt(
    *, notice: RectificationNotice, receiver_name: str, received_on: date, by: Reach, now: datetime
) -> RectificationNotice:
    """Record who signed the printed receipt, and when."""
    notice = _locked(notice)
    check_can_handle(by, notice)
    if not receiver_name:
        raise Invalid(_("Say who signed."))
    _receive(notice, receiver_name, received_on, by, now)
    _tell_school("notice:receive", notice, by, now, receiver=receiver_name)
    return notice


@transaction.atomic
def record_refusal(
    *, notice: RectificationNotice, reason: str, witness_name: str, witness_organisation: str, refused_on: date,
    by: Reach, now: datetime,
) -> RectificationNotice:  # fmt: skip
    """Record that the school would not sign, before a witness who is not the officer; the notice counts as delivered."""
    notice = _locked(notice)
    check_can_handle(by, notice)
    if not reason:
        raise Invalid(_("Say why the school did not sign."))
    if not witness_name or not witness_organisation:
        raise Invalid(_("A refusal needs a witness: enter the name and where the witness works."))
    if witness_name == User.objects.get(pk=by.person).name:
        raise Invalid(_("The officer who records a refusal cannot be its witness. Name somebody else."))
    _answer(notice, RectificationNotice.Status.REFUSED, refused_on, by, now)
    notice.refusal_reason, notice.witness_name = reason, witness_name
    notice.witness_organisation = witness_organisation
    notice.save()
    audit.record(
        "notice:refuse", target=notice, by=by, now=now, reason=audit.digest(reason), witness=audit.digest(witness_name)
    )
    _tell_school("notice:refuse", notice, by, now, reason=reason, witness=witness_name)
    return notice


@transaction.atomic
def withdraw_notice(*, notice: RectificationNotice, reason: str, by: Reach, now: datetime) -> RectificationNotice:
    """Take a notice back before it is signed for; its number stays used, its hazards can go on another paper."""
    notice = _locked(notice)
    check_can_handle(by, notice)
    notice.move_to(RectificationNotice.Status.WITHDRAWN)
    notice.withdrawn_at, notice.withdraw_reason = now, reason
    notice.save(update_fields=["status", "withdrawn_at", "withdraw_reason"])
    audit.record("notice:withdraw", target=notice, by=by, now=now, reason=audit.digest(reason))
    if notice.number:
        _tell_school("notice:withdraw", notice, by, now, reason=reason)
    return notice


@transaction.atomic
def set_numbering(*, prefix: str, by: Reach, now: datetime) -> NoticeNumbering:
    """Decide how the numbers of the bureau's notices begin; the count of the year goes on."""
    check_can_number(by)
    if not PREFIX.fullmatch(prefix):
        raise Invalid(_("The number begins with 2 to 30 characters, without digits, brackets or spaces."))
    numbering = _locked_numbering(Organisation.objects.get(pk=by.home))
    numbering.prefix = prefix
    numbering.save(update_fields=["prefix"])
    audit.record("notice:set_numbering", target=numbering, by=by, now=now, prefix=prefix)
    return numbering


def usual_prefix(agency: Organisation) -> str:
    """How an agency's numbers begin until it decides: from 云溪县教育体育局 comes 云溪教体安改."""
    place = agency.county.name.rstrip("县市区")
    return f"{place}教{'体' if '体' in agency.name else ''}安改"


def _locked(notice: RectificationNotice) -> RectificationNotice:
    rows = RectificationNotice.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school__organisation", "agency").get(pk=notice.pk)


def _locked_hazards(hazards: Sequence[Hazard]) -> list[Hazard]:
    rows = Hazard.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[hazard.pk for hazard in hazards])
    return list(rows.select_related("school__organisation", "responsible").order_by("pk"))


def _locked_numbering(agency: Organisation) -> NoticeNumbering:
    NoticeNumbering.objects.bulk_create(
        [NoticeNumbering(agency=agency, prefix=usual_prefix(agency))], ignore_conflicts=True
    )
    return NoticeNumbering.objects.select_for_update(no_key=True).get(agency=agency)


def _number(notice: RectificationNotice, year: int) -> None:
    agency = Organisation.objects.select_related("county").get(pk=notice.agency_id)
    if agency.kind != OrganisationKind.EDUCATION_BUREAU:
        notice.kind = RectificationNotice.Kind.POLICE
        return
    numbering = _locked_numbering(agency)
    last = RectificationNotice.objects.filter(agency=agency, year=year).aggregate(last=Max("sequence"))["last"]
    notice.kind, notice.prefix = RectificationNotice.Kind.EDUCATION, numbering.prefix
    notice.year, notice.sequence = year, (last or 0) + 1


def _item(notice: RectificationNotice, place: int, hazard: Hazard) -> NoticeItem:
    if hazard.due_date is None:
        raise Invalid(_("A hazard without a deadline cannot stand on a notice."))
    responsible = hazard.responsible.name if hazard.responsible else hazard.responsible_name
    return NoticeItem(
        notice=notice, hazard=hazard, position=place, round=hazard.round, description=hazard.description,
        basis=hazard.basis, level=hazard.level, requirement=hazard.requirement, responsible_name=responsible,
        due_date=hazard.due_date,
    )  # fmt: skip


def _answer(
    notice: RectificationNotice, status: RectificationNotice.Status, on: date, by: Reach, now: datetime
) -> None:
    if not notice.number:
        raise Conflict(_("This is a draft without a number. Enter the number of the police paper first."))
    notice.move_to(status)
    issued = notice.outside_on or timezone.localdate(notice.issued_at)
    if not issued <= on <= timezone.localdate(now):
        raise Invalid(_("The day lies before the notice or in the future. Enter the day on the receipt."))
    notice.answered_on, notice.answered_by_id = on, by.person


def _receive(notice: RectificationNotice, name: str, on: date, by: Reach, now: datetime) -> None:
    _answer(notice, RectificationNotice.Status.RECEIVED, on, by, now)
    notice.receiver_name = name
    notice.save()
    audit.record("notice:receive", target=notice, by=by, now=now, receiver=audit.digest(name), on=str(on))


def _tell_school(kind: str, notice: RectificationNotice, by: Reach, now: datetime, **facts: object) -> None:
    people = speakers_for(notice.school_id, Permission.HAZARD_RECTIFY, timezone.localdate(now))
    _tell(kind, notice, people, notice.school_id, by, now, **facts)


def _tell_agency(kind: str, notice: RectificationNotice, by: Reach, now: datetime) -> None:
    people = users_who_can(Permission.HAZARD_ORDER, [notice.agency_id], timezone.localdate(now))
    _tell(kind, notice, people, notice.agency_id, by, now)


def _tell(
    kind: str, notice: RectificationNotice, to: list[User], organisation_id: int, by: Reach, now: datetime,
    **facts: object,
) -> None:  # fmt: skip
    notifications.queue(
        kind, to=to, organisation_id=organisation_id, by=by, now=now, url=notice.get_absolute_url(),
        actor=User.objects.get(pk=by.person).name, school=notice.school.organisation.name,
        **{"number": notice.number, **facts},
    )  # fmt: skip
