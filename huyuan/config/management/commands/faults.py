"""`manage.py faults [--every N] [--only press|page|matrix] [--json]`: make everything fail in turn, and print JSON."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from huyuan.config.bench.database import versions
from huyuan.config.bench.faulting.installation import installed
from huyuan.config.bench.faulting.matrix import run_matrix
from huyuan.config.bench.faulting.outcomes import Trouble, as_markdown
from huyuan.config.bench.faulting.points import Fault
from huyuan.config.bench.faulting.running import run_points

PARTS = ("press", "page", "matrix")


class Command(BaseCommand):
    """Attack a private installation."""

    help = "press and page: each point of the path fails in five ways; matrix: the troubles of an installation"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what is attacked and how thoroughly."""
        parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS)
        parser.add_argument("--faults", choices=[one.value for one in Fault], nargs="+", default=list(Fault))
        parser.add_argument("--every", type=int, default=1, help="try each so manyth cell of press and page only")
        parser.add_argument(
            "--lanes", type=int, default=3, help="so many databases are attacked at once, for each side"
        )
        parser.add_argument("--down", type=float, default=30.0, help="so many seconds a trouble of the matrix lasts")
        parser.add_argument("--troubles", choices=[one.value for one in Trouble], nargs="+", default=list(Trouble))
        parser.add_argument("--outcomes", action="store_true", help="print what is expected, and attack nothing")
        parser.add_argument("--json", action="store_true", help="on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Attack and print."""
        if options["outcomes"]:
            self.stdout.write(as_markdown())
            return
        sides = [side for side in options["only"] if side != "matrix"]
        with installed() as installation:
            result: dict[str, Any] = {"what": "faults", "versions": versions()}
            faults = [Fault(one) for one in options["faults"]]
            if sides:
                result["points"] = run_points(installation, sides, faults, options["every"], options["lanes"])
            if "matrix" in options["only"]:
                troubles = [Trouble(one) for one in options["troubles"]]
                result["matrix"] = run_matrix(installation, troubles, options["down"])
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=None if options["json"] else 1))
