"""The embedded server is shared, survives what machines do to it, and stops when told."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest

from huyuan.config import embedded_postgres
from huyuan.config.embedded_postgres import Server

STARTER = """
import sys
from pathlib import Path
from huyuan.config import embedded_postgres
print(embedded_postgres.ensure_running(Path(sys.argv[1]), durable=False).socket_dir)
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder beside pytest's own, which other accounts may not enter."""
    var = Path(tempfile.mkdtemp(prefix="huyuan-test-")).resolve()
    folder = var / "postgres"
    yield folder
    embedded_postgres.stop(folder)
    shutil.rmtree(var)


def start(data: Path) -> Server:
    return embedded_postgres.ensure_running(data, durable=False)


def pid_of(data: Path) -> int:
    return int((data / "postmaster.pid").read_text().split("\n", 1)[0])


def write_pid(data: Path, pid: int) -> None:
    rest = (data / "postmaster.pid").read_text().split("\n", 1)[1]
    (data / "postmaster.pid").write_text(f"{pid}\n{rest}")


def answer(server: Server, statement: str, role: str = "postgres", database: str = "postgres") -> object:
    with psycopg.connect(server.url(role, database), autocommit=True) as connection:
        row = connection.execute(statement).fetchone()
        return row[0] if row else None


def held_connection(
    server: Server, role: str = "postgres", database: str = "postgres"
) -> "closing[psycopg.Connection[tuple[object, ...]]]":
    """A connection that is closed without a word to a server that may be gone by then."""
    return closing(psycopg.connect(server.url(role, database)))


def keep_a_row(server: Server) -> None:
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")


def test_server_starts_and_stops(data: Path) -> None:
    server = start(data)
    assert answer(server, "SELECT 1") == 1
    assert embedded_postgres.is_running(data)
    embedded_postgres.stop(data)
    assert not embedded_postgres.is_running(data)
    with pytest.raises(psycopg.OperationalError):
        answer(server, "SELECT 1")


def test_server_speaks_utf8_takes_200_connections_and_has_no_port(data: Path) -> None:
    server = start(data)
    assert answer(server, "SHOW server_encoding") == "UTF8"
    assert answer(server, "SELECT upper('é') || lower('护园')") == "É护园"
    assert answer(server, "SHOW max_connections") == "200"
    assert answer(server, "SHOW listen_addresses") == ""


def test_server_is_durable_unless_told_otherwise(data: Path) -> None:
    assert answer(embedded_postgres.ensure_running(data), "SHOW fsync") == "on"
    embedded_postgres.stop(data)
    assert answer(start(data), "SHOW fsync") == "off"


def test_second_caller_shares_the_server(data: Path) -> None:
    first = start(data)
    pid = pid_of(data)
    assert start(data) == first
    assert pid_of(data) == pid


def test_parallel_callers_start_it_once(data: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(data)]
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: subprocess.run(command, capture_output=True, text=True, check=True), range(3)))
    assert len({one.stdout for one in done}) == 1
    assert (data / "server.log").read_text().count("starting PostgreSQL") == 1


def test_server_outlives_the_process_that_started_it(data: Path) -> None:
    command = [sys.executable, "-c", f"{STARTER}\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)", str(data)]
    subprocess.run(command, check=False, capture_output=True)
    assert answer(start(data), "SELECT 1") == 1
    assert (data / "server.log").read_text().count("starting PostgreSQL") == 1


def test_stop_does_not_wait_for_open_connections(data: Path) -> None:
    server = start(data)
    with held_connection(server) as connection:
        embedded_postgres.stop(data)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_server_knows_whether_anybody_uses_it(data: Path) -> None:
    assert not embedded_postgres.is_used(data)
    server = start(data)
    assert not embedded_postgres.is_used(data)
    with held_connection(server):
        assert embedded_postgres.is_used(data)


def test_stop_of_a_folder_that_never_was_does_nothing(tmp_path: Path) -> None:
    embedded_postgres.stop(tmp_path / "var" / "postgres")
    assert not (tmp_path / "var").exists()


def test_stale_pid_of_a_foreign_process_is_not_taken_for_a_server(data: Path) -> None:
    server = start(data)
    keep_a_row(server)
    note = (data / "postmaster.pid").read_text()
    embedded_postgres.stop(data)
    (data / "postmaster.pid").write_text(note)
    write_pid(data, os.getpid())
    assert not embedded_postgres.is_running(data)
    assert answer(start(data), "SELECT seven FROM kept") == 7


