"""The three signs of an alarm. An exercise or a test can never be taken for real, nor leave towards a real receiver."""

from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sign(models.TextChoices):
    """What an alarm is: stored with every row of it, shown on every screen, said in every message."""

    REAL = "real", _("real alarm")
    EXERCISE = "exercise", _("exercise")
    TEST = "test", _("test")


class Signed(Protocol):
    """Anything that carries a sign."""

    sign: Any


class NotReal(ValueError):
    """Something that is only an exercise or a test was about to leave towards a real receiver."""


Thing = TypeVar("Thing", bound=Signed)


@dataclass(frozen=True)
class Real(Generic[Thing]):
    """The proof that a thing is a real alarm's: what sends to outside receivers takes nothing else."""

    thing: Thing

    def __post_init__(self) -> None:
        if self.thing.sign != Sign.REAL:
            raise NotReal(str(self.thing.sign))
