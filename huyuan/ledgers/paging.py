"""Keyset paging: the next page begins after the last row, so the thousandth page costs what the first does."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils import timezone

from huyuan.ledgers.declaration import Sort


@dataclass(frozen=True)
class Page:
    """One page of rows, with the cursors of its neighbours."""

    rows: Sequence[Any]
    following: str | None
    preceding: str | None


def page_of(rows: QuerySet[Any], sort: Sort, cursor: str, size: int) -> Page:
    """The page that a cursor names, or the first; a cursor that cannot be read starts from the beginning.

    Rows without a value to sort by stand in no place, so they are left out of that order.
    """
    for name in sort.fields:
        if field_at(rows.model, name).null:
            rows = rows.exclude(**{name: None})
    backwards, after = _decode(rows.model, sort, cursor)
    if after is not None:
        rows = rows.filter(_beyond(sort, after, sort.descending is not backwards))
    found = list(rows.order_by(*order_of(sort, backwards=backwards))[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    before, behind = (more, True) if backwards else (after is not None, more)
    return Page(
        found,
        following=_encode(sort, found[-1], "n") if found and behind else None,
        preceding=_encode(sort, found[0], "p") if found and before else None,
    )


def field_at(model: type[Model], path: str) -> Field[Any, Any]:
    """The field of a model, or of one it points to, as sub__field."""
    *through, last = path.split("__")
    for step in through:
        model = model._meta.get_field(step).related_model  # type: ignore[assignment]  # foreign keys lead to models
    field = model._meta.get_field(last)
    if not isinstance(field, Field):
        raise TypeError(path)
    return field


def order_of(sort: Sort, *, backwards: bool = False) -> list[OrderBy]:
    """What a QuerySet is ordered by."""
    descending = sort.descending is not backwards
    return [F(name).desc() if descending else F(name).asc() for name in sort.fields]


def _beyond(sort: Sort, after: list[Any], descending: bool) -> Q:
    step = "lt" if descending else "gt"
    condition = Q()
    for place, name in enumerate(sort.fields):
        equal = dict(zip(sort.fields[:place], after[:place], strict=True))
        condition |= Q(**equal, **{f"{name}__{step}": after[place]})
    first = sort.fields[0]
    return Q(**{f"{first}__{step}e": after[0]}) & condition


def _encode(sort: Sort, row: Any, direction: str) -> str:
    # Times are written to the microsecond: shortened ones would lose or repeat the rows of the same instant.
    values = [attrgetter(name.replace("__", "."))(row) for name in sort.fields]
    return direction + base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode()


def _decode(model: type[Model], sort: Sort, cursor: str) -> tuple[bool, list[Any] | None]:
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor[1:]))
        values = [_value(field_at(model, name), value) for name, value in zip(sort.fields, raw, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        return False, None
    return cursor.startswith("p"), None if None in values else values


def _value(field: Field[Any, Any], raw: Any) -> Any:
    value = field.to_python(raw)
    # What the database cannot hold, no cursor of ours says.
    if isinstance(value, str) and "\0" in value.encode().decode():
        raise ValueError(value)
    if isinstance(value, datetime) and timezone.is_naive(value):
        raise ValueError(value)
    return value
