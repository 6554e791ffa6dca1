"""`manage.py demo_accounts`: whom to sign in as in the demo county."""

import unicodedata
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from huyuan.config.demo.staffing import PASSWORD
from huyuan.people.queries import demo_accounts


class Command(BaseCommand):
    """Print one account per role and the password they share."""

    help = "print one demo account per role"
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table."""
        accounts = demo_accounts() if settings.DEMO else []
        if not accounts:
            raise CommandError(_("There is no demo county here: manage.py load_demo makes it."))
        rows = [[account.phone, account.name, account.role, account.organisation] for account in accounts]
        widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = [cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
            self.stdout.write("  ".join(cells).rstrip())
        self.stdout.write(_("The password of all of them: %(password)s") % {"password": PASSWORD})


def width(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
