"""`manage.py diagrams [--check]`: draw the transition tables of all models into docs/states.md."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from huyuan.common.states import Stateful

PAGE = Path(settings.BASE_DIR) / "docs" / "states.md"
HEAD = "# States\n\nDrawn from the transition tables of the models by `manage.py diagrams`; a test keeps this page in step.\n"


def drawn() -> str:
    """The page as the tables say it now."""
    parts = [HEAD]
    for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
        if not issubclass(model, Stateful):
            continue
        lines = [f"## {model._meta.label}", "", "```mermaid", "stateDiagram-v2"]
        moves = {source: sorted(targets) for source, targets in model.TRANSITIONS.items()}
        status = {field.name: field for field in model._meta.fields}["status"]
        labels = dict(getattr(status, "choices", None) or [])
        lines += [f"    {value}: {label}" for value, label in labels.items()]
        lines.append(f"    [*] --> {getattr(status, 'default', '')}")
        lines += [f"    {source} --> {target}" for source, targets in moves.items() for target in targets]
        lines += [f"    {value} --> [*]" for value in labels if value not in moves]
        parts.append("\n".join([*lines, "```", ""]))
    return "\n".join(parts)


class Command(BaseCommand):
    """Write or check docs/states.md."""

    help = "Draw the transition tables into docs/states.md; --check only compares"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check."""
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the page, or fail when it is out of step."""
        with translation.override("en"):
            page = drawn()
        if not options["check"]:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            raise CommandError("docs/states.md is out of step with the tables: run manage.py diagrams")
