"""What updates and cancels do to earlier messages, in whatever order they came in.

Only the same sender can replace or end its own message, only under the same status (the cancel of an exercise ends no real
alert), and none that was sent after its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from huyuan.emergency.cap.alert import Reference
from huyuan.emergency.cap.vocabulary import Kind, Status


class State(StrEnum):
    """How a message stands now."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    CANCELS = "cancels"
    CANCELS_UNKNOWN = "cancels_unknown"
    SPOKEN = "spoken"


class Message(Protocol):
    """What the resolver asks of a message."""

    @property
    def reference(self) -> Reference:
        """How others name it."""

    @property
    def kind(self) -> str:
        """Alert, Update, Cancel, Ack or Error."""

    @property
    def status(self) -> str:
        """How it is meant."""

    @property
    def references(self) -> Sequence[Reference]:
        """The messages it names."""

    @property
    def ends_at(self) -> datetime:
        """When it ends by itself."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a message stands, and which later one made it so."""

    state: State
    by: Reference | None = None


def resolve(messages: Iterable[Message], now: datetime) -> dict[Reference, Verdict]:
    """Say of every message how it stands; one that came in twice is one message."""
    known = {message.reference: message for message in messages}
    touched: dict[Reference, Message] = {}
    for message in sorted(known.values(), key=lambda one: one.reference.sent):
        if message.kind in (Kind.UPDATE, Kind.CANCEL):
            for target in _targets(message, known):
                touched.setdefault(target, message)
    return {reference: _verdict(message, touched, known, now) for reference, message in known.items()}


def _targets(message: Message, known: dict[Reference, Message]) -> list[Reference]:
    """The known messages that this one may replace or end."""
    mine = message.reference
    return [
        one
        for one in message.references
        if one in known
        and one.sender == mine.sender
        and one.sent <= mine.sent
        and mine not in known[one].references
        and Status(known[one].status) is Status(message.status)
    ]


def _verdict(
    message: Message, touched: dict[Reference, Message], known: dict[Reference, Message], now: datetime
) -> Verdict:
    later = touched.get(message.reference)
    if message.kind == Kind.CANCEL:
        return Verdict(State.CANCELS if _targets(message, known) else State.CANCELS_UNKNOWN)
    if message.kind in (Kind.ACK, Kind.ERROR):
        return Verdict(State.SPOKEN)
    if later is not None:
        return Verdict(State.CANCELLED if later.kind == Kind.CANCEL else State.REPLACED, later.reference)
    return Verdict(State.EXPIRED if message.ends_at <= now else State.IN_FORCE)
