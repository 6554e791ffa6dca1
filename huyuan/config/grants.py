"""What the application's database role may do, set after each migrate by the owner of the tables."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

OWNER = "owner"
APPEND_ONLY = ("audit_auditrow", "audit_auditseal")


class GrantError(Exception):
    """The database login may not do what an installation needs; the message says what its administrator types."""


def grant_rights(*, using: str, **_others: Any) -> None:
    """Make the cache table and set the rights, when the owner has migrated."""
    if using != OWNER:
        return
    call_command("createcachetable", database=using, verbosity=0)
    connection = connections[using]
    ensure_role(connection, settings.APPLICATION_ROLE)
    with transaction.atomic(using=using):
        grant(connection, settings.APPLICATION_ROLE)


def ensure_role(connection: BaseDatabaseWrapper, role: str) -> None:
    """Make the role where it is missing, and let the login that owns the tables take it on."""
    name = sql.Identifier(role)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        login, exists = cursor.fetchone()
        try:
            if not exists:
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
            # "SET" is what SET ROLE asks for; before PostgreSQL 16 every member had it.
            cursor.execute(
                "SELECT pg_has_role(%s, CASE WHEN current_setting('server_version_num')::int >= 160000"
                " THEN 'SET' ELSE 'MEMBER' END)",
                [role],
            )
            if not cursor.fetchone()[0]:
                cursor.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
        except DatabaseError as error:
            raise GrantError(
                f'The database login "{login}" may not make or take the role "{role}". Let an administrator run:\n'
                f'  CREATE ROLE "{role}" NOLOGIN;  -- where it is missing\n'
                f'  GRANT "{role}" TO "{login}";'
            ) from error


def grant(connection: BaseDatabaseWrapper, role: str) -> None:
    """Give the role reading and writing of every table, and only adding to the audit."""
    append_only = sql.SQL(", ").join(map(sql.Identifier, APPEND_ONLY))
    statements = (
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE UPDATE, DELETE, TRUNCATE ON {append_only} FROM {role}",
        # What the application has no business with: which migrations ran is the owner's note.
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role), append_only=append_only))
