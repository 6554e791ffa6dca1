"""A county's school roster: its columns, reading it, and what is wrong with it."""

from huyuan.organisations.roster.fields import ROSTER
from huyuan.organisations.roster.names import match_station, match_town, station_key, town_key
from huyuan.organisations.roster.reading import RosterResult, SchoolRow, read_roster, roster_template

__all__ = [
    "ROSTER",
    "RosterResult",
    "SchoolRow",
    "match_station",
    "match_town",
    "read_roster",
    "roster_template",
    "station_key",
    "town_key",
]
