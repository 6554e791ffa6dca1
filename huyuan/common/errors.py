"""Refusals: a rule raises one, a single middleware answers it with its status and its sentence."""

from django.utils.functional import Promise


class Refusal(Exception):
    """A rule said no. `message` is one plain sentence for the person; `kind` is its audit name."""

    status = 400
    kind = "refused"

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Refusal):
    """What was given cannot be used: says what is wrong and what to do."""


class Denied(Refusal):
    """The person may see the thing but not do this with it."""

    status = 403
    kind = "denied"


class Conflict(Refusal):
    """The thing has moved on since the page was opened."""

    status = 409
    kind = "conflict"
