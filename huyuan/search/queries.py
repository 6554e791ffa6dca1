"""Finding: matches are collected first and sorted after, so that rare and common words cost alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from huyuan.common.reach import Permission, Reach
from huyuan.common.text import tokens

COLLECT = 1_000
# Asked with codes of things of a kind: those of them that may be seen.
Seen = Callable[[Reach, Sequence[UUID]], set[UUID]]
KINDS: dict[str, Permission] = {}
SEEN: dict[str, Seen] = {}


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    kind: str
    object_code: UUID
    title: str
    detail: str
    day: date


@dataclass(frozen=True)
class Found:
    """What was found, and whether there were more matches than are collected."""

    hits: Sequence[Hit]
    more: bool


def register_kind(kind: str, permission: Permission, seen: Seen) -> None:
    """Make a kind of thing findable by those who hold a permission; `seen` is its own rule of who may see what."""
    KINDS[kind], SEEN[kind] = permission, seen


def seen_by(reach: Reach, hits: Sequence[Hit]) -> list[Hit]:
    """Those of these hits that the reader may see today: posts end without a write, the index does not notice."""
    found: dict[str, list[UUID]] = {}
    for hit in hits:
        found.setdefault(hit.kind, []).append(hit.object_code)
    seen = {kind: SEEN[kind](reach, codes) for kind, codes in found.items()}
    return [hit for hit in hits if hit.object_code in seen[hit.kind]]


def county_scope(county_id: int) -> str:
    """The token of everything in a county."""
    return f"@c{county_id}"


def organisation_scope(organisation_id: int) -> str:
    """The token of everything an organisation reaches."""
    return f"@o{organisation_id}"


SQL = """
WITH matches AS MATERIALIZED (
    SELECT id FROM search_searchentry WHERE tokens @> %(tokens)s::varchar[] AND kind = ANY(%(kinds)s) LIMIT %(collect)s
), ranked AS (
    SELECT entry.*, row_number() OVER (
        PARTITION BY kind ORDER BY strpos(lower(title), %(text)s) > 0 DESC, day DESC, id DESC
    ) AS place FROM matches JOIN search_searchentry AS entry USING (id)
)
SELECT kind, object_code, title, detail, day, (SELECT count(*) FROM matches)
FROM ranked WHERE place <= %(limit)s ORDER BY array_position(%(kinds)s::varchar[], kind), place
"""


def find(reach: Reach, text: str, *, kind: str | None = None, limit: int = 50) -> Found:
    """The things under the words of `text` that the reader may see, kind by kind, up to `limit` of each: those with
    the text in their title first, then the newest. One query.
    """
    words = sorted(tokens(text))
    # Apps are known from the top layer down: schools lie below people, and both below what happens to them.
    kinds = [k for k in reversed(KINDS) if reach.may(KINDS[k]) and kind in (None, k)]
    if not words or not kinds or (reach.organisation_id is None and not reach.covers_county):
        return Found([], more=False)
    scope = county_scope(reach.county_id) if reach.covers_county else organisation_scope(reach.organisation_id or 0)
    with connection.cursor() as cursor:
        cursor.execute(SQL, {
            "tokens": [*words, scope], "kinds": kinds, "collect": COLLECT + 1, "limit": limit,
            "text": text.strip().lower().replace("\0", ""),
        })  # fmt: skip
        rows = cursor.fetchall()
    return Found([Hit(*row[:5]) for row in rows], more=bool(rows) and rows[0][5] > COLLECT)
