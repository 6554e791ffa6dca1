"""The declaration of a ledger: an app says what its ledger holds, one engine does the rest."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from huyuan.common.reach import Permission, Reach

Rows = QuerySet[Any]
Value = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """One column on the page. `template` names a cell template for what plain text cannot show; `look` is "figure" for
    what stands at the right, "line" for what is never broken over two lines.
    """

    key: str
    title: Promise | str
    value: Value
    sort: str | None = None
    template: str | None = None
    on_phone: bool = True
    look: str = ""


@dataclass(frozen=True)
class Filter:
    """One field of the filter bar. `choices` may depend on the reader; without choices it is free text or a date."""

    key: str
    title: Promise | str
    apply: Callable[[Rows, str], Rows]
    choices: Callable[[Reach], Sequence[tuple[str, str | Promise]]] | None = None
    kind: str = "choice"


@dataclass(frozen=True)
class Sort:
    """An order that an index serves: fields of the model, the last one unique, all in one direction."""

    key: str
    title: Promise | str
    fields: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True)
class Field:
    """What a ledger can print of a row. `called` are patterns for titles it stands under, beside those of column sets."""

    title: Promise | str
    value: Value
    called: tuple[str, ...] = ()


# The field that every ledger has: the running number of the row.
LINE = "line"


@dataclass(frozen=True)
class Layout:
    """The rows down to the titles as an agency's own sheet has them, those before `titles_at` headings; merged cells as
    top, left, bottom, right.
    """

    rows: Sequence[Sequence[str]]
    titles_at: int
    merged: Sequence[Sequence[int]] = ()


@dataclass(frozen=True)
class ColumnSet:
    """The columns in which one agency wants the ledger: titles as it prints them, each with the key of a field or nothing.

    `plain` is for pasting into another system: one row of titles and no heading, days as text. `only` narrows the rows
    to what concerns the agency.
    """

    key: str
    title: Promise | str
    columns: Sequence[tuple[str, str]]
    plain: bool = False
    only: Callable[[Rows], Rows] | None = None
    layout: Layout | None = None


@dataclass(frozen=True)
class Link:
    """A page that readers with a permission go to from the ledger."""

    page: str
    label: Promise | str
    icon: str
    permission: Permission


@dataclass(frozen=True)
class Ledger:
    """A whole ledger. `badges` are filters with a value and a title, counted above the table (capped), one at a time.

    `fields` are what column sets are made of; `prepare` fetches what they need beside the rows.
    """

    key: str
    title: Promise | str
    model: type[Model]
    rows: Callable[[Reach], Rows]
    columns: Sequence[Column]
    sorts: Sequence[Sort]
    read: Permission
    filters: Sequence[Filter] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    column_sets: Sequence[ColumnSet] = ()
    prepare: Callable[[Rows], Rows] | None = None
    badges: Sequence[tuple[str, str, str | Promise]] = ()
    search_kind: str | None = None
    code_field: str = "code"
    importer: str | None = None
    import_permission: Permission | None = None
    create_url: str | None = None
    create_label: Promise | str = ""
    create_permission: Permission | None = None
    links: Sequence[Link] = ()
    empty_text: Promise | str = ""
    page: str = ""
    icon: str = "list-details"


LEDGERS: dict[str, Ledger] = {}


def register(ledger: Ledger) -> Ledger:
    """Make a ledger known under its key."""
    if ledger.key in LEDGERS:
        raise ValueError(f"two ledgers are called {ledger.key}")
    for columns in ledger.column_sets:
        if strange := {key for _title, key in columns.columns} - {*ledger.fields, LINE}:
            raise ValueError(f"the ledger {ledger.key} has no {strange} for its columns {columns.key}")
    LEDGERS[ledger.key] = ledger
    return ledger
