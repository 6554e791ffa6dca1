"""The import of hazard ledgers as pages and commands use it: read against the schools the county has."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.reach import Reach
from huyuan.common.sheets import Source
from huyuan.common.sheets.outcomes import Outcome, Progress
from huyuan.inspections.actions.register import apply_register
from huyuan.inspections.register import KnownSchool, RegisterReading, SchoolBook, read_register
from huyuan.organisations.models import County, School


def read(source: Source, county: County, datum: str = "") -> RegisterReading:
    """Read a hazard ledger of this county; raises UnreadableFile when it cannot be read at all. One query."""
    schools = School.objects.filter(county=county).select_related("organisation", "town").order_by("pk")
    known = [KnownSchool(one.pk, one.organisation.name, one.identifier, one.town.name) for one in schools]
    return read_register(source, book=SchoolBook(known, county.name), today=timezone.localdate())


def apply(
    *, county: County, reading: RegisterReading, by: Reach, now: datetime, progress: Progress | None = None
) -> Outcome:
    """Bring in what was read."""
    return apply_register(county=county, rows=reading.hazards, by=by, now=now, progress=progress)


HAZARD = "inspections.hazard"
EARLIER = "an earlier ledger brings in hazards of its own; none of them is entered here again"
IMPORT = Occasion(
    "import.hazards", _("Import a hazard ledger"),
    {
        "school": f"{HAZARD}.school", "found_on": f"{HAZARD}.found_on", "found_by": f"{HAZARD}.ledger@found_by",
        "category": f"{HAZARD}.category", "place": f"{HAZARD}.place", "description": f"{HAZARD}.description",
        "level": f"{HAZARD}.level", "basis": f"{HAZARD}.basis", "measures": f"{HAZARD}.requirement",
        "responsible": f"{HAZARD}.responsible_name", "due": f"{HAZARD}.due_date", "state": f"{HAZARD}.status",
        "done_on": f"{HAZARD}.closed_at", "rechecked_by": f"{HAZARD}.ledger@rechecked_by",
        "remark": f"{HAZARD}.ledger@remark",
    },
    again=dict.fromkeys(
        (f"{HAZARD}.{name}" for name in (
            "school", "category", "place", "description", "level", "requirement", "due_date",
        )), EARLIER,
    ),
)  # fmt: skip
