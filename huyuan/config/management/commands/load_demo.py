"""`manage.py load_demo`: the demo county, once."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from huyuan.config.demo.loading import load


class Command(BaseCommand):
    """Load the demo county with half a term of history."""

    help = "make the invented demo county with half a term of history; does nothing when it is there"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the day that the history leads up to."""
        parser.add_argument("--on", type=date.fromisoformat, help="the day the history leads up to; default today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, unless this is a real installation."""
        if not settings.DEMO:
            raise CommandError(_("This is a real installation: it has no demo county."))
        on = options["on"] or timezone.localdate()
        with translation.override(settings.LANGUAGE_CODE):
            made = load(on)
        if made and options["verbosity"]:
            self.stdout.write(_("The demo county is loaded."))
