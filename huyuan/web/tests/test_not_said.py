"""What a reader may not see is left out; it never looks like "none"."""

import pytest
from django.urls import reverse

from factories import NOW, hazard_at, signed_check
from huyuan.inspections.models import Hazard

WITHOUT = ("guard", "counsellor", "volunteer")


def page(sign_in, user, place):
    return sign_in(user).get(place.get_absolute_url()).content.decode()


@pytest.mark.parametrize("part", WITHOUT)
def test_the_school_page_says_nothing_of_hazards_and_checks_to_who_may_not_read_them(cast, sign_in, part):
    hazard_at(cast, "registered")
    shown = page(sign_in, cast.users[part], cast.schools["school"])
    for words in ("未销号隐患", "没有未销号的隐患", "逾期", "最近检查", "还没有检查"):
        assert words not in shown


def test_the_school_page_counts_every_open_hazard_for_who_reads_them(cast, sign_in):
    for _ in range(2):
        signed_check(cast, failing=15)
    answer = sign_in(cast.head).get(cast.schools["school"].get_absolute_url())
    assert answer.context["open_count"] == Hazard.objects.count() == 30
    assert "最近检查" in answer.content.decode()


def map_of(sign_in, user):
    return sign_in(user).get(reverse("web:map")).context


def test_the_map_leaves_out_what_a_department_and_a_guard_may_not_see(cast, sign_in):
    hazard_at(cast, "registered")
    for user in (cast.health, cast.guard):
        context = map_of(sign_in, user)
        assert context["points"] and not any({"open", "overdue"} & point.keys() for point in context["points"])
        assert context["by_town"] is None and not context["reads_hazards"]


def test_the_map_shows_what_is_overdue_first_and_stacks_no_hazard_twice(cast, sign_in, clock):
    hazard = hazard_at(cast, "ordered")
    signed_check(cast)
    clock.set(NOW.replace(month=12))
    context = map_of(sign_in, cast.leader)
    first = context["listed"][0]
    assert (first["name"], first["open"], first["overdue"]) == (str(hazard.school), 2, 1)
    assert dict(context["by_town"]["rows"]) == {"青溪镇": [1, 1], "南浦镇": [0, 0]}
    assert [one["colour"] for one in context["by_town"]["series"]] == ["--hy-warn", "--hy-bad"]


def test_the_map_of_who_covers_the_county_shows_the_whole_county(cast, sign_in):
    assert map_of(sign_in, cast.leader)["whole"] and not map_of(sign_in, cast.station)["whole"]
