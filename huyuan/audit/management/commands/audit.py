"""`manage.py audit verify | export`: hold the chain against itself and against heads kept elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huyuan.audit.actions import head_line
from huyuan.audit.queries import last_seal, verify


class Command(BaseCommand):
    """Verify the audit chain, or export its head for another agency to keep."""

    help = "verify: walk the chain and name the first bad row; export: write the head for exchange between agencies"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb and the files."""
        parser.add_argument("verb", choices=["verify", "export"])
        parser.add_argument("--heads", type=Path, action="append", default=[], help="heads another agency kept")
        parser.add_argument("--to", type=Path, help="export: file to append the head to; default standard output")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; verify ends with status 1 when the chain is broken."""
        self.verify(options) if options["verb"] == "verify" else self.export(options)

    def verify(self, options: dict[str, Any]) -> None:
        """Print how many links hold, or the first bad row."""
        verdict = verify(settings.AUDIT_HEADS, *options["heads"])
        if options["json"]:
            self.stdout.write(
                json.dumps({"links": verdict.links, "bad_row": verdict.bad_row, "reason": verdict.reason})
            )
        elif not verdict.reason:
            self.stdout.write(f"the chain holds: {verdict.links} links")
        if verdict.reason:
            raise CommandError(f"row {verdict.bad_row}: {verdict.reason}; {verdict.links} links before it hold")

    def export(self, options: dict[str, Any]) -> None:
        """Write the head as one JSON line."""
        head = last_seal()
        if head is None:
            raise CommandError("nothing is sealed yet")
        line = head_line(head, head.sealed_at)
        if options["to"]:
            with options["to"].open("a") as file:
                file.write(line)
        else:
            self.stdout.write(line, ending="")
