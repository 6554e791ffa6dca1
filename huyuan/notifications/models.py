"""Messages to people and their deliveries: an outbox in the transaction of the act."""

import uuid
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation
from huyuan.people.models import User


class MessageQuerySet(models.QuerySet["Message"]):
    """Messages in inboxes."""

    def visible_to(self, reach: Reach) -> Self:
        """Only one's own."""
        return self.filter(recipient_id=reach.user_id)

    def unread(self) -> Self:
        """Not opened yet."""
        return self.filter(read_at=None)


class Message(models.Model):
    """One thing one person is told. The sentence is made when read, in the reader's language, from kind and facts."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="messages")
    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="inbox_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class ChannelQuerySet(models.QuerySet["Channel"]):
    """Ways out of the product."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of one's own organisation, for who may change them."""
        if not reach.may(Permission.CHANNEL_EDIT):
            return self.none()
        return self.filter(organisation_id=reach.organisation_id)


class Channel(models.Model):
    """A group robot of an organisation (WeCom, DingTalk, Feishu …), as an Apprise address."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(_("name"), max_length=60)
    address = models.CharField(_("address"), max_length=400, help_text="wecombot://… dingtalk://… feishu://…")
    active = models.BooleanField(_("active"), default=True)

    objects = ChannelQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Sends to be made."""

    def visible_to(self, reach: Reach) -> Self:
        """The deliveries of one's own messages."""
        return self.filter(message__recipient_id=reach.user_id)

    def due(self, now: datetime) -> Self:
        """Waiting, or claimed by somebody whose lease ran out."""
        return self.filter(
            Q(status=Delivery.Status.WAITING, next_at__lte=now)
            | Q(status=Delivery.Status.CLAIMED, lease_until__lte=now)
        )


class Delivery(models.Model):
    """One message on one way out. Claimed by a conditional update with a lease; always ends sent or given up."""

    class Way(models.TextChoices):
        EMAIL = "email", _("e-mail")
        GROUP = "group", _("group robot")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("sent")
        GIVEN_UP = "given_up", _("given up")

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=10, choices=Way)
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, related_name="deliveries")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], condition=Q(status__in=["waiting", "claimed"]), name="delivery_due")
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.status}"
