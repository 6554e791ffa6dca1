"""The log of an incident: written in the transaction of the act, read in the order of the database."""

from datetime import datetime
from typing import Any

from django.db import connection

from huyuan.common.reach import Reach
from huyuan.emergency.models import Incident, LogEntry

# Wakes engines and screens early; what they do comes from the rows.
WAKE_CHANNEL = "huyuan_alarm"


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
    """Write one entry and wake those who watch; `kind` names a sentence of `emergency.log_words`."""
    entry = LogEntry.objects.create(
        incident=incident,
        at=now,
        kind=kind,
        actor_id=by.user_id if by else None,
        process=process,
        facts=facts,
        words=words,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [WAKE_CHANNEL, str(incident.code)])
    return entry