def test_foreign_process_named_in_the_note_is_never_ended(data: Path) -> None:
    start(data)
    note = (data / "postmaster.pid").read_text()
    embedded_postgres.stop(data)
    with subprocess.Popen(["sleep", "60"]) as foreign:
        (data / "postmaster.pid").write_text(note)
        write_pid(data, foreign.pid)
        embedded_postgres.stop(data)
        start(data)
        assert foreign.poll() is None
        foreign.kill()


def test_server_of_another_folder_is_not_taken_for_ours(data: Path) -> None:
    other = data.with_name("other")
    start(data)
    embedded_postgres.stop(data)
    shutil.copytree(data, other, copy_function=shutil.copy2)
    shutil.chown(other, data.stat().st_uid)
    for path in other.rglob("*"):
        shutil.chown(path, data.stat().st_uid)
    start(other)
    try:
        shutil.copy2(other / "postmaster.pid", data / "postmaster.pid")
        assert not embedded_postgres.is_running(data)
        start(data)
        assert pid_of(data) != pid_of(other)
        assert embedded_postgres.is_running(other)
    finally:
        embedded_postgres.stop(other)


@pytest.mark.parametrize("backend_busy", [False, True], ids=["idle", "with a query under way"])
def test_killed_server_recovers(data: Path, backend_busy: bool) -> None:
    server = embedded_postgres.ensure_running(data)
    keep_a_row(server)
    with held_connection(server) as connection:
        if backend_busy:
            connection.pgconn.send_query(b"SELECT pg_sleep(60)")
        postmaster = psutil.Process(pid_of(data))
        postmaster.kill()
        assert embedded_postgres.ended(postmaster, 10)
        assert answer(start(data), "SELECT seven FROM kept") == 7
    assert "automatic recovery in progress" in (data / "server.log").read_text()


def test_server_going_down_is_waited_for(data: Path) -> None:
    server = start(data)
    with held_connection(server):
        # A smart shutdown waits for clients, for ever if they stay.
        os.kill(pid_of(data), signal.SIGTERM)
        for _ in range(500):
            if "stopping" in (data / "postmaster.pid").read_text():
                break
        else:
            pytest.fail("the server did not begin to stop")
        assert answer(start(data), "SELECT 1") == 1


def test_interrupted_first_start_leaves_no_half_folder(data: Path) -> None:
    half = data.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    assert answer(start(data), "SELECT 1") == 1
    assert not half.exists()


def test_long_and_odd_paths_get_a_short_socket(data: Path) -> None:
    deep = data.parent / "护园 data, here" / ("deep" * 20) / "postgres"
    server = start(deep)
    try:
        assert len(str(server.socket_dir)) < 100
        assert server.socket_dir.stat().st_mode & 0o077 == 0
        assert answer(server, "SELECT 1") == 1
    finally:
        embedded_postgres.stop(deep)
        shutil.rmtree(server.socket_dir)


def test_reason_is_told_when_it_cannot_start(data: Path) -> None:
    start(data)
    embedded_postgres.stop(data)
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(embedded_postgres.EmbeddedPostgresError, match=r"(?s)does not start on .*version 9\.6"):
        start(data)


def test_addresses_name_two_roles_and_their_rights_differ(data: Path) -> None:
    start(data)
    application, owner = embedded_postgres.urls_for(data.parent)
    assert embedded_postgres.urls_for(data.parent) == (application, owner)
    with psycopg.connect(owner) as connection:
        connection.execute("CREATE TABLE public.owned (number int)")
        connection.execute("GRANT SELECT ON public.owned TO huyuan_app")
    with psycopg.connect(application, autocommit=True) as connection:
        assert connection.execute("SELECT count(*) FROM owned").fetchone() == (0,)
        for refused in ("CREATE TABLE public.mine (number int)", "DELETE FROM owned", "TRUNCATE owned"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)


def test_owner_may_clone_and_drop_databases_in_use(data: Path) -> None:
    server = start(data)
    embedded_postgres.ensure_database(server, "huyuan")
    with psycopg.connect(server.url("huyuan_owner", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE clone TEMPLATE huyuan")
        with held_connection(server, role="huyuan_app", database="clone"):
            connection.execute("DROP DATABASE clone WITH (FORCE)")
