"""A database for one benchmark: made, migrated, pointed to, dropped."""

import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

NAME = "huyuan_bench"


@contextmanager
def own_database() -> Iterator[None]:
    """Work on an empty, migrated database beside the product's own, and drop it afterwards."""
    kept = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    _as_owner("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}")
    _point_to(dict.fromkeys(kept, NAME))
    try:
        call_command("migrate", database="owner", verbosity=0)
        yield
    finally:
        _point_to(kept)
        _as_owner("DROP DATABASE IF EXISTS {} WITH (FORCE)")


def _as_owner(*statements: str) -> None:
    connections["owner"].close()
    with psycopg.connect(settings.DATABASE_OWNER_ADDRESS, autocommit=True) as direct:
        for statement in statements:
            direct.execute(sql.SQL(statement).format(sql.Identifier(NAME)))


def _point_to(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def versions() -> dict[str, Any]:
    """What was measured on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    return {
        "python": sys.version.split()[0], "django": django.get_version(), "postgresql": server,
        "machine": f"{platform.machine()} {platform.system()}",
    }  # fmt: skip
