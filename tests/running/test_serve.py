"""The product starts from one command, mends itself, and leaves nothing behind."""

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from huyuan.config import embedded_postgres, processes, supervisor

ROOT = Path(__file__).resolve().parents[2]
SIGN_IN = """
from django.test import Client
from huyuan.people.models import User
client = Client()
client.force_login(User.objects.filter(is_active=True).first())
print(client.cookies["sessionid"].value)
"""
READY = re.compile(r"http://localhost:\d+\n")


@pytest.fixture
def var() -> Iterator[Path]:
    """A data folder that ends with the test."""
    folder = Path(tempfile.mkdtemp(prefix="huyuan-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    supervisor.stop_everything(folder)
    shutil.rmtree(folder)


def free_port() -> int:
    """A port that is free together with the next one."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port < 65_000 and processes.port_is_free("127.0.0.1", port + 1):
            return port


class Served:
    """`manage.py serve` as a newcomer starts it, with its output in a file."""

    def __init__(self, var: Path, *arguments: str, port: int | None = None, **environment: str) -> None:
        self.var, self.port = var, port or free_port()
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "HUYUAN_"))}
        self.log = var / f"serve-{time.monotonic_ns()}.log"
        self.began = time.monotonic()
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port), *arguments],
                cwd=ROOT,
                env=mine | {"HUYUAN_VAR": str(var)} | environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until(self, true: Callable[[], object], seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def ready(self) -> float:
        """Wait for the block with the address; seconds since the start."""
        self.wait_until(lambda: READY.search(self.output))
        return time.monotonic() - self.began

    def end(self, sign: signal.Signals = signal.SIGINT) -> float:
        """Send a signal; seconds until it ended."""
        began = time.monotonic()
        self.process.send_signal(sign)
        self.process.wait(30)
        return time.monotonic() - began

    def refusal(self) -> str:
        assert self.process.wait(60) == 2, self.output
        return self.output

    def child(self, word: str) -> psutil.Process | None:
        found = (one for one in processes.processes_of(self.var) if word in processes.describe(one))
        return next(found, None)


def nothing_is_left(served: Served) -> bool:
    ports_free = all(processes.port_is_free("127.0.0.1", port) for port in (served.port, served.port + 1))
    data = embedded_postgres.data_folder(served.var)
    return ports_free and not processes.processes_of(served.var) and not embedded_postgres.is_running(data)


def get(port: int, path: str) -> http.client.HTTPConnection:
    """Ask for a page and keep the connection open."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"Host": "localhost"})
    assert connection.getresponse().status == http.HTTPStatus.OK
    return connection


def hold(port: int) -> socket.socket:
    """A request that is never finished."""
    held = socket.create_connection(("127.0.0.1", port), timeout=20)
    held.sendall(b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
    return held


def open_stream(served: Served, session: str) -> socket.socket:
    """An event stream as a signed-in page holds it, from its first event on."""
    stream = socket.create_connection(("127.0.0.1", served.port + 1), timeout=20)
    stream.sendall(f"GET /streams/inbox HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}\r\n\r\n".encode())
    answer = b""
    while b"id: " not in answer:
        part = stream.recv(4096)
        assert part, answer
        answer += part
    assert b"text/event-stream" in answer
    return stream


def sign_in(served: Served) -> str:
    """The session of somebody of the demo county."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", SIGN_IN]
    mine = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "HUYUAN_"))}
    mine["HUYUAN_VAR"] = str(served.var)
    return subprocess.run(command, cwd=ROOT, env=mine, check=True, capture_output=True, text=True).stdout.strip()


def test_second_start_is_quick_and_ctrl_c_ends_everything_with_pages_and_streams_open(var: Path) -> None:
    first = Served(var)
    first.ready()
    session = sign_in(first)
    opened = [open_stream(first, session) for _ in range(20)]
    held = [get(first.port, "/account/login/"), hold(first.port), hold(first.port + 1)]
    assert first.end() < 3
    assert first.process.returncode == 0
    assert nothing_is_left(first)
    for open_one in (*opened, *held):
        open_one.close()
    second = Served(var)
    assert second.ready() < 10
    assert second.end(signal.SIGTERM) < 3
    assert nothing_is_left(second)


def test_killed_supervisor_leaves_nothing_that_the_next_start_does_not_end(var: Path) -> None:
    killed = Served(var, "--no-demo")
    killed.ready()
    orphans = processes.processes_of(var)
    assert orphans
    killed.end(signal.SIGKILL)
    again = Served(var, "--no-demo", port=killed.port)
    again.ready()
    assert not [process for process in orphans if processes.lives(process)]
    again.end()
    assert nothing_is_left(again)


def test_dead_children_start_again_and_a_second_start_is_refused(var: Path) -> None:
    served = Served(var, "--no-demo")
    served.ready()
    second = Served(var, "--no-demo")
    assert str(served.process.pid) in second.refusal()
    for word in ("asgi:application", "run_engine"):
        dead = served.child(word)
        assert dead is not None
        dead.kill()
        served.wait_until(lambda dead=dead, word=word: (now := served.child(word)) and now.pid != dead.pid)
    served.wait_until(lambda: supervisor.answers("127.0.0.1", served.port + 1, "localhost"))
    served.end()
    assert nothing_is_left(served)


def test_taken_port_is_refused_and_its_holder_named(var: Path) -> None:
    with socket.socket() as other:
        port = free_port()
        other.bind(("127.0.0.1", port + 1))
        other.listen()
        served = Served(var, port=port)
        refusal = served.refusal()
    assert str(port + 1) in refusal
    assert f"kill {os.getpid()}" in refusal
    assert not embedded_postgres.is_running(embedded_postgres.data_folder(var))


def test_stop_ends_a_running_product(var: Path) -> None:
    served = Served(var, "--no-demo")
    served.ready()
    done = subprocess.Popen([sys.executable, "tools/stop.py"], cwd=ROOT, env=os.environ | {"HUYUAN_VAR": str(var)})
    assert served.process.wait(20) == 0
    assert done.wait(20) == 0
    assert nothing_is_left(served)


def test_real_installation_refuses_the_embedded_database(var: Path) -> None:
    served = Served(var, HUYUAN_MODE="production")
    assert served.process.wait(60) == 2
    assert "DATABASE_URL" in served.output
    assert not (var / "postgres").exists()
