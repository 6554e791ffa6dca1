"""Form fields that several apps use."""

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day chosen with the phone's own calendar, which speaks ISO 8601 whatever the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
