"""The chain over audit rows: canonical form, digest, keyed digests of values."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from django.conf import settings

from huyuan.audit.models import AuditRow
from huyuan.common.keys import read_or_make_key

GENESIS = "0" * 64


@dataclass(frozen=True)
class Link:
    """One link with the row it seals; without a row, that was deleted."""

    sequence: int
    row_id: int
    digest: str
    sealed_at: datetime
    row: AuditRow | None


@cache
def audit_key() -> bytes:
    """The key that digests are made with; it lives outside the database."""
    return read_or_make_key(settings.AUDIT_KEY_FILE)


def digest_value(value: str) -> str:
    """A keyed digest of a value, so that a row can prove what was written without holding it."""
    return hmac.new(audit_key(), value.encode(), hashlib.sha256).hexdigest()[:32]


def link(previous: str, sequence: int, row: AuditRow, sealed_at: datetime) -> str:
    """The digest of a row at its place in the chain; every column of the row and of its seal counts."""
    canonical = json.dumps(
        [
            sequence, row.pk, row.at.astimezone(UTC).isoformat(), row.county_id, row.actor_id, row.post_id, row.kind,
            row.target_type, row.target_code, row.details, row.transaction_id,
            sealed_at.astimezone(UTC).isoformat(),
        ],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(f"{previous}{canonical}".encode()).hexdigest()
