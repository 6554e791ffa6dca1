"""`manage.py packs check | read`: what is wrong in the packs, and how a plan's text is divided for them."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from huyuan.common.errors import Refusal
from huyuan.common.packs import READERS, PackProblem, read_all, shown
from huyuan.policy.packs import FOLDER, matches, untyped
from huyuan.policy.plantext import PlanText, parse_plan, passages, read_plan


class Command(BaseCommand):
    """Check packs, or read a plan's text, without a database."""

    help = (
        "check: read all packs, or those named, and print every problem as file:line: reason;"
        " read: print the clauses of a plan's text and their passages, as a pack numbers them"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb and the files."""
        parser.add_argument("verb", choices=["check", "read"])
        parser.add_argument(
            "paths", metavar="PATH", nargs="*", type=Path, help="packs; for read, plans as .txt or .docx"
        )
        parser.add_argument("--text", type=Path, metavar="PLAN", help="check: hold the plans' packs against this text")
        parser.add_argument("--json", action="store_true", help="check: print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the verb; check ends with status 1 when there are problems."""
        with translation.override("en"):
            self.read(options["paths"]) if options["verb"] == "read" else self.report(options)

    def read(self, paths: list[Path]) -> None:
        """Print each clause with its number and title, and its passages below it."""
        for path in paths:
            for clause in self.plan(path).clauses:
                self.stdout.write(f"{clause.number} {clause.title}".rstrip())
                for number, text in enumerate(passages(clause.text), start=1):
                    self.stdout.write(f"    {number}: {text}")

    def plan(self, path: Path) -> PlanText:
        """A plan's text as its clauses."""
        try:
            return parse_plan(read_plan(path, path.name))
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        except OSError as error:
            raise CommandError(f"{path}: there is no such file, or it may not be read") from error

    def report(self, options: dict[str, Any]) -> None:
        """Print the problems of all packs, or of those named."""
        paths: list[Path] = options["paths"] or sorted(settings.PACKS.glob("*/*.y*ml"))
        problems = self.problems(paths, self.plan(options["text"]) if options["text"] else None)
        if options["json"]:
            found = [{"file": one.file, "line": one.line, "reason": one.reason} for one in problems]
            self.stdout.write(json.dumps({"files": len(paths), "problems": found}, ensure_ascii=False))
        else:
            for one in problems:
                self.stdout.write(f"{one.file}:{one.line}: {one.reason}")
            self.stdout.write(f"packs: {len(paths)}, problems: {len(problems)}")
        if problems:
            raise SystemExit(1)

    def problems(self, paths: list[Path], plan: PlanText | None) -> list[PackProblem]:
        """The problems of each kind of pack; the folder a pack lies in says which kind it is."""
        known = ", ".join(sorted(READERS))
        found = [
            PackProblem(shown(path), 1, f"packs are .yaml files in a folder of their kind: {known}")
            for path in paths if path.suffix != ".yaml" or path.resolve().parent.name not in READERS
        ]  # fmt: skip
        for folder in READERS:
            own = [path for path in paths if path.suffix == ".yaml" and path.resolve().parent.name == folder]
            packs, problems = read_all(folder, own)
            found += problems
            if plan and folder == FOLDER:
                found += [
                    PackProblem(shown(path), 1, reason)
                    for path, pack in packs.items() for reason in (*matches(pack, plan), *untyped(pack, plan))
                ]  # fmt: skip
        return sorted(found)
