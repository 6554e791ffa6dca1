"""Writing many new rows by COPY: several times faster than inserts, in the transaction of the caller."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models
from django.db.models.expressions import DatabaseDefault


def copy_new(objects: Sequence[models.Model]) -> None:
    """Write unsaved objects of one model; those with a running number get theirs first, so that others can point to them."""
    if not objects:
        return
    model = type(objects[0])
    key = model._meta.pk
    if isinstance(key, models.AutoField | models.BigAutoField):
        for thing, number in zip(objects, _numbers(model, len(objects)), strict=True):
            thing.pk = number
    fields = [f for f in model._meta.concrete_fields if not isinstance(getattr(objects[0], f.attname), DatabaseDefault)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for thing in objects:
            target.write_row([_prepared(field, thing) for field in fields])


def update_all(objects: Sequence[models.Model], names: Sequence[str]) -> None:
    """Write some fields of many objects of one model in one statement, where bulk_update takes minutes."""
    if not objects:
        return
    model, quoted = type(objects[0]), connection.ops.quote_name
    fields = [model._meta.pk, *(model._meta.get_field(name) for name in names)]
    columns = [quoted(str(field.column)) for field in fields]  # type: ignore[union-attr]  # fields with a column are asked for
    arrays = ", ".join(f"%s::{field.db_type(connection)}[]" for field in fields)
    statement = (
        f"UPDATE {quoted(model._meta.db_table)} AS old SET {', '.join(f'{one} = new.{one}' for one in columns[1:])}"
        f" FROM unnest({arrays}) AS new ({', '.join(columns)}) WHERE old.{columns[0]} = new.{columns[0]}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [[_prepared(field, thing) for thing in objects] for field in fields])


def _prepared(field: Any, thing: models.Model) -> Any:
    return field.get_db_prep_save(getattr(thing, field.attname), connection)


def _numbers(model: type[models.Model], count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]
