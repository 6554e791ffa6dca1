"""Reading coordinates the way people type them."""

import re

from django.utils.translation import gettext_lazy as _

from huyuan.common.geo import Point
from huyuan.common.sheets.cells import NOTHING, shown
from huyuan.common.sheets.problems import CellProblem, Sentence, say
from huyuan.common.sheets.workbook import Cell

# China with its seas; no longitude can be taken for a latitude.
LONGITUDES, LATITUDES = (73.0, 136.0), (3.0, 54.0)
DEGREES = re.compile(
    r"(?:东经|北纬|[EN])?:?(\d{1,3}(?:\.\d+)?)(?:[°度](?:(\d{1,2}(?:\.\d+)?)['′分](?:(\d{1,2}(?:\.\d+)?)(?:[\"″秒]|''|′′))?)?)?(?:[EN]|东经|北纬)?"
)
EAST, NORTH = re.compile("E|东"), re.compile("N|北")
STRAIGHT_QUOTES = str.maketrans("’‘”“", "''\"\"")
PAIR = re.compile(r"[,;、/\s]+")
NO_COORDINATE = _("“%(value)s” is no coordinate. Write degrees, such as 115.667503.")


def longitude(value: Cell) -> float | None:
    """Degrees east; 0 says that nobody looked it up."""
    return _axis(value, LONGITUDES, LATITUDES, NORTH, _SWAPPED_LONGITUDE)


def latitude(value: Cell) -> float | None:
    """Degrees north; 0 says that nobody looked it up."""
    return _axis(value, LATITUDES, LONGITUDES, EAST, _SWAPPED_LATITUDE)


_SWAPPED_LONGITUDE = _("“%(value)s” is a latitude, but the column is longitude. Are the two columns swapped?")
_SWAPPED_LATITUDE = _("“%(value)s” is a longitude, but the column is latitude. Are the two columns swapped?")
_OUTSIDE = _("“%(value)s” lies outside China. Check the figure.")


def _axis(
    value: Cell, mine: tuple[float, float], other: tuple[float, float], wrong: re.Pattern[str], swapped: Sentence
) -> float | None:
    if type(value) is float:
        degrees = value
    else:
        said = shown(value)
        if said in NOTHING:
            return None
        degrees = _degrees(said)
        if wrong.search(said.upper()):
            raise CellProblem(say(swapped, value=said))
    if mine[0] <= degrees <= mine[1] or not degrees:
        return degrees or None
    raise CellProblem(say(swapped if other[0] <= degrees <= other[1] else _OUTSIDE, value=shown(value)))


def _degrees(said: str) -> float:
    try:
        return float(said)
    except ValueError:
        pass
    found = DEGREES.fullmatch(said.upper().replace(" ", "").translate(STRAIGHT_QUOTES))
    if found is None:
        raise CellProblem(say(NO_COORDINATE, value=said))
    degrees, minutes, seconds = (float(part or 0) for part in found.groups())
    if minutes >= 60 or seconds >= 60:
        raise CellProblem(say(NO_COORDINATE, value=said))
    return degrees + minutes / 60 + seconds / 3600


def position(value: Cell) -> Point | None:
    """Longitude and latitude in one cell, in either order: in China they cannot be confused."""
    said = shown(value)
    if said in NOTHING:
        return None
    parts = [part for part in PAIR.split(said) if part]
    if len(parts) != 2:
        raise CellProblem(say(_("“%(value)s” is no pair of coordinates. Write it as 115.667503,28.9225."), value=said))
    one, two = sorted(map(_degrees, parts), reverse=True)
    if not one and not two:
        return None
    return Point(_within(one, LONGITUDES, said), _within(two, LATITUDES, said))


def _within(degrees: float, bounds: tuple[float, float], said: str) -> float:
    if not bounds[0] <= degrees <= bounds[1]:
        raise CellProblem(say(_OUTSIDE, value=said))
    return degrees
