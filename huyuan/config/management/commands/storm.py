"""`manage.py storm [--alarms N --kills N --seeds N] [--json]`: press while processes are killed, and count what is lost."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from huyuan.config.bench.storming import running


class Command(BaseCommand):
    """Run storms and print their figures."""

    help = "press alarms while web, engines and the receiver of panels are killed at random; prints JSON"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the size of the storm."""
        parser.add_argument("--alarms", type=int, default=1_000)
        parser.add_argument("--kills", type=int, default=100)
        parser.add_argument("--seeds", type=int, default=10)
        parser.add_argument("--first", type=int, default=1, help="the first seed; each is a storm that can be repeated")
        parser.add_argument("--schools", type=int, default=300)
        parser.add_argument("--seconds", type=float, default=60.0)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print."""
        seeds = range(options["first"], options["first"] + options["seeds"])
        found = running.run(options["alarms"], options["kills"], seeds, options["schools"], options["seconds"])
        self.stdout.write(json.dumps(found, indent=None if options["json"] else 1))
