"""The outbox of pages: claimed with a lease, marked only after somebody has taken them. All times are the database's.

Statements instead of models: a press makes dozens of pages, and each is read, claimed and marked within milliseconds.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from huyuan.emergency.actions.paging import LEASE_SECONDS
from huyuan.emergency.channels.letters import SendFailed
from huyuan.emergency.policies import Part

LOW_CLASS_ATTEMPTS = 8
# What stands between two tries: for the highest class never long, and without an end while the incident runs.
LONGEST_WAIT_HIGH, LONGEST_WAIT_LOW = 4.0, 60.0
LINES = frozenset({Part.DUTY_LINE, Part.COMMAND_LINE, Part.POLICE, Part.COMMAND})
HEARD = frozenset({"sms", "voice", "outside"})
JSON = ("title", "spoken", "subscription")


@dataclass(frozen=True, slots=True)
class Claimed:
    """A page that this engine sends now, with everything its words need."""

    code: UUID
    incident_id: int
    incident_code: UUID
    county_id: int
    call_id: int | None
    receiver_id: int | None
    sign: str
    channel: str
    address: str
    attempts: int
    part: str | None
    minutes: int | None
    language: str | None
    title: dict[str, str]
    spoken: dict[str, str]
    highest: bool
    school: str
    place: str
    subscription: dict[str, str] | None
    robot: str | None


COLUMNS = [column.name for column in fields(Claimed)]
FOUND = """
    SELECT p.code, p.incident_id, i.code AS incident_code, i.county_id, p.call_id, p.receiver_id, p.sign, p.channel,
        p.address, p.attempts + {more} AS attempts, c.part,
        (i.policy #>> ARRAY['seconds', t.minute::text])::int / 60 AS minutes, u.language,
        i.policy #> '{{alarm_class,title}}' AS title, i.policy #> '{{alarm_class,spoken}}' AS spoken,
        (i.policy #>> '{{alarm_class,highest}}')::boolean AS highest, o.name AS school, i.place,
        CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('endpoint', s.endpoint, 'p256dh', s.p256dh, 'auth', s.auth)
        END AS subscription, r.address AS robot
    FROM emergency_page AS p
    JOIN emergency_incident AS i ON i.id = p.incident_id
    JOIN organisations_organisation AS o ON o.id = i.school_id
    LEFT JOIN emergency_call AS c ON c.id = p.call_id
    LEFT JOIN emergency_tier AS t ON t.id = c.tier_id
    LEFT JOIN people_user AS u ON u.id = c.user_id
    LEFT JOIN emergency_pushsubscription AS s
        ON s.id = CASE WHEN p.channel = 'push' THEN p.address::bigint END
    LEFT JOIN notifications_channel AS r
        ON r.active AND r.id = CASE WHEN p.channel = 'bot' THEN p.address::bigint END
"""
CLAIM = """
WITH due AS ({found}
    WHERE p.status IN ('waiting', 'claimed') AND p.next_at <= clock_timestamp()
        AND (p.status = 'waiting' OR p.lease_until <= clock_timestamp())
        AND (i.status = 'open' OR p.channel = 'outside')
    ORDER BY (p.sign = 'real') DESC, p.next_at LIMIT %(limit)s FOR UPDATE OF p SKIP LOCKED
)
UPDATE emergency_page AS p SET status = 'claimed', claimed_by = %(me)s, attempts = due.attempts,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
FROM due WHERE p.code = due.code
RETURNING {columns}
""".format(found=FOUND.format(more=1), columns=", ".join(f"due.{name}" for name in COLUMNS))
JUST_MADE = f"""{FOUND.format(more=0)}
WHERE p.incident_id = %(incident)s AND p.status = 'claimed' AND p.claimed_by = %(me)s AND p.made_at = %(now)s
"""

ACCEPT = """
UPDATE emergency_page SET status = 'accepted', accepted_at = COALESCE(%(at)s, clock_timestamp()),
    finished_at = COALESCE(%(at)s, clock_timestamp()), lease_until = NULL, reason = ''
WHERE code = ANY(%(pages)s) AND status <> 'accepted'
"""
# What somebody else holds is passed over, and made up for a moment later: no message waits for another's incident.
LINE_ACCEPTED = """
UPDATE emergency_incident SET line_accepted_at = COALESCE(%(at)s, clock_timestamp())
WHERE id IN (
    SELECT id FROM emergency_incident WHERE id = ANY(%(incidents)s) AND line_accepted_at IS NULL
    FOR NO KEY UPDATE SKIP LOCKED)
"""
LINE_MADE_UP = """
WITH found AS MATERIALIZED (
    SELECT p.incident_id, min(p.accepted_at) AS at
    FROM emergency_incident AS i JOIN emergency_page AS p ON p.incident_id = i.id
    LEFT JOIN emergency_call AS c ON c.id = p.call_id
    WHERE i.status = 'open' AND i.line_accepted_at IS NULL AND p.accepted_at IS NOT NULL AND p.channel = ANY(%(heard)s)
        AND (p.receiver_id IS NOT NULL OR c.part = ANY(%(lines)s))
    GROUP BY p.incident_id
), held AS (
    SELECT id FROM emergency_incident WHERE id IN (SELECT incident_id FROM found) FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE emergency_incident AS i SET line_accepted_at = found.at FROM found JOIN held ON held.id = found.incident_id
WHERE i.id = held.id AND i.line_accepted_at IS NULL
"""
# A system outside may be away for long; what it was not told within a day of a finished incident it is not told.
FAIL = """
WITH page AS (
    SELECT p.code, %(final)s OR i.status <> 'open' AND p.made_at < clock_timestamp() - interval '1 day' AS final
    FROM emergency_page AS p JOIN emergency_incident AS i ON i.id = p.incident_id WHERE p.code = %(code)s
)
UPDATE emergency_page AS p SET status = CASE WHEN page.final THEN 'failed' ELSE 'waiting' END, reason = %(reason)s,
    next_at = clock_timestamp() + make_interval(secs => %(wait)s), lease_until = NULL,
    finished_at = CASE WHEN page.final THEN clock_timestamp() END
FROM page
WHERE p.code = page.code AND p.status = 'claimed' AND p.claimed_by = %(me)s AND p.attempts = %(attempts)s
"""
ROBOT_MESSAGES = """
SELECT count(*) FROM emergency_page
WHERE channel = 'bot' AND address = %s AND accepted_at > clock_timestamp() - interval '1 minute'
"""
CLOSE = """
UPDATE emergency_page AS p SET status = 'failed', reason = 'the incident was over', finished_at = clock_timestamp(),
    lease_until = NULL
FROM emergency_incident AS i
WHERE i.id = p.incident_id AND i.status <> 'open' AND p.channel <> 'outside'
    AND (p.status = 'waiting' OR p.status = 'claimed' AND p.lease_until <= clock_timestamp())
"""


def claim_pages(*, me: str, limit: int = 1000) -> list[Claimed]:
    """Take due pages, real ones first; no two engines get the same one while the lease lasts."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"me": me, "limit": limit, "lease": LEASE_SECONDS})
        return [_claimed(row) for row in cursor.fetchall()]


def pages_of(*, incident_id: int, me: str, now: datetime) -> list[Claimed]:
    """The pages that a step of this engine has just made, claimed by it from the start."""
    with connection.cursor() as cursor:
        cursor.execute(JUST_MADE, {"incident": incident_id, "me": me, "now": now})
        return [_claimed(row) for row in cursor.fetchall()]


def mark_accepted(*, pages: Sequence[Claimed], at: datetime | None = None) -> None:
    """Write that pages were taken; it is a fact, whoever holds the lease by now. `at` is for what is played in given time."""
    with connection.cursor() as cursor:
        cursor.execute(ACCEPT, {"pages": [page.code for page in pages], "at": at})
        lines = {page.incident_id for page in pages if page.channel in HEARD and _is_line(page)}
        if lines:
            cursor.execute(LINE_ACCEPTED, {"incidents": list(lines), "at": at})


def make_up_lines() -> None:
    """Write of running incidents that a line has taken the alarm where that could not be written with the message."""
    with connection.cursor() as cursor:
        cursor.execute(LINE_MADE_UP, {"heard": list(HEARD), "lines": [part.value for part in LINES]})


def mark_failed(*, page: Claimed, failure: SendFailed, me: str) -> None:
    """Write why a page was not taken, and when it is tried again; nothing when another engine has it by now."""
    final = failure.final or (not page.highest and page.attempts >= LOW_CLASS_ATTEMPTS)
    longest = LONGEST_WAIT_HIGH if page.highest else LONGEST_WAIT_LOW
    given = {
        "final": final, "reason": str(failure)[:200], "wait": min(0.5 * 2 ** min(page.attempts - 1, 10), longest),
        "code": page.code, "me": me, "attempts": page.attempts,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FAIL, given)


def robot_messages(address: str) -> int:
    """How many messages a group has taken within the last minute."""
    with connection.cursor() as cursor:
        cursor.execute(ROBOT_MESSAGES, [address])
        return int(cursor.fetchone()[0])


def close_pages() -> None:
    """End what waits for incidents that are over."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE)


def _is_line(page: Claimed) -> bool:
    return page.part in LINES or page.receiver_id is not None


def _claimed(row: Sequence[Any]) -> Claimed:
    """A row as it was returned; Django hands JSON over as text."""
    named = dict(zip(COLUMNS, row, strict=True))
    return Claimed(**named | {name: json.loads(named[name]) for name in JSON if named[name] is not None})
