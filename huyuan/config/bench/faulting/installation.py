"""A private installation to attack: a database server, a data folder, and clones of a county for each lane."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connections
from django.test.utils import override_settings
from psycopg import sql

from huyuan.config import embedded_postgres
from huyuan.config.bench.faulting.scene import Scene, make_scene
from huyuan.config.embedded_postgres import APPLICATION_ROLE, OWNER_ROLE, Server

TEMPLATE = "huyuan_faults"
SCHOOLS = 5
# Push services take only letters from somebody who has a public address.
ADDRESS = "https://anquan.example.cn"
# The child of a lane connects by itself; what its parent was connected to is none of its business.
ALIASES = {"default": APPLICATION_ROLE, "owner": OWNER_ROLE}


@dataclass
class Installation:
    """The server and the county that lanes copy."""

    folder: Path
    server: Server
    scene: Scene

    def owner(self, name: str) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection of its own for whoever judges."""
        return psycopg.connect(self.server.url(OWNER_ROLE, name), autocommit=True)

    def clone(self, name: str) -> None:
        """A copy of the county in a database of its own; this process speaks to it from now on."""
        copying = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
        with self.owner("postgres") as connection:
            connection.execute(copying)
        point_to(self.server, name)

    def drop(self, name: str) -> None:
        """Remove a copy and whoever is still connected to it."""
        connections.close_all()
        with self.owner("postgres") as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Take the database away, cutting off who is connected."""
        embedded_postgres.stop(self.server.data)

    def start(self) -> None:
        """Give the database back."""
        embedded_postgres.ensure_running(self.server.data)


@contextmanager
def installed() -> Iterator[Installation]:
    """Everything that is attacked, gone afterwards; the product's own database and folders are not touched."""
    kept = {alias: dict(connections[alias].settings_dict) for alias in ALIASES}
    folder = Path(tempfile.mkdtemp(prefix="huyuan-faults-")).resolve()
    folder.chmod(0o755)
    try:
        with ExitStack() as stack:
            keys = {"PRESS_KEYS": folder / "keys", "PUSH_KEY_FILE": folder / "push.key", "ADDRESS": ADDRESS}
            stack.enter_context(override_settings(**keys))
            server = embedded_postgres.ensure_running(folder / "postgres")
            stack.callback(embedded_postgres.stop, folder / "postgres")
            embedded_postgres.ensure_database(server, TEMPLATE)
            point_to(server, TEMPLATE)
            call_command("migrate", database="owner", verbosity=0)
            scene = make_scene(SCHOOLS)
            connections.close_all()
            yield Installation(folder, server, scene)
    finally:
        connections.close_all()
        for alias, before in kept.items():
            connections[alias].settings_dict.update(before)
        shutil.rmtree(folder, ignore_errors=True)


def point_to(server: Server, name: str) -> None:
    """Let this process speak to a database of the private server."""
    for alias, role in ALIASES.items():
        connections[alias].close()
        connections[alias].settings_dict.update(
            NAME=name, USER=role, PASSWORD="", HOST=str(server.socket_dir), PORT=""
        )  # fmt: skip
