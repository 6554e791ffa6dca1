"""Reading a county's school roster: a row is right, or it is reported with the reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from operator import itemgetter
from statistics import median
from typing import Any

from django.utils.translation import gettext_lazy as _

from huyuan.common.geo import Datum, Point, metres_between, to_wgs84
from huyuan.common.memory import collecting_later
from huyuan.common.sheets import Row, RowProblem, Sentence, Source, TableResult, error_sheet, read_table, say, template
from huyuan.common.sheets.cells import plain
from huyuan.organisations.kinds import SchoolKind
from huyuan.organisations.roster.book import NameBook
from huyuan.organisations.roster.datum import datums_said
from huyuan.organisations.roster.fields import ROSTER
from huyuan.organisations.roster.names import stations_of, towns_of
from huyuan.organisations.roster.repeats import settle_repeats

# The kinds that the first two digits of a school code allow.
KINDS_BY_CODE: dict[str, frozenset[SchoolKind]] = {
    "11": frozenset({SchoolKind.KINDERGARTEN}),
    "21": frozenset({SchoolKind.PRIMARY}),
    "31": frozenset({SchoolKind.JUNIOR_MIDDLE, SchoolKind.NINE_YEAR}),
    "34": frozenset({SchoolKind.SENIOR_MIDDLE}),
    "36": frozenset({SchoolKind.VOCATIONAL}),
    "51": frozenset({SchoolKind.SPECIAL}),
}

# In metres.
SAME_PLACE, FARTHEST = 100, 150_000
BUREAU = re.compile(r"(.{2,12}[县市区])公安(?:分?局)")


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school as the roster says; `given` names the fields whose columns the sheet has."""

    row: int
    sheet: str
    name: str
    code: str
    kind: SchoolKind
    town: str
    pupils: int
    boarders: int
    staff: int
    guards: int
    closed_campus: bool
    alarm_networked: bool
    video_networked: bool
    guard_post: bool
    station: str
    head_name: str
    head_phone: str
    lon: float | None
    lat: float | None
    remark: str
    given: frozenset[str]


@dataclass
class RosterResult:
    """The schools that are right, and everything that is not."""

    table: TableResult
    datum: Datum
    schools: list[SchoolRow] = field(default_factory=list)

    @property
    def problems(self) -> list[RowProblem]:
        """What is wrong, in the order of the file."""
        return self.table.all_problems

    @property
    def notes(self) -> list[Sentence]:
        """What the person should know although nothing is wrong."""
        return self.table.notes

    def error_sheet(self) -> bytes:
        """The refused rows with their reasons, as a workbook."""
        # Without this line the corrected rows would be taken for WGS84 and stand some hundred metres off.
        heading = f"坐标系: {self.datum.label}" if has_places(self.table) else ""
        return error_sheet(self.table, ROSTER, headings=dict.fromkeys(self.table.remarks, heading))


def roster_template() -> bytes:
    """An empty roster to fill in."""
    return template(ROSTER)


@collecting_later()
def read_roster(
    source: Source,
    *,
    datum: Datum | None = None,
    county: str = "",
    known_stations: Sequence[str] = (),
    known_towns: Sequence[str] = (),
) -> RosterResult:
    """Read a roster; raises UnreadableFile when there is no table to read at all.

    `county` is the county's name, which may stand before the names of its towns and stations.
    """
    table = read_table(source, ROSTER)
    result = RosterResult(table, _settle_datum(table, datum))
    if any(problem.field == "datum" for problem in table.problems):
        return result
    county = county or _county_said(table.rows)
    stations = NameBook(table.rows, "station", partial(stations_of, county=county), known_stations)
    towns = NameBook(table.rows, "town", partial(towns_of, county=county), known_towns)
    for row in table.rows:
        _check_figures(row)
        _check_kind(row)
        _check_place(row)
        stations.check(row)
        towns.check(row)
    _check_neighbours(table.rows)
    dropped, notes = settle_repeats(table.rows)
    table.notes.extend(notes)
    shared: dict[int, frozenset[str]] = {}
    for at, row in enumerate(table.rows):
        if not row.problems and at not in dropped:
            given = shared.setdefault(id(row.header), frozenset(row.header.columns))
            result.schools.append(_school(row, given, result.datum))
    return result


def _county_said(rows: list[Row]) -> str:
    """The county whose bureau stands before the stations' names, when there is only one."""
    bureaus = {found[1] for row in rows if (found := BUREAU.match(plain(str(row.values.get("station") or ""))))}
    return bureaus.pop() if len(bureaus) == 1 else ""


def has_places(table: TableResult) -> bool:
    """True when the file has a column for coordinates."""
    return bool(_place_titles(table))


def _place_titles(table: TableResult) -> list[str]:
    """The titles of the columns for coordinates: what other titles say (校车GPS) is not about them."""
    columns = [(header, header.columns.get(name)) for header in table.headers for name in ("lon", "lat", "position")]
    return [header.titles[column] for header, column in columns if column is not None]


