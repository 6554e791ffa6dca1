"""Writing the audit: rows in the transaction of the act, refusals in one of their own, seals by one sealer."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction

from huyuan.audit.chain import GENESIS, digest_value, link
from huyuan.audit.models import AuditRow, AuditSeal
from huyuan.audit.queries import last_seal, unsealed_rows
from huyuan.common.copying import copy_rows
from huyuan.common.reach import Reach

SEALER_LOCK = 715_135
BATCH = 5_000

digest = digest_value


def record(kind: str, *, target: models.Model, by: Reach, now: datetime, **details: Any) -> AuditRow:
    """Write one row about `target`; call it inside the transaction of the act."""
    row = _row(kind, *_named(target), by, now, **details)
    row.save()
    return row


def record_all(kind: str, *, targets: Iterable[models.Model], by: Reach, now: datetime) -> None:
    """Write one row about each target, in few statements: for imports of thousands."""
    names = ["at", "county_id", "actor_id", "post_id", "kind", "target_type", "target_code", "details"]
    who = (now, by.county_id, by.user_id, by.post_id, kind)
    copy_rows(AuditRow, names, ((*who, *_named(target), "{}") for target in targets))


def record_export(ledger: str, columns: str, *, by: Reach, now: datetime) -> None:
    """Write that a ledger left the product as a workbook."""
    _row("ledger:export", "ledger", ledger, by, now, columns=columns).save()


def record_refusal(*, path: str, refusal: str, by: Reach, now: datetime) -> None:
    """Write that a rule said no, after the refused transaction has been rolled back."""
    with transaction.atomic():
        _row(f"request:{refusal}", "address", digest_value(path), by, now).save()


def record_stranger(kind: str, *, now: datetime) -> None:
    """Write that somebody unknown tried something; what they typed may be a password, so nothing of it is kept."""
    AuditRow.objects.create(at=now, kind=kind, target_type="stranger", target_code="")


def seal(*, now: datetime, floor: int = 0) -> tuple[int, int]:
    """Chain the committed rows that are not chained yet; one sealer at a time.

    `floor` is the oldest transaction that was still open when the last pass began: rows older than it are chained
    already. Returns how many rows were chained and the floor for the next pass.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s), pg_snapshot_xmin(now)::text, pg_snapshot_xmax(now)::text"
            " FROM pg_current_snapshot() AS now",
            [SEALER_LOCK],
        )
        locked, oldest_open, next_to_come = cursor.fetchone()
        if not locked:
            return 0, floor
        head = last_seal()
        sequence, previous = (head.sequence, head.digest) if head else (0, GENESIS)
        seals = []
        for row in unsealed_rows(floor, int(next_to_come))[:BATCH]:
            sequence += 1
            previous = link(previous, sequence, row, now)
            seals.append(AuditSeal(sequence=sequence, row_id=row.pk, digest=previous, sealed_at=now))
        AuditSeal.objects.bulk_create(seals)
    return len(seals), (floor if len(seals) == BATCH else int(oldest_open))


def write_head(*, now: datetime) -> AuditSeal | None:
    """Append the chain's head to a file outside the database, so that a cut tail shows."""
    head = last_seal()
    if head is None:
        return None
    settings.AUDIT_HEADS.parent.mkdir(parents=True, exist_ok=True)
    with settings.AUDIT_HEADS.open("a") as file:
        file.write(head_line(head, now))
    return head


def head_line(head: AuditSeal, at: datetime) -> str:
    """A head as one line of JSON, for a file outside the database or another agency."""
    said = {"at": at.isoformat(), "sequence": head.sequence, "row": head.row_id, "digest": head.digest}
    return json.dumps(said) + "\n"


def _named(target: models.Model) -> tuple[str, str]:
    return target._meta.label_lower, str(getattr(target, "code", target.pk))


def _row(kind: str, target_type: str, target_code: str, by: Reach, now: datetime, /, **details: Any) -> AuditRow:
    return AuditRow(
        at=now, county_id=by.county_id, actor_id=by.user_id, post_id=by.post_id, kind=kind, target_type=target_type,
        target_code=target_code, details=details,
    )  # fmt: skip
