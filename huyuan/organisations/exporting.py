"""What every command that prints a county's records as JSON has in common."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huyuan.organisations.models import County


class ExportCommand(BaseCommand):
    """Prints one JSON array of what `rows` answers; an empty one where there is no county yet."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The county and the form."""
        parser.add_argument("--county", metavar="ADCODE", help="needed when the database holds several counties")
        parser.add_argument("--json", action="store_true", help="on one line")

    def rows(self, county: County) -> list[dict[str, Any]]:
        """One object for each record of the county."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the records of the county named, or of the only one."""
        counties = County.objects.filter(adcode=options["county"]) if options["county"] else County.objects.all()
        found = list(counties[:2])
        if len(found) > 1 or (options["county"] and not found):
            raise CommandError("Name one county with --county ADCODE.")
        rows = self.rows(found[0]) if found else []
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=None if options["json"] else 1))
