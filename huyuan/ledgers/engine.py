"""What every ledger page needs: rows under the filters, counts, the page, the words of the filter bar."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.dateparse import parse_date

from huyuan.common.among import Among
from huyuan.common.reach import Reach
from huyuan.ledgers.declaration import Column, Filter, Ledger, Rows, Sort
from huyuan.ledgers.paging import Page, page_of
from huyuan.search.queries import find

PAGE_SIZE = 50
COUNT_CAP = 1_000
FOUND = 1_000
Step = Callable[[Rows], Rows]
Choices = Mapping[str, Sequence[tuple[str, Any]]]


@dataclass(frozen=True)
class Badge:
    """A value of a filter with how many rows have it; `capped` when there are more than are counted."""

    title: Any
    count: int
    capped: bool
    active: bool
    query: str


@dataclass(frozen=True)
class Narrowed:
    """The reader's rows under filters; `cut` when words were found more often than is looked through."""

    whole: Rows
    steps: Mapping[str, Step]
    active: dict[str, str]
    cut: bool

    @property
    def rows(self) -> Rows:
        """The rows under all the filters."""
        return self.without(())

    def without(self, keys: Collection[str]) -> Rows:
        """The rows under all the filters but some."""
        return reduce(lambda rows, step: step(rows), [s for k, s in self.steps.items() if k not in keys], self.whole)


@dataclass(frozen=True)
class Chip:
    """A filter in force, in words, and the address without it."""

    title: Any
    value: Any
    query: str


@dataclass(frozen=True)
class Header:
    """The head of a column: where its link leads, and how the rows stand by it now (for a screen reader)."""

    column: Column
    query: str | None
    standing: str


@dataclass(frozen=True)
class Shown:
    """A ledger as one reader sees it under one set of filters."""

    ledger: Ledger
    page: Page
    sort: Sort
    badges: list[Badge]
    active: Mapping[str, str]
    query: str
    cut: bool
    choices: Choices

    @property
    def filters(self) -> list[tuple[Filter, str]]:
        """Each filter with its present value."""
        return [(entry, self.active.get(entry.key, "")) for entry in self.ledger.filters]

    @property
    def chips(self) -> list[Chip]:
        """Each filter in force; the words looked for stand in their own field."""
        chosen = [(entry, value) for entry, value in self.filters if value]
        return [Chip(entry.title, self._words(entry, value), self._without(entry.key)) for entry, value in chosen]

    def _words(self, entry: Filter, value: str) -> Any:
        if entry.kind == "date":
            return parse_date(value)
        return {str(key): title for key, title in self.choices.get(entry.key, ())}.get(value, value)

    def _without(self, key: str) -> str:
        return urlencode({name: value for name, value in parse_qsl(self.query) if name != key})

    @property
    def headers(self) -> list[Header]:
        """Each column with the order its head leads to: the other direction once it is in force."""
        sorts = {sort.key: sort for sort in self.ledger.sorts}
        return [self._header(column, sorts.get(column.sort or "")) for column in self.ledger.columns]

    def _header(self, column: Column, sort: Sort | None) -> Header:
        if sort is None:
            return Header(column, None, "")
        if sort.fields != self.sort.fields:
            return Header(column, urlencode({**self.active, "sort": sort.key}), "none")
        others = (one for one in self.ledger.sorts if one.fields == sort.fields and one is not self.sort)
        onwards = next(others, self.sort)
        standing = "descending" if self.sort.descending else "ascending"
        return Header(column, urlencode({**self.active, "sort": onwards.key}), standing)


def choices_of(ledger: Ledger, reach: Reach) -> Choices:
    """What each filter offers to the reader; asked once for a page."""
    return {entry.key: entry.choices(reach) for entry in ledger.filters if entry.choices}


def filtered(ledger: Ledger, reach: Reach, asked: Mapping[str, str], choices: Choices) -> Narrowed:
    """The reader's rows under the filters asked for that are understood."""
    steps: dict[str, Step] = {}
    active, cut = {}, False
    for entry in ledger.filters:
        value = asked.get(entry.key, "").strip()
        if value and _is_understood(entry, value, choices):
            steps[entry.key], active[entry.key] = partial(_apply, entry, value), value
    if ledger.search_kind and (words := asked.get("q", "").strip()):
        found = find(reach, words, kind=ledger.search_kind, limit=FOUND)
        codes = {f"{ledger.code_field}__in": [hit.object_code for hit in found.hits]}
        hits = Among("pk", ledger.model._default_manager.filter(**codes).values("pk"))
        steps["q"], active["q"], cut = (lambda rows: rows.filter(hits)), words, found.more
    return Narrowed(ledger.rows(reach), steps, active, cut)


def _apply(entry: Filter, value: str, rows: Rows) -> Rows:
    return entry.apply(rows, value)


def _is_understood(entry: Filter, value: str, choices: Choices) -> bool:
    if entry.kind == "date":
        return _is_day(value)
    return entry.key not in choices or value in {str(key) for key, _title in choices[entry.key]}


def _is_day(value: str) -> bool:
    try:
        return parse_date(value) is not None
    except ValueError:
        return False


def sort_asked(ledger: Ledger, asked: Mapping[str, str]) -> Sort:
    """The order asked for, or the ledger's first."""
    return next((entry for entry in ledger.sorts if entry.key == asked.get("sort")), ledger.sorts[0])


def show(ledger: Ledger, reach: Reach, asked: Mapping[str, str], size: int = PAGE_SIZE) -> Shown:
    """One page of a ledger."""
    choices = choices_of(ledger, reach)
    narrowed, sort = filtered(ledger, reach, asked, choices), sort_asked(ledger, asked)
    ordered = {"sort": sort.key} if sort is not ledger.sorts[0] else {}
    return Shown(
        ledger=ledger,
        page=page_of(narrowed.rows, sort, asked.get("at", ""), size),
        sort=sort,
        badges=_badges(ledger, narrowed, ordered),
        active=narrowed.active,
        query=urlencode(narrowed.active | ordered),
        cut=narrowed.cut,
        choices=choices,
    )


def _badges(ledger: Ledger, narrowed: Narrowed, ordered: Mapping[str, str]) -> list[Badge]:
    """A count for each badge under all other filters; the link keeps those, and takes an active badge away again."""
    filters = {entry.key: entry for entry in ledger.filters}
    keys = {key for key, _value, _title in ledger.badges}
    others = {key: value for key, value in narrowed.active.items() if key not in keys}
    rows = narrowed.without(keys)
    counts = capped_counts([_apply(filters[key], value, rows) for key, value, _title in ledger.badges])
    badges = []
    for (key, value, title), count in zip(ledger.badges, counts, strict=True):
        chosen = narrowed.active.get(key) == value
        query = urlencode({**others, **({} if chosen else {key: value}), **ordered})
        badges.append(Badge(title, min(count, COUNT_CAP), count > COUNT_CAP, chosen, query))
    return badges


def capped_counts(parts: Sequence[Rows]) -> Sequence[int]:
    """How many rows each part has, counted no further than one beyond the cap, in one statement."""
    if not parts:
        return []
    statements: list[str] = []
    given: list[Any] = []
    for part in parts:
        counted = part.order_by().values("pk")[: COUNT_CAP + 1]
        try:
            statement, parameters = counted.query.sql_with_params()
        except EmptyResultSet:  # what the ORM knows to be empty it does not put into words
            statement, parameters = "SELECT 1 WHERE false", ()
        statements.append(f"(SELECT count(*) FROM ({statement}) AS counted)")
        given += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements)}", given)
        return list(cursor.fetchone())
