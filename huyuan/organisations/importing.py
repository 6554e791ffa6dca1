"""The import of schools as pages and commands use it: read against what the county knows."""

from huyuan.common.geo import Datum
from huyuan.common.sheets import Source
from huyuan.organisations.models import County, OrganisationKind
from huyuan.organisations.roster import RosterResult, read_roster

# The code of the county that an import makes in an empty database, until `create_county` gives it its own.
UNNAMED = "000000"


def read_schools(source: Source, *, county: County, datum: Datum | None) -> RosterResult:
    """Read a roster of this county; raises UnreadableFile when there is no table to read at all. One query."""
    kinds = [OrganisationKind.TOWN, OrganisationKind.STATION]
    known = list(county.organisations.filter(kind__in=kinds).order_by("pk").values_list("kind", "name"))
    return read_roster(
        source,
        datum=datum,
        county="" if county.adcode == UNNAMED else county.name,
        known_towns=[name for kind, name in known if kind == OrganisationKind.TOWN],
        known_stations=[name for kind, name in known if kind == OrganisationKind.STATION],
    )
