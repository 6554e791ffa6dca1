"""The form that all forms of ours are made of: it knows what filling it in has cost."""

from typing import ClassVar

from django import forms
from django.utils import timezone

from huyuan.common.effort import Cost, Occasion, note

DAY = 24 * 3600
# Whoever leaves a form open for longer was doing something else meanwhile: a longer time counts as this much.
LONGEST = 600
SHOWN_AT = "shown_at"


class Form(forms.Form):
    """A form with the occasion it is for; when what is in it is right it says so to whoever counts."""

    occasion: ClassVar[Occasion | None] = None

    def is_valid(self) -> bool:
        """Whether it can be used; a form that can be is noted."""
        valid = super().is_valid()
        if valid:
            note(self)
        return valid

    @property
    def shown_at(self) -> int:
        """When it was first shown, in seconds of the epoch: shown again with its errors it keeps its time."""
        now = int(timezone.now().timestamp())
        given = str(self.data.get(SHOWN_AT, ""))
        return int(given) if given.isascii() and given.isdigit() and now - DAY <= int(given) <= now else now

    def seconds(self) -> int:
        """From being shown to being sent, from 1 to LONGEST; 0 where the page did not say when it was shown."""
        if SHOWN_AT not in self.data:
            return 0
        return min(max(int(timezone.now().timestamp()) - self.shown_at, 1), LONGEST)

    def typed(self) -> int:
        """How many fields a person filled in or changed."""
        return sum(name in self.changed_data for name in self._answered())

    def filled(self) -> int:
        """How many fields came filled in and were sent as they were."""
        return sum(name not in self.changed_data for name in self._answered())

    def cost(self) -> Cost | None:
        """What it cost; None when something was found wrong with it later."""
        if self.occasion is None or self.errors:
            return None
        return Cost(self.occasion.key, typed=self.typed(), filled=self.filled(), seconds=self.seconds())

    def _answered(self) -> list[str]:
        """The fields that ask for a fact and got an answer; what the page itself carries along asks nobody."""
        asked = [] if self.occasion is None else [name for name, fact in self.occasion.facts.items() if fact]
        return [
            name for name in asked
            if name in self.fields and not self.fields[name].widget.is_hidden
            and self.cleaned_data.get(name) not in self.fields[name].empty_values
        ]  # fmt: skip