def _settle_datum(table: TableResult, datum: Datum | None) -> Datum:
    """The caller's word counts first, then the sheet's; two different words in the sheet are no word."""
    if not has_places(table):
        return datum or Datum.WGS84
    if datum is not None:
        return _note_conversion(table, datum)
    said = datums_said([*chain(*table.remarks.values()), *_place_titles(table)])
    if len(said) == 1:
        return _note_conversion(table, said.pop())
    if said:
        reason = _("The file names several coordinate systems. Say which one its coordinates are in, and try again.")
        table.problems.append(RowProblem(0, "datum", reason))
    else:
        table.notes.append(
            _(
                "The file does not say which coordinate system it uses; WGS84 was taken. If the places are off by some hundred metres, choose the map they come from."
            )
        )
    return Datum.WGS84


def _note_conversion(table: TableResult, datum: Datum) -> Datum:
    """Say which shifted system was recognised, so that a wrong one is noticed before anything is written."""
    if datum is not Datum.WGS84:
        table.notes.insert(0, say(_("Coordinates are taken as %(datum)s and converted."), datum=datum.label))
    return datum


def _check_figures(row: Row) -> None:
    """The total must be what boys and girls make; without a total they are the total."""
    values = row.values
    pupils, boys, girls, boarders = (values.get(name) for name in ("pupils", "boys", "girls", "boarders"))
    wrong = {problem.field for problem in row.problems}
    if isinstance(boys, int) and isinstance(girls, int):
        if pupils is None and "pupils" not in wrong:
            pupils = values["pupils"] = boys + girls
        elif isinstance(pupils, int) and boys + girls != pupils:
            reason = _(
                "Boys %(boys)s and girls %(girls)s make %(sum)s, but the total says %(pupils)s. Correct the figures."
            )
            row.refuse("pupils", say(reason, boys=boys, girls=girls, sum=boys + girls, pupils=pupils), str(pupils))
    if pupils is None and not wrong & {"pupils", "boys", "girls"}:
        row.refuse("pupils", _("The number of pupils is missing. Fill it in."))
    if isinstance(pupils, int) and isinstance(boarders, int) and boarders > pupils:
        reason = _("%(boarders)s boarders are more than %(pupils)s pupils. Correct the figures.")
        row.refuse("boarders", say(reason, boarders=boarders, pupils=pupils), str(boarders))


def _check_kind(row: Row) -> None:
    code, kind = row.values.get("code"), row.values.get("kind")
    allowed = KINDS_BY_CODE.get(str(code)[:2])
    if isinstance(kind, SchoolKind) and allowed is not None and kind not in allowed:
        meant = say("/".join(f"%({one})s" for one in sorted(allowed)), **{one.value: one.label for one in allowed})
        reason = _("The code %(code)s belongs to a %(meant)s, but the kind says %(kind)s. Correct one of them.")
        row.refuse("kind", say(reason, code=code, meant=meant, kind=kind.label), kind.value)


def _check_place(row: Row) -> None:
    """Both coordinates or none; one cell with both may stand for the two columns, but not against them."""
    values = row.values
    place = values.pop("position", None)
    lon, lat = values.get("lon"), values.get("lat")
    if isinstance(place, Point):
        if lon is None and lat is None:
            lon, lat = values["lon"], values["lat"] = place.lon, place.lat
        elif isinstance(lon, float) and isinstance(lat, float) and metres_between(place, Point(lon, lat)) > SAME_PLACE:
            reason = _("The two columns say %(lon)s, %(lat)s, but this cell says another place. Correct one of them.")
            row.refuse("position", say(reason, lon=lon, lat=lat), f"{place.lon}, {place.lat}")
    missing = {name for name in ("lon", "lat") if values.get(name) is None}
    if len(missing) == 1 and not any(problem.field in ("lon", "lat") for problem in row.problems):
        name = missing.pop()
        row.refuse(name, _("One coordinate of two is missing. Fill it in, or delete the other."))


def _check_neighbours(rows: list[Row]) -> None:
    """No county is so wide that a school lies this far from the middle of the others."""
    placed = [(row, row.values.get("lon"), row.values.get("lat")) for row in rows]
    places = [(row, Point(lon, lat)) for row, lon, lat in placed if isinstance(lon, float) and isinstance(lat, float)]
    if not places:
        return
    middle = Point(median(place.lon for _row, place in places), median(place.lat for _row, place in places))
    for row, place in places:
        away = metres_between(middle, place)
        if away > FARTHEST:
            reason = _("The place is %(away)s km from where the other schools are. Check both coordinates.")
            row.refuse("lon", say(reason, away=round(away / 1000)), f"{place.lon}, {place.lat}")


def _school(row: Row, given: frozenset[str], datum: Datum) -> SchoolRow:
    values = row.values
    lon, lat = values.get("lon"), values.get("lat")
    if isinstance(lon, float) and isinstance(lat, float):
        place = to_wgs84(Point(lon, lat), datum)
        lon, lat = place.lon, place.lat
    # In the order of the class, because names would cost a third of the time that a row takes.
    said: tuple[Any, ...] = (
        row.number,
        row.sheet,
        *TAKEN_OVER(BLANKS | values),
        lon,
        lat,
        values.get("remark", ""),
        given,
    )
    return SchoolRow(*said)


TAKEN_OVER = itemgetter(*SchoolRow.__slots__[2:-4])
BLANKS = {one.name: one.blank for one in ROSTER.fields}
