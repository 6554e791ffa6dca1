"""Finding: by pieces of words, only what the reader may see, never an error."""

import pytest
from django.urls import reverse

from factories import NOW, hazard_at
from huyuan.organisations.actions import index_schools
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
