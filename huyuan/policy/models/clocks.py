"""Clocks: a due date that knows working days, pauses with a reason and extensions somebody granted."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """Whether a period counts every day or only working days."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


class Clocked(models.Model):
    """A thing with a due date. While paused it is never overdue; resuming moves the date by the days paused."""

    due_date = models.DateField(_("due"), null=True, blank=True)
    due_kind = models.CharField(_("counted in"), max_length=10, choices=DayKind, default=DayKind.CALENDAR)
    paused_on = models.DateField(_("paused on"), null=True, blank=True)
    pause_reason = models.CharField(_("reason of the pause"), max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(paused_on=None, pause_reason="") | Q(paused_on__isnull=False) & ~Q(pause_reason=""),
                name="%(app_label)s_%(class)s_pause_has_reason",
            )
        ]
