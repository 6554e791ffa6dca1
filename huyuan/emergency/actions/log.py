"""The log of an incident: written in the transaction of the act, read in the order of the database."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from huyuan.common.reach import Reach
from huyuan.emergency.actions.outside import page_outside
from huyuan.emergency.models import Call, Incident, LogEntry

# Wakes engines and screens early; what they do comes from the rows.
WAKE_CHANNEL = "huyuan_alarm"
# After these there was somebody to call.
CALLED = ("called", "called_next", "called_more", "called_by_command")


def write_log(
    kind: str,
    *,
    incident: Incident,
    now: datetime,
    by: Reach | None = None,
    process: str = "",
    words: str = "",
    **facts: Any,
) -> LogEntry:
    """Write one entry, make its pages to receivers outside and wake those who watch; `kind` names a sentence of `log_words`."""
    entry = LogEntry.objects.create(
        incident=incident,
        at=now,
        kind=kind,
        actor_id=by.user_id if by else None,
        process=process,
        facts=facts,
        words=words,
    )
    page_outside(entry=entry, now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE_CHANNEL, str(incident.code)])
    return entry


def write_logs(kind: str, *, incident: Incident, now: datetime, facts: Iterable[dict[str, Any]]) -> None:
    """Write several entries of one kind by the engine in one statement, and wake those who watch."""
    LogEntry.objects.bulk_create(LogEntry(incident=incident, at=now, kind=kind, facts=one) for one in facts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE_CHANNEL, str(incident.code)])


def write_nobody_left(*, call: Call, incident: Incident, now: datetime, name: str) -> None:
    """Write that nobody is left to call after somebody silent: once in a tier, until somebody has been called again.

    Who else stays silent is seen at their own call. The caller holds the incident.
    """
    minute = call.tier.minute if call.tier else None
    said = incident.log.filter(kind="nobody_next", facts__minute=minute).order_by("-pk").first()
    if said is None or incident.log.filter(pk__gt=said.pk, kind__in=CALLED).exists():
        write_log("nobody_next", incident=incident, now=now, name=name, minute=minute)
