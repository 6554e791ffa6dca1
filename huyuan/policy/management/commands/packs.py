"""`manage.py packs check`: what is wrong in the packs, each with its file and line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from huyuan.common.packs import READERS, PackProblem, read_all, shown
from huyuan.policy.packs import FOLDER


class Command(BaseCommand):
    """Check packs without a database."""

    help = "check: read all packs, or those named, and print every problem as file:line: reason"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb and the files."""
        parser.add_argument("verb", choices=["check"])
        parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help=f"as packs/{FOLDER}/anyi-2024.yaml")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the problems; ends with status 1 when there are any."""
        paths: list[Path] = options["paths"] or sorted(settings.PACKS.glob("*/*.y*ml"))
        problems = self.problems(paths)
        if options["json"]:
            found = [{"file": one.file, "line": one.line, "reason": one.reason} for one in problems]
            self.stdout.write(json.dumps({"files": len(paths), "problems": found}, ensure_ascii=False))
        else:
            for one in problems:
                self.stdout.write(f"{one.file}:{one.line}: {one.reason}")
            self.stdout.write(f"packs: {len(paths)}, problems: {len(problems)}")
        if problems:
            raise SystemExit(1)

    def problems(self, paths: list[Path]) -> list[PackProblem]:
        """The problems of each kind of pack; the folder a pack lies in says which kind it is."""
        known = ", ".join(sorted(READERS))
        found = [
            PackProblem(shown(path), 1, f"packs are .yaml files in a folder of their kind: {known}")
            for path in paths if path.suffix != ".yaml" or path.resolve().parent.name not in READERS
        ]  # fmt: skip
        for folder in READERS:
            own = [path for path in paths if path.suffix == ".yaml" and path.resolve().parent.name == folder]
            found += read_all(folder, own)[1]
        return sorted(found)
