"""The schools a ledger speaks of: the right name, or the likely ones to choose from, never a guess."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from huyuan.common.sheets.cells import plain
from huyuan.organisations.roster.names import figures, school_key, sounds

MOST_OFFERED = 8
ALIKE = 0.45


@dataclass(frozen=True, slots=True)
class KnownSchool:
    """A school of the county."""

    pk: int
    name: str
    identifier: str
    town: str

    @property
    def label(self) -> str:
        """The name with what tells it from another of the same name."""
        return f"{self.name}（{self.town}，{self.identifier}）"


class SchoolBook:
    """The schools of a county under their names, without what spellings differ in, and under their codes."""

    def __init__(self, known: Iterable[KnownSchool], county: str = "") -> None:
        self.county = plain(county)
        self.owners: defaultdict[str, list[KnownSchool]] = defaultdict(list)
        self.codes: dict[str, KnownSchool] = {}
        for school in known:
            self.owners[self._key(school.name)].append(school)
            self.codes[school.identifier] = school

    def meant(self, raw: str) -> list[KnownSchool]:
        """The schools of exactly this name, or the one with this code."""
        by_code = self.codes.get(plain(raw))
        return [by_code] if by_code else self.owners.get(self._key(raw), [])

    def near(self, raw: str) -> tuple[str, ...]:
        """The names that a misspelt one probably means, the likeliest first."""
        key = self._key(raw)
        possible = [one for one in self.owners if figures(one) == figures(key)]
        alike = [one for one in possible if sounds(one, key)]
        alike += get_close_matches(key, possible, n=MOST_OFFERED, cutoff=ALIKE)
        names = [school.name for one in dict.fromkeys(alike) for school in self.owners[one]]
        return tuple(dict.fromkeys(names))[:MOST_OFFERED]

    def _key(self, raw: str) -> str:
        name = school_key(raw)
        rest = name.removeprefix(self.county) if self.county else name
        return rest or name
