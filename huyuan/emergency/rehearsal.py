"""Whom an alarm would call, asked before an exercise."""

from dataclasses import dataclass
from datetime import datetime

from huyuan.emergency.candidates import Scene, call_of, called_at_once
from huyuan.emergency.models import Call, Incident
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
    scene, found = Scene(incident, rules, now), []
    known: set[tuple[int | None, str]] = set()
    for minute, rule in sorted(rules.alarm_class.tiers.items()):
        chosen = {one.key: one for part in rule.parts for one in called_at_once(part, scene) if one.key not in known}
        known |= chosen.keys()
        calls = [call_of(one, incident=incident, rank=rank, now=now) for rank, one in enumerate(chosen.values())]
        found.append(Called(minute, rules.seconds[minute], rule.needed, calls))
    return found
