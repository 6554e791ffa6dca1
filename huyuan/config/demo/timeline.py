"""Time in the demo: acts in the order in which they happened, each through the real action."""

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from huyuan.organisations.calendar import WorkingDays

ZONE = ZoneInfo("Asia/Shanghai")
Act = Callable[[datetime], None]


class Timeline:
    """Acts wait here for their time; an act may plan others. Nothing happens on or after the day of loading."""

    def __init__(self, on: date, calendar: WorkingDays, draw: random.Random) -> None:
        self.on, self.draw = on, draw
        self.days = _working_days_before(on, calendar, 60)
        self.waiting: list[tuple[datetime, int, Act]] = []
        self.numbers = itertools.count()

    def at(self, days_ago: int, hour: int) -> datetime:
        """Some minute of an hour, so many working days ago."""
        return datetime.combine(self.days[days_ago - 1], time(hour, self.draw.randrange(60)), ZONE)

    def plan(self, at: datetime, act: Act) -> None:
        """Let something happen at a time before the day of loading."""
        if at.date() >= self.on:
            raise ValueError(f"{at} lies ahead")
        heapq.heappush(self.waiting, (at, next(self.numbers), act))

    def run(self) -> None:
        """Let everything happen, earliest first."""
        while self.waiting:
            at, _number, act = heapq.heappop(self.waiting)
            act(at)


def _working_days_before(on: date, calendar: WorkingDays, count: int) -> list[date]:
    """The working days before a day, the latest first."""
    days = (on - timedelta(days=back) for back in itertools.count(1))
    return list(itertools.islice((day for day in days if calendar.works(day)), count))
