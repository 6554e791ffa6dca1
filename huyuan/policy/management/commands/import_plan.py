"""`manage.py import_plan FILE --code CODE`: bring a county's plan in."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.dateparse import parse_date

from huyuan.common.errors import Refusal
from huyuan.common.reach import system_reach
from huyuan.organisations.importing import county_named
from huyuan.policy.actions import plans
from huyuan.policy.plantext import PlanText, read_plan


class Command(BaseCommand):
    """Reads the text, keeps it as the plan's next version, and installs the packs written for it."""

    help = "Bring the text of a plan in from a .txt or .docx file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the plan's code, the county."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--code", required=True, help="the plan's code, for example anyi-2024")
        parser.add_argument("--county", metavar="ADCODE", help="needed when the database holds several counties")
        parser.add_argument("--counts-from", metavar="DATE", type=parse_date, help="nothing before this day is missed")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, keep, install, say."""
        with translation.override("zh-hans"):
            try:
                parsed = self.bring_in(options)
            except Refusal as refusal:
                raise CommandError(str(refusal.message)) from refusal
        told = described(parsed)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(f"{told['clauses']} clauses, {told['depth']} levels: {', '.join(told['top'])}")

    def bring_in(self, options: dict[str, Any]) -> PlanText:
        """Import the text; a pack that fits is installed after it."""
        file: Path = options["file"]
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        county = county_named(options["county"])
        by, now = system_reach(county.pk), timezone.now()
        done = plans.import_plan(
            county=county, code=options["code"], text=read_plan(file.read_bytes(), file.name), file_name=file.name,
            counts_from=options["counts_from"], by=by, now=now,
        )  # fmt: skip
        installed = plans.install_packs(plan=done.version.plan, by=by, now=now)
        if done.replaced is not None:
            self.stderr.write(f"In force instead of “{done.replaced.title}” ({done.replaced.code}).")
        for misfit in installed.misfits:
            self.stderr.write(f"The text is in, its pack does not fit it: {misfit}")
        rules = "no pack installed" if installed.changed is None else f"{installed.changed} rules new or changed"
        self.stderr.write(f"version {done.version.number}{'' if done.new else ' (unchanged)'}, {rules}")
        return done.parsed


def described(parsed: PlanText) -> dict[str, Any]:
    """How many clauses, how deep, and the headings of the first level."""
    return {
        "clauses": len(parsed.clauses),
        "depth": max(clause.level for clause in parsed.clauses),
        "top": [clause.title for clause in parsed.clauses if clause.level == 1],
    }
