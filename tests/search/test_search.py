"""Finding: by pieces of words, only what the reader may see, never an error."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import NOW, hazard_at
from huyuan.organisations.actions.jurisdiction import index_schools
from huyuan.search.models import SearchEntry
from huyuan.search.queries import find


@pytest.fixture
def indexed(cast):
    index_schools(cast.schools.values(), today=NOW.date())
    return cast


@pytest.mark.parametrize("words", ["青溪", "中心小学", "青溪镇中心", "2136100007", "２１３６１００００７"])
def test_a_school_is_found_by_pieces_of_its_name_and_by_its_code(indexed, words):
    assert "青溪镇中心小学" in [hit.title for hit in find(indexed.reach("bureau"), words).hits]


def test_a_hazard_is_found_by_its_words_and_its_number(cast):
    hazard = hazard_at(cast, "ordered")
    for words in (hazard.description[:4], hazard.number):
        assert hazard.code in [hit.object_code for hit in find(cast.reach("station"), words).hits]


def test_a_school_by_its_name_comes_before_the_hazards_found_there(indexed, sign_in):
    hazard_at(indexed, "ordered")
    found = find(indexed.reach("bureau"), "青溪镇中心小学").hits
    assert [hit.kind for hit in found] == ["school", "hazard"]
    page = sign_in(indexed.bureau).get(reverse("web:search"), {"q": "青溪镇中心小学"})
    assert [str(ledger.title) for ledger, _hits in page.context["sections"]] == ["学校", "隐患"]


def test_what_has_the_words_in_its_title_comes_first_and_then_the_newest(cast):
    codes = [hazard_at(cast, "ordered").code for _ in range(2)]
    SearchEntry.objects.filter(object_code=codes[0]).update(title="围墙 青溪镇", day=NOW.date() - timedelta(days=9))
    found = [hit.object_code for hit in find(cast.reach("bureau"), "青溪镇").hits]
    assert found == [codes[0], codes[1]]


def test_each_kind_has_its_own_room_among_what_is_found(indexed):
    for _ in range(3):
        hazard_at(indexed, "ordered")
    found = find(indexed.reach("bureau"), "青溪", limit=2).hits
    assert [hit.kind for hit in found] == ["school", "school", "hazard", "hazard"]


@pytest.mark.parametrize(("part", "sees"), [
    ("bureau", True), ("station", True), ("town", True), ("head", True), ("teacher", True), ("guard", False),
    ("other_station", False), ("other_head", False), ("nobody", False),
])  # fmt: skip
def test_only_what_may_be_seen_is_found(cast, part, sees):
    hazard = hazard_at(cast, "ordered")
    found = [hit.object_code for hit in find(cast.reach(part), hazard.description[:4]).hits]
    assert (hazard.code in found) is sees


def test_another_county_finds_nothing(cast, foreign):
    hazard = hazard_at(cast, "ordered")
    assert not find(foreign.reach("bureau"), hazard.description[:4]).hits


@pytest.mark.parametrize("words", ["'; DROP TABLE x; --", "%", "@c1", "\x00", "🚸", "a" * 10_000, "隐患" * 500])
def test_no_input_is_an_error(cast, sign_in, words):
    assert sign_in(cast.bureau).get(reverse("web:search"), {"q": words}).status_code == 200
