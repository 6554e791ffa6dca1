"""Organisations in their several spellings: which one a list of people means."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from huyuan.common.sheets.cells import plain
from huyuan.organisations.models import OrganisationKind as Kind
from huyuan.organisations.roster.names import is_station, likely, school_key, stations_of, towns_of

# How people call the one bureau of its kind, without the county's name before it.
CALLED: dict[str, str] = {
    Kind.EDUCATION_BUREAU: r"教育?(?:和|科技)?体育?局|教育局|教科体局|(?:county)?educationbureau|bureauofeducation",
    Kind.SECURITY_BUREAU: r"公安局|(?:county)?(?:public)?security(?:bureau)?|(?:county)?police(?:bureau)?",
    Kind.COMMAND_CENTRE: r"(?:公安局)?(?:合成作战|情报|110)*指挥中心|commandcent(?:re|er)",
    Kind.CULTURE_TOURISM: r"文化?(?:广电|广播电视|广|和|广新)?旅游?(?:体育)?局|文旅广?(?:新)?局|cultureandtourism(?:bureau)?",
    Kind.HEALTH: r"卫生?健康?(?:委员会|委|局)|health(?:commission|bureau)?",
    Kind.URBAN_MANAGEMENT: r"城市?管理?(?:综合)?(?:行政)?(?:执法)?(?:局|大队)|综合执法局|urbanmanagement(?:bureau)?",
    Kind.MARKET_REGULATION: r"市场?监督?管?理?局|marketregulation(?:bureau)?",
    Kind.PARTY_GROUP: r"(?:县?委|党委)?教育工作领导小组(?:办公室|秘书组)?",
    Kind.LEADING_GROUP: r"(?:平安)?校园安全(?:工作)?(?:专项)?领导小组(?:办公室)?|leadinggroup",
}
TOWN_SAID = re.compile(r"(?:镇|乡|街道|政府|办事处)$")
VILLAGE_END = re.compile(r"(?:村民委员会|居民委员会|村委会|居委会|社区|村)+$")
INNER_TOWN = re.compile(r"(?<=..)(?:民族乡|街道|镇|乡)(?=..)")
SHORTEST = 3
Book = defaultdict[str, list["KnownOrganisation"]]


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """An organisation of the county; `identifier` is a school's ten-digit code, `town` where it stands."""

    pk: int
    kind: str
    name: str
    identifier: str = ""
    town: str = ""

    @property
    def label(self) -> str:
        """The name with what tells it from another of the same name."""
        about = "，".join(part for part in (self.town, self.identifier) if part)
        return f"{self.name}（{about}）" if about else self.name


class OrganisationBook:
    """All organisations of a county under everything they are called."""

    def __init__(self, known: Iterable[KnownOrganisation], county: str) -> None:
        self.known = list(known)
        self.county = plain(county)
        self.found: dict[str, list[KnownOrganisation]] = {}
        self.exact, self.bare, self.loose, self.short = (Book(list) for _way in range(4))
        for one in self.known:
            self.exact[plain(one.name)].append(one)
            if one.identifier:
                self.exact[one.identifier].append(one)
            self.bare[self._bare(one.name)].append(one)
            self.loose[self._loose(one.name)].append(one)
            self.short[without_town(self._loose(one.name))].append(one)
        self.stations = stations_of(self._named(Kind.STATION), county)
        self.towns = towns_of(self._named(Kind.TOWN), county)

    def _named(self, kind: str) -> list[str]:
        return [one.name for one in self.known if one.kind == kind]

    def meant(self, raw: str) -> list[KnownOrganisation]:
        """Those that a name can mean, by the strictest way of comparing that finds any."""
        if raw not in self.found:
            self.found[raw] = self._find(raw)
        return self.found[raw]

    def _find(self, raw: str) -> list[KnownOrganisation]:
        bare = self._bare(raw)
        if found := self.exact.get(plain(raw)) or self.bare.get(bare):
            return found
        kinds = {kind for kind, pattern in CALLED.items() if re.fullmatch(pattern, bare)}
        if found := [one for one in self.known if one.kind in kinds]:
            return found
        for kind, says_so, names in (
            (Kind.STATION, is_station(bare), self.stations),
            (Kind.TOWN, TOWN_SAID.search(bare), self.towns),
        ):
            if says_so:
                meant = names.meant(raw)
                return [one for one in self.known if one.kind == kind and one.name in meant]
        return self.loose.get(self._loose(raw)) or self._shorter(self._loose(raw))

    def _shorter(self, name: str) -> list[KnownOrganisation]:
        """Those that only the word for town tells apart: 青溪中心小学 is 青溪镇中心小学, but 青溪乡中心小学 is not."""
        short = without_town(name)
        return [one for one in self.short.get(short, []) if short in (name, self._loose(one.name))]

    def likely(self, raw: str) -> list[str]:
        """The names that a misspelt one probably means."""
        return likely(self._bare(raw), [one.name for one in self.known])

    def _bare(self, raw: str) -> str:
        """The name without the county's before it."""
        name = plain(raw)
        for above in (self.county, self.county.rstrip("县市区"), "本县", "县"):
            rest = name.removeprefix(above)
            if above and rest != name and len(rest) >= SHORTEST:
                return rest
        return name

    def _loose(self, raw: str) -> str:
        """What is left of a name in every spelling; a village is no school."""
        name = self._bare(raw)
        village = VILLAGE_END.sub("", name)
        return f"village:{village}" if village != name and len(village) > 1 else school_key(name)


def without_town(name: str) -> str:
    """A school's name without the word for town inside it."""
    return INNER_TOWN.sub("", name, count=1)
