"""The closed loop of a hazard: register, order, rectify, re-check."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huyuan.attachments import actions as attachments
from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.actions.audience import locked, tell, the_agency, the_school
from huyuan.inspections.actions.handovers import lapse_handovers
from huyuan.inspections.actions.levels import check_in_place, check_level, check_not_lowered
from huyuan.inspections.actions.recurrence import link_recurrences
from huyuan.inspections.actions.standing import hazard_changed, hazards_changed
from huyuan.inspections.models import Extension, HandOver, Hazard, Inspection, Rectification
from huyuan.inspections.permissions import (
    check_can_order,
    check_can_recheck,
    check_can_rectify,
)
from huyuan.organisations.calendar import working_days
from huyuan.organisations.models import Jurisdiction, Organisation, OrganisationKind, School
from huyuan.people.models import User
from huyuan.people.queries import speakers_for
from huyuan.policy.clocks import due_after
from huyuan.search import actions as search

OWNER = "inspections.hazard"
# The place, among the photos of a hazard, of those that show it as it was found.
FOUND = "found"
MAX_PHOTOS = 6
MAX_DAYS = 365


def register_findings(*, inspection: Inspection, by: Reach, now: datetime) -> list[Hazard]:
    """Turn every failed item of a check into a hazard, in the words of the checklist and the note taken on the spot."""
    hazards = []
    found_on = timezone.localdate(now)
    answers = {answer.item_key: answer for answer in inspection.answers.all()}
    asked = inspection.checklist.asked({key: answer.value for key, answer in answers.items()})
    with translation.override(RECORD_LANGUAGE):
        for item in asked:
            answer = answers[item.key]
            if not item.fails(answer.value):
                continue
            words = f"{item.finding}：{answer.note}" if answer.note else str(item.finding)
            hazards.append(Hazard(
                county_id=inspection.county_id, school=inspection.school, inspection=inspection, item_key=item.key,
                category=inspection.checklist.category(item.key),
                description=words[:500], basis=str(item.basis)[:200], level=item.level, suggested_days=item.days,
                agency_id=inspection.agency_id, holder_id=inspection.agency_id, found_on=found_on, found_by_id=answer.answered_by_id,
            ))  # fmt: skip
    link_recurrences(hazards)
    Hazard.objects.bulk_create(hazards)
    for hazard in hazards:
        audit.record("hazard:register", target=hazard, by=by, now=now, item=hazard.item_key, level=hazard.level)
    index_hazards(hazards)
    return hazards


def index_hazards(hazards: Sequence[Hazard]) -> None:
    """Make hazards findable by their number, words and school, for everybody who reaches the school."""
    schools = {hazard.school_id for hazard in hazards}
    reached: dict[int, list[int]] = {pk: [pk] for pk in schools}
    for overseer, subject in Jurisdiction.objects.filter(subject_id__in=schools).values_list(
        "overseer_id", "subject_id"
    ):
        reached[subject].append(overseer)
    search.index(
        search.Findable(
            kind="hazard", object_code=hazard.code, title=hazard.description, day=hazard.found_on,
            detail=f"{hazard.number} · {hazard.school.organisation.name}", words="", county_id=hazard.county_id,
            organisation_ids=reached[hazard.school_id],
        )
        for hazard in hazards
    )  # fmt: skip


@transaction.atomic
def order_rectification(
    *, hazard: Hazard, requirement: str, responsible: User, level: str, days: int, due_kind: str, by: Reach,
    now: datetime, guide_item: str = "", funding: str = "", contingency: str = "",
) -> Hazard:  # fmt: skip
    """Order the school to put a hazard right: what is required, who answers for it, how many days it has.

    A major one names its item of the national guide and has all five in place.
    """
    hazard = locked(hazard)
    check_can_order(by, hazard)
    if level != Hazard.Level.MAJOR and not requirement.strip():
        raise Invalid(_("Say what is required, so that the school knows what to do."))
    if responsible not in speakers_for(hazard.school_id, Permission.HAZARD_READ, timezone.localdate(now)):
        raise Invalid(_("Choose somebody of the school who sees its hazards."))
    _check_days(days)
    check_level(level, guide_item)
    check_not_lowered(hazard, level)
    hazard.move_to(Hazard.Status.ORDERED)
    calendar = working_days(hazard.county, hazard.school)
    hazard.due_date, hazard.due_kind = due_after(timezone.localdate(now), days, due_kind, calendar), due_kind
    hazard.requirement, hazard.responsible, hazard.level = requirement, responsible, level
    if level == Hazard.Level.MAJOR:
        hazard.guide_item, hazard.funding, hazard.contingency = guide_item, funding, contingency
        check_in_place(hazard)
    hazard.ordered_at, hazard.ordered_by_id = now, by.person
    former, hazard.agency_id, hazard.holder_id = hazard.agency_id, by.home, hazard.school_id
    hazard.save()
    hazard_changed(hazard, now, former_agency=former)
    audit.record(
        "hazard:order", target=hazard, by=by, now=now, due=str(hazard.due_date), level=level, item=hazard.guide_item,
        responsible=str(responsible.code), requirement=audit.digest(requirement),
    )  # fmt: skip
    tell("hazard:order", hazard, the_school(hazard, now), by, now, due_on=hazard.due_date)
    return hazard


@transaction.atomic
def rectify_hazard(*, hazard: Hazard, report: str, photos: Sequence[bytes], by: Reach, now: datetime) -> Rectification:
    """Report that a hazard is put right, with photos as evidence; somebody else will re-check."""
    hazard = locked(hazard)
    check_can_rectify(by, hazard)
    if not photos:
        raise Invalid(_("Add at least one photo that shows the hazard is gone."))
    if len(photos) > MAX_PHOTOS:
        raise Invalid(_("At most %(count)s photos at a time.") % {"count": MAX_PHOTOS})
    hazard.move_to(Hazard.Status.RECTIFIED)
    hazard.holder_id = hazard.agency_id
    hazard.paused_on, hazard.pause_reason, hazard.paused_until = None, "", None
    hazard.save(update_fields=["status", "holder", "paused_on", "pause_reason", "paused_until"])
    lapse_handovers(hazard, by, now, HandOver.Kind.COORDINATION)
    waiting = Extension.objects.filter(hazard=hazard, decision=Extension.Decision.PENDING)
    waiting.update(decision=Extension.Decision.LAPSED, decided_by=by.person, decided_at=now)
    done = Rectification.objects.create(
        hazard=hazard, round=hazard.round, report=report, done_by_id=by.person, done_at=now
    )
    attachments.attach_photos(
        photos, owner_kind=OWNER, owner_code=hazard.code, place=f"round-{hazard.round}", by=by, now=now
    )
    hazard_changed(hazard, now)
    audit.record("hazard:rectify", target=hazard, by=by, now=now, round=hazard.round, report=audit.digest(report))
    tell("hazard:rectify", hazard, the_agency(hazard, now), by, now)
    return done


@transaction.atomic
def close_hazard(*, hazard: Hazard, remark: str, by: Reach, now: datetime) -> Hazard:
    """Accept the rectification after looking at it, and close."""
    hazard = locked(hazard)
    check_can_recheck(by, hazard)
    hazard.move_to(Hazard.Status.CLOSED)
    judge(hazard, Rectification.Verdict.ACCEPTED, remark, by, now)
    hazard.closed_at, hazard.closed_by_id, hazard.holder = now, by.person, None
    hazard.save(update_fields=["status", "closed_at", "closed_by", "holder"])
    hazard_changed(hazard, now)
    lapse_handovers(hazard, by, now)
    audit.record("hazard:close", target=hazard, by=by, now=now, round=hazard.round, remark=audit.digest(remark))
    tell("hazard:close", hazard, the_school(hazard, now), by, now)
    return hazard


@transaction.atomic
def reject_rectification(*, hazard: Hazard, remark: str, days: int, by: Reach, now: datetime) -> Hazard:
    """Refuse the rectification with the reason and give a new period; the next round begins."""
    hazard = locked(hazard)
    check_can_recheck(by, hazard)
    if not remark:
        raise Invalid(_("Say what is still wrong, so that the school knows what to do."))
    _check_days(days)
    hazard.move_to(Hazard.Status.ORDERED)
    judge(hazard, Rectification.Verdict.REJECTED, remark, by, now)
    calendar = working_days(hazard.county, hazard.school)
    hazard.due_date = due_after(timezone.localdate(now), days, hazard.due_kind, calendar)
    hazard.round, hazard.holder_id = hazard.round + 1, hazard.school_id
    hazard.save(update_fields=["status", "round", "due_date", "holder"])
    hazard_changed(hazard, now)
    audit.record("hazard:reject", target=hazard, by=by, now=now, round=hazard.round, remark=audit.digest(remark))
    tell(
        "hazard:reject",
        hazard,
        the_school(hazard, now),
        by,
        now,
        reason=remark,
        due_on=hazard.due_date,
    )
    return hazard


@transaction.atomic
def follow_schools(*, schools: Sequence[School], by: Reach, now: datetime) -> None:
    """Bring the checks and hazards of schools to the organisations that reach them now."""
    stations: dict[int, list[int]] = {}
    for school in schools:
        if school.station_id is not None:
            stations.setdefault(school.station_id, []).append(school.pk)
    for station_id, pks in stations.items():
        _hand_over(pks, station_id, by, now)
    found = Hazard.objects.filter(school__in=schools).select_related("school__organisation")
    index_hazards(list(found))


def _hand_over(schools: Sequence[int], station_id: int, by: Reach, now: datetime) -> None:
    former = Organisation.objects.filter(kind=OrganisationKind.STATION).exclude(pk=station_id)
    moved = Hazard.objects.filter(school_id__in=schools, agency__in=former).open()
    hazards = list(moved.select_for_update(of=("self",), no_key=True))
    for hazard in hazards:
        if hazard.holder_id == hazard.agency_id:
            hazard.holder_id = station_id
        hazard.agency_id = station_id
    Hazard.objects.bulk_update(hazards, ["agency", "holder"], batch_size=1_000)
    unfinished = [Inspection.Status.OPEN, Inspection.Status.SIGNING]
    Inspection.objects.filter(school_id__in=schools, agency__in=former, status__in=unfinished).update(agency=station_id)
    waiting = HandOver.objects.filter(hazard__school_id__in=schools, to_organisation__in=former).open()
    waiting.update(to_organisation=station_id)
    county = School.objects.select_related("county").get(pk=schools[0]).county
    hazards_changed(county, hazards, [*former.values_list("pk", flat=True), station_id], now)
    audit.record_all("hazard:hand_over", targets=hazards, by=by, now=now)


def _check_days(days: int) -> None:
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(_("Give a deadline of 1 to %(most)s days.") % {"most": MAX_DAYS})


def judge(hazard: Hazard, verdict: Rectification.Verdict, remark: str, by: Reach, now: datetime) -> None:
    """Write down what the re-check of the round found."""
    judged = Rectification.objects.filter(hazard=hazard, round=hazard.round, verdict=Rectification.Verdict.PENDING)
    judged.update(verdict=verdict, remark=remark, checked_by=by.person, checked_at=now)
