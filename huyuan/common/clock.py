"""The one clock of an installation."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The time of the database: clocks of several hosts differ, it is one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now
