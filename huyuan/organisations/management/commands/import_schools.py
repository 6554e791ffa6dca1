"""`manage.py import_schools FILE`: bring a county's roster in."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation

from huyuan.common.errors import Refusal
from huyuan.common.geo import Datum
from huyuan.common.reach import system_reach
from huyuan.common.sheets import as_objects, check_any_row
from huyuan.organisations.actions.roster import apply_roster
from huyuan.organisations.importing import UNNAMED, county_named, read_schools


class Command(BaseCommand):
    """Reads the roster, brings in what is right and reports what is not."""

    help = "Import the school roster from an .xlsx, .xls, .ods or .csv file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the county, and what to do with it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", metavar="ADCODE", help="needed when the database holds several counties")
        parser.add_argument("--datum", choices=[one.value for one in Datum], help="where the sheet does not say it")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, apply, report."""
        datum = Datum(options["datum"]) if options["datum"] else None
        with translation.override("zh-hans"):
            try:
                outcome = self.bring_in(options["file"], options["county"], datum, dry_run=options["dry_run"])
            except Refusal as refusal:
                raise CommandError(str(refusal.message)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        for problem in outcome["problems"]:
            self.stdout.write(f"row {problem['row']} {problem['field']}: {problem['reason']}")
        counts = ", ".join(f"{outcome[key]} {key}" for key in ("created", "updated", "unchanged"))
        self.stdout.write(f"{counts}, {len(outcome['problems'])} problems")

    @transaction.atomic
    def bring_in(self, file: Path, adcode: str | None, datum: Datum | None, *, dry_run: bool) -> dict[str, Any]:
        """Import in one transaction; a dry run takes it back."""
        county = county_named(adcode)
        read = read_schools(file, county=county, datum=datum)
        check_any_row(read.table)
        done = apply_roster(county=county, rows=read.schools, by=system_reach(county.pk), now=timezone.now())
        transaction.set_rollback(dry_run)
        if county.adcode == UNNAMED and not dry_run:
            self.stderr.write(
                f"The county is called {county.name} until `manage.py create_county` gives it its name and code."
            )
        for note in read.notes:
            self.stderr.write(str(note))
        found = sorted([*read.problems, *done.problems], key=lambda problem: problem.row)
        problems = as_objects(found, read.table)
        return {"created": done.created, "updated": done.updated, "unchanged": done.unchanged, "problems": problems}
