"""`manage.py import_hazards FILE`: bring an existing hazard ledger in."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from huyuan.common.errors import Refusal
from huyuan.common.reach import system_reach
from huyuan.common.sheets import as_objects, check_any_row
from huyuan.inspections import importing
from huyuan.organisations.models import County
from huyuan.people.management.commands.import_people import chosen_county

ROW_BY_ROW = (("problems", "problem"), ("asked", "asked"), ("notes", "note"))


class Command(BaseCommand):
    """Reads the ledger, brings in what is right, asks what the two levels do not know and reports what is wrong."""

    help = "Import a hazard ledger from an .xlsx, .xls, .ods or .csv file; its schools must be there already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the county, and what to do with it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", metavar="ADCODE", help="needed when the database holds several counties")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, apply, report."""
        county = chosen_county(options["county"])
        with translation.override("zh-hans"):
            try:
                outcome = self.bring_in(options["file"], county, dry_run=options["dry_run"])
            except Refusal as refusal:
                raise CommandError(str(refusal.message)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        for key, word in ROW_BY_ROW:
            for one in outcome[key]:
                self.stdout.write(f"{word}: row {one['row']} {one['field']}: {one['reason']}")
        counts = ", ".join(f"{outcome[key]} {key}" for key in ("created", "updated", "unchanged"))
        self.stdout.write(f"{counts}, {len(outcome['asked'])} asked, {len(outcome['problems'])} problems")

    @transaction.atomic
    def bring_in(self, file: Path, county: County, *, dry_run: bool) -> dict[str, Any]:
        """Import in one transaction; a dry run takes it back."""
        reading = importing.read(file, county)
        check_any_row(reading.table)
        done = importing.apply(county=county, reading=reading, by=system_reach(county.pk), now=timezone.now())
        transaction.set_rollback(dry_run)
        for note in reading.notes:
            self.stderr.write(str(note))
        problems = sorted([*reading.problems, *done.problems], key=lambda problem: problem.row)
        return {
            "created": done.created,
            "updated": done.updated,
            "unchanged": done.unchanged,
            "problems": as_objects(problems, reading.table),
            "asked": as_objects(reading.table.asked, reading.table),
            "notes": as_objects(reading.remarks, reading.table),
        }
