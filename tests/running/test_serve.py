"""The product starts from one command, mends itself, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from huyuan.config import embedded_postgres, processes, supervisor
from huyuan.config.bench.start import Served, free_port, hold_everything, own_folder

NURSERY = "multiprocessing.forkserver"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def var() -> Iterator[Path]:
    """A data folder that ends with the test."""
    with own_folder() as folder:
        yield folder


def refusal(served: Served) -> str:
    assert served.process.wait(60) == 2, served.output
    return served.output


def test_ctrl_c_ends_everything_with_pages_and_streams_open_and_it_starts_again(var: Path) -> None:
    first = Served(var)
    first.ready()
    held = hold_everything(first)
    first.end()
    assert first.process.returncode == 0
    assert not first.left()
    for one in held:
        one.close()
    second = Served(var)
    second.ready()
    second.end(signal.SIGTERM)
    assert not second.left()


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
    assert not again.left()


def test_dead_children_start_again_and_a_second_start_is_refused(var: Path) -> None:
    served = Served(var, "--no-demo")
    served.ready()
    second = Served(var, "--no-demo")
    assert str(served.process.pid) in refusal(second)
    for killed, back in (
        ("huyuan streams", "huyuan streams"),
        ("huyuan engine", "huyuan engine"),
        (NURSERY, "huyuan web"),
    ):
        dead, before = served.child(killed), served.child(back)
        assert dead is not None
        dead.kill()
        served.wait_until(lambda before=before, back=back: (now := served.child(back)) and now.pid != before.pid)
    served.wait_until(lambda: supervisor.answers("127.0.0.1", served.port, "localhost"))
    served.wait_until(lambda: supervisor.answers("127.0.0.1", served.port + 1, "localhost"))
    served.end()
    assert not served.left()


def test_taken_port_is_refused_and_its_holder_named(var: Path) -> None:
    with socket.socket() as other:
        port = free_port()
        other.bind(("127.0.0.1", port + 1))
        other.listen()
        served = Served(var, port=port)
        said = refusal(served)
    assert str(port + 1) in said
    assert f"kill {os.getpid()}" in said
    assert not embedded_postgres.is_running(embedded_postgres.data_folder(var))


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
def test_taken_port_of_the_panels_is_refused_and_its_holder_named(var: Path, kind: socket.SocketKind) -> None:
    with socket.socket(type=kind) as other:
        port = free_port()
        other.bind(("127.0.0.1", port + 10))
        if kind == socket.SOCK_STREAM:
            other.listen()
        said = refusal(Served(var, port=port))
        elsewhere = supervisor.Place(ROOT, var, "127.0.0.1", free_port())
        supervisor.refuse_taken_ports(elsewhere)
    assert f"{port + 10}（{supervisor.PROTOCOLS[kind]}）" in said
    assert f"kill {os.getpid()}" in said
    assert f"HUYUAN_PANELS=127.0.0.1:{port + 110}" in said
    assert not embedded_postgres.is_running(embedded_postgres.data_folder(var))


def test_the_port_that_the_operator_set_for_panels_is_the_one_that_must_be_free(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = supervisor.Place(ROOT, var, "127.0.0.1", free_port())
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HUYUAN_PANELS", f"127.0.0.1:{other.getsockname()[1]}")
        with pytest.raises(supervisor.CannotServe, match="UDP"):
            supervisor.refuse_taken_ports(place)


def test_what_takes_presses_and_calls_people_is_never_left_dead_for_long() -> None:
    slowest = {}
    for child in supervisor.children():
        slowest[child.name] = max(child.schedule(0.0) for _death in range(20))
    assert {name for name, seconds in slowest.items() if seconds <= 0.5} == {"web", "alarms", "engine", "panels"}
    assert {slowest[name] for name in ("streams", "worker")} == {supervisor.LONGEST_DELAY}


def test_programs_share_what_they_have_loaded(var: Path) -> None:
    served = Served(var, "--no-demo")
    served.ready()
    served.wait_until(lambda: served.child("huyuan web worker-2") and served.child("huyuan worker"))
    named = [(processes.describe(one).strip(), one.memory_full_info()) for one in processes.processes_of(var)]
    own = [(name, held.uss / held.rss) for name, held in named if name.startswith("huyuan")]
    served.end()
    assert len(own) == 9, own
    # A program that loaded everything by itself would have three quarters of it for itself.
    assert max(share for _name, share in own) < 0.5, own


def test_stop_ends_a_running_product(var: Path) -> None:
    served = Served(var, "--no-demo")
    served.ready()
    done = subprocess.Popen([sys.executable, "tools/stop.py"], cwd=ROOT, env=os.environ | {"HUYUAN_VAR": str(var)})
    assert served.process.wait(20) == 0
    assert done.wait(20) == 0
    assert not served.left()


def test_real_installation_refuses_the_embedded_database(var: Path) -> None:
    served = Served(var, HUYUAN_MODE="production")
    assert served.process.wait(60) == 2
    assert "DATABASE_URL" in served.output
    assert not (var / "postgres").exists()
