"""What filling in costs: which fact each field writes, and how much of it a person had to type.

An app declares an `Occasion` for each time it asks for something. While a request is answered, forms and the bodies of
the interface note themselves here, and whoever listens (`policy.middleware`) counts them when the answer was no refusal.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Protocol

from django.utils.functional import Promise


@dataclass(frozen=True, eq=False)
class Occasion:
    """One time at which people are asked for something.

    `facts` names for every field the fact it writes, as "app.model.column", with "@…" where one column holds things of
    different kinds; None for what is no fact (which record is meant, a password). `again` gives the reason for each fact
    that another occasion asks for too: a correction, with the present value filled in, or another round of the same thing.
    """

    key: str
    title: str | Promise
    facts: Mapping[str, str | None]
    again: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if OCCASIONS.setdefault(self.key, self) is not self:
            raise ValueError(f"two occasions are called {self.key}")


OCCASIONS: dict[str, Occasion] = {}


@dataclass(frozen=True)
class Cost:
    """What one or more entries cost. `filled` came from elsewhere and was sent as it was; `reused` are cells of ledgers."""

    occasion: str
    entries: int = 1
    typed: int = 0
    filled: int = 0
    reused: int = 0
    seconds: int = 0


class Entry(Protocol):
    """Something that was entered."""

    def cost(self) -> Cost | None:
        """What it cost; None when it was refused after all."""


_listening: ContextVar[list[Entry] | None] = ContextVar("_listening", default=None)


@contextmanager
def listening() -> Iterator[list[Entry]]:
    """Collect what is entered meanwhile, each entry once."""
    heard: list[Entry] = []
    before = _listening.set(heard)
    try:
        yield heard
    finally:
        _listening.reset(before)


def note(entry: Entry) -> None:
    """Say that something was entered; nobody has to listen."""
    heard = _listening.get()
    if heard is not None and not any(known is entry for known in heard):
        heard.append(entry)


@dataclass(frozen=True)
class Counted:
    """An entry whose cost is known at once."""

    known: Cost

    def cost(self) -> Cost:
        """What it cost."""
        return self.known


def asked_twice() -> dict[str, list[str]]:
    """Every fact that more than one occasion asks for without a reason, with the keys of these occasions."""
    asking: dict[str, list[str]] = {}
    for occasion in OCCASIONS.values():
        for fact in {fact for fact in occasion.facts.values() if fact and fact not in occasion.again}:
            asking.setdefault(fact, []).append(occasion.key)
    return {fact: sorted(keys) for fact, keys in sorted(asking.items()) if len(keys) > 1}
