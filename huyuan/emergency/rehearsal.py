"""Whom an alarm would call, asked before an exercise."""

from dataclasses import dataclass
from datetime import datetime

from huyuan.emergency.actions.calling import called_as
from huyuan.emergency.models import Call, Incident, Tier
from huyuan.emergency.policies import FrozenPolicy
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import School


@dataclass(frozen=True)
class Called:
    """The calls of one tier, not saved and not sent."""

    minute: int
    seconds: int
    needed: int
    calls: list[Call]


def who_would_be_called(school: School, rules: FrozenPolicy, now: datetime) -> list[Called]:
    """Each tier with its people and lines; whoever stands in an earlier tier is not called twice."""
    incident = Incident(
        county=school.county, school=school, sign=Sign.EXERCISE, alarm_class=rules.alarm_class.key, opened_at=now,
        policy=rules.model_dump(mode="json"),
    )  # fmt: skip
    known: set[tuple[int | None, str]] = set()
    found = []
    for minute, rule in sorted(rules.alarm_class.tiers.items()):
        tier = Tier(incident=incident, minute=minute, needed=rule.needed, due_at=now)
        calls = [call for part in rule.parts for call in called_as(part, tier, incident, now)]
        fresh = {(call.user_id, call.landline): call for call in calls if (call.user_id, call.landline) not in known}
        known |= fresh.keys()
        found.append(Called(minute, rules.seconds[minute], rule.needed, list(fresh.values())))
    return found
