"""A panel as the receiver meets it: numbers its messages and builds them; for tests and benchmarks."""

from dataclasses import dataclass
from datetime import datetime

from huyuan.facilities.dc09.frames import Frame, build, open_envelope, read_envelope

LAST_NUMBER = 9999


@dataclass
class Panel:
    """One account that reports; with a key everything it says is enciphered."""

    account: str
    key: bytes | None = None
    number: int = 0

    def say(self, data: str, *, now: datetime, label: str = "SIA-DCS", extended: tuple[str, ...] = ()) -> bytes:
        """The next message, as `NPA01`, or `1120 01 015` with the label ADM-CID."""
        self.number = self.number % LAST_NUMBER + 1
        return self.frame(label, f"#{self.account}|{data}", now=now, extended=extended)

    def beat(self, *, now: datetime) -> bytes:
        """A sign of life; it carries the next message's number without using it up."""
        return self.frame("NULL", "", now=now)

    def frame(self, label: str, data: str, *, now: datetime, extended: tuple[str, ...] = ()) -> bytes:
        """The bytes of a message under the present number."""
        number, encrypted = f"{self.number:04d}", self.key is not None
        return build(Frame(label, number, self.account, data, extended, now, encrypted=encrypted), self.key)

    def read(self, answer: bytes) -> Frame:
        """What the receiver answered."""
        return open_envelope(read_envelope(answer.strip(b"\r\n")), self.key)
