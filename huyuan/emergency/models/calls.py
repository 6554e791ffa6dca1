"""Who is called to an incident, by which ways, and what the engine still has to do."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.emergency.models.alarms import Incident, OfIncidents
from huyuan.emergency.models.outside import OutsideReceiver
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import Organisation
from huyuan.people.models import User


class Tier(models.Model):
    """The people who must be on the spot by a minute: a quorum of arrivals, never of acknowledgements."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="tiers")
    minute = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    reached_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)

    objects = OfIncidents.as_manager()

    class Meta:
        ordering: ClassVar = ["minute"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "minute"], name="tier_once"),
            models.CheckConstraint(condition=Q(minute__in=[1, 3, 5]), name="tier_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} · {self.minute}"


class CallQuerySet(models.QuerySet["Call"]):
    """Calls to people and duty lines."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own, and those of the incidents one may see."""
        return self.filter(Q(user_id=reach.user_id) | Q(incident__in=Incident.objects.visible_to(reach)))

    def arrived(self) -> Self:
        """On the spot and counted."""
        return self.filter(counts=True, arrived_at__isnull=False)


class Call(models.Model):
    """Somebody, or the landline of a duty desk, called to an incident: seen, on the way, arrived."""

    class Part(models.TextChoices):
        UNIT = "unit", _("emergency unit")
        POLICE = "police", _("police")
        DUTY_LINE = "duty_line", _("station's duty phone")
        NEIGHBOUR = "neighbour", _("neighbouring school")
        VOLUNTEER = "volunteer", _("volunteer")
        COMMAND = "command", _("command centre")
        COMMAND_LINE = "command_line", _("command centre's duty phone")
        PATROL = "patrol", _("patrol")
        UNCALLED = "uncalled", _("came without being called")

    class Arrival(models.TextChoices):
        TAP = "tap", _("said so")
        FENCE = "fence", _("by position")
        COLLEAGUE = "colleague", _("confirmed by a colleague")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="calls")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, related_name="calls")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="calls")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="calls")
    part = models.CharField(max_length=20, choices=Part)
    landline = models.CharField(max_length=20, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    counts = models.BooleanField(default=True)
    distance = models.PositiveIntegerField(null=True)
    predicted_seconds = models.PositiveIntegerField(null=True)
    called_at = models.DateTimeField(null=True)
    silent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    on_way_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_how = models.CharField(max_length=10, choices=Arrival, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    declined_at = models.DateTimeField(null=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["incident", "user"], name="called_once"),
            models.UniqueConstraint(
                fields=["incident", "organisation", "landline"], condition=Q(user=None), name="line_called_once"
            ),
            models.CheckConstraint(condition=Q(user__isnull=False) | ~Q(landline=""), name="call_reaches_something"),
            models.CheckConstraint(
                condition=Q(arrived_at=None, arrived_how="") | Q(arrived_at__isnull=False) & ~Q(arrived_how=""),
                name="arrival_pair",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="call_by_user")]

    def __str__(self) -> str:
        return f"{self.incident_id} → {self.user_id or self.landline}"


class PageQuerySet(OfIncidents):
    """Messages about an alarm."""

    def due(self, now: datetime) -> Self:
        """Waiting, or claimed by an engine whose lease ran out."""
        return self.filter(
            Q(status=Page.Status.WAITING, next_at__lte=now) | Q(status=Page.Status.CLAIMED, lease_until__lte=now)
        )


class Page(models.Model):
    """One message on one way to one receiver. Its code follows from what it is, so that a repetition is recognised."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being sent")
        ACCEPTED = "accepted", _("accepted")
        FAILED = "failed", _("failed")

    class Channel(models.TextChoices):
        SCREEN = "screen", _("screen")
        SMS = "sms", _("text message")
        VOICE = "voice", _("voice call")
        BOT = "bot", _("group robot")
        PUSH = "push", _("web push")
        OUTSIDE = "outside", _("outside receiver")

    code = models.UUIDField(primary_key=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="pages")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="pages")
    receiver = models.ForeignKey(OutsideReceiver, on_delete=models.PROTECT, null=True, related_name="pages")
    sign = models.CharField(max_length=10, choices=Sign)
    channel = models.CharField(max_length=10, choices=Channel)
    round = models.PositiveSmallIntegerField(default=1)
    address = models.CharField(max_length=400, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    accepted_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(channel="outside") | Q(sign="real"), name="only_real_leaves"),
            models.CheckConstraint(
                condition=Q(channel="outside", receiver__isnull=False) | ~Q(channel="outside") & Q(receiver=None),
                name="outside_has_receiver",
            ),
            models.CheckConstraint(
                condition=Q(status="accepted", accepted_at__isnull=False) | ~Q(status="accepted") & Q(accepted_at=None),
                name="accepted_pair",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(status__in=["waiting", "claimed"]), name="page_due"),
            models.Index(fields=["address", "accepted_at"], condition=Q(channel="bot"), name="page_to_robot"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.status}"


class StepQuerySet(OfIncidents):
    """What the engine has to do at a moment."""

    def due(self, now: datetime) -> Self:
        """At its time, not done, and not claimed by an engine that lives."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lte=now), done_at=None, due_at__lte=now)


class Step(models.Model):
    """One thing due at one moment of an incident; done once, by whichever engine claims it.

    Of what is due the more urgent is done first, whatever has waited longer: real alarms before exercises and tests,
    and in each to call everybody before following who stays silent.
    """

    class Kind(models.TextChoices):
        CALL = "call", _("call everybody")
        FOLLOW = "follow", _("call the next person")
        JUDGE = "judge", _("judge the tier")
        LAY_OUT = "lay_out", _("lay out the plan")

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=40, blank=True)
    urgency = models.PositiveSmallIntegerField(db_default=1)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=80, blank=True)
    attempts = models.PositiveIntegerField(default=0)

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["incident", "kind", "subject"], name="step_once")]
        indexes: ClassVar = [
            models.Index(fields=["urgency", "due_at", "id"], condition=Q(done_at=None), name="step_due")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind} {self.subject}"

    @classmethod
    def of(cls, incident: Incident, kind: Kind, due_at: datetime, subject: str = "") -> Self:
        """A step of an incident, not saved, as urgent as its kind and the incident's sign make it; 0 is the most urgent."""
        urgency = URGENCY[kind] if incident.sign == Sign.REAL else URGENCY[kind] + len(URGENCY)
        return cls(incident=incident, kind=kind, subject=subject, urgency=urgency, due_at=due_at)


URGENCY = {Step.Kind.CALL: 0, Step.Kind.FOLLOW: 1, Step.Kind.JUDGE: 1, Step.Kind.LAY_OUT: 2}


class LogEntry(models.Model):
    """One act of a person or of the engine, in the order of the database; never changed."""

    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="log")
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    process = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    words = models.TextField(blank=True)

    objects = OfIncidents.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["incident", "id"], name="log_in_order")]

    def __str__(self) -> str:
        return f"{self.at:%H:%M:%S} {self.kind}"
