"""Reading the audit: what waits for its seal, whether the chain holds."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Exists, OuterRef, QuerySet

from huyuan.audit.chain import GENESIS, link
from huyuan.audit.models import AuditRow, AuditSeal


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


def read_heads(path: Path) -> Iterator[Head]:
    """The heads in a file of one JSON object a line; a last line that a crash cut short is no head."""
    if path.exists():
        for line in path.read_text().splitlines(keepends=True):
            if line.endswith(("\n", "}")):
                entry = json.loads(line)
                yield Head(entry["sequence"], entry["digest"], entry.get("row"))


def verify(*head_files: Path) -> Verdict:
    """Walk the whole chain and hold it against the heads written outside the database."""
    heads: dict[int, set[Head]] = {}
    for path in head_files:
        for head in read_heads(path):
            heads.setdefault(head.sequence, set()).add(head)
    previous, expected = GENESIS, 0
    for seals in _batches():
        rows = AuditRow.objects.in_bulk([seal.row_id for seal in seals])
        for seal in seals:
            expected += 1
            if seal.sequence != expected:
                return Verdict(expected - 1, seal.row_id, f"link {expected} of the chain is missing")
            row = rows.get(seal.row_id)
            if row is None:
                return Verdict(expected - 1, seal.row_id, "the row was deleted after it was sealed")
            previous = link(previous, expected, row, seal.sealed_at)
            if previous != seal.digest:
                return Verdict(expected - 1, seal.row_id, "the row or its seal was changed after it was sealed")
            if any(head.digest != previous for head in heads.pop(expected, ())):
                return Verdict(expected - 1, seal.row_id, "the chain differs from a head written outside the database")
    if heads:
        missing = min(heads)
        lost = next((head.row for head in heads[missing] if head.row), None)
        return Verdict(expected, lost, f"the chain ends at {expected}, but a head written outside names link {missing}")
    return Verdict(expected)


def _batches(size: int = 2_000) -> Iterator[list[AuditSeal]]:
    last = 0
    while batch := list(AuditSeal.objects.filter(sequence__gt=last).order_by("sequence")[:size]):
        yield batch
        last = batch[-1].sequence
