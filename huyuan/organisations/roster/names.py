"""Names of stations, towns and schools: the same one in its several spellings."""

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from huyuan.common.sheets.cells import plain

# What comes before the station's own name (示例县公安局, 县局, 县公安分局…) and after it.
ABOVE_STATION = re.compile(r"^(?:.{0,10}?公安(?:局|分局)|.{0,4}[县市区](?:分)?局)")
STATION_END = re.compile(r"(?:水上|边防|中心)?(?:公安)?(?:派出所|警务室|警务站|所)$")
TOWN_END = re.compile(r"(?:人民政府|政府|办事处|街道办|中心校)+$")
TOWN_KIND = re.compile(r"(?:民族乡|街道|镇|乡)$")
SHORTEST = 2


def town_key(raw: str) -> str:
    """What is left of a town's name in every spelling: 青溪镇, 青溪 and 青溪镇人民政府 are 青溪."""
    name = TOWN_END.sub("", plain(raw)) or plain(raw)
    return _unless_too_short(TOWN_KIND.sub("", name), name)


def station_key(raw: str) -> str:
    """What is left of a station's name in every spelling: 县公安局青溪镇派出所 and 青溪所 are 青溪."""
    name = plain(raw)
    name = _unless_too_short(ABOVE_STATION.sub("", name), name)
    name = _unless_too_short(STATION_END.sub("", name), name)
    return town_key(name)


def is_station(raw: str) -> bool:
    """True when the name says that it is a station."""
    return STATION_END.search(plain(raw)) is not None


def school_key(raw: str) -> str:
    """A school's name without what spellings differ in."""
    return re.sub(r"[()\[\]·.,、\-—_\"'“”‘’]", "", plain(raw))


def _unless_too_short(name: str, before: str) -> str:
    """Some names end in what is usually an ending (新街道, 城关镇); never strip them down to one character."""
    return name if len(name) >= SHORTEST else before


def match_station(raw: str, known: Sequence[str]) -> str | None:
    """The known station that is meant; None when none is, or several could be."""
    return _match(raw, known, station_key(raw), [station_key(name) for name in known])


def match_town(raw: str, known: Sequence[str]) -> str | None:
    """The known town that is meant; None when none is, or several could be."""
    return _match(raw, known, town_key(raw), [town_key(name) for name in known])


def _match(raw: str, known: Sequence[str], key: str, keys: Sequence[str]) -> str | None:
    exact = [name for name in known if plain(name) == plain(raw)]
    if exact:
        return exact[0]
    meant = [name for name, other in zip(known, keys, strict=True) if other == key]
    return meant[0] if len(set(meant)) == 1 else None


def likely(raw: str, known: Iterable[str]) -> list[str]:
    """The known names that a misspelt one probably means, the likeliest first."""
    by_key: dict[str, str] = {}
    for name in known:
        by_key.setdefault(station_key(name), name)
        by_key.setdefault(plain(name), name)
    near = get_close_matches(station_key(raw), by_key, n=3, cutoff=0.5) + get_close_matches(plain(raw), by_key, n=3)
    return list(dict.fromkeys(by_key[key] for key in near))[:3]
