"""Taking presses in a living process: first onto the disk, then into the database, within two seconds or later."""

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from uuid import UUID

from django.db import OperationalError
from django.utils.translation import gettext as _

from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.emergency.draining import Answer, commit, settle, state, waiting_here
from huyuan.emergency.journal import Body, CannotKeep, Entry, Journal
from huyuan.emergency.press_bodies import PRESS

logger = logging.getLogger(__name__)
# The phone is told within this many seconds that its press is only held.
PATIENCE = 2.0
THREADS = 8
EVERY = 0.5
# An attempt that has not ended after this long hangs; another one is harmless.
HANGING = 4.0


class Holding:
    """The journal of this process and the threads that carry it into the database."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(folder)
        self.attempts = ThreadPoolExecutor(THREADS, "press")
        self.again = ThreadPoolExecutor(1, "press-again")
        self.running: dict[tuple[int, int], float] = {}
        self.starting = threading.Lock()
        self.closing = threading.Event()
        self.retrying: threading.Thread | None = None

    def take(self, record: Body, language: str) -> Answer:
        """Keep a press or a cancel and try to commit it; held when that takes too long, refused when nothing keeps it."""
        self.keep_retrying()
        try:
            entry = self.journal.keep(record)
        except CannotKeep as error:
            logger.error("The journal cannot keep a press, the database alone takes it: %s", error)
            return self.take_unkept(record, language)
        attempt = self.attempt(entry, language)
        if wait([attempt], PATIENCE).done and (answer := settle(entry, attempt)):
            return answer
        return held(record["identity"]) if entry.offset in entry.file.waiting else not_kept()

    def take_unkept(self, record: Body, language: str) -> Answer:
        """Commit without the journal, whose disk is full: only what the database confirms is answered as taken."""
        attempt = self.attempts.submit(commit, record, language)
        if wait([attempt], PATIENCE).done and attempt.exception() is None:
            return attempt.result()
        return not_kept()

    def attempt(self, entry: Entry, language: str) -> Future[Answer]:
        """Begin to commit an entry, known as running until that ends."""
        place = (id(entry.file), entry.offset)
        self.running[place] = time.monotonic()
        attempt = self.attempts.submit(commit, entry.body, language)
        attempt.add_done_callback(lambda _ended: self.running.pop(place, None))
        return attempt

    def state(self, identity: UUID, person: int, language: str) -> Answer:
        """How far a press has come: as the database says, or held in a journal of this host."""
        attempt = self.attempts.submit(state, identity, person, language)
        known = wait([attempt], PATIENCE).done and attempt.exception() is None
        answer = attempt.result() if known else None
        if answer and answer.status == 200:
            return answer
        for body in waiting_here():
            if body["kind"] == PRESS and body["identity"] == str(identity) and body["person"] == person:
                return Answer(200, held(str(identity)).body)
        return answer or Answer(
            503, {"error": "unreadable", "sentence": _("The state of your alarm cannot be read now.")}
        )

    def keep_retrying(self) -> None:
        """Start the thread that tries again, once; it does not outlive the process."""
        with self.starting:
            if self.retrying is None or not self.retrying.is_alive():
                self.retrying = threading.Thread(target=self.retry_until_closed, name="press-retry", daemon=True)
                self.retrying.start()

    def retry_until_closed(self) -> None:
        """Try what waits again and again."""
        while not self.closing.wait(EVERY):
            self.retry()

    def retry(self) -> None:
        """Try once what waits and is not being tried, oldest first, until the database turns out to be away."""
        for entry in self.journal.waiting():
            began = self.running.get((id(entry.file), entry.offset))
            if began is not None and time.monotonic() - began < HANGING:
                continue
            attempt = self.again.submit(commit, entry.body, RECORD_LANGUAGE)
            if not wait([attempt], HANGING).done:
                return
            if settle(entry, attempt) is None and isinstance(attempt.exception(), OperationalError):
                return

    def close(self) -> None:
        """End in order: what waits is left to whoever drains the journals of this host."""
        self.closing.set()
        for threads in (self.attempts, self.again):
            threads.shutdown(wait=False, cancel_futures=True)
        if self.retrying is not None:
            self.retrying.join(PATIENCE)
        self.journal.close()


def held(identity: str) -> Answer:
    """It lies on this host's disk, and the database has not confirmed it."""
    sentence = _("The server holds your alarm, but it is not stored yet. Dial 110 now.")
    return Answer(202, {"state": "held", "identity": identity, "sentence": sentence})


def not_kept() -> Answer:
    """Neither the disk nor the database has taken it."""
    return Answer(503, {"error": "not_kept", "sentence": _("Your alarm could not be stored. Dial 110 now.")})
