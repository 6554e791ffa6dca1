"""Keeping the index in step, in the transaction of the write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from huyuan.common.text import tokens
from huyuan.search.models import SearchEntry
from huyuan.search.queries import county_scope, organisation_scope


@dataclass(frozen=True)
class Findable:
    """What a thing is found under, and who reaches it."""

    kind: str
    object_code: UUID
    title: str
    detail: str
    day: date
    words: str
    county_id: int
    organisation_ids: Iterable[int]


def index(things: Iterable[Findable]) -> None:
    """Write or rewrite entries; call it inside the transaction of the write."""
    entries = [
        SearchEntry(
            kind=thing.kind, object_code=thing.object_code, title=thing.title[:200], detail=thing.detail[:200],
            day=thing.day, tokens=[
                *sorted(tokens(thing.title, thing.detail, thing.words)), county_scope(thing.county_id),
                *(organisation_scope(pk) for pk in sorted(set(thing.organisation_ids))),
            ],
        )
        for thing in things
    ]  # fmt: skip
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["kind", "object_code"],
        update_fields=["title", "detail", "day", "tokens"],
        batch_size=2_000,
    )
