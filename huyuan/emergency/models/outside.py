"""Receivers outside the product, what came in from outside, phones that may press, and what the fake gateway took."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation
from huyuan.people.models import User

GRAVEST_FIRST = Case(
    *(When(severity=said, then=Value(rank)) for rank, said in enumerate(("Extreme", "Severe", "Moderate", "Minor"))),
    default=Value(4),
)


class OfCounty(models.QuerySet["OutsideReceiver"]):
    """Receivers of a county."""

    def visible_to(self, reach: Reach) -> Self:
        """For who may set them up."""
        if not reach.may(Permission.OUTSIDE_EDIT):
            return self.none()
        return self.filter(county_id=reach.county_id)


class OutsideReceiver(models.Model):
    """A real system outside that takes alarms: only real alarms go there."""

    class Kind(models.TextChoices):
        CAP = "cap", _("CAP 1.2 webhook")
        LINE = "line", _("receiving line of 110")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="outside_receivers")
    name = models.CharField(_("name of the receiver"), max_length=60)
    kind = models.CharField(_("kind of receiver"), max_length=10, choices=Kind)
    url = models.URLField(_("address"), max_length=400)
    secret = models.CharField(_("shared secret"), max_length=600, editable=False)
    active = models.BooleanField(default=True)

    objects = OfCounty.as_manager()

    def __str__(self) -> str:
        return self.name


class CapNoticeQuerySet(models.QuerySet["CapNotice"]):
    """Notices from outside."""

    def visible_to(self, reach: Reach) -> Self:
        """Every reader of the county: weather and floods concern all."""
        return self.filter(county_id=reach.county_id)

    def in_force(self, now: datetime) -> Self:
        """Neither replaced nor withdrawn nor expired."""
        running = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(running, replaced_by=None, withdrawn_at=None, message_type__in=("Alert", "Update"))

    def shown(self, now: datetime) -> Self:
        """What stands on Today: in force, real before exercises before tests; drafts never."""
        return (
            self.in_force(now)
            .filter(status__in=("Actual", "Exercise", "Test"))
            .order_by("status", GRAVEST_FIRST, "-sent_at", "-pk")
        )


class CapNotice(models.Model):
    """A CAP 1.2 alert that came in: a weather or flood warning."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="cap_notices")
    identifier = models.CharField(max_length=200)
    sender = models.CharField(max_length=200)
    sender_name = models.CharField(max_length=200, blank=True)
    given_by = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField()
    references = models.JSONField(default=list)
    status = models.CharField(max_length=12)
    message_type = models.CharField(max_length=12)
    event = models.CharField(max_length=200, blank=True)
    headline = models.CharField(max_length=300, blank=True)
    description = models.TextField(blank=True)
    instruction = models.TextField(blank=True)
    area = models.CharField(max_length=400, blank=True)
    severity = models.CharField(max_length=12, blank=True)
    urgency = models.CharField(max_length=12, blank=True)
    certainty = models.CharField(max_length=12, blank=True)
    effective_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")
    withdrawn_at = models.DateTimeField(null=True)

    objects = CapNoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county", "sender", "identifier", "sent_at"], name="cap_notice_once")
        ]
        indexes: ClassVar = [models.Index(fields=["county", "-id"], name="cap_newest")]

    def __str__(self) -> str:
        return self.headline or self.event or self.identifier

    @property
    def is_real(self) -> bool:
        """Whether it is meant to be acted upon."""
        return self.status == "Actual"


class Own(models.QuerySet[Any]):
    """Rows of one person."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own."""
        return self.filter(user_id=reach.user_id)


class PressKey(models.Model):
    """A phone registered for pressing: its public key; the private one never leaves the phone."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="press_keys")
    name = models.CharField(max_length=80, blank=True)
    public_key = models.TextField()
    made_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = Own.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"


class PushSubscription(models.Model):
    """A browser that takes web push for a person."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=600, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    made_at = models.DateTimeField()

    objects = Own.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id}"


class FakeSendQuerySet(models.QuerySet["FakeSend"]):
    """What the fake gateway took."""

    def visible_to(self, reach: Reach) -> Self:
        """For everybody of the demo county; a real installation has none."""
        return self.filter(county_id=reach.county_id)


class FakeSend(models.Model):
    """A message that a real gateway would have sent; taken once for each page."""

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="fake_sends")
    page = models.UUIDField(unique=True)
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=400)
    text = models.TextField()
    taken_at = models.DateTimeField()

    objects = FakeSendQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.channel} {self.page}"


class HelpOfferQuerySet(models.QuerySet["HelpOffer"]):
    """Offers of volunteers."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own, and for who keeps units those of the organisations in one's charge."""
        own = Q(user_id=reach.user_id)
        if not reach.may(Permission.UNIT_READ):
            return self.filter(own)
        inside = Q(organisation__county_id=reach.county_id)
        return self.filter(own | (inside if reach.covers_county else Q(organisation_id__in=reach.subjects)))

    def standing(self) -> Self:
        """Not withdrawn."""
        return self.filter(withdrawn_at=None)


class HelpOffer(models.Model):
    """A volunteer agrees to be called to a school; one tap withdraws."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="help_offers")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="help_offers")
    offered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = HelpOfferQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(withdrawn_at=None), name="help_offered_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.organisation_id}"
