"""`manage.py import_people FILE`: bring people in from a list."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from huyuan.common.errors import Refusal
from huyuan.common.reach import system_reach
from huyuan.common.sheets import as_objects, check_any_row
from huyuan.organisations.models import County
from huyuan.people import importing
from huyuan.people.actions.codes import issue_codes
from huyuan.people.printing import cards_for, codes_workbook


class Command(BaseCommand):
    """Reads the list, brings in what is right, reports what is not, and writes the codes of the new people."""

    help = "Import people (name, phone, school or organisation, post) from an .xlsx, .xls, .ods or .csv file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the county, and what to do with it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--county", metavar="ADCODE", help="needed when the database holds several counties")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--codes", type=Path, metavar="FILE.xlsx", help="write one-time codes of new people there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, apply, report."""
        county = chosen_county(options["county"])
        target: Path | None = None if options["dry_run"] else options["codes"]
        if target is not None and target.exists():
            raise CommandError(f"{target} is there already: its codes may still be needed. Name another file.")
        try:
            outcome, printed = self.bring_in(options["file"], county, target, dry_run=options["dry_run"])
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        for problem in outcome["problems"]:
            self.stdout.write(f"row {problem['row']} {problem['field']}: {problem['reason']}")
        counts = ", ".join(f"{outcome[key]} {key}" for key in ("created", "updated", "unchanged"))
        self.stdout.write(f"{counts}, {len(outcome['problems'])} problems")
        if printed:
            self.stdout.write(f"{printed} one-time codes are in {target}. Print it, hand it out, delete it.")
        elif outcome["created"] and not options["dry_run"]:
            self.stdout.write("No codes were written. Print them on the page “One-time codes”.")

    @transaction.atomic
    def bring_in(self, file: Path, county: County, target: Path | None, *, dry_run: bool) -> tuple[dict[str, Any], int]:
        """Import in one transaction, which also holds the writing of the codes: no file, no import."""
        now, by = timezone.now(), system_reach(county.pk)
        reading = importing.read(file, county=county)
        check_any_row(reading.table)
        outcome = importing.apply(county=county, reading=reading, by=by, now=now)
        printed = 0
        if target is not None and outcome.newcomers:
            cards = cards_for(issue_codes(users=outcome.newcomers, by=by, now=now), timezone.localdate(now))
            write_private(target, codes_workbook(cards))
            printed = len(cards)
        transaction.set_rollback(dry_run)
        for note in reading.notes:
            self.stderr.write(str(note))
        problems = as_objects([*reading.problems, *outcome.problems], reading.table)
        counts = {"created": outcome.created, "updated": outcome.updated, "unchanged": outcome.unchanged}
        return counts | {"problems": problems}, printed


def chosen_county(adcode: str | None) -> County:
    """The county named, or the only one there is."""
    counties = County.objects.filter(adcode=adcode) if adcode else County.objects.all()
    found = list(counties[:2])
    if len(found) == 1:
        return found[0]
    if adcode or not found:
        raise CommandError("There is no such county. `manage.py create_county` makes one.")
    raise CommandError("There are several counties. Name one with --county ADCODE.")


def write_private(target: Path, content: bytes) -> None:
    """Write a file that only its owner reads."""
    try:
        target.touch(mode=0o600, exist_ok=False)
        target.write_bytes(content)
    except OSError as error:
        raise CommandError(f"{target} cannot be written ({error.strerror}); nothing was imported.") from error
