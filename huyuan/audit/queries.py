"""Reading the audit: what waits for its seal, whether the chain holds."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Exists, Model, OuterRef, QuerySet

from huyuan.audit.chain import GENESIS, Link, link
from huyuan.audit.files import UnreadableLine
from huyuan.audit.models import AuditRow, AuditSeal

BATCH = 2_000


@dataclass(frozen=True)
class Verdict:
    """What verifying found: how many links hold, and the first bad one with its reason, if any."""

    links: int
    bad_row: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Head:
    """A chain head as another place wrote it down."""

    sequence: int
    digest: str
    row: int | None


def last_seal() -> AuditSeal | None:
    """The newest link of the chain."""
    return AuditSeal.objects.order_by("-sequence").first()


def unsealed_rows(floor: int, ceiling: int) -> QuerySet[AuditRow]:
    """Committed rows without a seal, of transactions from `floor` to before `ceiling`, in the order of their numbers.

    Without a floor every row is looked at: rows of a restored database carry the numbers of its former life, which
    may be larger than any to come.
    """
    sealed = AuditSeal.objects.filter(row_id=OuterRef("pk"))
    rows = AuditRow.objects.filter(~Exists(sealed)).order_by("pk")
    return rows.filter(transaction_id__gte=floor, transaction_id__lt=ceiling) if floor else rows


def kinds_written(targets: Iterable[Model]) -> dict[str, set[str]]:
    """The kinds of rows about each of these things of one model, under their codes. One query."""
    codes = {str(getattr(target, "code", target.pk)): target._meta.label_lower for target in targets}
    rows = AuditRow.objects.filter(target_type__in=set(codes.values()), target_code__in=codes)
    kinds: dict[str, set[str]] = {code: set() for code in codes}
    for code, kind in rows.values_list("target_code", "kind"):
        kinds[code].add(kind)
    return kinds


def read_heads(path: Path) -> Iterator[Head]:
    """The heads in a file of one JSON object a line; a last line that a crash cut short is no head."""
    if path.exists():
        for line in path.read_text().splitlines(keepends=True):
            if line.endswith(("\n", "}")):
                entry = json.loads(line)
                yield Head(entry["sequence"], entry["digest"], entry.get("row"))


def chain() -> Iterator[Link]:
    """Every link of the chain in its order, a few thousand at a time."""
    last = 0
    while seals := list(AuditSeal.objects.filter(sequence__gt=last).order_by("sequence")[:BATCH]):
        rows = AuditRow.objects.in_bulk([seal.row_id for seal in seals])
        for seal in seals:
            yield Link(seal.sequence, seal.row_id, seal.digest, seal.sealed_at, rows.get(seal.row_id))
        last = seals[-1].sequence


def verify(*head_files: Path, links: Iterable[Link] | None = None) -> Verdict:
    """Walk the whole chain, ours or one read from a file, and hold it against heads written elsewhere."""
    heads: dict[int, set[Head]] = {}
    for path in head_files:
        for head in read_heads(path):
            heads.setdefault(head.sequence, set()).add(head)
    previous, count = GENESIS, 0
    try:
        for one in chain() if links is None else links:
            reason = _fault(one, count + 1, previous, heads.pop(count + 1, set()))
            if reason:
                return Verdict(count, one.row_id, reason)
            previous, count = one.digest, count + 1
    except UnreadableLine as unreadable:
        return Verdict(count, None, str(unreadable))
    if heads:
        missing = min(heads)
        lost = next((head.row for head in heads[missing] if head.row), None)
        return Verdict(count, lost, f"the chain ends at {count}, but a head written outside names link {missing}")
    return Verdict(count)


def _fault(one: Link, place: int, previous: str, heads: set[Head]) -> str:
    """What is wrong with the link that stands at a place, after the digest before it."""
    if one.sequence != place:
        return f"link {place} of the chain is missing"
    if one.row is None:
        return "the row was deleted after it was sealed"
    if link(previous, place, one.row, one.sealed_at) != one.digest:
        return "the row or its seal was changed after it was sealed"
    if any(head.digest != one.digest for head in heads):
        return "the chain differs from a head written outside the database"
    return ""
