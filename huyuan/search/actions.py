"""Keeping the index in step, in the transaction of the write."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from huyuan.common.text import tokens
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


WRITE = """
INSERT INTO search_searchentry (kind, object_code, title, detail, day, tokens)
SELECT kind, object_code, title, detail, day, string_to_array(tokens, ' ')
FROM unnest(%s::varchar[], %s::uuid[], %s::varchar[], %s::varchar[], %s::date[], %s::text[])
    AS given (kind, object_code, title, detail, day, tokens)
ON CONFLICT (kind, object_code)
DO UPDATE SET title = EXCLUDED.title, detail = EXCLUDED.detail, day = EXCLUDED.day, tokens = EXCLUDED.tokens
"""


def index(things: Iterable[Findable]) -> None:
    """Write or rewrite entries, however many, in one statement; call it inside the transaction of the write."""
    rows = [
        (thing.kind, thing.object_code, thing.title[:200], thing.detail[:200], thing.day, " ".join(_tokens(thing)))
        for thing in things
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])


def _tokens(thing: Findable) -> list[str]:
    scopes = (organisation_scope(pk) for pk in sorted(set(thing.organisation_ids)))
    return [*sorted(tokens(thing.title, thing.detail, thing.words)), county_scope(thing.county_id), *scopes]
