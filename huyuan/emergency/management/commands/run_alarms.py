"""`manage.py run_alarms`: calls people and sends pages until told to end; start as many as you like."""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from huyuan.emergency.engine import Engine


class Command(BaseCommand):
    """Run one alarm engine."""

    help = "call people in alarms, send pages, follow who stays silent"
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until a signal to end."""
        asyncio.run(serve())


async def serve() -> None:
    """Run an engine in this loop."""
    engine = Engine()
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(sign, engine.end)
    await engine.run()
