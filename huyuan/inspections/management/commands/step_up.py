"""`manage.py step_up [--now ISO] [--json]`: take the steps that are due for hazards not put right."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from huyuan.inspections.actions.steps import step_up_everywhere


class Command(BaseCommand):
    """Takes the due steps of every county; run twice it does nothing more."""

    help = "Remind, tell of overdue hazards and propose listings, by the rules of packs/step-ups; the worker does so hourly."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The time and the form."""
        parser.add_argument("--now", metavar="ISO", help="as if it were this time, for instance 2026-09-15T09:00")
        parser.add_argument("--json", action="store_true", help="on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the steps and print how many."""
        taken = step_up_everywhere(now=self.moment(options["now"]))
        if options["json"]:
            self.stdout.write(json.dumps(asdict(taken)))
        else:
            self.stdout.write(f"told {taken.told}, overtaken {taken.skipped}, proposed for listing {taken.proposed}")

    def moment(self, given: str | None) -> datetime:
        """The given time in the county's zone, or the present."""
        if given is None:
            return timezone.now()
        try:
            moment = parse_datetime(given)
        except ValueError:
            moment = None
        if moment is None:
            raise CommandError(f"{given} is not a time; write it like 2026-09-15T09:00")
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
