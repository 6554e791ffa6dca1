"""`manage.py export_schools --json`: the roster as the product holds it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huyuan.organisations.models import County
from huyuan.organisations.queries import roster


class Command(BaseCommand):
    """Prints one JSON array with one object per school."""

    help = "Export the school roster as JSON; coordinates are WGS84 degrees."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The county and the form."""
        parser.add_argument("--county", metavar="ADCODE", help="needed when the database holds several counties")
        parser.add_argument("--json", action="store_true", help="on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the roster."""
        counties = County.objects.filter(adcode=options["county"]) if options["county"] else County.objects.all()
        found = list(counties[:2])
        if len(found) > 1 or (options["county"] and not found):
            raise CommandError("Name one county with --county ADCODE.")
        rows = roster(found[0]) if found else []
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=None if options["json"] else 1))
