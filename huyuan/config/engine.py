"""What goes on without anybody asking: sealing the audit, writing its head outside, sending,
watching the alarms, storing what dead processes held, noticing silent devices.

Every step has a thread and a database connection of its own, so that neither a failing nor a slow one holds up
another: a mail server that hangs must not stop the sealing.
"""

import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from huyuan.audit import actions as audit
from huyuan.audit.queries import last_seal
from huyuan.common.clock import database_now
from huyuan.emergency.draining import Draining
from huyuan.emergency.watching import watch
from huyuan.facilities.actions.silence import notice_silence
from huyuan.notifications import actions as notifications
from huyuan.notifications.channels import send

logger = logging.getLogger(__name__)
PATIENCE = 2.0
# An engine that has not written for this long stands still.
STALE = 15.0


@dataclass
class Sealing:
    """Chains the rows committed since the last pass."""

    floor: int = 0

    def __call__(self) -> None:
        """Chain until nothing waits; after a lost connection look at every row again.

        The database that answers next may be a restored one, whose transactions count from a smaller number.
        """
        floor, self.floor = self.floor, 0
        sealed = audit.BATCH
        while sealed == audit.BATCH:
            sealed, floor = audit.seal(now=database_now(), floor=floor)
        self.floor = floor


@dataclass
class Heads:
    """Writes the chain's head outside the database when it has grown."""

    written: int = 0

    def __call__(self) -> None:
        """Append the head, once each."""
        head = last_seal()
        if head is not None and head.sequence != self.written:
            audit.write_head(now=database_now())
            self.written = head.sequence


def send_due() -> None:
    """Send what is due, one at a time: a lease covers one send, not a whole batch of slow ones."""
    while claimed := notifications.claim(now=database_now(), limit=1):
        for delivery in claimed:
            if delivery.attempts > notifications.ATTEMPTS:
                notifications.give_up_unsendable(delivery=delivery, now=database_now())
            else:
                notifications.deliver(delivery=delivery, send=send, now=database_now())


@dataclass
class Step:
    """Something done again and again, `every` so many seconds."""

    name: str
    every: float
    act: Callable[[], None]
    thread: threading.Thread | None = None
    done_at: float | None = None
    failures: int = 0

    def repeat(self, ending: threading.Event) -> None:
        """Act in a steady rhythm until told to end; what the database or a file refuses is tried again."""
        # Not all at once, and the first head after the first sealing.
        due = time.monotonic() + min(self.every, PATIENCE)
        while not ending.wait(max(0.0, due - time.monotonic())):
            due = max(due + self.every, time.monotonic())
            try:
                self.act()
            except (DatabaseError, OSError) as error:
                self.failures += 1
                logger.warning("%s failed, %s in a row: %s", self.name, self.failures, error)
                connection.close()
                due = time.monotonic() + min(self.every * 2**self.failures, PATIENCE)
            else:
                self.failures, self.done_at = 0, time.monotonic()
        connection.close()


def notice_silent_devices() -> None:
    """Notice which alarm devices are past their interval by now."""
    notice_silence(now=database_now())


def steps() -> list[Step]:
    """Everything the engine does."""
    return [
        Step("seal", 0.5, Sealing()), Step("heads", 60.0, Heads()), Step("send", 0.5, send_due), Step("drain", 1.0, Draining()),
        Step("silence", 2.0, notice_silent_devices), Step("watch", 1.0, watch),
    ]  # fmt: skip


@dataclass
class Engine:
    """Keeps the steps going and says so in a file."""

    steps: list[Step]
    beat: Path = field(default_factory=lambda: settings.VAR / "run" / "engine.beat")
    ending: threading.Event = field(default_factory=threading.Event)

    def tend(self) -> None:
        """Start what does not run, and write the beat; call it about every second.

        A step that died of a mistake of ours has left its traceback in the log; it gets another chance, and what
        it had claimed comes back when its lease runs out.
        """
        for step in self.steps:
            if step.thread is None or not step.thread.is_alive():
                step.thread = threading.Thread(target=step.repeat, args=[self.ending], name=step.name, daemon=True)
                step.thread.start()
        self.write_beat()

    def write_beat(self) -> None:
        """Write for each step how many seconds ago it last went well."""
        now = time.monotonic()
        ages = {step.name: None if step.done_at is None else round(now - step.done_at, 1) for step in self.steps}
        part = self.beat.with_suffix(".part")
        with suppress(OSError):
            self.beat.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({"written": time.time(), "steps": ages}))
            part.replace(self.beat)

    def end(self, patience: float = 0.5) -> None:
        """Let every step finish what it is at, for a moment; a claim left open is taken over after its lease."""
        self.ending.set()
        deadline = time.monotonic() + patience
        for step in self.steps:
            if step.thread is not None:
                step.thread.join(max(0.0, deadline - time.monotonic()))


def read_beat(beat: Path) -> dict[str, Any]:
    """What the engine said last: `alive`, and per step the seconds since it went well."""
    try:
        said = json.loads(beat.read_text())
    except (OSError, ValueError):
        return {"alive": False, "steps": {}}
    return {"alive": time.time() - said["written"] < STALE, "steps": said["steps"]}
