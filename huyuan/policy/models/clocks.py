"""Clocks: a due date that knows working days, pauses with a reason and extensions somebody granted."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DayKind(models.TextChoices):
    """Whether a period counts every day or only working days."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


class Clocked(models.Model):
    """A thing with a due date. While paused it is never overdue; resuming moves the date by the days paused.

    A pause has an open end (`paused_on`), or a stated one (`paused_until`, the day on which the clock runs again by
    itself). The end being known, the due date is moved at once, so that what compares dates needs to know of no pause.
    """

    due_date = models.DateField(_("due"), null=True, blank=True)
    due_kind = models.CharField(_("counted in"), max_length=10, choices=DayKind, default=DayKind.CALENDAR)
    paused_on = models.DateField(_("paused on"), null=True, blank=True)
    pause_reason = models.CharField(_("reason of the pause"), max_length=200, blank=True)
    paused_until = models.DateField(_("paused until"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(paused_on=None, pause_reason="") | Q(paused_on__isnull=False) & ~Q(pause_reason=""),
                name="%(app_label)s_%(class)s_pause_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(paused_until=None) | Q(paused_on=None, due_date__gte=F("paused_until")),
                name="%(app_label)s_%(class)s_pause_ends_in_time",
            ),
        ]

    def is_paused(self, today: date) -> bool:
        """Whether the clock stands still on a day."""
        return self.paused_on is not None or (self.paused_until is not None and today < self.paused_until)
