"""Drawing a term's roving checks: fair for any county, calendar and seed."""

import itertools
import random
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from huyuan.inspections.roving import Drawn, Place, Rules, Visit, draw, monday, usual_visits

STARTS, WEEKS = date(2026, 9, 7), 18


def school_days(dice: random.Random, resting: int) -> list[date]:
    days = [STARTS + timedelta(days=7 * week + day) for week in range(WEEKS) for day in range(5)]
    rest = set(dice.sample(days, resting))
    return [day for day in days if day not in rest]


def some_places(dice: random.Random, count: int) -> list[Place]:
    checked = [None, *(STARTS - timedelta(days=dice.randrange(1, 300)) for _ in range(3))]
    return [
        Place(f"{dice.randrange(10**9):010d}-{n}", dice.random() < 0.15, dice.choice(checked)) for n in range(count)
    ]


def case(seed: int) -> tuple[list[Place], list[date], Rules]:
    dice = random.Random(seed)
    count, per_week = dice.randrange(2, 60), dice.randrange(2, 9)
    rules = Rules(usual_visits(count, WEEKS, per_week), per_week, dice.randrange(1, 4), seed)
    return some_places(dice, count), school_days(dice, dice.randrange(12)), rules


def weeks_of(drawn: Drawn) -> dict[str, list[date]]:
    found = defaultdict(list)
    for visit in drawn.visits:
        found[visit.key].append(monday(visit.day))
    return found


SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_term_is_spread_fairly(seed):
    places, days, rules = case(seed)
    drawn = draw(places, days, [], rules)
    assert {visit.day for visit in drawn.visits} <= set(days)
    for weeks in weeks_of(drawn).values():
        assert all((b - a).days >= 7 * rules.gap_weeks for a, b in itertools.pairwise(weeks))
        assert len(weeks) <= rules.per_school
    counts = Counter(visit.key for visit in drawn.visits)
    assert max(counts.values()) - min(counts[place.key] for place in places) <= 1
    assert max(Counter(monday(visit.day) for visit in drawn.visits).values()) <= rules.per_week
    assert set(drawn.short) == {place.key for place in places if counts[place.key] < rules.per_school}


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_visited_twice_before_everybody_was_once(seed):
    places, days, rules = case(seed)
    met: Counter[str] = Counter()
    by_week = defaultdict(list)
    for visit in draw(places, days, [], rules).visits:
        by_week[monday(visit.day)].append(visit.key)
    for week in sorted(by_week):
        met.update(by_week[week])
        assert max(met.values()) - min(met[place.key] for place in places) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_full_weeks_bear_the_same_load_but_for_one(seed):
    dice = random.Random(seed)
    places = some_places(dice, dice.randrange(4, 40))
    drawn = draw(places, school_days(dice, 0), [], Rules(1, 99, 1, seed))
    load = Counter(monday(visit.day) for visit in drawn.visits)
    loads = [load[STARTS + timedelta(days=7 * week)] for week in range(WEEKS)]
    assert not drawn.short and max(loads) - min(loads) <= 1


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_draws_the_same_plan_in_whatever_order_schools_are_given(seed):
    places, days, rules = case(seed)
    mixed = random.Random(seed + 1).sample(places, len(places))
    assert draw(places, days, [], rules).visits == draw(mixed, list(reversed(days)), [], rules).visits


def test_another_seed_draws_another_plan():
    places, days = [Place(str(n)) for n in range(20)], school_days(random.Random(1), 0)
    assert draw(places, days, [], Rules(1, 5, 1, 1)).visits != draw(places, days, [], Rules(1, 5, 1, 2)).visits


def test_open_major_hazards_and_schools_long_unchecked_come_first():
    checked = [Place(f"checked {n}", checked_on=STARTS - timedelta(days=9)) for n in range(6)]
    never = [Place(f"never {n}") for n in range(6)]
    places = [*checked, *never, Place("urgent", True, STARTS - timedelta(days=3))]
    order = [
        visit.key.split()[0] for visit in draw(places, school_days(random.Random(1), 0), [], Rules(1, 1, 1, 3)).visits
    ]
    assert order == ["urgent", *["never"] * 6, *["checked"] * 6]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_kept_counts_and_keeps_its_distance(seed):
    places, days, rules = case(seed)
    first = draw(places, days, [], rules)
    middle = days[len(days) // 3]
    kept = [visit for visit in first.visits if visit.day < middle]
    grown = [*places, Place("new 1"), Place("new 2", urgent=True)]
    again = draw(grown, [day for day in days if day >= middle], kept, rules)
    together = Drawn(tuple(sorted((*kept, *again.visits), key=lambda visit: visit.day)), ())
    for weeks in weeks_of(together).values():
        assert len(weeks) <= rules.per_school
        assert all((b - a).days >= 7 * rules.gap_weeks for a, b in itertools.pairwise(weeks))
    assert max(Counter(monday(visit.day) for visit in together.visits).values()) <= rules.per_week


def test_a_school_is_not_visited_on_a_day_it_rests():
    week = [STARTS + timedelta(days=n) for n in range(5)]
    place = Place("flooded", closed=frozenset(week[:4]))
    assert draw([place], week, [], Rules(1, 1, 1, 5)).visits == (Visit("flooded", week[4]),)
    assert draw([Place("closed", closed=frozenset(week))], week, [], Rules(1, 1, 1, 5)).short == ("closed",)


def test_a_term_without_days_or_schools_draws_nothing():
    assert draw([Place("1")], [], [], Rules(1, 3, 1, 1)) == Drawn((), ("1",))
    assert draw([], [STARTS], [], Rules(1, 3, 1, 1)) == Drawn((), ())


@pytest.mark.parametrize(
    ("schools", "weeks", "per_week", "usual"),
    [(10, 18, 3, 4), (46, 18, 5, 1), (46, 18, 1, 1), (20, 18, 3, 2), (0, 18, 3, 4)],
)
def test_how_often_follows_from_the_days_and_the_hands(schools, weeks, per_week, usual):
    assert usual_visits(schools, weeks, per_week) == usual
