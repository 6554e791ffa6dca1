"""Adding to the efforts of an organisation."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.utils import timezone

from huyuan.common.effort import Cost
from huyuan.common.reach import Reach

FIGURES = ("entries", "typed", "filled", "reused", "seconds")
PLACES = ", ".join(["%s"] * (4 + len(FIGURES)))
RAISED = ", ".join(f"{name} = policy_effort.{name} + EXCLUDED.{name}" for name in FIGURES)
STATEMENT = (
    f"INSERT INTO policy_effort (county_id, organisation_id, month, occasion, {', '.join(FIGURES)}) VALUES ({PLACES})"
    f" ON CONFLICT (organisation_id, month, occasion) DO UPDATE SET {RAISED}"
)


def add_efforts(*, costs: Iterable[Cost], by: Reach, now: datetime) -> None:
    """Add what entries cost to the organisation of the acting post. One statement for each occasion, in one order."""
    if by.organisation_id is None:
        return
    month = timezone.localdate(now).replace(day=1)
    with connection.cursor() as cursor:
        for cost in sorted(costs, key=lambda cost: cost.occasion):
            figures = [getattr(cost, name) for name in FIGURES]
            cursor.execute(STATEMENT, [by.county_id, by.organisation_id, month, cost.occasion, *figures])
