"""The processes of a storm: started again the moment they die, killed without warning."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
from django.conf import settings

from huyuan.config.bench.start import free_port
from huyuan.config.processes import signal_group
from huyuan.config.settings import application_url, owner_url

READY_SECONDS = 60.0


def environment(database: str, var: Path, gateway: str, panels_port: int) -> dict[str, str]:
    """What the processes of a storm know: another database, a data folder and a gateway of their own."""
    moved = {
        name: urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
        for name, url in (("DATABASE_URL", application_url), ("DATABASE_OWNER_URL", owner_url))
    }
    said = {
        "HUYUAN_VAR": str(var), "HUYUAN_GATEWAY_URL": gateway, "HUYUAN_PANELS": f"127.0.0.1:{panels_port}",
        "DJANGO_SETTINGS_MODULE": "huyuan.config.settings", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    return {**os.environ, **moved, **said}


@dataclass
class Victim:
    """One program that is killed and started again."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None

    def start(self, environment: dict[str, str], log: Path) -> None:
        """Start it in a group of its own."""
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=settings.BASE_DIR, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def kill(self, dice: random.Random) -> None:
        """Kill one of its processes: the main one or, as often, one of its workers."""
        if self.process is None:
            return
        with suppress(psutil.Error):
            main = psutil.Process(self.process.pid)
            dice.choice([main, *main.children(recursive=True)]).kill()

    def revive(self, environment: dict[str, str], log: Path) -> None:
        """Start it again when its main process is gone, after what it left behind."""
        if self.process is not None and self.process.poll() is not None:
            signal_group(self.process.pid, signal.SIGKILL)
            self.start(environment, log)

    def end(self) -> None:
        """End it and all it started."""
        if self.process is not None:
            signal_group(self.process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
            signal_group(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Stage:
    """All victims of a storm with what they run on."""

    var: Path
    environment: dict[str, str]
    web_port: int
    panels_port: int
    victims: list[Victim] = field(default_factory=list)
    kills: int = 0

    @property
    def log(self) -> Path:
        """Where the processes write what they say."""
        return self.var / "storm.log"

    def tend(self) -> None:
        """Start again what died."""
        for victim in self.victims:
            victim.revive(self.environment, self.log)

    def strike(self, dice: random.Random) -> None:
        """Kill somebody."""
        dice.choice(self.victims).kill(dice)
        self.kills += 1


@contextmanager
def staged(database: str, var: Path, gateway: str) -> Iterator[Stage]:
    """Web, two alarm engines, the receiver of panels and the watchdog, running until the end."""
    web, panels = free_port(), free_port()
    python, manage = sys.executable, str(settings.BASE_DIR / "manage.py")
    granian = [python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(web), "--no-ws"]
    granian += [
        "--workers",
        "2",
        "--blocking-threads",
        str(settings.WEB_THREADS),
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "2",
    ]
    stage = Stage(var, environment(database, var, gateway, panels), web, panels)
    stage.victims = [
        Victim("web", [*granian, "--log-level", "warning", "huyuan.config.wsgi:application"]),
        Victim("alarms", [python, manage, "run_alarms"]),
        Victim("alarms 2", [python, manage, "run_alarms"]),
        Victim("panels", [python, manage, "run_panels"]),
        Victim("engine", [python, manage, "run_engine"]),
    ]
    try:
        for victim in stage.victims:
            victim.start(stage.environment, stage.log)
        wait_until_ready(web, panels)
        yield stage
    finally:
        for victim in stage.victims:
            victim.end()


def wait_until_ready(web: int, panels: int) -> None:
    """Wait until pages answer and panels can connect."""
    deadline = time.monotonic() + READY_SECONDS
    while not (answers(web) and listens(panels)):
        if time.monotonic() > deadline:
            raise TimeoutError("the processes of the storm do not answer; see storm.log")
        time.sleep(0.1)


def answers(port: int) -> bool:
    """Whether the web process is well."""
    client = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        client.request("GET", "/healthz", headers={"Host": "localhost"})
        return client.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        client.close()


def listens(port: int) -> bool:
    """Whether somebody accepts connections."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
