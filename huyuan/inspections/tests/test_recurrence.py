"""What comes back within a year after it was closed is linked to what it repeats."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import NOW, answered_check, hazard_at, spot_fix
from huyuan.inspections.actions import checks, spot
from huyuan.inspections.actions.recurrence import link_recurrences
from huyuan.inspections.models import Hazard


def confirmed(cast, **changes):
    return spot.confirm_spot_fix(hazard=spot_fix(cast, **changes), by=cast.reach("station"), now=NOW)


def again(cast, days, **changes):
    """The same found again some days later, as a batch of one about to be saved."""
    given = {
        "school": cast.schools["school"], "found_on": NOW.date() + timedelta(days=days), "category": "fire",
        "place": "二楼东侧 楼梯口",
    }  # fmt: skip
    hazard = Hazard(**given | changes)
    link_recurrences([hazard])
    return hazard.recurrence_of


def test_the_same_item_of_a_checklist_came_back(cast, sign_in):
    former = hazard_at(cast, "closed")
    check = answered_check(cast)
    for part in ("station", "head"):
        checks.sign_check(inspection=check, by=cast.reach(part), now=NOW + timedelta(days=45))
    later = check.hazards.get()
    assert later.recurrence_of == former
    client = sign_in(cast.head)
    assert "同一隐患43天前销号" in client.get(later.get_absolute_url()).content.decode()
    assert "销号43天后复发" in client.get(former.get_absolute_url()).content.decode()


def test_the_same_kind_at_the_same_place_came_back(cast):
    former = confirmed(cast)
    assert spot_fix(cast).recurrence_of == former
    assert again(cast, 365) == former


@pytest.mark.parametrize(
    ("days", "changes"),
    [(366, {}), (-1, {}), (9, {"place": ""}), (9, {"place": "食堂"}), (9, {"category": "food"})],
)
def test_what_is_longer_ago_elsewhere_or_of_another_kind_is_no_recurrence(cast, days, changes):
    confirmed(cast)
    assert again(cast, days, **changes) is None


def test_what_is_open_or_at_another_school_is_no_recurrence(cast):
    spot_fix(cast)
    assert again(cast, 3) is None
    confirmed(cast)
    assert again(cast, 3, school=cast.schools["far_school"]) is None


def test_the_latest_one_is_linked_in_one_query_for_a_batch(cast):
    confirmed(cast)
    latest = confirmed(cast)
    batch = [
        Hazard(school=cast.schools["school"], found_on=NOW.date(), category="fire", place="二楼东侧楼梯口")
        for _n in range(50)
    ]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        link_recurrences(batch)
    assert len(queries) == 1
    assert {hazard.recurrence_of_id for hazard in batch} == {latest.pk}
