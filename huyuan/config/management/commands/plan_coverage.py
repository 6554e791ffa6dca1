"""`manage.py plan_coverage [--check]`: write docs/plan-coverage.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huyuan.config.coverage import table
from huyuan.policy.packs import plan_packs

PAGE = Path(settings.BASE_DIR) / "docs" / "plan-coverage.md"
PLAN = "anyi-2024"


class Command(BaseCommand):
    """Write or check docs/plan-coverage.md."""

    help = "Write which obligations, measures, pages and tests stand behind each clause; --check only compares"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page, or fail when it is out of step."""
        pack = max((p for (code, _v), p in plan_packs().items() if code == PLAN), key=lambda p: p.version)
        page = table(pack)
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError("docs/plan-coverage.md is out of step: run manage.py plan_coverage")
