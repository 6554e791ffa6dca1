"""What can be said: every app registers its message kinds as sentences with named places for facts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import formats, translation
from django.utils.functional import Promise

SENTENCES: dict[str, Promise] = {}


def register(sentences: Mapping[str, Promise]) -> None:
    """Make kinds known; a kind can be registered once."""
    if twice := SENTENCES.keys() & sentences.keys():
        raise ValueError(f"message kinds registered twice: {sorted(twice)}")
    SENTENCES.update(sentences)


def sentence(kind: str, facts: Mapping[str, Any], language: str) -> str:
    """The message in a language: who did what, and what is wanted. Facts ending in `_on` are dates."""
    with translation.override(language):
        shown = {
            key: formats.date_format(date.fromisoformat(value), "DATE_FORMAT")
            if key.endswith("_on") and value
            else value
            for key, value in facts.items()
        }
        return str(SENTENCES[kind]) % shown
