"""Names of stations, towns and schools: the same one in its several spellings."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from functools import lru_cache, partial

from huyuan.common.pinyin import sort_key
from huyuan.common.sheets.cells import plain

# What comes after a station's own name. 水上, 边防 and 警务室 tell one station from another and stay.
STATION_END = re.compile(r"(?:中心)?(?:公安)?(?:派出所|所)$")
STATION_SAID = re.compile(r"(?:所|警务室|警务站)$")
TOWN_END = re.compile(r"(?:人民政府|政府|办事处|(?<=街道)办|中心校)+$")
TOWN_KIND = re.compile(r"(?:民族乡|街道|镇|乡)$")
SHORTEST = 2
# How alike two names must be before one of them is taken for a misspelling.
ALIKE = 0.7
# The same for the names of one school before and after.
ALIKE_TO_BEFORE = 0.5

Place = tuple[str, str]
"""A place's own name and the word for its kind: 青溪, 镇. The word is often left out."""


@lru_cache(maxsize=64)
def _above(county: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand before a name and says nothing: the county, and for a station the county's bureau."""
    full, short = re.escape(county or "本县"), re.escape(county.rstrip("县市区") or "本县")
    region = r"(?:.{1,8}[省市])?"
    bureau = rf"(?:{region}(?:{full}|{short})|本?[县市区])?公安(?:分?局)"
    return re.compile(rf"^{region}{full}"), re.compile(rf"^(?:{bureau}|本?[县市区](?:分?局)|{region}{full})")


def _without(above: re.Pattern[str], name: str) -> str:
    rest = above.sub("", name)
    return rest if len(rest) >= SHORTEST else name


def _parted(name: str) -> Place:
    """The own name and its kind; some names end in what is usually a kind (新街道) and are never stripped to nothing."""
    found = TOWN_KIND.search(name)
    return (name[: found.start()], found[0]) if found and found.start() >= SHORTEST else (name, "")


def town_parts(raw: str, county: str = "") -> Place:
    """青溪镇人民政府 is 青溪, 镇."""
    name = _without(_above(plain(county))[0], plain(raw))
    return _parted(TOWN_END.sub("", name) or name)


def station_parts(raw: str, county: str = "") -> Place:
    """县公安局青溪镇派出所 is 青溪, 镇; a station that has no name of its own is an empty text."""
    name = _above(plain(county))[1].sub("", plain(raw))
    return _parted(TOWN_END.sub("", STATION_END.sub("", name)))


def town_key(raw: str) -> str:
    """What is left of a town's name in every spelling: 青溪镇, 青溪 and 青溪镇人民政府 are 青溪."""
    return town_parts(raw)[0]


def station_key(raw: str) -> str:
    """What is left of a station's name in every spelling: 县公安局青溪镇派出所 and 青溪所 are 青溪."""
    return station_parts(raw)[0]


def is_station(raw: str) -> bool:
    """True when the name says that it is a station."""
    return STATION_SAID.search(plain(raw)) is not None


def school_key(raw: str) -> str:
    """A school's name without what spellings differ in."""
    return re.sub(r"[()\[\]·.,、\-—_\"'“”‘’]", "", plain(raw))


class PlaceNames:
    """Towns, or stations, under everything they are called; a name without its kind counts only if one place owns it."""

    def __init__(self, names: Iterable[str], parts: Callable[[str], Place]) -> None:
        self.parts = parts
        self.owners: dict[str, dict[str, str]] = defaultdict(dict)
        for name in names:
            own, kind = parts(name)
            self.owners[own].setdefault(kind, name)

    def meant(self, raw: str) -> list[str]:
        """The names that can be meant: one is an answer, several are a question."""
        own, kind = self.parts(raw)
        owners = self.owners.get(own, {})
        if kind in owners:
            return [owners[kind]]
        # 青溪乡 is not 青溪镇, but it may be the place that is only called 青溪.
        return [] if kind and "" not in owners else list(owners.values())

    def near(self, raw: str, alike: float = ALIKE) -> list[str]:
        """The names of which this one is probably a misspelling."""
        own, _kind = self.parts(raw)
        close = get_close_matches(own, [one for one in self.owners if figures(one) == figures(own)], cutoff=alike)
        return [
            name
            for one, owners in self.owners.items()
            for kind, name in owners.items()
            if one in close or sounds(one, own) or (kind and one + kind in own)
        ]


def towns_of(names: Iterable[str], county: str = "") -> PlaceNames:
    """The towns of a county under their names."""
    return PlaceNames(names, partial(town_parts, county=county))


def stations_of(names: Iterable[str], county: str = "") -> PlaceNames:
    """The stations of a county under their names."""
    return PlaceNames(names, partial(station_parts, county=county))


def figures(name: str) -> str:
    """The figures in a name, which nobody misspells: 第1 is not 第10."""
    return re.sub(r"\D", "", name)


def sounds(one: str, other: str) -> bool:
    """True when two names are said alike: 清溪 and 青溪."""
    return _sound(one) == _sound(other)


@lru_cache(maxsize=5_000)
def _sound(name: str) -> str:
    """The name in pinyin without its tones; figures in it stay."""
    return re.sub(r"(?<=[a-z])\d(?= |$)", "", sort_key(name)) if not name.isascii() else name


def likely(raw: str, known: Iterable[str]) -> list[str]:
    """The known names that a misspelt one probably means, the likeliest first."""
    by_key: dict[str, str] = {}
    for name in known:
        by_key.setdefault(station_key(name), name)
        by_key.setdefault(plain(name), name)
    near = get_close_matches(station_key(raw), by_key, n=3, cutoff=0.5) + get_close_matches(plain(raw), by_key, n=3)
    return list(dict.fromkeys(by_key[key] for key in near))[:3]
