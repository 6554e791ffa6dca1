"""Who acts, from which post, and how far: one frozen value, made once per request or command by `people`."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from huyuan.common.errors import Refusal


class Permission(StrEnum):
    """What a role may do; the sentence beside each role stands in `people.roles`."""

    SCHOOL_READ = "school:read"
    SCHOOL_IMPORT = "school:import"
    CALENDAR_EDIT = "calendar:edit"
    PEOPLE_READ = "people:read"
    PEOPLE_IMPORT = "people:import"
    PEOPLE_RESET = "people:reset"
    INSPECTION_READ = "inspection:read"
    INSPECTION_CONDUCT = "inspection:conduct"
    INSPECTION_SIGN = "inspection:sign"
    HAZARD_READ = "hazard:read"
    HAZARD_ORDER = "hazard:order"
    HAZARD_RECTIFY = "hazard:rectify"
    HAZARD_RECHECK = "hazard:recheck"
    HAZARD_PAUSE = "hazard:pause"
    HAZARD_ANSWER = "hazard:answer"
    NOTICE_NUMBERING = "notice:numbering"
    SUPERVISION_DECIDE = "supervision:decide"
    LEDGER_EXPORT = "ledger:export"
    PLAN_READ = "plan:read"
    PLAN_KEEP = "plan:keep"
    DUTY_KEEP = "duty:keep"
    DUTY_ADOPT = "duty:adopt"
    HAZARD_IMPORT = "hazard:import"
    LEDGER_SHAPE = "ledger:shape"
    CHANNEL_EDIT = "channel:edit"
    BURDEN_READ = "burden:read"
    ALARM_PRESS = "alarm:press"
    INCIDENT_READ = "incident:read"
    INCIDENT_COMMAND = "incident:command"
    EXERCISE_RUN = "exercise:run"
    STATEMENT_RELEASE = "statement:release"
    CONTINGENCY_READ = "contingency:read"
    CONTINGENCY_EDIT = "contingency:edit"
    CONTINGENCY_APPROVE = "contingency:approve"
    UNIT_READ = "unit:read"
    UNIT_EDIT = "unit:edit"
    SHIFT_READ = "shift:read"
    SHIFT_EDIT = "shift:edit"
    DEVICE_READ = "device:read"
    DEVICE_KEEP = "device:keep"
    OUTSIDE_EDIT = "outside:edit"
    CAP_IN = "cap:in"


@dataclass(frozen=True, slots=True)
class Reach:
    """The actor of every action and the reader of every query.

    `organisation_id` is the organisation of the post acted from, `subjects` the ids of the organisations it reaches and
    `speaks_for` those it answers and signs for (itself, and the teaching points of a central school): one indexed
    look-up in Jurisdiction, made with the reach. Posts of county-wide organisations have no subjects; they
    reach the whole county (`covers_county`). `user_id` is None for the system itself (engine, command line).
    """

    user_id: int | None
    county_id: int
    organisation_id: int | None
    post_id: int | None
    role: str
    permissions: frozenset[Permission]
    covers_county: bool
    subjects: frozenset[int] = frozenset()
    speaks_for: frozenset[int] = frozenset()

    @property
    def person(self) -> int:
        """The id of the acting person; what only a person can do (sign, decide) asks for this."""
        if self.user_id is None:
            raise LookupError("the system itself does not sign, decide or answer")
        return self.user_id

    @property
    def home(self) -> int:
        """The id of the organisation acted from; the system has none."""
        if self.organisation_id is None:
            raise LookupError("the system acts from no organisation")
        return self.organisation_id

    @property
    def seat(self) -> int:
        """The id of the post acted from; the system has none."""
        if self.post_id is None:
            raise LookupError("the system acts from no post")
        return self.post_id

    def may(self, permission: Permission) -> bool:
        """Whether the acting role holds the permission at all, somewhere."""
        return permission in self.permissions


def system_reach(county_id: int) -> Reach:
    """The reach of the system itself in one county: for commands and the engine, never for a request."""
    return Reach(None, county_id, None, None, "system", frozenset(Permission), covers_county=True)


def allowed(check: Callable[..., Any], reach: Reach, *things: Any) -> bool:
    """Whether a check would pass; buttons ask the same rule as the action."""
    try:
        check(reach, *things)
    except Refusal:
        return False
    return True
