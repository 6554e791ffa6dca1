"""Arithmetic of due dates."""

from datetime import date, timedelta

from huyuan.organisations.calendar import WorkingDays
from huyuan.policy.models import Clocked, DayKind


def due_after(start: date, days: int, kind: str, calendar: WorkingDays) -> date:
    """The last day of a period of `days` that begins the day after `start`."""
    return calendar.after(start, days) if kind == DayKind.WORKING else start + timedelta(days=days)


def days_left(clocked: Clocked, today: date, calendar: WorkingDays) -> int | None:
    """Days until the due date, negative when it has passed; None without a date or while paused."""
    if clocked.due_date is None or clocked.paused_on is not None:
        return None
    if clocked.due_kind == DayKind.WORKING and clocked.due_date >= today:
        return calendar.between(today, clocked.due_date)
    return (clocked.due_date - today).days


def resumed_due_date(clocked: Clocked, today: date, calendar: WorkingDays) -> date | None:
    """The due date after a pause that ends today: as many days remain as remained when it began."""
    if clocked.due_date is None or clocked.paused_on is None:
        return clocked.due_date
    if clocked.due_kind == DayKind.WORKING:
        return calendar.after(today, calendar.between(clocked.paused_on, clocked.due_date))
    return today + (clocked.due_date - clocked.paused_on)
