"""Runs web, streams, engines, worker and the receiver of panels together and ends them together."""

import fcntl
import http.client
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import psutil
from django.utils.translation import gettext as _

from huyuan.config import embedded_postgres, processes, programs

# Together below the three seconds within which everything must be down.
CHILD_PATIENCE = 1.5
# Open streams never end by themselves, and browsers come back on their own.
STREAMS_PATIENCE = 0.3
DATABASE_PATIENCE = 0.9
ORPHAN_PATIENCE = 2.0
START_SECONDS = 90
LONGEST_DELAY = 30.0
# Whoever presses in that time hears nothing: what takes presses and calls people is back sooner, however often it dies.
ALARMS_DELAY = 0.5
# A child that lived this long starts again at once the next time.
STEADY_SECONDS = 60.0
PROTOCOLS = {socket.SOCK_STREAM: "TCP", socket.SOCK_DGRAM: "UDP"}


class CannotServe(RuntimeError):
    """Serving is refused; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where an installation serves, and from which data folder."""

    root: Path
    var: Path
    host: str
    port: int

    @property
    def streams_port(self) -> int:
        """Streams have the port after the pages'."""
        return self.port + 1

    @property
    def panels_port(self) -> int:
        """Alarm panels are received ten ports after the pages."""
        return self.port + 10

    @property
    def lock_file(self) -> Path:
        """Held by the supervisor of this data folder for as long as it lives; holds its process number."""
        return lock_file(self.var)


@dataclass
class Child:
    """One of the programs that run together, each with its own process group."""

    name: str
    patience: float = CHILD_PATIENCE
    longest_delay: float = LONGEST_DELAY
    process: BaseProcess | None = None
    started: float = 0.0
    delay: float = 0.0
    due: float = 0.0

    def start(self, place: Place) -> None:
        """Start the program; where the nursery dies in between, the next try begins another."""
        self.started = time.monotonic()
        try:
            self.process = programs.begin(self.name, place.host, place.port)
        except (OSError, EOFError) as error:
            said = {"name": self.name, "error": repr(error), "seconds": f"{self.schedule(self.started):g}"}
            say(_("%(name)s did not start (%(error)s); the next try is in %(seconds)s s") % said)

    @property
    def died(self) -> bool:
        """Whether it was started and is gone."""
        return self.process is not None and self.process.exitcode is not None

    def send(self, sign: signal.Signals) -> None:
        """Signal the whole group, also one whose main process is gone; or a process that has no group of its own yet."""
        if self.process is not None and self.process.pid is not None:
            processes.signal_group(self.process.pid, sign)

    def ended(self, *, since: float) -> bool:
        """Whether it ended after it was asked to; when its time is up it is killed, with all it started."""
        if self.process is None:
            return True
        if self.process.is_alive() and time.monotonic() - since < self.patience:
            return False
        self.send(signal.SIGKILL)
        self.process.kill()
        self.process.join()
        return True

    def schedule(self, now: float) -> float:
        """Plan the next start after an unexpected end; the delay doubles while it keeps dying."""
        steady = now - self.started > STEADY_SECONDS
        self.delay = 0.5 if steady or not self.delay else min(self.delay * 2, self.longest_delay)
        self.process, self.due = None, now + self.delay
        return self.delay


def children() -> list[Child]:
    """The programs of the product."""
    return [
        Child("web", longest_delay=ALARMS_DELAY),
        Child("streams", STREAMS_PATIENCE),
        Child("alarms", longest_delay=ALARMS_DELAY),
        Child("engine", longest_delay=ALARMS_DELAY),
        Child("worker"),
        Child("panels", longest_delay=ALARMS_DELAY),
    ]


class Supervisor:
    """Keeps the children alive until it is told to end."""

    def __init__(self, place: Place, environment: dict[str, str]) -> None:
        self.place = place
        self.environment = environment | processes.marked(place.var)
        self.children = children()
        self.ending = threading.Event()

    def end(self, _sign: int = 0, _frame: FrameType | None = None) -> None:
        """Begin to end; safe in a signal handler."""
        self.ending.set()

    def start(self) -> None:
        """Start every child."""
        programs.prepare(self.environment)
        for child in self.children:
            if not self.ending.is_set():
                child.start(self.place)

    def wait_until_ready(self, host_name: str) -> bool:
        """Wait until pages and streams answer; False when told to end before."""
        deadline = time.monotonic() + START_SECONDS
        waiting = {self.place.port, self.place.streams_port}
        while not self.ending.is_set():
            waiting = {port for port in waiting if not answers(self.place.host, port, host_name)}
            if not waiting:
                return True
            if time.monotonic() > deadline:
                raise CannotServe(_("The pages do not answer. The reason stands in the lines above."))
            self.revive()
            self.ending.wait(0.1)
        return False

    def watch(self) -> None:
        """Start children that died again, until told to end."""
        while not self.ending.wait(0.2):
            self.revive()

    def revive(self) -> None:
        """Look once after every child."""
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.died:
                child.send(signal.SIGKILL)
                said = {"name": child.name, "code": child.process.exitcode, "seconds": f"{child.schedule(now):g}"}
                say(_("%(name)s ended unexpectedly (code %(code)s); it starts again in %(seconds)s s") % said)
            elif child.process is None and now >= child.due and not self.ending.is_set():
                child.start(self.place)

    def finish(self) -> None:
        """End every child: asked first, killed after a moment."""
        began = time.monotonic()
        running = [child for child in self.children if child.process is not None]
        for child in running:
            child.send(signal.SIGTERM)
        while running:
            running = [child for child in running if not child.ended(since=began)]
            time.sleep(0.02)
        end_orphans(self.place.var)


