"""What a receiver answers, and why."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from huyuan.facilities.dc09.events import SUPPORTED, Event, Unreadable, names_account, read_event
from huyuan.facilities.dc09.frames import Envelope, Frame, Malformed, Undecipherable, build, open_envelope

# Between the time in an encrypted frame and ours, as the standard has it.
LATE, EARLY = timedelta(seconds=40), timedelta(seconds=20)
# The same message within this time is the panel saying again what it got no answer to.
RETRANSMITTED = timedelta(minutes=5)


class Reason(StrEnum):
    """Why a frame is not taken."""

    ACCOUNT = "account"
    KEY = "key"
    PLAIN = "plain"
    CLOCK = "clock"
    LABEL = "label"
    DATA = "data"


class Refused(Exception):
    """A whole frame that is not taken; the answer to it is NAK, or DUH where saying it again would not help."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def answer(self) -> str:
        """The label of the answer."""
        return "DUH" if self.reason in {Reason.LABEL, Reason.DATA} else "NAK"


@dataclass(frozen=True, slots=True)
class Message:
    """A frame that is taken, and the event it tells."""

    frame: Frame
    event: Event


def take(envelope: Envelope, *, key: bytes | None, now: datetime) -> Message:
    """Open a frame of a known account and read it, or say why not.

    Who has a key must use it: a plain frame under such an account could come from anybody.
    """
    if envelope.label not in SUPPORTED:
        raise Refused(Reason.LABEL)
    if key is not None and not envelope.encrypted:
        raise Refused(Reason.PLAIN)
    try:
        frame = open_envelope(envelope, key)
    except Undecipherable as error:
        raise Refused(Reason.KEY) from error
    except Malformed as error:
        raise Refused(Reason.DATA) from error
    if not names_account(frame):
        raise Refused(Reason.KEY if frame.encrypted else Reason.DATA)
    if frame.encrypted and (frame.stamp is None or not -LATE <= frame.stamp - now <= EARLY):
        raise Refused(Reason.CLOCK)
    try:
        return Message(frame, read_event(frame))
    except Unreadable as error:
        raise Refused(Reason.DATA) from error


def acknowledge(frame: Frame, *, key: bytes | None, now: datetime, label: str = "ACK") -> bytes:
    """ACK, or RSP, to a frame: its numbers again, enciphered with the time where the frame was."""
    answer = replace(frame, label=label, data="", extended=(), stamp=now if frame.encrypted else None)
    return build(answer, key)


def refuse(envelope: Envelope, refusal: Refused, *, key: bytes | None, now: datetime) -> bytes:
    """NAK with our time, always plain and without numbers, so that a panel with a wrong clock or key can read it; or DUH."""
    if refusal.answer == "NAK":
        return build(Frame("NAK", "0000", "", stamp=now))
    secret = envelope.encrypted and key is not None
    numbers = Frame("DUH", envelope.sequence, envelope.account, receiver=envelope.receiver, line=envelope.line)
    return build(replace(numbers, encrypted=secret, stamp=now if secret else None), key)
