"""What has become of the four acts, as the database says; while it is away, nothing is known."""

from dataclasses import dataclass
from typing import Any

import psycopg

from huyuan.config.bench.faulting.installation import Installation

# The press, with its incident, its audit row and its pages; what is asked is always one number or truth.
PRESSED = """
SELECT (SELECT count(*) FROM emergency_press WHERE code = %(press)s) = 1
    AND (SELECT count(*) FROM emergency_incident WHERE school_id = %(school)s) = 1
    AND (SELECT count(*) FROM audit_auditrow WHERE kind = 'alarm:press' AND target_code = %(press)s::text) = 1
"""
PANELLED = """
SELECT (SELECT count(*) FROM emergency_press WHERE school_id = %(school)s AND source = 'panel') = 1
    AND (SELECT count(*) FROM emergency_incident WHERE school_id = %(school)s) = 1
    AND (SELECT count(*) FROM audit_auditrow AS a JOIN emergency_press AS p ON a.target_code = p.code::text
        WHERE a.kind = 'alarm:press' AND p.school_id = %(school)s) = 1
"""
PRESS_PAGED = """
SELECT count(*) > 0 AND bool_and(p.status = 'accepted') FROM emergency_page AS p
JOIN emergency_incident AS i ON i.id = p.incident_id WHERE i.school_id = %(school)s AND p.round = 1
"""
IN_TIME = """
SELECT abs(extract(epoch FROM i.opened_at - %(at)s::timestamptz)) < 10
    AND (SELECT bool_and(t.due_at = i.opened_at + make_interval(mins => t.minute)) FROM emergency_tier AS t WHERE t.incident_id = i.id)
FROM emergency_incident AS i WHERE i.school_id = %(school)s
"""
SEEN = """
SELECT c.seen_at IS NOT NULL AND i.answered_at IS NOT NULL
    AND (SELECT count(*) FROM audit_auditrow WHERE kind = 'call:seen' AND target_code = c.code::text) = 1
    AND (SELECT count(*) FROM emergency_logentry WHERE incident_id = i.id AND kind = 'seen') = 1
FROM emergency_call AS c JOIN emergency_incident AS i ON i.id = c.incident_id WHERE c.code = %(call)s
"""
CALLED_NEXT = """
SELECT (SELECT count(*) FROM emergency_call WHERE incident_id = %(incident)s) = %(calls)s + 1
    AND (SELECT count(*) FROM emergency_logentry WHERE incident_id = %(incident)s AND kind = 'called_next') = 1
"""
NEXT_PAGED = """
SELECT count(*) > 0 AND bool_and(status = 'accepted') FROM emergency_page
WHERE incident_id = %(incident)s AND call_id > %(last)s AND round = 1
"""
FOLLOWED_WHEN_DUE = """
SELECT done_at BETWEEN due_at AND due_at + interval '5 seconds' FROM emergency_step
WHERE incident_id = %(incident)s AND kind = 'follow' AND done_at IS NOT NULL
"""
ENDED = """
SELECT i.status = 'cleared' AND p.cancelled_at IS NOT NULL
    AND (SELECT count(*) FROM audit_auditrow WHERE kind = 'alarm:cancel' AND target_code = p.code::text) = 1
FROM emergency_press AS p JOIN emergency_incident AS i ON i.id = p.incident_id WHERE p.code = %(press)s
"""


@dataclass
class Eyes:
    """Asks again and again over a connection that may be lost."""

    installation: Installation
    name: str
    connection: "psycopg.Connection[Any] | None" = None

    def see(self, statement: str, **given: Any) -> Any:
        """The one value that a statement gives; None while the database is away."""
        try:
            if self.connection is None:
                self.connection = self.installation.owner(self.name)
            row = self.connection.execute(statement, given).fetchone()
        except psycopg.OperationalError:
            self.close()
            return None
        return row[0] if row else None

    def close(self) -> None:
        """Let go of the connection."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None
