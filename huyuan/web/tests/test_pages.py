"""Pages over all modules: Today, the school, the map, refusals and what every answer carries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import NOW, answered_check, hazard_at
from huyuan.audit.models import AuditRow
from huyuan.inspections.actions import checks, hazards
from huyuan.people.models import Delegation

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
    hazards.pause_deadline(hazard=hazard, reason="等配件", by=cast.reach("station"), now=NOW)
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
    assert queries() == few <= 12


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
    assert "只有公安和教体局可以责令整改" in answer.content.decode()
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
