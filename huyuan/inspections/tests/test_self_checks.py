"""The school's own round: begun, answered and signed by the school alone; and the further checklists."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from factories import NOW, answer_everything, begun_check, checklist, hazard_at
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied
from huyuan.inspections.actions import checks, hazards
from huyuan.inspections.checklists import current_checklists
from huyuan.inspections.models import Hazard, Inspection, Signature
from huyuan.inspections.queries import offered_checklists
from huyuan.notifications.models import Message
from huyuan.policy.models import DayKind

CODES = {"comprehensive", "fire", "food", "daily", "opening"}


def round_of(cast, school="school", by="safety", failing=0):
    check = begun_check(cast, school, by, checklist("daily"))
    return answer_everything(cast, check, failing, by=by)


def signed_round(cast, failing=0, by="safety"):
    return checks.sign_check(inspection=round_of(cast, by=by, failing=failing), by=cast.reach(by), now=NOW)


def test_the_county_has_its_five_checklists():
    assert {entry.code for entry in current_checklists(NOW.date())} == CODES


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_item_is_said_in_both_languages_with_what_it_rests_on(code):
    for item in checklist(code).items():
        for words in (item.ask, item.finding, item.basis, *(option.label for option in item.options)):
            assert (words.zh.strip() and words.en.strip() and words.zh != words.en) or words.en.isascii(), item.key
            assert words.en.isascii(), item.key
        assert len(item.finding.zh) <= 60 and len(item.basis.zh) <= 200, item.key


def test_the_daily_round_has_at_most_twelve_items_that_one_tap_answers():
    items = list(checklist("daily").items())
    assert len(items) <= 12
    assert {item.kind for item in items} == {"yes_no"}


@pytest.mark.parametrize("by", ["safety", "head"])
def test_one_signature_of_the_school_ends_a_self_check(cast, by):
    check = signed_round(cast, by=by)
    assert (check.status, check.signed_at) == (Inspection.Status.SIGNED, NOW)
    assert check.signatures.get().side == Signature.Side.SCHOOL


def test_what_fails_in_a_self_check_is_a_hazard_at_once_and_the_station_is_told(cast):
    hazard = signed_round(cast, failing=1).hazards.get()
    assert hazard.status == Hazard.Status.REGISTERED
    assert hazard.agency == hazard.holder == cast.organisations["station"]
    told = Message.objects.filter(kind="inspection:self_check")
    assert {message.recipient for message in told} == {cast.station, cast.station2}
    assert AuditRow.objects.filter(kind="hazard:register").count() == 1


def test_a_round_in_which_all_is_in_order_is_nobodys_news(cast):
    signed_round(cast)
    assert not Message.objects.exists()


def test_the_hazard_of_a_self_check_goes_the_usual_way(cast):
    hazard = signed_round(cast, failing=1).hazards.get()
    ordered = hazards.order_rectification(
        hazard=hazard, requirement="补齐", responsible=cast.safety, level="general", days=3, due_kind=DayKind.WORKING,
        by=cast.reach("station"), now=NOW,
    )  # fmt: skip
    assert ordered.holder_id == cast.schools["school"].pk


def test_a_school_without_a_station_is_followed_by_the_bureau(cast):
    school = cast.schools["school"]
    school.station = None
    school.save(update_fields=["station"])
    assert round_of(cast).agency == cast.organisations["bureau"]


def test_a_central_school_walks_the_round_of_its_teaching_point(cast):
    check = checks.sign_check(inspection=round_of(cast, "point", "head"), by=cast.reach("head"), now=NOW)
    assert check.status == Inspection.Status.SIGNED


@pytest.mark.parametrize("part", ["station", "bureau", "police", "guard", "teacher", "town", "other_head"])
def test_nobody_but_the_school_begins_its_self_check(cast, part):
    with pytest.raises(Denied):
        begun_check(cast, by=part, entry=checklist("daily"))
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("part", ["station", "bureau"])
def test_nobody_but_the_school_answers_or_signs_its_self_check(cast, part):
    check = round_of(cast)
    with pytest.raises(Denied, match="自己"):
        checks.sign_check(inspection=check, by=cast.reach(part), now=NOW)
    with pytest.raises(Denied, match="自己"):
        checks.answer_item(
            inspection=check,
            item_key="daily_guards",
            value="no",
            note="",
            base_revision=1,
            by=cast.reach(part),
            now=NOW,
        )


def test_a_signed_self_check_is_not_signed_again_nor_opened(cast):
    check = signed_round(cast)
    with pytest.raises(Conflict):
        checks.sign_check(inspection=check, by=cast.reach("head"), now=NOW)
    with pytest.raises(Conflict):
        checks.reopen_check(inspection=check, reason="填错", by=cast.reach("head"), now=NOW)


def test_a_school_is_offered_its_own_round_first_until_it_is_done(cast):
    first = [entry.code for entry in offered_checklists(cast.reach("safety"), NOW.date())]
    signed_round(cast)
    then = [entry.code for entry in offered_checklists(cast.reach("head"), NOW.date())]
    tomorrow = offered_checklists(cast.reach("head"), NOW.date() + timedelta(days=1))
    assert first[0] == tomorrow[0].code == "daily"
    assert then[0] == "comprehensive" and then[-1] == "daily"


def test_a_cancelled_round_is_not_a_round(cast):
    checks.cancel_check(inspection=round_of(cast), reason="点错", by=cast.reach("safety"), now=NOW)
    assert offered_checklists(cast.reach("safety"), NOW.date())[0].code == "daily"


@pytest.mark.parametrize("part", ["station", "bureau", "police"])
def test_an_agency_is_offered_joint_checks_only(cast, sign_in, part):
    form = sign_in(cast.users[part]).get(reverse("inspections:begin")).context["form"]
    assert {entry.code for entry in form.lists.values()} == CODES - {"daily"}


def test_the_begin_page_takes_a_checklist_from_its_address(cast, sign_in):
    page = sign_in(cast.station).get(reverse("inspections:begin") + "?checklist=fire").content.decode()
    assert '<option value="fire@1" selected' in page


def test_the_page_of_a_self_check_asks_for_one_signature_and_goes_onwards(cast, sign_in):
    check = round_of(cast)
    answer = sign_in(cast.safety).get(check.get_absolute_url())
    page, bar = answer.content.decode(), answer.context["bar"]
    assert "data-onwards" in page and "签署自查" in page
    assert [str(step.label) for step in bar.steps] == ["检查中", "已签字"]
    assert (bar.holder, str(bar.next)) == ("青溪镇中心小学", "学校签字")


def test_signing_by_the_page_says_that_the_round_is_done(cast, sign_in):
    client, check = sign_in(cast.safety), round_of(cast)
    page = client.post(reverse("inspections:sign", args=[check.code]), follow=True).content.decode()
    assert "今日自查已完成" in page


def test_the_ledger_says_that_the_school_checked_itself(cast, sign_in):
    signed_round(cast)
    hazard_at(cast, "registered")
    client = sign_in(cast.bureau)
    rows = client.get(reverse("inspections:inspections") + "?checklist=daily").context["shown"].page.rows
    assert [row.checked_by.name for row in rows] == ["青溪镇中心小学"]
    both = client.get(reverse("inspections:inspections")).context["shown"].page.rows
    assert {row.checked_by.name for row in both} == {"青溪镇中心小学", "青溪派出所"}


def test_a_program_of_the_station_cannot_begin_a_self_check_either(cast):
    with pytest.raises(Denied):
        checks.begin_check(
            code=uuid.uuid4(),
            school=cast.schools["school"],
            checklist=checklist("daily"),
            by=cast.reach("station"),
            now=NOW,
        )


@pytest.mark.parametrize("code", ["fire", "food", "opening"])
def test_a_joint_checklist_is_walked_to_both_signatures(cast, code):
    check = answer_everything(cast, begun_check(cast, entry=checklist(code)), failing=2)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    assert checks.sign_check(inspection=check, by=cast.reach("head"), now=NOW).hazards.count() == 2
