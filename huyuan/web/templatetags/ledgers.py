"""Showing the cells of a ledger."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader import get_template
from django.utils import formats, timezone

from huyuan.ledgers.declaration import Column

register = template.Library()


@register.simple_tag
def cell(column: Column, row: Any, *, printed: bool = False) -> Any:
    """One value of one row: by the column's own template, or as plain text in the reader's format."""
    value = column.value(row)
    if column.template:
        return get_template(column.template).render({"row": row, "value": value, "printed": printed})
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    if isinstance(value, date):
        return formats.date_format(value, "DATE_FORMAT")
    return "–" if value is None or value == "" else value


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """The value under a key."""
    return mapping.get(key, ())
