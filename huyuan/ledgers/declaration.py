"""The declaration of a ledger: an app says what its ledger holds, one engine does the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
class ColumnSet:
    """The columns in which one agency wants the ledger, titles as that agency prints them."""

    key: str
    title: Promise | str
    columns: Sequence[tuple[str, Value]]


@dataclass(frozen=True)
class Link:
    """A page that readers with a permission go to from the ledger."""

    page: str
    label: Promise | str
    icon: str
    permission: Permission


@dataclass(frozen=True)
class Ledger:
    """A whole ledger. `badges` are filters with a value and a title, counted above the table (capped), one at a time."""

    key: str
    title: Promise | str
    model: type[Model]
    rows: Callable[[Reach], Rows]
    columns: Sequence[Column]
    sorts: Sequence[Sort]
    read: Permission
    filters: Sequence[Filter] = ()
    column_sets: Sequence[ColumnSet] = ()
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
    LEDGERS[ledger.key] = ledger
    return ledger
