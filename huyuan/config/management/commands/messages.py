"""`manage.py messages update | check | compile`: the catalogue of sentences in both languages."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from huyuan.config import catalogue


class Command(BaseCommand):
    """Keep the catalogue in step with the code; needs no gettext programs."""

    help = "update: take in new sentences; check: fail on missing translations; compile: write what Django reads"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb, and catalogues that lend their translations."""
        parser.add_argument("verb", choices=["update", "check", "compile"])
        parser.add_argument("--take-from", type=Path, nargs="*", default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb."""
        if options["verb"] == "compile":
            catalogue.compile_catalogue()
            return
        if options["verb"] == "update":
            catalogue.update(*options["take_from"])
        found = catalogue.problems()
        for problem in found:
            self.stdout.write(problem)
        if found and options["verb"] == "check":
            raise CommandError(f"{len(found)} sentences are not complete in both languages")
