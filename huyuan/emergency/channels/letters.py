"""What a channel is given, and how it says that it could not send."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

import aiohttp


@dataclass(frozen=True, slots=True)
class Letter:
    """One page in words: everything a way out needs, so that none of them looks into the database.

    `page` is the same each time the page is tried again: who takes an idempotency key tells nobody twice.
    """

    page: UUID
    sign: str
    to: str
    text: str
    link: str = ""


class SendFailed(Exception):
    """A way out did not take the letter; the sentence says why.

    `final` means that trying again cannot help: the number does not exist, the address is not understood.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Gone(SendFailed):
    """The address does not exist any more and is to be forgotten."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, final=True)


@contextmanager
def reaching(whom: str) -> Iterator[None]:
    """Say of what went wrong on the way to somebody that it can be tried again."""
    try:
        yield
    except TimeoutError as error:
        raise SendFailed(f"{whom} did not answer in time") from error
    except (aiohttp.ClientError, OSError) as error:
        raise SendFailed(f"{whom} cannot be reached: {type(error).__name__}") from error
