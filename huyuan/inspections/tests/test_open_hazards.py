"""What is open: how long, whose turn, what next; filtered, printed, and never counted by school."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import NOW, hazard_at
from huyuan.inspections.models import Hazard
from huyuan.inspections.open_hazards import open_list
from huyuan.ledgers.declaration import LEDGERS

PAGE, PAPER = reverse("inspections:open_hazards"), reverse("inspections:print_open_hazards")
TODAY = NOW.date()


def found(hazard, days_ago, **values):
    Hazard.objects.filter(pk=hazard.pk).update(found_on=TODAY - timedelta(days=days_ago), **values)
    return hazard


def shown(cast, part="bureau", **asked):
    return open_list(cast.reach(part), asked, TODAY)


def test_closed_hazards_are_not_on_the_list(cast):
    hazard_at(cast, "closed")
    assert shown(cast).turns == [] and shown(cast).count == 0


def test_what_is_open_stands_under_whose_turn_it_is_the_longest_open_first(cast):
    new, old, ordered, waiting = (
        hazard_at(cast, state) for state in ("registered", "registered", "ordered", "rectified")
    )
    found(new, 3)
    found(old, 40)
    turns = {turn.key: [row.hazard for row in turn.rows] for turn in shown(cast).turns}
    assert turns == {"school": [ordered], "station": [old, new, waiting]}


def test_a_row_says_how_long_how_late_and_what_comes_next(cast, clock):
    hazard = hazard_at(cast, "ordered")
    later = hazard.due_date + timedelta(days=6)
    (turn,) = open_list(cast.reach("bureau"), {}, later).turns
    (row,) = turn.rows
    assert (row.days, row.overdue, str(row.wanted)) == ((later - TODAY).days, 6, "整改并上报")


def test_a_paused_deadline_is_not_overdue(cast):
    found(hazard_at(cast, "ordered"), 0, paused_on=TODAY, pause_reason="等配件")
    (turn,) = open_list(cast.reach("bureau"), {}, TODAY + timedelta(days=90)).turns
    assert turn.rows[0].overdue == 0


@pytest.mark.parametrize(("days", "band"), [(0, 0), (6, 0), (7, 1), (30, 1), (31, 2), (90, 2), (91, 3), (400, 3)])
def test_ages_are_counted_in_four_bands(cast, days, band):
    found(hazard_at(cast, "registered"), days)
    assert [count for _label, count in shown(cast).ages] == [int(n == band) for n in range(4)]


def test_the_list_is_filtered_by_town_kind_level_and_turn(cast):
    first, second = hazard_at(cast, "registered"), hazard_at(cast, "ordered")
    found(first, 2, category="fire", level="major")
    town, far = cast.organisations["town"].code, cast.organisations["far_town"].code
    for asked, wanted in (
        ({"level": "major"}, [first]), ({"category": "fire"}, [first]), ({"turn": "school"}, [second]),
        ({"town": str(town)}, [second, first]), ({"town": str(far)}, []), ({"level": "no such"}, [second, first]),
    ):  # fmt: skip
        rows = [row.hazard for turn in shown(cast, **asked).turns for row in turn.rows]
        assert rows == wanted, asked


@pytest.mark.parametrize(
    ("part", "sees"),
    [("bureau", 1), ("leader", 1), ("town", 1), ("station", 1), ("head", 1), ("other_station", 0), ("other_head", 0)],
)
def test_everybody_sees_the_list_of_their_own_reach(cast, sign_in, part, sees):
    hazard_at(cast, "ordered")
    for url in (PAGE, PAPER):
        assert sign_in(cast.users[part]).get(url).context["list"].count == sees


@pytest.mark.parametrize("part", ["guard", "counsellor", "volunteer", "nobody"])
def test_who_does_not_read_hazards_does_not_read_the_list(cast, sign_in, part):
    assert sign_in(cast.users[part]).get(PAGE).status_code == 403


def test_the_list_is_reached_from_the_ledger_and_printed_with_its_filters(cast, sign_in):
    hazard_at(cast, "ordered")
    client = sign_in(cast.leader)
    assert PAGE in client.get(reverse("inspections:hazards")).content.decode()
    assert f"{PAPER}?level=general" in client.get(f"{PAGE}?level=general").content.decode()
    paper = client.get(f"{PAPER}?level=general").content.decode()
    assert "未销号隐患清单" in paper and "级别: 一般" in paper


def test_no_column_sort_or_figure_gives_counts_by_school(cast, sign_in):
    for state in ("registered", "ordered", "rectified"):
        hazard_at(cast, state)
    client = sign_in(cast.bureau)
    with CaptureQueriesContext(connection) as queries:
        answers = [client.get(url) for url in (PAGE, PAPER, f"{PAGE}?sort=school&by=school&order=count")]
    grouped = [one["sql"] for one in queries if "GROUP BY" in one["sql"] and "inspections_hazard" in one["sql"]]
    assert grouped and all(re.search(r'GROUP BY (1|"[a-z_]+"\."kind")( |$|\))', sql) for sql in grouped), grouped
    ordered = [one["sql"] for one in queries if "ORDER BY" in one["sql"] and 'FROM "inspections_hazard"' in one["sql"]]
    assert ordered and not [
        sql for sql in ordered if "school" in sql.split("ORDER BY")[1] or "sort_key" in sql.split("ORDER BY")[1]
    ]
    for answer in answers:
        found_list = answer.context["list"]
        assert [choice.key for choice in found_list.choices] == ["turn", "level", "category", "town"]
        assert not {str(label) for label, _count in found_list.ages} & {str(s) for s in cast.schools.values()}
        assert not re.search(r"销号率|整改率|排名第|[0-9]%", answer.content.decode())
    assert all("school" not in " ".join(sort.fields) for sort in LEDGERS["hazards"].sorts)


def test_more_than_fit_are_said_and_one_turn_alone_shows_them(cast):
    for _number in range(2):
        hazard_at(cast, "registered")
    (turn,) = open_list(cast.reach("bureau"), {}, TODAY, 1).turns
    assert turn.more and turn.count == 2 and len(turn.rows) == 1
    assert not shown(cast, turn="station").turns[0].more


def test_the_page_asks_few_questions(cast, sign_in, django_assert_max_num_queries):
    for state in ("registered", "ordered", "rectified"):
        hazard_at(cast, state)
    Hazard.objects.filter(status="rectified").update(holder=cast.organisations["bureau"])
    for part in ("bureau", "station", "town", "head"):
        client = sign_in(cast.users[part])
        with django_assert_max_num_queries(12):
            client.get(PAGE)
