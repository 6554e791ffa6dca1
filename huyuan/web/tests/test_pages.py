"""Pages over all modules: Today, the school, the map, refusals and what every answer carries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import NOW, STARTS_ON, answered_check, hazard_at
from huyuan.audit.models import AuditRow
from huyuan.inspections.actions import checks, deadlines
from huyuan.inspections.tests.standings import make_plan
from huyuan.ledgers import engine
from huyuan.people.models import Delegation, Post
from huyuan.web import overview

TODAY = "/"


def groups(client):
    return {group.key: [task.url for task in group.tasks] for group in client.get(TODAY).context["groups"]}


def test_today_shows_the_school_what_is_due_and_the_station_what_waits(cast, sign_in):
    ordered, rectified = hazard_at(cast, "ordered"), hazard_at(cast, "rectified")
    school, station = groups(sign_in(cast.safety)), groups(sign_in(cast.station))
    assert school == {"later": [ordered.get_absolute_url()]}
    assert station == {"waiting": [rectified.get_absolute_url()]}


def test_time_makes_it_due_and_then_overdue_and_a_pause_takes_it_out(cast, sign_in, clock):
    hazard = hazard_at(cast, "ordered")
    days = (hazard.due_date - NOW.date()).days
    clock.set(NOW + timedelta(days=days - 1))
    assert list(groups(sign_in(cast.safety))) == ["due"]
    clock.set(NOW + timedelta(days=days + 1))
    assert list(groups(sign_in(cast.safety))) == ["overdue"]
    deadlines.pause_deadline(hazard=hazard, reason="等配件", by=cast.reach("station"), now=NOW)
    assert list(groups(sign_in(cast.safety))) == ["later"]


def test_a_check_waits_for_the_side_that_has_not_signed(cast, sign_in):
    check = answered_check(cast)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    assert check.get_absolute_url() in groups(sign_in(cast.head))["waiting"]
    assert groups(sign_in(cast.station)) == {}


def test_who_stands_in_for_somebody_sees_that_posts_tasks(cast, sign_in):
    hazard = hazard_at(cast, "ordered")
    day = NOW.date()
    post = cast.safety.posts.get()
    Delegation.objects.create(post=post, to_user=cast.teacher, starts_on=day, ends_on=day, reason="外出培训")
    client = sign_in(cast.teacher)
    assert groups(client) == {}
    client.post(reverse("people:switch_post"), {"post": str(post.code)})
    assert groups(client) == {"later": [hazard.get_absolute_url()]}


def test_today_costs_the_same_with_more_to_do(cast, sign_in):
    def queries():
        client = sign_in(cast.station)
        with CaptureQueriesContext(connection) as caught:
            client.get(TODAY)
            return len(caught)

    hazard_at(cast, "rectified")
    few = queries()
    for _ in range(4):
        hazard_at(cast, "rectified")
    assert queries() == few <= 22
    make_plan(cast)
    with_plan = queries()
    hazard_at(cast, "rectified")
    assert queries() == with_plan <= 26


def test_who_reads_the_whole_county_sees_what_is_open_and_overdue_on_today(cast, sign_in, clock):
    late, waiting = hazard_at(cast, "ordered"), hazard_at(cast, "rectified")
    clock.set(NOW + timedelta(days=60))
    answer = sign_in(cast.leader).get(TODAY)
    figures = {str(figure.label): (figure.count, figure.url) for figure in answer.context["overview"].figures}
    assert {label: count for label, (count, _url) in figures.items()} == {
        "逾期": 1, "待复查": 1, "整改中": 1, "已登记": 0,
    }  # fmt: skip
    assert list(answer.context["overview"].overdue) == [late]
    page = sign_in(cast.leader).get(figures["待复查"][1]).context["shown"].page
    assert page.rows == [waiting]
    assert "没有等您办理的事" not in answer.content.decode()


def test_only_who_reads_the_whole_county_gets_its_overview(cast, sign_in):
    seen = {part: bool(sign_in(cast.users[part]).get(TODAY).context["overview"])
            for part in ("bureau", "police", "commander", "leader", "health", "town", "station", "head", "guard")}  # fmt: skip
    assert [part for part, has in seen.items() if has] == ["bureau", "police", "commander", "leader"]


def test_the_overview_of_a_county_costs_the_same_with_more_hazards(cast, sign_in, clock, monkeypatch):
    clock.set(NOW + timedelta(days=60))
    monkeypatch.setattr(engine, "COUNT_CAP", 2)
    monkeypatch.setattr(overview, "COUNT_CAP", 2)

    def queries():
        client = sign_in(cast.leader)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(TODAY).content.decode()
        return len(caught), page

    hazard_at(cast, "ordered")
    few, _page = queries()
    for _ in range(3):
        hazard_at(cast, "ordered")
    many, page = queries()
    assert many == few <= 15
    assert "2+" in page


def test_pages_without_a_place_in_the_bottom_bar_stand_in_the_menu_and_under_me(cast, sign_in):
    client = sign_in(cast.bureau)
    places = [reverse(name) for name in ("web:map", "web:people", "organisations:calendar")]
    for path, times in ((TODAY, 2), (reverse("people:account"), 3)):
        page = client.get(path).content.decode()
        assert all(page.count(f'href="{place}"') == times for place in places)


def test_the_robots_of_groups_are_found_from_the_inbox_by_who_may_set_them(cast, sign_in):
    for part, found in (("bureau", True), ("head", True), ("safety", False)):
        page = sign_in(cast.users[part]).get(reverse("notifications:inbox")).content.decode()
        assert (reverse("notifications:channels") in page) is found


def test_search_without_words_says_what_to_type(cast, sign_in):
    assert "两个字就够，也可以" in sign_in(cast.head).get(reverse("web:search")).content.decode()


def test_the_map_shows_each_reader_their_own_schools(cast, sign_in):
    seen = {part: {p["name"] for p in sign_in(cast.users[part]).get(reverse("web:map")).context["points"]}
            for part in ("bureau", "station", "head", "other_head")}  # fmt: skip
    assert len(seen["bureau"]) == 3
    assert seen["station"] == {"青溪镇中心小学", "青溪下屋教学点"} == seen["head"]
    assert seen["other_head"] == {"南浦中学"}


def test_a_refusal_says_its_sentence_and_is_audited_after_the_rollback(cast, sign_in):
    hazard = hazard_at(cast, "registered")
    answer = sign_in(cast.head).get(reverse("inspections:order", args=[hazard.code]))
    assert answer.status_code == 403
    assert "可以责令整改" in answer.content.decode()
    assert AuditRow.objects.filter(kind="request:denied", actor_id=cast.head.pk).count() == 1


@pytest.mark.parametrize("path", ["/", "/nowhere/", "/healthz", "/account/login/"])
def test_every_answer_says_what_it_may_load(cast, sign_in, path):
    policy = sign_in(cast.head).get(path).headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy


def test_a_page_speaks_the_readers_language(cast, sign_in):
    client = sign_in(cast.head)
    assert "今日" in client.get(TODAY).content.decode()
    client.post(reverse("people:language"), {"language": "en"})
    assert "Nothing is waiting for you" in client.get(TODAY).content.decode()


def test_today_says_what_waits_at_ones_other_posts_and_leads_there(cast, sign_in):
    hazard = hazard_at(cast, "ordered")
    Post.objects.create(
        user=cast.bureau, organisation=cast.organisations["school"], role="safety_officer", starts_on=STARTS_ON
    )
    bureau = sign_in(cast.bureau)
    [(other, count)] = bureau.get(reverse("web:today")).context["other_posts"]
    assert (other.role, count) == ("safety_officer", 1)
    bureau.post(reverse("people:switch_post"), {"post": other.code})
    answer = bureau.get(reverse("web:today"))
    assert hazard.description in answer.content.decode()
    assert answer.context["other_posts"] == []


def test_what_only_another_post_sees_is_one_tap_away(cast, sign_in):
    hazard = hazard_at(cast, "ordered")
    also = Post.objects.create(
        user=cast.other_head, organisation=cast.organisations["station"], role="station_officer", starts_on=STARTS_ON
    )
    head = sign_in(cast.other_head)
    answer = head.get(hazard.get_absolute_url())
    assert answer.status_code == 404
    assert str(also.code) in answer.content.decode()
    assert hazard.description not in answer.content.decode()
    there = head.post(
        reverse("people:switch_post"), {"post": also.code, "next": hazard.get_absolute_url()}, follow=True
    )
    assert hazard.description in there.content.decode()
