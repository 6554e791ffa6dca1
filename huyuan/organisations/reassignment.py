"""What follows a school when other organisations come to reach it: each app registers how its records go along."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from huyuan.common.reach import Reach
from huyuan.organisations.models import School


class Follow(Protocol):
    """Brings an app's records of these schools to whoever reaches them now, in the transaction of the change."""

    def __call__(self, *, schools: Sequence[School], by: Reach, now: datetime) -> None:
        """Do so."""


FOLLOWING: list[Follow] = []
JOINING: list[Follow] = []


def register(follow: Follow) -> None:
    """Let records follow their school."""
    FOLLOWING.append(follow)


def register_joining(follow: Follow) -> None:
    """Let something follow schools that are new in the county."""
    JOINING.append(follow)
