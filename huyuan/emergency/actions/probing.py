"""The watchdog's test alarm: asked here, answered by an engine."""

from datetime import datetime, timedelta

from django.db import connection

from huyuan.emergency.models import Probe

EVERY = timedelta(seconds=60)
KEPT = timedelta(days=1)
ANSWER = """
UPDATE emergency_probe SET answered_at = clock_timestamp(), answered_by = %s WHERE answered_at IS NULL
"""


def ask(*, now: datetime) -> Probe | None:
    """Ask whether an engine lives, when the last time is long enough ago; what is older than a day goes."""
    if Probe.objects.filter(asked_at__gt=now - EVERY).exists():
        return None
    Probe.objects.filter(asked_at__lt=now - KEPT).delete()
    return Probe.objects.create(asked_at=now)


def answer_probes(*, me: str) -> None:
    """Say that this engine lives."""
    with connection.cursor() as cursor:
        cursor.execute(ANSWER, [me])
