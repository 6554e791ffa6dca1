"""`manage.py create_county`: make an empty database usable."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import formats, timezone

from huyuan.common.errors import Refusal
from huyuan.people.actions.codes import VALID
from huyuan.people.actions.counties import found_county


class Command(BaseCommand):
    """Makes a county with its standing organisations, this school year's terms and one officer of the bureau."""

    help = "Make a county, its standing organisations and its first officer, who signs in with the code printed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The county and its first officer."""
        parser.add_argument("--name", required=True, help="such as 云溪县")
        parser.add_argument("--adcode", required=True, help="administrative code, six digits")
        parser.add_argument(
            "--starts-on", required=True, type=date.fromisoformat, help="nothing before counts as missed"
        )
        parser.add_argument("--admin-name", required=True)
        parser.add_argument("--admin-phone", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and print the officer's code."""
        wanted = {key: options[key] for key in ("name", "adcode", "starts_on", "admin_name", "admin_phone")}
        now = timezone.now()
        try:
            founded = found_county(**wanted, now=now)
        except Refusal as refusal:
            raise CommandError(str(refusal.message)) from refusal
        until = formats.date_format(timezone.localdate(now + VALID), "DATE_FORMAT")
        self.stdout.write(f"{founded.county.name} is there. {founded.officer.name} signs in for the first time with:")
        self.stdout.write(f"  phone {founded.officer.phone}\n  code  {founded.code}  (once, until {until})")
