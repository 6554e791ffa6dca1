"""`manage.py burden [--json]`: what our forms ask for, and what they ask twice."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.urls import get_resolver
from django.utils import translation

from huyuan.common.effort import OCCASIONS, asked_twice


class Command(BaseCommand):
    """Counts the fields of all occasions, the facts they write, and the facts asked for twice."""

    help = "Count what the forms ask for; fields asked twice must be 0."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --json."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load every page, so that every form is known, and report."""
        len(get_resolver().url_patterns)
        with translation.override("zh-hans"):
            report = self.report()
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        counts = ("occasions", "fields", "facts", "asked_twice", "asked_again")
        self.stdout.write(", ".join(f"{report[name]} {name}" for name in counts))
        for one in report["list"]:
            for fact, reason in one["again"].items():
                self.stdout.write(f"{one['occasion']} asks again for {fact}: {reason}")
        for fact, keys in report["twice"].items():
            self.stdout.write(f"asked twice: {fact} in {', '.join(keys)}")

    def report(self) -> dict[str, Any]:
        """The counts and the list behind them."""
        twice, known = asked_twice(), sorted(OCCASIONS.values(), key=lambda occasion: occasion.key)
        asked = [[fact for fact in occasion.facts.values() if fact] for occasion in known]
        return {
            "occasions": len(known),
            "fields": sum(map(len, asked)),
            "facts": len({fact for facts in asked for fact in facts}),
            "asked_twice": sum(len(keys) - 1 for keys in twice.values()),
            "asked_again": sum(len(occasion.again) for occasion in known),
            "twice": twice,
            "list": [
                {"occasion": one.key, "title": str(one.title), "facts": dict(one.facts), "again": dict(one.again)}
                for one in known
            ],
        }
