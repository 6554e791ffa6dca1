"""`bench start`: seconds from the command to the printed address, and from Ctrl-C to the end with pages and streams open."""

import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings

from huyuan.config import embedded_postgres, processes, supervisor
from huyuan.config.bench.database import own_database, versions

STREAMS = 20
READY = re.compile(r"http://localhost:\d+\n")
SIGN_IN = """
from django.test import Client
from huyuan.people.models import User
client = Client()
client.force_login(User.objects.filter(is_active=True).first())
print(client.cookies["sessionid"].value)
"""


def free_port() -> int:
    """A port that is free together with those of the streams and of the alarm panels."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        beside = [(port + 1, socket.SOCK_STREAM), (port + 10, socket.SOCK_STREAM), (port + 10, socket.SOCK_DGRAM)]
        if port < 65_000 and all(processes.port_is_free("127.0.0.1", *one) for one in beside):
            return port


def without_ours() -> dict[str, str]:
    """The environment of somebody who has set nothing of this product."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "HUYUAN_"))}


class Served:
    """`manage.py serve` as a newcomer starts it, with its output in a file."""

    def __init__(self, var: Path, *arguments: str, port: int | None = None, **environment: str) -> None:
        self.var, self.port = var, port or free_port()
        self.log = var / f"serve-{time.monotonic_ns()}.log"
        self.began = time.monotonic()
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port), *arguments],
                cwd=settings.BASE_DIR, env=without_ours() | {"HUYUAN_VAR": str(var)} | environment, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self.log.read_text(errors="replace")

    def wait_until(self, true: Callable[[], object], patience: float = 300) -> None:
        """Wait for something; raises with the output when it ends before or never comes."""
        deadline = time.monotonic() + patience
        while not true():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(self.output)
            time.sleep(0.05)

    def ready(self) -> float:
        """Wait for the block with the address; seconds since the start."""
        self.wait_until(lambda: READY.search(self.output))
        return time.monotonic() - self.began

    def end(self, sign: signal.Signals = signal.SIGINT) -> float:
        """Send a signal; seconds until it ended."""
        began = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(60)
        return time.monotonic() - began

    def child(self, word: str) -> psutil.Process | None:
        """The program whose command has this word."""
        found = (one for one in processes.processes_of(self.var) if word in processes.describe(one))
        return next(found, None)

    def left(self) -> list[str]:
        """What of it is still there: processes, ports, the database."""
        found = [processes.describe(one) for one in processes.processes_of(self.var)]
        taken = [
            port for port in (self.port, self.port + 1, self.port + 10) if not processes.port_is_free("127.0.0.1", port)
        ]
        data = embedded_postgres.data_folder(self.var)
        return [*found, *map(str, taken), *(["database"] if embedded_postgres.is_running(data) else [])]


@contextmanager
def own_folder() -> Iterator[Path]:
    """A data folder that ends with its use."""
    folder = Path(tempfile.mkdtemp(prefix="huyuan-")).resolve()
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        supervisor.stop_everything(folder)
        shutil.rmtree(folder)


def get(port: int, path: str, headers: Mapping[str, str] | None = None) -> http.client.HTTPConnection:
    """Ask for a page and keep the connection open."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": "localhost", **(headers or {})})
    status = connection.getresponse().status
    if status != http.HTTPStatus.OK:
        raise AssertionError(f"{path}: {status}")
    return connection


def hold(port: int) -> socket.socket:
    """A request that is never finished."""
    held = socket.create_connection(("127.0.0.1", port), timeout=60)
    held.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
    return held


def open_stream(served: Served, session: str) -> socket.socket:
    """An event stream as a signed-in page holds it, from its first event on."""
    stream = socket.create_connection(("127.0.0.1", served.port + 1), timeout=60)
    stream.sendall(f"GET /streams/inbox HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n\r\n".encode())
    answer = b""
    while b"id: " not in answer:
        part = stream.recv(4096)
        if not part:
            raise AssertionError(answer)
        answer += part
    return stream


def sign_in(served: Served) -> str:
    """The session of somebody of the demo county."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", SIGN_IN]
    environment = without_ours() | {"HUYUAN_VAR": str(served.var)}
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True, text=True
    )  # fmt: skip
    return done.stdout.strip()


def hold_everything(served: Served, streams: int = STREAMS) -> list[http.client.HTTPConnection | socket.socket]:
    """Streams, a page and unfinished requests, all open."""
    session = sign_in(served)
    opened = [open_stream(served, session) for _number in range(streams)]
    return [*opened, get(served.port, "/account/login/"), hold(served.port), hold(served.port + 1)]


def run(runs: int) -> dict[str, Any]:
    """Start for the first time (with the demo county) and again, and end with everything open, so many times."""
    found: dict[str, list[float]] = {"first_start": [], "second_start": [], "ctrl_c": []}
    for _run in range(runs):
        with own_folder() as var:
            found["first_start"].append((served := Served(var)).ready())
            served.end()
            found["second_start"].append((served := Served(var)).ready())
            held = hold_everything(served)
            found["ctrl_c"].append(served.end())
            for one in held:
                one.close()
            if served.left():
                raise AssertionError(served.left())
    with own_database():
        described = versions()
    seconds = {
        name: {"median": round(statistics.median(times), 2), "max": round(max(times), 2)}
        for name, times in found.items()
    }
    return {"bench": "start", "n": runs, "streams_open": STREAMS, "versions": described, "seconds": seconds}
