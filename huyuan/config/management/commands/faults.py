"""`manage.py faults [--every N] [--only press|page|matrix] [--json]`: make everything fail in turn, and print JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from huyuan.config.bench.database import versions
from huyuan.config.bench.faulting.installation import installed
from huyuan.config.bench.faulting.running import run_points


class Command(BaseCommand):
    """Attack a private installation."""

    help = "press and page: each point of the path fails in four ways; matrix: the troubles of an installation"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is attacked and how thoroughly."""
        parser.add_argument(
            "--only", choices=["press", "page", "matrix"], nargs="+", default=["press", "page", "matrix"]
        )
        parser.add_argument("--every", type=int, default=1, help="try each so manyth cell only")
        parser.add_argument(
            "--lanes", type=int, default=3, help="so many databases are attacked at once, for each side"
        )
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Attack and print."""
        sides = [side for side in options["only"] if side != "matrix"]
        with installed() as installation:
            result: dict[str, Any] = {"what": "faults", "versions": versions()}
            if sides:
                result |= run_points(installation, sides, options["every"], options["lanes"])
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=None if options["json"] else 1))
