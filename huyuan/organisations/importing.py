"""The import of schools as pages and commands use it: read against what the county knows."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.common.errors import Invalid
from huyuan.common.geo import Datum
from huyuan.common.sheets import Source
from huyuan.organisations.models import County, OrganisationKind
from huyuan.organisations.roster import RosterResult, read_roster

# The code of the county that an import makes in an empty database, until `create_county` gives it its own.
UNNAMED = "000000"
SUMMER = 8


def county_named(adcode: str | None) -> County:
    """The county named, or the only one; an empty database gets a first one, to be named later."""
    found = list((County.objects.filter(adcode=adcode) if adcode else County.objects.all())[:2])
    if len(found) == 1:
        return found[0]
    if adcode or found:
        raise Invalid(_("Name one county with --county ADCODE; `manage.py create_county` makes one."))
    today = timezone.localdate()
    starts_on = date(today.year if today.month >= SUMMER else today.year - 1, SUMMER + 1, 1)
    return County.objects.create(name="示例县", adcode=UNNAMED, starts_on=starts_on)


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
