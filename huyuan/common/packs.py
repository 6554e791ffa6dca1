"""Packs: rules as YAML data, versioned and dated, in words of both languages."""

from django.utils import translation
from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a pack: nothing in it that is not known, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in both languages of the product."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (translation.get_language() or "").startswith("en") else self.zh


class PackError(Exception):
    """A pack cannot be used: names the file, the line and the reason."""
