"""Warnings from outside: read strictly, kept once, and what they replace or end marked so."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import Q

from huyuan.audit import actions as audit
from huyuan.common.reach import Reach
from huyuan.emergency.cap.alert import Alert, Info, Reference
from huyuan.emergency.cap.chains import State, resolve
from huyuan.emergency.cap.problems import CapProblem
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.shapes import references as read_references
from huyuan.emergency.cap_words import refusal_of
from huyuan.emergency.models import CapNotice
from huyuan.emergency.permissions import check_can_take_notice

# Messages of one county come one after another, so that none misses what it replaces.
NOTICE_LOCK = 360_114
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept notice as the resolver sees it."""

    row: CapNotice
    reference: Reference
    kind: str
    status: str
    references: tuple[Reference, ...]
    ends_at: datetime


@transaction.atomic
def take_notice(*, raw: bytes, by: Reach, now: datetime) -> CapNotice:
    """Keep a message of CAP 1.2; one that is known already changes nothing."""
    check_can_take_notice(by)
    try:
        alert = read_alert(raw)
    except CapProblem as problem:
        raise refusal_of(problem) from problem
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NOTICE_LOCK, by.county_id])
    same = {"county_id": by.county_id, "sender": alert.sender, "identifier": alert.identifier, "sent_at": alert.sent}
    known = CapNotice.objects.filter(**same).first()
    if known is not None:
        return known
    notice = CapNotice.objects.create(**same, **_facts(alert), given_by_id=by.organisation_id, received_at=now)
    _link(notice, now)
    audit.record("notice:take", target=notice, by=by, now=now, status=notice.status, type=notice.message_type)
    return notice


def _facts(alert: Alert) -> dict[str, object]:
    info = _chosen(alert)
    said = {
        "status": alert.status, "message_type": alert.kind, "expires_at": alert.ends_at,
        "references": [_name(one) for one in alert.references],
    }  # fmt: skip
    if info is None:
        return said | {"description": alert.note[:LONGEST]}
    area = "、".join(dict.fromkeys(one.description for one in info.areas))
    return said | {
        "event": info.event[:200], "headline": info.headline[:300], "description": info.description[:LONGEST],
        "instruction": info.instruction[:LONGEST], "area": area[:400], "severity": info.severity, "urgency": info.urgency,
        "certainty": info.certainty, "effective_at": info.effective or info.onset or alert.sent,
        "sender_name": info.sender_name[:200],
    }  # fmt: skip


def _chosen(alert: Alert) -> Info | None:
    """What the message says in Chinese, else in its first language."""
    chinese = [info for info in alert.infos if info.language.lower().startswith("zh")]
    return next(iter([*chinese, *alert.infos]), None)


def _name(reference: Reference) -> str:
    """A reference in one form, whatever offset it was written with."""
    return str(Reference(reference.sender, reference.identifier, reference.sent.astimezone(UTC)))


def _kept(row: CapNotice) -> Kept:
    references = read_references(" ".join(row.references))
    reference = Reference(row.sender, row.identifier, row.sent_at)
    return Kept(row, reference, row.message_type, row.status, references, row.expires_at or row.sent_at)


def _link(notice: CapNotice, now: datetime) -> None:
    """Mark what the new message replaces or ends, and whether a message that came before it does so to it."""
    mine = _kept(notice)
    named = Q(identifier__in=[one.identifier for one in mine.references])
    naming = Q(references__contains=[_name(mine.reference)])
    others = CapNotice.objects.filter(named | naming, county=notice.county_id, sender=notice.sender).exclude(
        pk=notice.pk
    )
    kept = {one.reference: one for one in (mine, *map(_kept, others))}
    for reference, verdict in resolve(kept.values(), now).items():
        row = kept[reference].row
        if verdict.by is None or row.replaced_by_id is not None:
            continue
        row.replaced_by = kept[verdict.by].row
        row.withdrawn_at = row.replaced_by.sent_at if verdict.state is State.CANCELLED else None
        row.save(update_fields=["replaced_by", "withdrawn_at"])
