"""The joint check: answers, two phones, two signatures, hazards without retyping."""

import uuid

import pytest

from factories import NOW, answered_check, begun_check, checklist, photo, signed_check
from huyuan.attachments.models import Attachment
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import checks
from huyuan.inspections.models import Hazard, Inspection
from huyuan.inspections.permissions import signing_side
from huyuan.notifications.models import Message
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of


def test_beginning_twice_under_one_code_is_one_check(cast):
    code = uuid.uuid4()
    for _ in range(2):
        checks.begin_check(
            code=code, school=cast.schools["school"], checklist=checklist(), by=cast.reach("station"), now=NOW
        )
    assert Inspection.objects.count() == 1
    assert AuditRow.objects.filter(kind="inspection:begin").count() == 1


def test_a_school_that_begins_a_check_does_it_with_its_station(cast):
    check = begun_check(cast, by="safety")
    assert check.agency == cast.organisations["station"]


def test_a_central_school_checks_its_teaching_point_together_with_the_station(cast):
    check = begun_check(cast, school="point", by="head")
    assert check.agency == cast.organisations["station"]
    assert signing_side(cast.reach("head"), check) == signing_side(cast.reach("safety"), check) == "school"
    assert signing_side(cast.reach("station"), check) == "agency"


def test_a_code_names_one_check_of_one_school_of_one_county(cast, foreign):
    check = begun_check(cast)
    for school, by in (
        (cast.schools["point"], cast.reach("station")), (foreign.schools["school"], foreign.reach("station")),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            checks.begin_check(code=check.code, school=school, checklist=checklist(), by=by, now=NOW)
    assert Inspection.objects.get() == check


def test_one_person_does_not_sign_for_both_sides(cast):
    check = answered_check(cast)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    also = Post.objects.create(
        user=cast.station, organisation=cast.organisations["school"], role="school_head", starts_on=NOW.date()
    )
    with pytest.raises(Denied, match="另一方"):
        checks.sign_check(inspection=check, by=reach_of(cast.station, also), now=NOW)
    assert checks.sign_check(inspection=check, by=cast.reach("head"), now=NOW).status == "signed"


def test_a_photo_that_is_asked_for_is_taken_before_signing(cast):
    check = answered_check(cast)
    Attachment.objects.filter(owner_code=check.code, place="ones_photo").delete()
    with pytest.raises(Invalid, match="照片"):
        checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)


def test_an_item_that_is_no_longer_asked_makes_no_hazard(cast):
    check = answered_check(cast, failing=0)
    for key, value in (("ones_scope", "required"), ("ones_door", "no"), ("ones_scope", "small")):
        before = check.answers.filter(item_key=key).first()
        checks.answer_item(
            inspection=check, item_key=key, value=value, note="", base_revision=before.revision if before else 0,
            by=cast.reach("station"), now=NOW,
        )  # fmt: skip
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    assert checks.sign_check(inspection=check, by=cast.reach("head"), now=NOW).hazards.count() == 0


def test_a_cancelled_check_is_told_to_the_other_side(cast):
    checks.cancel_check(inspection=begun_check(cast), reason="开错了学校", by=cast.reach("head"), now=NOW)
    told = Message.objects.filter(kind="inspection:cancel")
    assert {message.recipient for message in told} == {cast.station, cast.station2, cast.safety}


@pytest.mark.parametrize("part", ["guard", "teacher", "town", "leader", "other_station", "vice_principal"])
def test_who_does_not_conduct_checks_cannot_begin_one(cast, part):
    with pytest.raises(Denied):
        begun_check(cast, by=part)
    assert not Inspection.objects.exists()


def answer(cast, check, value, base, by="station", note=""):
    item = next(check.checklist.items())
    return checks.answer_item(
        inspection=check, item_key=item.key, value=value, note=note, base_revision=base, by=cast.reach(by), now=NOW
    )


