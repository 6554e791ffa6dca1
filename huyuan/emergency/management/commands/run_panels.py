"""`manage.py run_panels`: receives alarm panels over SIA DC-09 until told to end."""

import asyncio
import signal
import socket
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huyuan.emergency.panels import Receiver

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    """Receive alarm panels."""

    help = "receive alarm panels over SIA DC-09, TCP and UDP on one port"
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address to listen on."""
        parser.add_argument("--listen", default=settings.PANELS, help="host:port; 0 takes a free port and prints it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen until a signal to end."""
        host, _, port = options["listen"].rpartition(":")
        if not port.isdecimal():
            raise CommandError(f"“{options['listen']}” is no address. Set HUYUAN_PANELS to host:port, as 0.0.0.0:8010.")
        name = f"{socket.gethostname()}:{port}"
        try:
            asyncio.run(self.receive(Receiver(host, int(port), name)))
        except OSError as error:
            raise CommandError(f"Alarm panels cannot be received at {options['listen']}: {error}") from error

    async def receive(self, receiver: Receiver) -> None:
        """Run the receiver; every signal ends it in order."""
        ending = asyncio.Event()
        loop = asyncio.get_running_loop()
        for sign in ENDS:
            loop.add_signal_handler(sign, ending.set)
        await receiver.run(ending, lambda port: self.stdout.write(f"alarm panels are received on port {port}"))
        receiver.workers.shutdown(wait=False, cancel_futures=True)
