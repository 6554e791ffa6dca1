"""What is done in an incident: tasks, confirmations, statements, command, and the review after it."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huyuan.emergency.models.alarms import Incident, OfIncidents
from huyuan.inspections.models import Hazard
from huyuan.organisations.models import Organisation
from huyuan.people.models import User


class RoleTask(models.Model):
    """One line of a role card of the frozen plan, to be ticked off."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tasks")
    part = models.CharField(max_length=20)
    minute = models.PositiveSmallIntegerField()
    text = models.JSONField(default=dict)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfIncidents.as_manager()

    class Meta:
        ordering: ClassVar = ["minute", "pk"]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.part}"


class Confirmation(models.Model):
    """A class says that it is locked in, or how many are here; the last one said counts."""

    class Kind(models.TextChoices):
        LOCKDOWN = "lockdown", _("door locked")
        HEADCOUNT = "headcount", _("head count")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="confirmations")
    kind = models.CharField(max_length=10, choices=Kind)
    group = models.CharField(_("class"), max_length=40)
    present = models.PositiveIntegerField(_("present"), null=True)
    expected = models.PositiveIntegerField(_("expected"), null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = OfIncidents.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.group} {self.kind}"


class Statement(models.Model):
    """A notice to parents or a line of the spokesperson: a draft until a named person releases it."""

    class Kind(models.TextChoices):
        PARENTS = "parents", _("notice to parents")
        PRESS = "press", _("spokesperson's line")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(_("text"))
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = OfIncidents.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None)
                | Q(released_at__isnull=False, released_by__isnull=False),
                name="statement_released_pair",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind}"


class HandOverOfCommand(models.Model):
    """Command of an incident went from one organisation to another."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="hand_overs")
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    situation = models.TextField(_("situation"), blank=True)

    objects = OfIncidents.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.incident_id} → {self.to_organisation_id}"


class Review(models.Model):
    """The look back at an incident: predicted against measured, what went well, what is to change."""

    incident = models.OneToOneField(Incident, on_delete=models.PROTECT, related_name="review")
    went_well = models.TextField(_("what went well"), blank=True)
    to_change = models.TextField(_("what is to change"), blank=True)
    measured = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = OfIncidents.as_manager()

    def __str__(self) -> str:
        return f"{self.incident_id}"


class Finding(models.Model):
    """Something a review found; it becomes a hazard of the school or a task with a day."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="findings")
    text = models.CharField(_("finding"), max_length=300)
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, null=True, related_name="findings")
    task_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    task_due = models.DateField(_("due date"), null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    found_at = models.DateTimeField()
    found_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = OfIncidents.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.text
