"""The programs that run together: what each is called and what it does in its process."""

import multiprocessing
import os
from collections.abc import Callable
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess

import setproctitle
from django.conf import settings
from django.core.management import execute_from_command_line
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

TITLE = "huyuan"
WEB_WORKERS = 2
# A worker that hangs over a stream or a half request is ended after so many seconds.
WORKERS_PATIENCE = 2

NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["huyuan.config.nursery"])


def title(name: str) -> str:
    """What the system shows as the command of a program."""
    return f"{TITLE} {name}"


def name_of(command: str) -> str:
    """The program that a command, as the system shows it, belongs to; what is none of them is the nursery."""
    first, _space, rest = command.partition(" ")
    return rest.split()[0] if first == TITLE and rest else "nursery"


def begin(name: str, host: str, port: int) -> BaseProcess:
    """Begin a program as a fork of the nursery, which is started with this process's environment if it is not there.

    `port` is that of the pages. The first call returns when the nursery has loaded everything.
    """
    process = NURSERY.Process(target=run, args=(name, host, port), name=name)
    process.start()
    return process


def prepare(environment: dict[str, str]) -> None:
    """Set what every program is to know; must come before the first begins."""
    # It ends with this process, and not before: it bears no mark of what is to be ended.
    resource_tracker.ensure_running()
    os.environ.update(environment)


def run(name: str, host: str, port: int) -> None:
    """Be a program, in a session of its own, out of reach of the terminal's Ctrl-C."""
    os.setsid()
    # What granian's workers shall be: forks as well, while it would take the way in which this process began.
    multiprocessing.set_start_method("fork", force=True)
    setproctitle.setproctitle(title(name))
    PROGRAMS[name](host, port)


def web(host: str, port: int) -> None:
    """Pages and API over WSGI."""
    Granian(
        "huyuan.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, websockets=False,
        # Its warning that so many threads are more than the cores need is no news: most of them wait for the database.
        workers=WEB_WORKERS, blocking_threads=settings.WEB_THREADS, log_level=LogLevels.error,
        respawn_failed_workers=True, workers_kill_timeout=WORKERS_PATIENCE, process_name=title("web"),
    ).serve()  # fmt: skip


def streams(host: str, port: int) -> None:
    """Event streams over ASGI, at the port after the pages'."""
    Granian(
        "huyuan.config.asgi:application", address=host, port=port + 1, interface=Interfaces.ASGI, websockets=False,
        workers=1, log_level=LogLevels.warning, respawn_failed_workers=True, workers_kill_timeout=WORKERS_PATIENCE,
        process_name=title("streams"),
    ).serve()  # fmt: skip


def command(*words: str) -> Callable[[str, int], None]:
    """One of our commands, as if it were called from a terminal."""

    def called(_host: str, _port: int) -> None:
        execute_from_command_line(["manage.py", *words])

    return called


PROGRAMS: dict[str, Callable[[str, int], None]] = {
    "web": web,
    "streams": streams,
    "alarms": command("run_alarms"),
    "engine": command("run_engine"),
    "worker": command("procrastinate", "worker"),
    "panels": command("run_panels"),
}
