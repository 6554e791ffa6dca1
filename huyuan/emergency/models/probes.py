"""Test alarms of the watchdog, from end to end through an engine."""

from typing import ClassVar

from django.db import models


class Probe(models.Model):
    """One test alarm: asked by the watchdog, answered by an engine; kept for a day."""

    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["asked_at"], name="probe_by_time")]

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M:%S}"
