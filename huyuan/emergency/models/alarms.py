"""A press, and the incident it opens."""

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.common.states import Stateful
from huyuan.emergency.policies import AlarmClass, FrozenPolicy
from huyuan.emergency.signs import Sign
from huyuan.facilities.models import Device, TestWindow
from huyuan.organisations.models import County, Organisation, School
from huyuan.people.models import User


def in_charge(reach: Reach, permission: Permission) -> Q:
    """Rows of the schools in one's charge, for who holds the right."""
    if not reach.may(permission):
        return Q(pk__in=[])
    return Q(county_id=reach.county_id) if reach.covers_county else Q(school_id__in=reach.subjects)


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Incidents at schools."""

    def visible_to(self, reach: Reach) -> Self:
        """Those at the schools in one's charge, and those one was called to or pressed for."""
        mine = Q(pk__in=[])
        if reach.user_id is not None:
            involved = Q(calls__user_id=reach.user_id) | Q(presses__pressed_by_id=reach.user_id)
            mine = Q(pk__in=Incident.objects.filter(involved, county_id=reach.county_id).values("pk"))
        return self.filter(in_charge(reach, Permission.INCIDENT_READ) | mine)

    def open(self) -> Self:
        """Not cleared yet."""
        return self.filter(status=Incident.Status.OPEN)

    def real(self) -> Self:
        """No exercise, no test."""
        return self.filter(sign=Sign.REAL)


class Incident(Stateful):
    """What one alarm has set going, with the plan and the policy as they stood at the press."""

    class Status(models.TextChoices):
        OPEN = "open", _("running")
        CLEARED = "cleared", _("all-clear given")
        REVIEWED = "reviewed", _("reviewed")

    class Outcome(models.TextChoices):
        HANDLED = "handled", _("dealt with")
        FALSE_ALARM = "false_alarm", _("false alarm")
        WITHDRAWN = "withdrawn", _("withdrawn by who pressed")
        EXERCISE_OVER = "exercise_over", _("exercise or test over")

    TRANSITIONS: ClassVar = {
        Status.OPEN: frozenset({Status.CLEARED}),
        Status.CLEARED: frozenset({Status.REVIEWED}),
        Status.REVIEWED: frozenset(),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="incidents")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="incidents")
    sign = models.CharField(_("sign"), max_length=10, choices=Sign)
    alarm_class = models.CharField(_("alarm class"), max_length=20)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    opened_at = models.DateTimeField(_("pressed at"))
    place = models.CharField(_("where"), max_length=80, blank=True)
    plan = models.JSONField(default=dict)
    policy = models.JSONField(default=dict)
    command = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    line_accepted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="open", cleared_at=None) | ~Q(status="open") & Q(cleared_at__isnull=False),
                name="incident_cleared_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county", "-id"], name="incident_newest"),
            models.Index(fields=["county", "sign"], condition=Q(status="open"), name="incident_open"),
            models.Index(fields=["school", "-id"], name="incident_by_school"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.opened_at:%Y-%m-%d %H:%M:%S}"

    def get_absolute_url(self) -> str:
        """The incident room."""
        return reverse("emergency:incident", args=[self.code])

    @property
    def rules(self) -> FrozenPolicy:
        """The policy as it stood at the press."""
        return FrozenPolicy.model_validate(self.policy)

    @property
    def alarm(self) -> AlarmClass:
        """The class of the alarm as it stood at the press."""
        return self.rules.alarm_class


class PressQuerySet(models.QuerySet["Press"]):
    """Presses."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own, and those at the schools in one's charge."""
        own = Q(pressed_by_id=reach.user_id, county_id=reach.county_id)
        return self.filter(own | in_charge(reach, Permission.INCIDENT_READ))


class Press(models.Model):
    """One signal from a person or a panel. Its code was chosen by the phone and makes every repetition harmless."""

    class Source(models.TextChoices):
        PHONE = "phone", _("phone")
        DESK = "desk", _("desk")
        API = "api", _("another system")
        PANEL = "panel", _("alarm panel")

    code = models.UUIDField(unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="presses")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="presses")
    sign = models.CharField(max_length=10, choices=Sign)
    alarm_class = models.CharField(max_length=20)
    source = models.CharField(max_length=10, choices=Source)
    pressed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="presses")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, related_name="presses")
    claimed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, null=True, related_name="presses")
    window = models.ForeignKey(TestWindow, on_delete=models.PROTECT, null=True, related_name="presses")
    remarks = models.JSONField(default=list)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    cancel_reason = models.CharField(_("reason"), max_length=120, blank=True)

    objects = PressQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pressed_by__isnull=False) | Q(device__isnull=False), name="press_from_somewhere"
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=False) | Q(window__isnull=False), name="press_never_nothing"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["school", "-id"], name="press_by_school")]

    def __str__(self) -> str:
        return f"{self.school_id} {self.source} {self.received_at:%Y-%m-%d %H:%M:%S}"


class OfIncidents(models.QuerySet[Any]):
    """Rows that belong to incidents."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the incidents one may see."""
        return self.filter(incident__in=Incident.objects.visible_to(reach))
