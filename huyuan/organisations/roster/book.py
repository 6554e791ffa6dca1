"""The towns and stations that a roster names: those known, or new ones that resemble nothing known."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import CellProblem, Row, say
from huyuan.common.sheets.cells import TOO_LONG, is_marked, plain
from huyuan.organisations.roster.names import PlaceNames, is_station, likely, sounds

NAME = re.compile(r"[\w·-]+")
NO_NAME = frozenset({"同上", "同", "其他"})
LONGEST = 80
NEAR = _("“%(value)s” is not known here. Is one of these meant: %(near)s?")
UNKNOWN = _("“%(value)s” is not known here. Correct the name, or enter it first.")
SEVERAL = _("“%(value)s” can mean several places here: %(names)s. Write the full name.")


class NameBook:
    """The one right spelling of every name in a column of a roster, or what is wrong with it."""

    def __init__(
        self, rows: list[Row], field: str, names_of: Callable[[Iterable[str]], PlaceNames], known: Sequence[str]
    ) -> None:
        self.field, self.known = field, names_of(known)
        spellings = Counter(str(row.values[field]) for row in rows if row.values.get(field))
        self.said = names_of(spellings)
        self.often: Counter[str] = Counter()
        for raw, count in spellings.items():
            self.often[self.said.parts(raw)[0]] += count
        # A town needs no word that says so; 青溪 is a station where something else says 青溪派出所.
        self.sure = {self.said.parts(raw)[0] for raw in spellings if field == "town" or is_station(raw)}
        self.found = {raw: self._settled(raw) for raw in spellings}

    def check(self, row: Row) -> None:
        """Put the one right spelling in place of the row's, or say that there is none."""
        raw = row.values.get(self.field)
        if not raw:
            return
        found = self.found[str(raw)]
        if isinstance(found, CellProblem):
            row.refuse(self.field, found.reason, str(raw))
        else:
            row.values[self.field] = found

    def _settled(self, raw: str) -> str | CellProblem:
        try:
            return self._find(raw)
        except CellProblem as problem:
            return problem

    def _find(self, raw: str) -> str:
        own, kind = self.known.parts(raw)
        known, said = (names.owners.get(own, {}) for names in (self.known, self.said))
        full = {one: name for one, name in (said | known).items() if one}
        if len(full) > 1 and (not kind or (kind not in known and "" in known)):
            raise CellProblem(say(SEVERAL, value=raw, names="、".join(full.values())))
        if kind in known:
            return known[kind]
        if known and len(full) < 2:
            return next(iter(known.values()))
        self._check_new(raw, own)
        if len(full) < 2:
            # Of a town the fuller name is kept, of a station the shorter one.
            kind = "" if self.field == "station" and "" in said else next(iter(full), "")
        return self._named(raw, own, kind)

    def _check_new(self, raw: str, own: str) -> None:
        """Refuse to make what is no name, or what is probably a name known here or used more often in the roster."""
        near = [*self._known_near(raw, own), *self._more_frequent(own)]
        no_name = (
            own not in self.sure or not own or not NAME.fullmatch(plain(raw)) or is_marked(raw) or plain(raw) in NO_NAME
        )
        if no_name and not near:
            near = likely(raw, self._known_names())
        if near:
            raise CellProblem(say(NEAR, value=raw, near="、".join(near[:3])))
        if no_name:
            raise CellProblem(say(UNKNOWN, value=raw))

    def _known_near(self, raw: str, own: str) -> Iterator[str]:
        """Known names that are like this one; 青溪乡 is another place if the roster has 青溪镇 as well."""
        for name in self.known.near(raw):
            its_own, its_kind = self.known.parts(name)
            if its_own != own or its_kind not in self.said.owners[own]:
                yield name

    def _more_frequent(self, own: str) -> Iterator[str]:
        for one, names in self.said.owners.items():
            if one != own and self.often[one] > self.often[own]:
                yield from (name for kind, name in names.items() if sounds(one, own) or (kind and one + kind in own))

    def _known_names(self) -> list[str]:
        return [name for names in self.known.owners.values() for name in names.values()]

    def _named(self, raw: str, own: str, kind: str) -> str:
        """The name under which a new place is made."""
        name = own + kind + ("派出所" if self.field == "station" and not is_station(own) else "")
        if plain(raw) == name:
            name = raw if raw.isascii() else raw.replace(" ", "")
        if len(name) > LONGEST:
            raise CellProblem(say(TOO_LONG, count=len(name), most=LONGEST))
        return name
