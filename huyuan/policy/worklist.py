"""What is due, overdue or waiting for somebody, over all modules: each app registers where its tasks come from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from huyuan.common.reach import Reach


@dataclass(frozen=True)
class Task:
    """One thing somebody is expected to do, one tap away. Overdue is derived from the date when shown."""

    title: str
    detail: str
    wanted: str | Promise
    url: str
    icon: str
    due_date: date | None
    paused: bool = False


LIMIT = 60
Source = Callable[[Reach, date, int], list[Task]]
SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Add a source: given a reach, today and a limit it lists the most urgent tasks, with a fixed number of queries."""
    SOURCES.append(source)


def tasks_for(reach: Reach, today: date, limit: int = LIMIT) -> list[Task]:
    """Everything expected of the reader, most urgent first, undated last."""
    found = [task for source in SOURCES for task in source(reach, today, limit)]
    return sorted(found, key=lambda task: (task.paused, task.due_date is None, task.due_date or date.max))[:limit]
