"""`manage.py run_engine`: seals the audit and sends what waits, until told to end."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from huyuan.config.engine import Engine, steps

ENDS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


class Command(BaseCommand):
    """Run the engine."""

    help = "seal the audit, write its head outside the database, send what waits to be sent"
    requires_system_checks: tuple[str, ...] = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Tend the engine each second; a signal to end is answered at once."""
        # Waiting for the signal, where a handler would run at any point of the program, some of them locked.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)
        engine = Engine(steps())
        engine.tend()
        while signal.sigtimedwait(ENDS, 1.0) is None:
            engine.tend()
        engine.end()
