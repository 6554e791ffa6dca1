"""`manage.py fuzz_dc09 --frames 1000000 [--seed 1] [--json]`: mutate SIA DC-09 frames and print what came of them."""

import json
import platform
from argparse import ArgumentParser
from importlib.metadata import version
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huyuan.facilities.dc09.fuzzing import fuzz


class Command(BaseCommand):
    """Fuzz the receiver's reading of frames."""

    help = "mutate SIA DC-09 frames; print crashes and false alarms as JSON, and fail when there is one"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of frames and the seed that repeats a run."""
        parser.add_argument("--frames", type=int, default=1_000_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Mutate, count, print."""
        found = fuzz(frames=options["frames"], seed=options["seed"])
        found["versions"] = {"python": platform.python_version(), "cryptography": version("cryptography")}
        self.stdout.write(json.dumps(found, indent=None if options["json"] else 1))
        if found["crashes"] or found["false_alarms"]:
            raise CommandError("A mutated frame crashed the receiver or raised an alarm; its seed repeats it.")
