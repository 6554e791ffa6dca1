"""The national guide by which a hazard counts as major: a pack like the checklists, in our words."""

import enum
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext
from pydantic import Field

from huyuan.common.packs import Found, Strict, Text, check_versions, read_pack, register_reader


class Judgement(enum.StrEnum):
    """Whether an item alone makes a hazard major, or together with others of its field."""

    DIRECT = "direct"
    COMBINED = "combined"


class GuideItem(Strict):
    """One item; `to_check` marks what is to be held against the published text before it is used."""

    key: str = Field(pattern=r"^[a-z0-9-]{3,60}$")
    judgement: Judgement
    text: Text
    to_check: bool = False

    @property
    def label(self) -> str:
        """The item in the reader's language, with what has to be known before choosing it."""
        notes = [gettext("judged together with others")] if self.judgement is Judgement.COMBINED else []
        notes += [gettext("compare with the published text")] if self.to_check else []
        return " · ".join([str(self.text), *notes])


class GuideField(Strict):
    """A field of the guide with its items."""

    key: str = Field(pattern=r"^[a-z]{3,20}$")
    title: Text
    items: tuple[GuideItem, ...]


class Guide(Strict):
    """The whole guide in one version."""

    code: str
    version: int
    effective_from: date
    source: Text
    title: Text
    fields: tuple[GuideField, ...]

    def item(self, key: str) -> GuideItem | None:
        """The item with this key."""
        return next((item for field in self.fields for item in field.items if item.key == key), None)

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What a form offers: the items under their fields, in the reader's language."""
        return [(str(field.title), [(item.key, item.label) for item in field.items]) for field in self.fields]


def read_guide(path: Path) -> Guide:
    """Read and check the pack; raises PackError with every problem's line and reason."""
    return read_pack(path, Guide, _misfits)


def _misfits(guide: Guide) -> Iterator[Found]:
    seen: set[str] = set()
    for number, field in enumerate(guide.fields):
        for position, item in enumerate(field.items):
            if item.key in seen:
                yield ("fields", number, "items", position), f"the item {item.key} stands twice"
            seen.add(item.key)


@cache
def national_guide() -> Guide:
    """The guide of 2024."""
    return read_guide(settings.PACKS / "guides" / "major-2024.yaml")


register_reader("guides", read_guide, check_versions)
