"""The closed loop of a hazard: each act works, is refused with the same setup, is audited and told."""

from datetime import date, timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from factories import NOW, begun_check, hazard_at, photo
from huyuan.attachments.models import Attachment
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import deadlines, hazards
from huyuan.inspections.models import Extension, Hazard, Rectification
from huyuan.notifications.kinds import sentence
from huyuan.notifications.models import Message
from huyuan.organisations.actions.jurisdiction import refresh_jurisdiction
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of
from huyuan.policy.models import DayKind
from huyuan.policy.worklist import tasks_for
from huyuan.search.queries import find

LATER = NOW + timedelta(days=3)


def order(cast, hazard, by="station", **changes):
    words = {
        "requirement": "更换",
        "responsible": cast.safety,
        "level": "general",
        "days": 10,
        "due_kind": DayKind.CALENDAR,
    }
    return hazards.order_rectification(hazard=hazard, by=cast.reach(by), now=NOW, **words | changes)


def test_an_order_names_person_and_deadline_and_tells_the_school(cast):
    hazard = order(cast, hazard_at(cast, "registered"))
    assert (hazard.status, hazard.due_date, hazard.holder) == (
        "ordered",
        date(2026, 9, 25),
        cast.organisations["school"],
    )
    message = Message.objects.get(kind="hazard:order", recipient=cast.safety)
    words = sentence(message.kind, message.facts, "en")
    assert cast.station.name in words
    assert "Sept. 25, 2026" in words
    assert AuditRow.objects.filter(kind="hazard:order", actor_id=cast.station.pk).exists()


def test_working_days_skip_the_national_holiday_and_count_make_up_days(cast):
    hazard = order(cast, hazard_at(cast, "registered"), days=10, due_kind=DayKind.WORKING)
    assert hazard.due_date == date(2026, 9, 29)  # the 20th is a make-up workday, 25th to 27th a holiday


@pytest.mark.parametrize("part", ["head", "safety", "town", "leader", "teacher", "other_station"])
def test_who_does_not_order_is_refused(cast, part):
    hazard = hazard_at(cast, "registered")
    with pytest.raises(Denied):
        order(cast, hazard, by=part)
    hazard.refresh_from_db()
    assert hazard.status == "registered"


def test_the_responsible_person_must_belong_to_the_school(cast):
    hazard = hazard_at(cast, "registered")
    for outsider in (cast.other_head, cast.volunteer, cast.guard):
        with pytest.raises(Invalid):
            order(cast, hazard, responsible=outsider)
    assert order(cast, hazard, responsible=cast.teacher).responsible == cast.teacher


def test_ordering_twice_is_a_conflict(cast):
    hazard = order(cast, hazard_at(cast, "registered"))
    with pytest.raises(Conflict):
        order(cast, hazard)


def test_rectification_needs_evidence(cast):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Invalid):
        hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[], by=cast.reach("safety"), now=LATER)
    assert not Rectification.objects.exists()


def test_one_bad_photo_keeps_the_whole_report_from_being_half_done(cast, settings):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Invalid):
        hazards.rectify_hazard(
            hazard=hazard, report="已更换", photos=[photo(), b"%PDF-1.7"], by=cast.reach("safety"), now=LATER
        )
    hazard.refresh_from_db()
    assert hazard.status == "ordered"
    assert not Rectification.objects.exists()
    stored = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert len(stored) == 2 * Attachment.objects.count()


def test_whoever_rectified_does_not_recheck_from_another_post_either(cast):
    hazard = hazard_at(cast, "ordered")
    hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[photo()], by=cast.reach("head"), now=LATER)
    also = Post.objects.create(
        user=cast.head, organisation=cast.organisations["station"], role="station_officer", starts_on=NOW.date()
    )
    with pytest.raises(Denied, match="其他人"):
        hazards.close_hazard(hazard=hazard, remark="", by=reach_of(cast.head, also), now=LATER)
    assert hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=LATER).status == "closed"


