"""The bar of states: who holds a check or a hazard, since when, until when, and what happens next."""

from datetime import timedelta

import pytest

from factories import NOW, answered_check, begun_check, hazard_at, signed_check
from huyuan.inspections.actions import checks, deadlines, hazards


def bar(sign_in, user, thing):
    return sign_in(user).get(thing.get_absolute_url()).context["bar"]


def test_an_open_check_is_with_the_agency_that_leads_it(cast, sign_in):
    shown = bar(sign_in, cast.head, begun_check(cast))
    assert (shown.holder, shown.since, str(shown.next)) == ("青溪派出所", NOW, "双方签字")


@pytest.mark.parametrize(("first", "waits"), [("station", "青溪镇中心小学"), ("head", "青溪派出所")])
def test_a_half_signed_check_is_with_the_side_that_has_not_signed(cast, sign_in, first, waits):
    check = answered_check(cast)
    later = NOW + timedelta(hours=2)
    checks.sign_check(inspection=check, by=cast.reach(first), now=later)
    shown = bar(sign_in, cast.head, check)
    assert (shown.holder, shown.since, str(shown.next)) == (waits, later, "不合格项成为隐患")


def test_a_check_opened_again_is_with_the_agency_since_then(cast, sign_in):
    check = answered_check(cast)
    later = NOW + timedelta(days=1)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    checks.reopen_check(inspection=check, reason="漏看一处", by=cast.reach("head"), now=later)
    shown = bar(sign_in, cast.head, check)
    assert (shown.holder, shown.since) == ("青溪派出所", later)


def test_a_check_that_has_ended_is_with_nobody(cast, sign_in):
    signed, cancelled = signed_check(cast), begun_check(cast)
    checks.cancel_check(inspection=cancelled, reason="选错学校", by=cast.reach("station"), now=NOW)
    for check in (signed, cancelled):
        shown = bar(sign_in, cast.head, check)
        assert (shown.holder, shown.next) == ("", "")


@pytest.mark.parametrize(
    ("status", "holder", "since", "follows"),
    [
        ("registered", "青溪派出所", NOW.date(), "学校整改"),
        ("ordered", "青溪镇中心小学", NOW, "由他人复查"),
        ("rectified", "青溪派出所", NOW + timedelta(days=2), "销号，或退回学校再整改"),
        ("closed", "", NOW + timedelta(days=2), ""),
    ],
)
def test_a_hazard_says_who_holds_it_since_when_and_what_is_next(cast, sign_in, status, holder, since, follows):
    hazard = hazard_at(cast, status)
    shown = bar(sign_in, cast.head, hazard)
    assert (shown.holder, shown.since, str(shown.next)) == (holder, since, follows)
    assert shown.due == (hazard.due_date if status == "ordered" else None)


def test_a_hazard_sent_back_is_with_the_school_since_then(cast, sign_in):
    hazard, later = hazard_at(cast, "rectified"), NOW + timedelta(days=4)
    hazards.reject_rectification(hazard=hazard, remark="仍有缺口", days=5, by=cast.reach("station"), now=later)
    shown = bar(sign_in, cast.head, hazard)
    assert (shown.holder, shown.since) == ("青溪镇中心小学", later)


def test_what_decides_a_re_check_stands_beside_its_form(cast, sign_in):
    hazard = hazard_at(cast, "rectified")
    for act in ("close", "reject"):
        answer = sign_in(cast.station).get(f"{hazard.get_absolute_url()}{act}/")
        assert answer.context["seen"].rounds[-1].photos
        assert "发现时" in answer.content.decode() and "已更换" in answer.content.decode()


def test_a_request_for_more_time_is_decided_where_the_acts_stand(cast, sign_in):
    hazard, day = hazard_at(cast, "ordered"), NOW.date() + timedelta(days=30)
    deadlines.ask_extension(hazard=hazard, new_due_date=day, reason="等配件", by=cast.reach("safety"), now=NOW)
    page = sign_in(cast.station).get(hazard.get_absolute_url()).content.decode()
    assert page.index("/decide/") < page.index("hy-facts")


def test_the_acts_of_a_hazard_stand_before_its_facts(cast, sign_in):
    page = sign_in(cast.safety).get(hazard_at(cast, "ordered").get_absolute_url()).content.decode()
    assert page.index("/rectify/") < page.index("hy-facts")
