"""`manage.py serve`: everything that makes the product run, on one machine, from one terminal."""

import os
import signal
import subprocess
import sys
from argparse import ArgumentParser
from contextlib import ExitStack
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils.translation import gettext as _

from huyuan.config import embedded_postgres, processes, supervisor
from huyuan.config.demo.loading import is_loaded
from huyuan.config.settings import application_url, owner_url


class Command(BaseCommand):
    """Prepare the database, then run web, streams, engine and worker until Ctrl-C."""

    help = "run web, streams, engine and worker together"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and whether the demo county is wanted."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port of the pages; streams take the next one")
        parser.add_argument("--no-demo", action="store_true", help="start with an empty database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until told to end; nothing of ours stays behind."""
        place = supervisor.Place(settings.BASE_DIR, settings.VAR, options["host"], options["port"])
        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, leave)
        try:
            with ExitStack() as stack:
                stack.enter_context(supervisor.only_supervisor(place))
                if "DATABASE_URL" not in os.environ:
                    data = embedded_postgres.data_folder(place.var)
                    stack.callback(embedded_postgres.stop, data, patience=supervisor.DATABASE_PATIENCE)
                supervisor.refuse_taken_ports(place)
                demo = settings.DEMO and not options["no_demo"]
                self.prepare(demo=demo)
                self.serve(place, demo=demo)
        except supervisor.CannotServe as error:
            raise CommandError(str(error), returncode=2) from error

    def prepare(self, *, demo: bool) -> None:
        """Bring database and page assets up to date and keep no connection."""
        supervisor.say(_("Preparing the database …"))
        call_command("migrate", database="owner", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if demo and not is_loaded():
            supervisor.say(_("Loading the demo county with half a term of history, once; about half a minute …"))
            load_demo()
        connections.close_all()

    def serve(self, place: supervisor.Place, *, demo: bool) -> None:
        """Start the children, say where they are, and watch them."""
        environment = supervisor.environment_for(place, application_url=application_url, owner_url=owner_url)
        watcher = supervisor.Supervisor(place, environment)
        with supervisor.signals_to(watcher):
            try:
                watcher.start()
                if watcher.wait_until_ready(supervisor.host_name_of(environment)):
                    self.announce(environment["HUYUAN_ADDRESS"], demo=demo)
                    watcher.watch()
            finally:
                watcher.finish()

    def announce(self, address: str, *, demo: bool) -> None:
        """Say in one block where the product is and who may sign in."""
        line = "─" * 72
        supervisor.say(f"\n{line}\n" + _("Huyuan is ready: %(address)s") % {"address": address})
        if demo:
            call_command("demo_accounts")
            connections.close_all()
        supervisor.say(_("Ctrl-C ends everything.") + f"\n{line}")


def load_demo() -> None:
    """Load the demo county in a process of its own: what it fills a hundred megabytes with ends with it."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "load_demo"]
    environment = os.environ | processes.marked(settings.VAR)
    if subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=False).returncode:
        raise supervisor.CannotServe(_("The demo county could not be loaded. The reason stands in the lines above."))


def leave(sign: int, _frame: FrameType | None) -> None:
    """End in order when asked to before the children run."""
    raise SystemExit(128 + sign)
