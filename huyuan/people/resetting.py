"""What follows a reset: each app above registers which of a person's doors it closes."""

from datetime import datetime
from typing import Protocol

from huyuan.common.reach import Reach
from huyuan.people.models import User


class Close(Protocol):
    """Does so in the transaction of the reset; `user` is the person reset, `by` who resets."""

    def __call__(self, *, user: User, by: Reach, now: datetime) -> None:
        """Do so."""


CLOSING: list[Close] = []


def register(close: Close) -> None:
    """Let something be closed when a person is reset."""
    CLOSING.append(close)


def close_doors(*, user: User, by: Reach, now: datetime) -> None:
    """Close what the apps above have opened to a person."""
    for close in CLOSING:
        close(user=user, by=by, now=now)