@pytest.mark.parametrize("part", ["head", "safety", "vice_principal", "town", "other_station"])
def test_only_the_agency_that_follows_it_and_the_county_recheck(cast, part):
    hazard = hazard_at(cast, "rectified")
    for refused in (hazards.close_hazard, partial(hazards.reject_rectification, days=3)):
        with pytest.raises(Denied):
            refused(hazard=hazard, remark="看过", by=cast.reach(part), now=LATER)
    assert hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("police"), now=LATER).status == "closed"


def test_the_database_itself_refuses_a_recheck_by_who_rectified(cast):
    done = hazard_at(cast, "rectified").rounds.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rectification.objects.filter(pk=done.pk).update(verdict="accepted", checked_by=done.done_by, checked_at=LATER)


def test_closing_twice_is_a_conflict_for_the_second(cast):
    hazard = hazard_at(cast, "rectified")
    hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=LATER)
    with pytest.raises(Conflict, match="已销号"):
        hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("bureau"), now=LATER)
    assert AuditRow.objects.filter(kind="hazard:close").count() == 1


def test_rejection_begins_the_next_round_with_a_new_date(cast):
    hazard = hazards.reject_rectification(
        hazard=hazard_at(cast, "rectified"), remark="灯还是不亮", days=5, by=cast.reach("station"), now=LATER
    )
    assert (hazard.status, hazard.round, hazard.holder) == ("ordered", 2, cast.organisations["school"])
    assert hazard.due_date > LATER.date()
    assert hazard.rounds.get().verdict == "rejected"
    hazards.rectify_hazard(hazard=hazard, report="换新灯", photos=[photo()], by=cast.reach("safety"), now=LATER)
    assert [r.round for r in hazard.rounds.all()] == [1, 2]


def test_rejection_says_what_is_wrong(cast):
    with pytest.raises(Invalid):
        hazards.reject_rectification(
            hazard=hazard_at(cast, "rectified"), remark="", days=5, by=cast.reach("station"), now=LATER
        )


def test_more_time_is_asked_by_the_school_and_granted_by_another(cast):
    hazard = hazard_at(cast, "ordered")
    new_date = hazard.due_date + timedelta(days=7)
    asked = deadlines.ask_extension(
        hazard=hazard, new_due_date=new_date, reason="等配件", by=cast.reach("safety"), now=NOW
    )
    with pytest.raises(Conflict):
        deadlines.ask_extension(hazard=hazard, new_due_date=new_date, reason="再问", by=cast.reach("head"), now=NOW)
    with pytest.raises(Denied):
        deadlines.decide_extension(extension=asked, grant=True, by=cast.reach("head"), now=NOW)
    deadlines.decide_extension(extension=asked, grant=True, by=cast.reach("station"), now=NOW)
    hazard.refresh_from_db()
    assert hazard.due_date == new_date
    with pytest.raises(Conflict):
        deadlines.decide_extension(extension=asked, grant=False, by=cast.reach("station"), now=NOW)


def test_refused_time_leaves_the_date(cast):
    hazard = hazard_at(cast, "ordered")
    before = hazard.due_date
    asked = deadlines.ask_extension(
        hazard=hazard, new_due_date=before + timedelta(days=7), reason="等配件", by=cast.reach("safety"), now=NOW
    )
    deadlines.decide_extension(extension=asked, grant=False, by=cast.reach("station"), now=NOW)
    hazard.refresh_from_db()
    assert hazard.due_date == before
    assert Extension.objects.get().decision == "refused"


def test_a_paused_deadline_keeps_its_remaining_days(cast):
    hazard = hazard_at(cast, "ordered")
    hazard = deadlines.pause_deadline(hazard=hazard, reason="等厂家配件", by=cast.reach("station"), now=NOW)
    much_later = NOW + timedelta(days=30)
    assert not Hazard.objects.all().overdue(much_later.date()).exists()
    hazard = deadlines.resume_deadline(hazard=hazard, by=cast.reach("station"), now=much_later)
    assert hazard.paused_on is None
    assert hazard.due_date > much_later.date()


def ask(cast, hazard, new_due_date, now=NOW):
    return deadlines.ask_extension(
        hazard=hazard, new_due_date=new_due_date, reason="等配件", by=cast.reach("safety"), now=now
    )


