"""Checklists are packs: YAML files, versioned and dated, with the clause each item rests on."""

import enum
from collections.abc import Container, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from huyuan.common.packs import Found, Strict, Text, check_versions, packs_in, read_pack, register_reader
from huyuan.inspections.categories import Category


class ItemKind(enum.StrEnum):
    """How an item is answered."""

    YES_NO = "yes_no"
    NUMBER = "number"
    CHOICE = "choice"
    PHOTO = "photo"


class Condition(Strict):
    """An item is asked only when another item was answered in one of these ways."""

    item: str
    answers: tuple[str, ...]


class Option(Strict):
    """One answer of a choice; `fails` marks the answers that are a finding."""

    key: str
    label: Text
    fails: bool = False


class Item(Strict):
    """One question: what is asked, what it rests on, and what is suggested when it fails."""

    key: str
    kind: ItemKind
    ask: Text
    finding: Text
    basis: Text
    level: str = Field(default="general", pattern="^(general|major)$")
    days: int = Field(default=15, ge=1, le=365)
    minimum: int | None = None
    options: tuple[Option, ...] = ()
    only_if: Condition | None = None

    def fails(self, value: str) -> bool:
        """Whether an answer is a finding; "none" (not applicable here) never is."""
        if value == NOT_APPLICABLE:
            return False
        if self.kind is ItemKind.NUMBER:
            return self.minimum is not None and int(value) < self.minimum
        if self.kind is ItemKind.CHOICE:
            return any(option.key == value and option.fails for option in self.options)
        return value == "no"

    def accepts(self, value: str) -> bool:
        """Whether a value is an answer to this item at all."""
        if value == NOT_APPLICABLE:
            return True
        if self.kind is ItemKind.NUMBER:
            return value.isdecimal() and len(value) <= MAX_DIGITS
        if self.kind is ItemKind.CHOICE:
            return any(option.key == value for option in self.options)
        return value in {"yes", "no"}

    def is_done(self, answers: Mapping[str, str], photographed: Container[str]) -> bool:
        """Whether nothing is missing: an answer, and for a photo the photo too."""
        answer = answers.get(self.key)
        return answer is not None and (self.kind is not ItemKind.PHOTO or answer != "yes" or self.key in photographed)


class Section(Strict):
    """A part of the checklist that is walked in one place; what fails in it is a hazard of its category."""

    key: str
    title: Text
    category: Category = Category.OTHER
    items: tuple[Item, ...]


Side = Literal["agency", "school"]
BOTH: tuple[Side, ...] = ("agency", "school")


class Checklist(Strict):
    """A whole checklist in one version. `sides` do the check and sign it: usually both, the school alone for its own round."""

    code: str
    version: int
    effective_from: date
    sides: tuple[Side, ...] = Field(default=BOTH, min_length=1)
    source: Text
    title: Text
    sections: tuple[Section, ...]

    @property
    def is_joint(self) -> bool:
        """Whether an agency and the school do it together."""
        return len(self.sides) == len(BOTH)

    def items(self) -> Iterator[Item]:
        """Every item in order."""
        for section in self.sections:
            yield from section.items

    def item(self, key: str) -> Item | None:
        """The item with this key."""
        return next((item for item in self.items() if item.key == key), None)

    def category(self, key: str) -> Category:
        """What kind of hazard an item becomes when it fails."""
        return next((s.category for s in self.sections if any(item.key == key for item in s.items)), Category.OTHER)

    def decides(self, key: str) -> bool:
        """Whether the answer to an item decides what else is asked."""
        return any(item.only_if is not None and item.only_if.item == key for item in self.items())

    def asked(self, answers: dict[str, str]) -> list[Item]:
        """The items that are asked, given the answers so far."""
        return [
            item for item in self.items()
            if item.only_if is None or answers.get(item.only_if.item) in item.only_if.answers
        ]  # fmt: skip


NOT_APPLICABLE = "none"
MAX_DIGITS = 6


def read_checklist(path: Path) -> Checklist:
    """Read and check one pack; raises PackError with every problem's line and reason."""
    return read_pack(path, Checklist, _misfits)


def _misfits(checklist: Checklist) -> Iterator[Found]:
    """Items that stand twice, and items that depend on what their section does not ask."""
    seen: set[str] = set()
    keys = {item.key for item in checklist.items()}
    for number, section in enumerate(checklist.sections):
        own = {item.key for item in section.items}
        for position, item in enumerate(section.items):
            place = ("sections", number, "items", position)
            if item.key in seen:
                yield (*place, "key"), f"{item.key}: an item of this key stands above already"
            seen.add(item.key)
            needed = item.only_if.item if item.only_if else item.key
            if needed not in own:
                where = "stands in another section" if needed in keys else "does not exist"
                yield (*place, "only_if", "item"), f"{item.key}: it depends on {needed}, which {where}"


register_reader("checklists", read_checklist, check_versions)


@cache
def checklists() -> dict[tuple[str, int], Checklist]:
    """All versions of all checklists, by code and version."""
    found = [read_checklist(path) for path in packs_in("checklists")]
    return {(checklist.code, checklist.version): checklist for checklist in found}


def current_checklists(today: date) -> list[Checklist]:
    """The newest version in force of each checklist."""
    newest: dict[str, Checklist] = {}
    for checklist in checklists().values():
        standing = newest.get(checklist.code)
        if checklist.effective_from <= today and (standing is None or standing.version < checklist.version):
            newest[checklist.code] = checklist
    return list(newest.values())
