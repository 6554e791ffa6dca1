"""Databases cloned from a template, time that is given, and the fixed cast."""

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.utils import timezone, translation
from psycopg import sql

import factories
from huyuan.config.settings import owner_url

ROOT = Path(__file__).parent
TEMPLATE_LOCK = 360_901
MIGRATION_SOURCES = ("huyuan/*/migrations/*.py", "huyuan/config/grants.py", "requirements/product.lock")


def run_as_owner(*statements: sql.Composed) -> None:
    """Run statements outside any transaction, as the owner."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def point_to(name: str) -> None:
    """Let both aliases speak to another database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def clone(template: str, name: str) -> None:
    """Make a database from the template: 0.2 s, where migrating takes many."""
    run_as_owner(
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)),
    )


def drop(name: str) -> None:
    """Remove a cloned database."""
    for patience in (0.2, 0.5, 1.0, 3.0, 0.0):
        try:
            return run_as_owner(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            # Vacuum is at work in it, which only an administrator may interrupt; it ends by itself.
            if not patience:
                raise
            time.sleep(patience)
    return None


def migrated_template() -> str:
    """The name of a migrated database; the first worker makes it, the others wait."""
    sources = sorted(path for pattern in MIGRATION_SOURCES for path in ROOT.glob(pattern))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    name = f"huyuan_template_{digest}"
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
        made = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not made:
            half = f"{name}_half"
            clone("template1", half)
            point_to(half)
            call_command("migrate", database="owner", verbosity=0)
            point_to("postgres")
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(half), sql.Identifier(name)))
        connection.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    return name


@pytest.fixture(scope="session")
def template(django_db_blocker: pytest.FixtureRequest) -> str:
    """The migrated template's name."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        return migrated_template()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, template: str) -> Iterator[None]:
    """One database per worker, cloned from the template."""
    name = f"huyuan_worker_{os.getpid()}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        clone(template, name)
        point_to(name)
    yield
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        point_to("postgres")
        drop(name)


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, template: str) -> Iterator[str]:
    """A database of one test's own, for what must really commit; nothing is flushed, the clone is dropped."""
    before = connections["default"].settings_dict["NAME"]
    name = f"huyuan_own_{os.getpid()}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        clone(template, name)
        point_to(name)
        yield name
        point_to(before)
        drop(name)


class Clock:
    """The time as the product sees it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def set(self, now: datetime) -> None:
        """Move to another moment."""
        self.now = now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time is given: a Tuesday morning in the third week of the autumn term."""
    given = Clock(factories.NOW)
    monkeypatch.setattr(timezone, "now", lambda: given.now)
    return given


@pytest.fixture(autouse=True)
def language() -> None:
    """Every test begins in the county's language; a request of an English reader leaves its own behind."""
    translation.activate("zh-hans")


@pytest.fixture(autouse=True)
def data_folders(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    """Files written by a test stay in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]  # pytest-django's settings wrapper
    settings.IMPORTS_ROOT = tmp_path / "imports"  # type: ignore[attr-defined]  # pytest-django's settings wrapper
    settings.AUDIT_HEADS = tmp_path / "heads.jsonl"  # type: ignore[attr-defined]  # pytest-django's settings wrapper
    settings.JOURNAL = tmp_path / "journal"  # type: ignore[attr-defined]  # pytest-django's settings wrapper
    settings.PRESS_KEYS = tmp_path / "press"  # type: ignore[attr-defined]  # pytest-django's settings wrapper
    settings.EMAIL_FILE_PATH = tmp_path / "mail"  # type: ignore[attr-defined]  # pytest-django's settings wrapper


@pytest.fixture
def cast(db: None) -> factories.Cast:
    """The county of the test, with its people."""
    return factories.make_county()


@pytest.fixture
def foreign(cast: factories.Cast) -> factories.Cast:
    """Another county in the same database."""
    return factories.make_county("南岭县", "360902", "198000")


@pytest.fixture
def sign_in(client: Client) -> "SignIn":
    """Sign a member of the cast in with the test client."""
    return SignIn(client)


class SignIn:
    """Calling it with a user answers a client signed in as that user."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __call__(self, user: object) -> Client:
        """A client signed in as the user."""
        client = Client(HTTP_HOST="localhost")
        client.force_login(user)  # type: ignore[arg-type]  # a user of the cast
        return client
