"""The rights of the application's database role."""

import psycopg
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections

from huyuan.config.grants import APPEND_ONLY, GrantError, ensure_role, grant_rights
from tests.engine.serving import environment


@pytest.fixture
def owner(own_database):
    """The login that owns the tables, as it is where one login does everything."""
    with psycopg.connect(environment(own_database)["DATABASE_OWNER_URL"], autocommit=True) as found:
        yield found


def rights() -> dict[str, set[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
            " WHERE grantee = %s AND table_schema = 'public'",
            [settings.APPLICATION_ROLE],
        )
        found: dict[str, set[str]] = {}
        for table, right in cursor.fetchall():
            found.setdefault(table, set()).add(right)
    return found


def test_the_application_adds_to_the_audit_and_changes_everything_else_but_empties_nothing(db):
    found = rights()
    assert set(connection.introspection.table_names()) == set(found)
    for table in APPEND_ONLY:
        assert found.pop(table) == {"SELECT", "INSERT"}
    assert found.pop("django_migrations") == {"SELECT"}
    assert set(map(frozenset, found.values())) == {frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})}


def test_rights_set_again_are_the_same(own_database):
    before = rights()
    grant_rights(using="default")
    grant_rights(using="owner")
    assert rights() == before


def test_rights_given_by_hand_are_taken_back(own_database, owner):
    owner.execute("GRANT ALL ON audit_auditrow TO huyuan_app")
    grant_rights(using="owner")
    assert rights()["audit_auditrow"] & {"UPDATE", "DELETE", "TRUNCATE"} == set()


def test_one_login_for_everything_steps_down_to_the_application(owner):
    owner.execute(f"SET ROLE {settings.APPLICATION_ROLE}")
    owner.execute("SELECT count(*) FROM people_user")
    for statement in ("UPDATE audit_auditrow SET kind = kind", "DELETE FROM audit_auditseal", "TRUNCATE people_user"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute(statement)


def test_a_login_that_may_not_make_the_role_says_what_to_type(own_database):
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"SET ROLE {settings.APPLICATION_ROLE}")
    with pytest.raises(GrantError, match='CREATE ROLE "huyuan_absent" NOLOGIN'):
        ensure_role(connections["owner"], "huyuan_absent")


def test_the_cache_stands_in_the_database(db):
    cache.set("failures", 3, 60)
    assert cache.get("failures") == 3
