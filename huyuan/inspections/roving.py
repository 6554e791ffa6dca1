"""Drawing the roving checks of a term: a fair spread that anybody can draw again. Values in, values out."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = 7
MOST_VISITS = 4


@dataclass(frozen=True)
class Place:
    """A school to visit, by its school code: whether it has an open major hazard, when it was last checked, when it rests."""

    key: str
    urgent: bool = False
    checked_on: date | None = None
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True)
class Visit:
    """A school and its day."""

    key: str
    day: date


@dataclass(frozen=True)
class Rules:
    """How often each school, at most how many visits a week, how many weeks lie between two at one school, and the seed."""

    per_school: int
    per_week: int
    gap_weeks: int
    seed: int


@dataclass(frozen=True)
class Drawn:
    """The visits by day, and the schools for which the term is too short."""

    visits: tuple[Visit, ...]
    short: tuple[str, ...]


def monday(day: date) -> date:
    """The first day of the week of a day."""
    return day - timedelta(days=day.weekday())


def usual_visits(schools: int, weeks: int, per_week: int) -> int:
    """How often each school can be visited in so many weeks; once at least, so that what is missing shows."""
    return max(1, min(MOST_VISITS, per_week * weeks // max(1, schools)))


def draw(places: Sequence[Place], days: Iterable[date], kept: Sequence[Visit], rules: Rules) -> Drawn:
    """Spread visits over school days around those that are kept: every school once before any a second time, with the
    gap between two visits of a school, as many each week as its school days bear; urgent and long unchecked ones first.
    """
    planner = _Planner(places, kept, rules)
    weeks: dict[date, list[date]] = defaultdict(list)
    for day in sorted(set(days)):
        weeks[monday(day)].append(day)
    total, all_days = planner.wanted() + planner.kept_in(weeks), sum(len(found) for found in weeks.values())
    passed = placed = 0
    for week, found in weeks.items():
        passed += len(found)
        placed += planner.loads[week]
        quota = min((2 * total * passed + all_days) // (2 * all_days) - placed, rules.per_week - planner.loads[week])
        placed += planner.fill(week, found, quota)
    short = tuple(place.key for place in places if planner.counts[place.key] < rules.per_school)
    return Drawn(tuple(sorted(planner.drawn, key=lambda visit: (visit.day, visit.key))), short)


class _Planner:
    def __init__(self, places: Sequence[Place], kept: Sequence[Visit], rules: Rules) -> None:
        self.places, self.rules = places, rules
        self.drawn: list[Visit] = []
        self.counts: Counter[str] = Counter(visit.key for visit in kept)
        self.loads: Counter[date] = Counter(monday(visit.day) for visit in kept)
        self.weeks_of: dict[str, list[date]] = defaultdict(list)
        for visit in kept:
            self.weeks_of[visit.key].append(monday(visit.day))

    def wanted(self) -> int:
        return sum(max(0, self.rules.per_school - self.counts[place.key]) for place in self.places)

    def kept_in(self, weeks: Iterable[date]) -> int:
        return sum(self.loads[week] for week in weeks)

    def fill(self, week: date, days: Sequence[date], quota: int) -> int:
        """Choose up to `quota` schools for a week; answers how many were found."""
        turn = self._lot("week", week) % len(days)
        for number in range(quota):
            first = turn + number * len(days) // quota
            order = [days[(first + step) % len(days)] for step in range(len(days))]
            place = next((one for one in self._next_in_line() if self._fits(one, week, order)), None)
            if place is None:
                return number
            day = next(day for day in order if day not in place.closed)
            self.drawn.append(Visit(place.key, day))
            self.counts[place.key] += 1
            self.weeks_of[place.key].append(week)
        return max(0, quota)

    def _next_in_line(self) -> list[Place]:
        """Those that have had the fewest visits, the most pressing first, the rest by lot."""
        fewest = min((self.counts[place.key] for place in self.places), default=self.rules.per_school)
        if fewest >= self.rules.per_school:
            return []
        line = [place for place in self.places if self.counts[place.key] == fewest]
        return sorted(
            line,
            key=lambda one: (not one.urgent, one.checked_on or date.min, self._lot(fewest, one.key), one.key),
        )

    def _fits(self, place: Place, week: date, days: Sequence[date]) -> bool:
        near = any(abs((week - other).days) < self.rules.gap_weeks * WEEK for other in self.weeks_of[place.key])
        return not near and any(day not in place.closed for day in days)

    def _lot(self, *about: object) -> int:
        said = "/".join(map(str, (self.rules.seed, *about)))
        return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8])
