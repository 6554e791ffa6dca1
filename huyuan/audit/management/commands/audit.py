"""`manage.py audit verify | export`: hold the chain against itself and against heads kept elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huyuan.audit.actions import head_line
from huyuan.audit.files import line_of, read_links
from huyuan.audit.queries import Verdict, chain, last_seal, verify


class Command(BaseCommand):
    """Verify the audit chain, or export it and its head for another agency to keep and to verify."""

    help = (
        "verify: walk the chain, in the database or in a file, and name the first bad row;"
        " export: write the head, and with --rows the whole chain, for exchange between agencies"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb and the files."""
        parser.add_argument("verb", choices=["verify", "export"])
        parser.add_argument("--rows", type=Path, help="export: write the chain here; verify: read it here alone")
        parser.add_argument("--heads", type=Path, nargs="+", action="extend", default=[], help="heads kept elsewhere")
        parser.add_argument("--to", type=Path, help="export: file to append the head to; default standard output")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; verify ends with status 1 when the chain is broken."""
        self.verify(options) if options["verb"] == "verify" else self.export(options)

    def verify(self, options: dict[str, Any]) -> None:
        """Print how many links hold, or the first bad row."""
        rows: Path | None = options["rows"]
        for path in [*options["heads"], *([rows] if rows else [])]:
            if not path.exists():
                raise CommandError(f"there is no file {path}")
        verdict = self.verdict(rows, options["heads"])
        if options["json"]:
            self.stdout.write(
                json.dumps({"links": verdict.links, "bad_row": verdict.bad_row, "reason": verdict.reason})
            )
        elif not verdict.reason:
            self.stdout.write(f"the chain holds: {verdict.links} links")
        if verdict.reason:
            where = f"row {verdict.bad_row}: " if verdict.bad_row else ""
            raise CommandError(f"{where}{verdict.reason}; {verdict.links} links before it hold")

    def verdict(self, rows: Path | None, heads: list[Path]) -> Verdict:
        """Of the chain in the file, which may be another agency's, or of our own with the heads we wrote."""
        return verify(*heads, links=read_links(rows)) if rows else verify(settings.AUDIT_HEADS, *heads)

    def export(self, options: dict[str, Any]) -> None:
        """Write the head as one JSON line, and the chain one line a link."""
        head = last_seal()
        if head is None:
            raise CommandError("nothing is sealed yet")
        if options["rows"]:
            with options["rows"].open("w", encoding="utf-8") as file:
                file.writelines(line_of(one) for one in chain())
        line = head_line(head, head.sealed_at)
        if options["to"]:
            with options["to"].open("a") as file:
                file.write(line)
        else:
            self.stdout.write(line, ending="")
