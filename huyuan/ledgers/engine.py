"""What every ledger page needs: rows under the filters, counts, the page, the words of the filter bar."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from huyuan.common.reach import Reach
from huyuan.ledgers.declaration import Filter, Ledger, Rows, Sort
from huyuan.ledgers.paging import Page, page_of
from huyuan.search.queries import find

PAGE_SIZE = 50
COUNT_CAP = 1_000
FOUND = 200


@dataclass(frozen=True)
class Badge:
    """A value of the counted field with how many rows have it; `capped` when there are more than are counted."""

    value: str
    title: Any
    count: int
    capped: bool
    active: bool


@dataclass(frozen=True)
class Shown:
    """A ledger as one reader sees it under one set of filters."""

    ledger: Ledger
    page: Page
    sort: Sort
    badges: list[Badge]
    active: Mapping[str, str]
    query: str

    @property
    def filters(self) -> list[tuple[Filter, str]]:
        """Each filter with its present value."""
        return [(entry, self.active.get(entry.key, "")) for entry in self.ledger.filters]


def filtered(ledger: Ledger, reach: Reach, asked: Mapping[str, str]) -> tuple[Rows, dict[str, str]]:
    """The reader's rows under the filters asked for, and the filters that were understood."""
    rows, active = ledger.rows(reach), {}
    for entry in ledger.filters:
        value = asked.get(entry.key, "").strip()
        if not value or (entry.choices and value not in {key for key, _title in entry.choices(reach)}):
            continue
        rows, active[entry.key] = entry.apply(rows, value), value
    if words := asked.get("q", "").strip():
        active["q"] = words
        hits = find(reach, words, kind=ledger.search_kind, limit=FOUND).hits if ledger.search_kind else ()
        rows = rows.filter(**{f"{ledger.code_field}__in": [hit.object_code for hit in hits]})
    return rows, active


def show(ledger: Ledger, reach: Reach, asked: Mapping[str, str], size: int = PAGE_SIZE) -> Shown:
    """One page of a ledger."""
    rows, active = filtered(ledger, reach, asked)
    sort = next((entry for entry in ledger.sorts if entry.key == asked.get("sort")), ledger.sorts[0])
    kept = active | ({"sort": sort.key} if sort is not ledger.sorts[0] else {})
    return Shown(
        ledger=ledger,
        page=page_of(rows, sort, asked.get("at", ""), size),
        sort=sort,
        badges=_badges(ledger, reach, active),
        active=active,
        query=urlencode(kept),
    )


def _badges(ledger: Ledger, reach: Reach, active: Mapping[str, str]) -> list[Badge]:
    if ledger.badges is None:
        return []
    name, values = ledger.badges
    rows, _active = filtered(ledger, reach, {key: value for key, value in active.items() if key != name})
    counted = []
    for value, title in values:
        count = rows.filter(**{name: value})[: COUNT_CAP + 1].count()
        counted.append(Badge(value, title, min(count, COUNT_CAP), count > COUNT_CAP, active.get(name) == value))
    return counted
