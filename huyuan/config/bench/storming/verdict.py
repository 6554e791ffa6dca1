"""What a storm has left behind, held against what was acknowledged."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from huyuan.config.bench.storming.pressing import Pressed

Heard = Sequence[tuple[int, float, str, list[str]]]
WAITING = "SELECT count(*) FROM emergency_page WHERE round = 1 AND channel <> 'bot' AND status <> 'accepted'"
STEPS = "SELECT count(*) FROM emergency_step WHERE kind = 'call' AND done_at IS NULL"
PANEL_PRESSES = "SELECT count(*) FROM emergency_press WHERE source = 'panel'"
WITHOUT_AUDIT = """
SELECT count(*) FROM emergency_press AS p WHERE NOT EXISTS (
    SELECT FROM audit_auditrow AS a WHERE a.kind = 'alarm:press' AND a.target_code = p.code::text)
"""
TWICE_OPEN = """
SELECT count(*) FROM (SELECT school_id, alarm_class, sign FROM emergency_incident GROUP BY 1, 2, 3 HAVING count(*) > 1) AS twice
"""
TWICE_PAGED = """
SELECT count(*) FROM (
    SELECT call_id, channel, round FROM emergency_page WHERE call_id IS NOT NULL GROUP BY 1, 2, 3 HAVING count(*) > 1) AS twice
"""
# Bar R5, in seconds: until somebody's first message was taken, until a person was tried in three ways, and after the policy's seconds
# until the next person was called.
FIRST_TAKEN = """
SELECT extract(epoch FROM min(p.accepted_at) - i.opened_at)
FROM emergency_incident AS i
LEFT JOIN emergency_page AS p ON p.incident_id = i.id AND p.channel IN ('sms', 'voice') AND p.status = 'accepted'
GROUP BY i.id
"""
THREE_WAYS = """
SELECT extract(epoch FROM (array_agg(p.accepted_at ORDER BY p.accepted_at))[3] - min(p.made_at))
FROM emergency_page AS p JOIN emergency_call AS c ON c.id = p.call_id
WHERE c.user_id IS NOT NULL AND p.round = 1 GROUP BY c.id
"""
NEXT_LATE = """
SELECT extract(epoch FROM done_at - due_at) FROM emergency_step
WHERE kind = 'follow' AND (done_at IS NOT NULL OR due_at < clock_timestamp())
"""
SENT = "SELECT code::text FROM emergency_page WHERE channel IN ('sms', 'voice') AND status = 'accepted'"


def figure(statement: str) -> int:
    """One number of the database."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def spread(name: str, statement: str) -> dict[str, float | None]:
    """The median and the 99th of a hundred of seconds in the database, named; and of how many nothing can be said yet."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows = cursor.fetchall()
    found = sorted(float(seconds) for (seconds,) in rows if seconds is not None)
    return {
        f"{name}_p50_s": at(found, 0.5), f"{name}_p99_s": at(found, 0.99), f"{name}_outstanding": len(rows) - len(found),
    }  # fmt: skip


def settled() -> bool:
    """Whether everybody was called and every page of the first round was taken."""
    return figure(STEPS) == 0 and figure(WAITING) == 0


@dataclass(frozen=True)
class Verdict:
    """One storm in numbers."""

    seed: int
    pressed: Sequence[Pressed]
    heard: Heard
    kills: int

    def figures(self) -> dict[str, Any]:
        """What is printed; every count of a wrong is to be zero."""
        times = sorted(one.seconds for one in self.pressed if one.seconds is not None)
        keys = Counter(key for _receiver, _at, key, _codes in self.heard)
        sent = self._sent()
        in_time = sum(second <= 30 for second in times)
        return {
            "seed": self.seed, "alarms": len(self.pressed), "kills": self.kills,
            "acknowledged": len(times), "acknowledged_within_30_s": round(in_time / max(1, len(self.pressed)), 4),
            "p50_s": at(times, 0.5), "p99_s": at(times, 0.99), "max_s": at(times, 1.0),
            **spread("first_channel", FIRST_TAKEN), **spread("three_channels", THREE_WAYS), **spread("next_late", NEXT_LATE),
            "tries": sum(one.tries for one in self.pressed), "refused": sum(one.refused for one in self.pressed),
            "lost": self._lost(), "duplicate_alarms": figure(TWICE_OPEN), "missing_audit_rows": figure(WITHOUT_AUDIT),
            "incidents": figure("SELECT count(*) FROM emergency_incident"), "pages": len(sent),
            "lost_pages": len(sent - keys.keys()) + figure(WAITING), "duplicate_pages": figure(TWICE_PAGED),
            "repeats_with_the_same_key": sum(count - 1 for count in keys.values()),
        }  # fmt: skip

    def _lost(self) -> int:
        """Acknowledged presses that the database does not have."""
        by_phone = {one.identity for one in self.pressed if one.identity and one.seconds is not None}
        by_panel = sum(not one.identity and one.seconds is not None for one in self.pressed)
        with connection.cursor() as cursor:
            cursor.execute("SELECT code::text FROM emergency_press WHERE source = 'phone'")
            there = {row[0] for row in cursor.fetchall()}
        return len(by_phone - there) + max(0, by_panel - figure(PANEL_PRESSES))

    def _sent(self) -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute(SENT)
            return {row[0] for row in cursor.fetchall()}


def at(times: Sequence[float], share: float) -> float | None:
    """A percentile, in seconds."""
    return round(times[min(len(times) - 1, int(share * len(times)))], 2) if times else None
