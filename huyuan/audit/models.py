"""Append-only rows and their chain. No foreign keys: a row outlives what it speaks of."""

from typing import ClassVar

from django.db import models


class AuditRow(models.Model):
    """One act, written in the transaction of the act. Codes and keyed digests only, never free text."""

    at = models.DateTimeField()
    county_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_code = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    transaction_id = models.BigIntegerField(
        db_default=models.expressions.RawSQL("(pg_current_xact_id()::text::bigint)", ()),
        editable=False,
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["transaction_id"], name="audit_transaction"),
            models.Index(fields=["target_type", "target_code"], name="audit_target"),
            models.Index(fields=["county_id", "-id"], name="audit_county"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_type}:{self.target_code}"


class AuditSeal(models.Model):
    """One link of the chain: the row at this place and the digest of it together with the digest before."""

    sequence = models.BigIntegerField(primary_key=True)
    row_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sequence}: {self.digest[:12]}"