@contextmanager
def signals_to(supervisor: Supervisor) -> Iterator[None]:
    """Let Ctrl-C, a request to end and a closed terminal end the supervisor in order."""
    caught = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {sign: signal.signal(sign, supervisor.end) for sign in caught}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def say(sentence: str) -> None:
    """Tell the terminal, at once."""
    print(sentence, flush=True)


def lock_file(var: Path) -> Path:
    """The file whose lock says that a supervisor of this data folder lives."""
    return var / "run" / "serve.lock"


@contextmanager
def only_supervisor(place: Place) -> Iterator[None]:
    """Be the one supervisor of the data folder, after ending what a killed one left behind."""
    place.lock_file.parent.mkdir(parents=True, exist_ok=True)
    with place.lock_file.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            pid = file.read().strip()
            raise CannotServe(
                _("It is running already, as process %(pid)s. End that one first: make stop") % {"pid": pid}
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        end_orphans(place.var)
        yield


def end_orphans(var: Path) -> None:
    """End children whose supervisor was killed."""
    orphans = processes.processes_of(var)
    if orphans:
        processes.end_processes(orphans, patience=ORPHAN_PATIENCE)


def refuse_taken_ports(place: Place) -> None:
    """Refuse to start where somebody else listens."""
    for port in (place.port, place.streams_port):
        if processes.port_is_free(place.host, port):
            continue
        holder = processes.listener(port)
        other = {"port": port, "other": place.port + 100}
        if holder is None:
            raise CannotServe(
                _("Port %(port)s is taken by another program. End it, or choose another: --port %(other)s") % other
            )
        raise CannotServe(
            _(
                "Port %(port)s is taken by process %(pid)s (%(command)s). "
                "End it with: kill %(pid)s, or choose another port: --port %(other)s"
            )
            % (other | {"pid": holder.pid, "command": processes.describe(holder)[:100]})
        )
    refuse_taken_panels_port(place)


def refuse_taken_panels_port(place: Place) -> None:
    """Refuse to start where alarm panels would not be heard; panels speak over TCP or UDP, on one port."""
    host, _colon, number = panels_address(place).rpartition(":")
    if not number.isdecimal():
        # The receiver says what is wrong with it.
        return
    port = int(number)
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        if processes.port_is_free(host, port, kind):
            continue
        holder = processes.listener(port, kind)
        said = {"port": port, "way": PROTOCOLS[kind], "other": f"{host}:{port + 100}"}
        if holder is None:
            raise CannotServe(
                _(
                    "Port %(port)s (%(way)s), where alarm panels are received, is taken by another program. "
                    "End it, or receive panels elsewhere: HUYUAN_PANELS=%(other)s"
                )
                % said
            )
        raise CannotServe(
            _(
                "Port %(port)s (%(way)s), where alarm panels are received, is taken by process %(pid)s (%(command)s). "
                "End it with: kill %(pid)s, or receive panels elsewhere: HUYUAN_PANELS=%(other)s"
            )
            % (said | {"pid": holder.pid, "command": processes.describe(holder)[:100]})
        )


def panels_address(place: Place) -> str:
    """Where alarm panels are received: what the operator has set, else beside the pages."""
    return os.environ.get("HUYUAN_PANELS", f"{place.host}:{place.panels_port}")


def answers(host: str, port: int, host_name: str) -> bool:
    """Whether the process behind a port says that it is well."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # compared, not bound
    connection = http.client.HTTPConnection(here, port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": host_name})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def environment_for(place: Place, *, application_url: str, owner_url: str) -> dict[str, str]:
    """What every child needs to know; what the operator has set stays."""
    return {
        "DJANGO_SETTINGS_MODULE": "huyuan.config.settings",
        "HUYUAN_ADDRESS": f"http://localhost:{place.port}",
        "HUYUAN_STREAMS": f"http://localhost:{place.streams_port}",
        "HUYUAN_PANELS": panels_address(place),
        "PYTHONUNBUFFERED": "1",
        **os.environ,
        "HUYUAN_VAR": str(place.var),
        "DATABASE_URL": application_url,
        "DATABASE_OWNER_URL": owner_url,
    }


def host_name_of(environment: dict[str, str]) -> str:
    """The host name this installation answers to."""
    return urlsplit(environment["HUYUAN_ADDRESS"]).netloc


def stop_everything(var: Path) -> None:
    """End the supervisor of a data folder, orphans of a killed one, and the embedded database."""
    supervisor = living_supervisor(var)
    if supervisor is not None:
        processes.end_processes([supervisor], patience=CHILD_PATIENCE + DATABASE_PATIENCE + 5)
    end_orphans(var)
    embedded_postgres.stop(embedded_postgres.data_folder(var))


def living_supervisor(var: Path) -> psutil.Process | None:
    """The supervisor that holds the lock of a data folder."""
    with suppress(FileNotFoundError, ValueError, psutil.NoSuchProcess), lock_file(var).open("r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return psutil.Process(int(file.read()))
    return None