def test_two_phones_answering_differently_are_told_and_nothing_is_lost(cast):
    check = begun_check(cast)
    answer(cast, check, "yes", 0)
    with pytest.raises(checks.AnsweredMeanwhile) as conflict:
        answer(cast, check, "no", 0, by="safety")
    assert conflict.value.theirs.value == "yes"
    assert cast.station.name in str(conflict.value.message)
    assert answer(cast, check, "no", 1, by="safety").revision == 2


def test_two_phones_answering_alike_do_not_conflict(cast):
    check = begun_check(cast)
    answer(cast, check, "yes", 0)
    assert answer(cast, check, "yes", 0, by="safety").revision == 1


def test_an_answer_that_does_not_fit_is_refused(cast):
    with pytest.raises(Invalid):
        answer(cast, begun_check(cast), "perhaps", 0)


def test_a_check_with_unanswered_items_cannot_be_signed(cast):
    with pytest.raises(Invalid):
        checks.sign_check(inspection=begun_check(cast), by=cast.reach("station"), now=NOW)


def test_the_second_signature_makes_a_hazard_of_every_failed_item_without_retyping(cast):
    check = signed_check(cast, failing=2)
    hazards = list(Hazard.objects.order_by("pk"))
    assert check.status == Inspection.Status.SIGNED
    assert len(hazards) == 2
    for hazard in hazards:
        item = check.checklist.item(hazard.item_key)
        assert hazard.description == f"{item.finding.zh}：二楼东侧"
        assert (hazard.level, hazard.suggested_days, hazard.basis) == (item.level, item.days, item.basis.zh)
        assert hazard.holder == cast.organisations["station"]
    assert AuditRow.objects.filter(kind="hazard:register").count() == 2


def test_one_side_cannot_sign_twice_and_answers_stand_still_after_the_first_signature(cast):
    check = answered_check(cast)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    with pytest.raises(Conflict):
        checks.sign_check(inspection=check, by=cast.reach("station2"), now=NOW)
    with pytest.raises(Conflict):
        answer(cast, check, "none", 1)
    assert not Hazard.objects.exists()


def test_the_other_side_is_told_to_sign(cast):
    check = answered_check(cast)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    told = set(Message.objects.filter(kind="inspection:sign").values_list("recipient_id", flat=True))
    assert told == {cast.head.pk, cast.safety.pk}


def test_opening_again_withdraws_the_signature_and_keeps_it(cast):
    check = answered_check(cast)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    checks.reopen_check(inspection=check, reason="保安人数填错", by=cast.reach("head"), now=NOW)
    check.refresh_from_db()
    assert check.status == Inspection.Status.OPEN
    assert check.signatures.get().withdrawn_at == NOW


def test_a_cancelled_check_keeps_its_reason(cast):
    check = checks.cancel_check(inspection=begun_check(cast), reason="选错学校", by=cast.reach("station"), now=NOW)
    assert Inspection.objects.get().cancel_reason == check.cancel_reason == "选错学校"


def test_a_photo_that_is_not_a_photo_is_refused_and_nothing_is_kept(cast):
    check = begun_check(cast)
    key = next(check.checklist.items()).key
    with pytest.raises(Invalid):
        checks.photograph_item(
            inspection=check, item_key=key, raw=b"MZ\x90 not a photo", by=cast.reach("station"), now=NOW
        )
    assert not Attachment.objects.exists()


def test_a_photo_loses_device_and_place_and_keeps_the_time_taken(cast):
    check = begun_check(cast)
    key = next(check.checklist.items()).key
    kept = checks.photograph_item(
        inspection=check, item_key=key, raw=photo(taken="2026:09:15 08:31:00"), by=cast.reach("station"), now=NOW
    )
    assert kept.captured_at.isoformat() == "2026-09-15T08:31:00+08:00"
    assert kept.key_id
    assert len(kept.digest) == 64


def test_the_central_school_signs_for_its_teaching_point(cast):
    check = begun_check(cast, school="point")
    assert checks.signing_side(cast.reach("head"), check) == "school"
    with pytest.raises(Denied):
        checks.signing_side(cast.reach("other_head"), check)
