"""Arithmetic of due dates."""

from datetime import date, timedelta

from huyuan.organisations.calendar import WorkingDays
from huyuan.policy.models import Clocked, DayKind


def due_after(start: date, days: int, kind: str, calendar: WorkingDays) -> date:
    """The last day of a period of `days` that begins the day after `start`."""
    return calendar.after(start, days) if kind == DayKind.WORKING else start + timedelta(days=days)


def days_left(clocked: Clocked, today: date, calendar: WorkingDays) -> int | None:
    """Days until the due date, negative when it has passed; None without a date or while paused."""
    if clocked.due_date is None or clocked.is_paused(today):
        return None
    if clocked.due_kind == DayKind.WORKING and clocked.due_date >= today:
        return calendar.between(today, clocked.due_date)
    return (clocked.due_date - today).days


def resumed_due_date(clocked: Clocked, today: date, calendar: WorkingDays) -> date | None:
    """The due date after a pause that ends today: as many days remain as remained when it began."""
    stood_from = clocked.paused_on or clocked.paused_until
    if clocked.due_date is None or stood_from is None:
        return clocked.due_date
    return moved_due_date(clocked, stood_from, today, calendar)


def moved_due_date(clocked: Clocked, stood_from: date, runs_from: date, calendar: WorkingDays) -> date | None:
    """The due date of a clock that runs again from a day, with the days that remained on another day still to come."""
    if clocked.due_date is None:
        return None
    if clocked.due_kind == DayKind.WORKING:
        return calendar.after(runs_from, calendar.between(stood_from, clocked.due_date))
    return runs_from + (clocked.due_date - stood_from)
