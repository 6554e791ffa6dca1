"""A county's school roster: its columns, reading it, and what is wrong with it."""

from huyuan.organisations.roster.fields import ROSTER
from huyuan.organisations.roster.names import PlaceNames, station_key, stations_of, towns_of
from huyuan.organisations.roster.reading import RosterResult, SchoolRow, read_roster, roster_template

__all__ = [
    "ROSTER",
    "PlaceNames",
    "RosterResult",
    "SchoolRow",
    "read_roster",
    "roster_template",
    "station_key",
    "stations_of",
    "towns_of",
]
