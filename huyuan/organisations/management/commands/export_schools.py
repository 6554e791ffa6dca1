"""`manage.py export_schools --json`: the roster as the product holds it."""

from typing import Any

from huyuan.organisations.exporting import ExportCommand
from huyuan.organisations.models import County
from huyuan.organisations.queries import roster


class Command(ExportCommand):
    """Prints one object per school."""

    help = "Export the school roster as JSON; coordinates are WGS84 degrees."

    def rows(self, county: County) -> list[dict[str, Any]]:
        """The roster."""
        return roster(county)
