"""`manage.py export_hazards --json`: the hazards as the product holds them."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huyuan.inspections.models import Hazard
from huyuan.inspections.register.exporting import level_word, state_word
from huyuan.organisations.models import County


class Command(BaseCommand):
    """Prints one JSON array with one object per hazard."""

    help = "Export the hazards as JSON, in the words of the ledgers and in the order they came in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The county and the form."""
        parser.add_argument("--county", metavar="ADCODE", help="needed when the database holds several counties")
        parser.add_argument("--json", action="store_true", help="on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the hazards."""
        counties = County.objects.filter(adcode=options["county"]) if options["county"] else County.objects.all()
        found = list(counties[:2])
        if len(found) > 1 or (options["county"] and not found):
            raise CommandError("Name one county with --county ADCODE.")
        hazards = Hazard.objects.filter(county__in=found).select_related("school__organisation").order_by("pk")
        rows = [
            {
                "school": hazard.school.organisation.name,
                "found": hazard.found_on.isoformat(),
                "due": hazard.due_date.isoformat() if hazard.due_date else None,
                "level": level_word(hazard) or None,
                "state": state_word(hazard),
            }
            for hazard in hazards.iterator(chunk_size=2_000)
        ]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=None if options["json"] else 1))
