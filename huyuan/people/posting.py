"""What follows a change of posts: each app above registers what it does when people take up or leave posts."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol


class Follow(Protocol):
    """Does so in the transaction of the change; `organisations` are the ids of those whose posts have changed."""

    def __call__(self, *, county_id: int, organisations: Iterable[int], now: datetime) -> None:
        """Do so."""


FOLLOWING: list[Follow] = []


def register(follow: Follow) -> None:
    """Let something follow a change of posts."""
    FOLLOWING.append(follow)


def posts_changed(*, county_id: int, organisations: Iterable[int], now: datetime) -> None:
    """Tell those who follow."""
    touched = sorted(set(organisations))
    for follow in FOLLOWING if touched else ():
        follow(county_id=county_id, organisations=touched, now=now)