def test_a_request_lapses_with_the_report(cast):
    hazard = hazard_at(cast, "ordered")
    asked = ask(cast, hazard, hazard.due_date + timedelta(days=7))
    hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[photo()], by=cast.reach("safety"), now=LATER)
    hazard = hazards.reject_rectification(hazard=hazard, remark="不亮", days=60, by=cast.reach("station"), now=LATER)
    with pytest.raises(Conflict):
        deadlines.decide_extension(extension=asked, grant=True, by=cast.reach("station"), now=LATER)
    asked.refresh_from_db()
    assert asked.decision == "lapsed"
    assert [task.wanted for task in tasks_for(cast.reach("station"), LATER.date())] == []
    assert Hazard.objects.get().due_date == hazard.due_date


def test_time_that_is_over_is_neither_asked_for_nor_granted(cast):
    hazard = hazard_at(cast, "ordered")
    long_after = NOW + timedelta(days=60)
    with pytest.raises(Invalid):
        ask(cast, hazard, hazard.due_date + timedelta(days=1), now=long_after)
    asked = ask(cast, hazard, hazard.due_date + timedelta(days=1))
    with pytest.raises(Conflict, match="不再晚于"):
        deadlines.decide_extension(extension=asked, grant=True, by=cast.reach("station"), now=long_after)
    assert deadlines.decide_extension(extension=asked, grant=False, by=cast.reach("station"), now=long_after)


def test_a_paused_deadline_is_not_moved_by_a_request(cast):
    hazard = hazard_at(cast, "ordered")
    asked = ask(cast, hazard, hazard.due_date + timedelta(days=7))
    deadlines.pause_deadline(hazard=hazard, reason="等厂家配件", by=cast.reach("station"), now=NOW)
    with pytest.raises(Conflict, match="暂停"):
        deadlines.decide_extension(extension=asked, grant=True, by=cast.reach("station"), now=NOW)


def test_a_pause_ends_with_the_report_and_the_next_round_runs(cast):
    hazard = hazard_at(cast, "ordered")
    deadlines.pause_deadline(hazard=hazard, reason="等厂家配件", by=cast.reach("station"), now=NOW)
    hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[photo()], by=cast.reach("safety"), now=LATER)
    hazard = hazards.reject_rectification(hazard=hazard, remark="不亮", days=3, by=cast.reach("station"), now=LATER)
    assert hazard.paused_on is None
    assert Hazard.objects.overdue(hazard.due_date + timedelta(days=1)).get() == hazard
    with pytest.raises(Conflict):
        deadlines.resume_deadline(hazard=hazard, by=cast.reach("station"), now=LATER)


def test_what_is_overdue_is_not_paused(cast):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Conflict, match="不能暂停"):
        deadlines.pause_deadline(
            hazard=hazard, reason="等厂家配件", by=cast.reach("station"), now=NOW + timedelta(days=60)
        )


def test_what_a_station_began_follows_the_school_to_another_station(cast):
    hazard, unfinished = hazard_at(cast, "rectified"), begun_check(cast)
    school, far = cast.schools["school"], cast.organisations["far_station"]
    school.station = far
    school.save()
    refresh_jurisdiction(schools=[school], by=cast.reach("bureau"), now=LATER)
    hazard.refresh_from_db()
    unfinished.refresh_from_db()
    assert (hazard.agency, hazard.holder, unfinished.agency) == (far, far, far)
    assert [str(task.wanted) for task in tasks_for(cast.reach("other_station"), LATER.date())] == ["复查"]
    assert tasks_for(cast.reach("station"), LATER.date()) == []
    words = hazard.description[:4]
    assert [hit.kind for hit in find(cast.reach("other_station"), words).hits] == ["hazard"]
    assert not find(cast.reach("station"), words).hits
    assert AuditRow.objects.filter(kind="hazard:hand_over", target_code=str(hazard.code)).exists()
    assert hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("other_station"), now=LATER).status == "closed"


def test_a_hazard_is_never_deleted(cast):
    hazard = hazard_at(cast, "rectified")
    with pytest.raises(ProtectedError):
        hazard.delete()
