"""What the database and the gateway say of one press, asked over a connection of its own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from huyuan.config.bench.faulting.sink import Sink

FACTS = """
WITH mine AS (SELECT i.* FROM emergency_incident AS i WHERE i.id > %(after)s),
    pages AS (SELECT p.* FROM emergency_page AS p JOIN mine ON mine.id = p.incident_id)
SELECT
    (SELECT count(*) FROM emergency_press WHERE code = %(code)s) AS presses,
    (SELECT count(*) FROM mine) AS incidents,
    (SELECT count(*) FROM audit_auditrow WHERE kind = 'alarm:press' AND target_code = %(code)s::text) AS audited,
    (SELECT count(*) FROM pages WHERE round = 1) AS pages,
    (SELECT count(*) FROM pages WHERE round = 1 AND status = 'accepted') AS accepted,
    (SELECT count(*) - count(DISTINCT (call_id, channel, round, address)) FROM pages) AS pages_twice,
    (SELECT count(*) FROM emergency_step AS s JOIN mine ON mine.id = s.incident_id
        WHERE s.kind = 'call' AND s.done_at IS NOT NULL) AS called
"""
DUE = """
SELECT code::text FROM emergency_page WHERE incident_id > %s AND round = 1 AND channel IN ('sms', 'voice', 'push')
"""
KNOWN = "SELECT count(*) FROM emergency_page WHERE code = ANY(%s::uuid[])"
NEWEST = "SELECT coalesce(max(id), 0) FROM emergency_incident"
# What is over must not busy the engines of the next cell.
CLOSE = """
UPDATE emergency_step SET done_at = clock_timestamp() WHERE done_at IS NULL;
UPDATE emergency_page SET status = 'failed', finished_at = clock_timestamp() WHERE status IN ('waiting', 'claimed');
UPDATE emergency_incident SET status = 'cleared', cleared_at = clock_timestamp() WHERE status = 'open';
"""


@dataclass(frozen=True)
class Facts:
    """One press as it stands."""

    presses: int
    incidents: int
    audited: int
    pages: int
    accepted: int
    pages_twice: int
    called: int
    unheard: int
    strange: int

    def whole(self, pages: int) -> bool:
        """Whether everything is there, and everything once."""
        once = self.presses == self.incidents == self.audited == self.called == 1
        return once and self.accepted == self.pages >= pages and not self.unheard and not self.duplicates

    @property
    def lost(self) -> bool:
        """Whether the press is not stored with all that belongs to it."""
        return not (self.presses and self.incidents and self.audited)

    @property
    def duplicates(self) -> int:
        """What is there more often than once."""
        over = sum(max(0, count - 1) for count in (self.presses, self.incidents, self.audited))
        return over + self.pages_twice + self.strange


@dataclass
class Judge:
    """Asks what has become of a press; `after` is the newest incident before it."""

    connection: "psycopg.Connection[Any]"
    sink: Sink
    code: str = ""
    after: int = 0

    def begin(self, code: str) -> None:
        """From now on judge this press."""
        self.code, self.after = code, self.one(NEWEST)
        self.sink.clear()

    def one(self, statement: str, *given: Any) -> Any:
        """The one value that a statement gives."""
        row = self.connection.execute(statement, given or None).fetchone()
        return row[0] if row else None

    def stored(self) -> bool:
        """Whether the press is committed at this moment."""
        return bool(self.one("SELECT count(*) FROM emergency_press WHERE code = %s", self.code))

    def facts(self) -> Facts:
        """Everything that is judged."""
        found = self.connection.execute(FACTS, {"code": self.code, "after": self.after})
        counts = dict(zip((column.name for column in found.description or ()), found.fetchone() or (), strict=True))
        due = {code for (code,) in self.connection.execute(DUE, [self.after]).fetchall()}
        heard = {one["key"] for one in self.sink.heard()}
        strange = len(heard) - int(self.one(KNOWN, list(heard)))
        return Facts(**counts, unheard=len(due - heard), strange=strange)

    def wait(self, true: Callable[[], bool], until: float) -> bool:
        """Wait for something until a moment."""
        while not true():
            if time.monotonic() > until:
                return False
            time.sleep(0.05)
        return True

    def close(self) -> None:
        """End what runs."""
        self.connection.execute(CLOSE)
