"""What every ledger page needs: rows under the filters, counts, the page, the words of the filter bar."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count
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
    """A value of the counted field with how many rows have it; `capped` when there are more than are counted."""

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
        return self.without("")

    def without(self, key: str) -> Rows:
        """The rows under all the filters but one."""
        return reduce(lambda rows, step: step(rows), [s for name, s in self.steps.items() if name != key], self.whole)


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
    """A count for each value under all other filters; the link keeps those, and takes an active value away again."""
    if ledger.badges is None:
        return []
    name, values = ledger.badges
    others = {key: value for key, value in narrowed.active.items() if key != name}
    rows, keys = narrowed.without(name), [value for value, _title in values]
    counts = _few_counts(rows, name, keys) if "q" in narrowed.active else _counts(rows, name, keys)
    badges = []
    for (value, title), count in zip(values, counts, strict=True):
        chosen = narrowed.active.get(name) == value
        query = urlencode({**others, **({} if chosen else {name: value}), **ordered})
        badges.append(Badge(title, min(count, COUNT_CAP), count > COUNT_CAP, chosen, query))
    return badges


def _few_counts(rows: Rows, name: str, values: Sequence[str]) -> Sequence[int]:
    """How many of the rows that words were found in have each value; there are few of them, so each is read once."""
    found = dict(rows.order_by().values_list(name).annotate(Count("pk")))
    return [found.get(value, 0) for value in values]


def _counts(rows: Rows, name: str, values: Sequence[str]) -> Sequence[int]:
    """How many rows have each value, counted no further than needed, in one statement."""
    parts: list[str] = []
    given: list[Any] = []
    for value in values:
        counted = rows.filter(**{name: value}).order_by().values("pk")[: COUNT_CAP + 1]
        try:
            statement, parameters = counted.query.sql_with_params()
        except EmptyResultSet:  # what the ORM knows to be empty it does not put into words
            statement, parameters = "SELECT 1 WHERE false", ()
        parts.append(f"(SELECT count(*) FROM ({statement}) AS counted)")
        given += parameters
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", given)
        return list(cursor.fetchone())
