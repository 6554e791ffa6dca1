"""`manage.py cap_check --alerts 10000 --json`: alerts of CAP 1.2 against the schema of OASIS, printed as JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huyuan.emergency.cap import checking


class Command(BaseCommand):
    """Check what is written against the standard."""

    help = "makes alerts with chains of updates and cancels, validates each by the schema, reads it back, resolves the chains"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how many, and from which seed."""
        parser.add_argument("--alerts", type=int, default=10_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check and print; ends with an error when one is not valid."""
        try:
            result = checking.run(options["alerts"], options["seed"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=None if options["json"] else 1))
        if result["invalid"] or result["chains"]["wrong"]:
            raise CommandError("Not every alert is valid.")
