"""The watchdog: proves each second, from another process than the engine's, that what was due has been done.

When it was not, it does it itself with the engine's own functions, writes that into the log of each incident, and a
banner stands on every page until all is done.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from huyuan.common.clock import database_now
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.actions.probing import EVERY, ask
from huyuan.emergency.engine import Engine, name_of_process
from huyuan.emergency.models import Incident, LogEntry, Probe

LATE_AFTER = timedelta(seconds=5)
# So long the watchdog works each time it finds the engine late.
SHIFT_SECONDS = 3.0
# So long the banner stands after the last such time.
REMEMBERED = timedelta(seconds=60)

OVERDUE = """
SELECT incident_id, min(since) FROM (
    SELECT incident_id, due_at AS since FROM emergency_step WHERE done_at IS NULL AND due_at < %(limit)s
    UNION ALL
    SELECT incident_id, CASE status WHEN 'claimed' THEN lease_until ELSE next_at END FROM emergency_page
    WHERE status IN ('waiting', 'claimed') AND next_at < %(limit)s
) AS due
JOIN emergency_incident AS i ON i.id = due.incident_id AND i.status = 'open'
WHERE since < %(limit)s GROUP BY incident_id ORDER BY 2
"""


@dataclass(frozen=True)
class Late:
    """What should have been done by now: since when, for which incidents; none when only the test alarm is missing."""

    since: datetime
    incident_ids: tuple[int, ...]


def overdue(now: datetime) -> Late | None:
    """What has been due for more than five seconds in running incidents."""
    with connection.cursor() as cursor:
        cursor.execute(OVERDUE, {"limit": now - LATE_AFTER})
        rows = cursor.fetchall()
    return Late(rows[0][1], tuple(row[0] for row in rows)) if rows else None


def late(now: datetime) -> Late | None:
    """What a page warns of: work overdue, an unanswered test alarm, or the watchdog at work within the last minute."""
    found = overdue(now)
    if found is not None:
        return found
    silent = Probe.objects.filter(answered_at=None, asked_at__lt=now - LATE_AFTER).order_by("asked_at").first()
    if silent is not None:
        return Late(silent.asked_at, ())
    taken = LogEntry.objects.filter(
        kind="engine_late", at__gt=now - REMEMBERED, incident__status=Incident.Status.OPEN
    ).order_by("pk")  # fmt: skip
    first = taken.first()
    return Late(first.at, (first.incident_id,)) if first else None


def is_well(now: datetime) -> bool:
    """For monitoring from outside: nothing is late, and an engine has answered within the last two test alarms."""
    answered = Probe.objects.filter(answered_at__gt=now - 2 * EVERY).exists()
    return answered and late(now) is None


def watch() -> None:
    """Look once: send the test alarm when it is time, and do what the engine has left undone."""
    now = database_now()
    ask(now=now)
    found = overdue(now)
    if found is not None:
        report(found, now)
        asyncio.run(work(SHIFT_SECONDS))


def report(found: Late, now: datetime) -> None:
    """Write into the log of each incident that the engine is late, once a minute."""
    said = LogEntry.objects.filter(kind="engine_late", at__gt=now - REMEMBERED).values("incident_id")
    for incident in Incident.objects.filter(pk__in=found.incident_ids).exclude(pk__in=said):
        with transaction.atomic():
            write_log(
                "engine_late", incident=incident, now=now, process=watchdog_name(),
                seconds=round((now - found.since).total_seconds(), 1),
            )  # fmt: skip


async def work(seconds: float) -> None:
    """Be an engine for a moment."""
    engine = Engine(watchdog_name(), answers=False)
    asyncio.get_running_loop().call_later(seconds, engine.end)
    await engine.run()


def watchdog_name() -> str:
    """Which watchdog."""
    return f"watchdog {name_of_process()}"[:80]
