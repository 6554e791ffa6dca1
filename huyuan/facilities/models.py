"""Alarm buttons and panels, what they said, when they were tested and when they fell silent."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, School
from huyuan.people.models import User


class DeviceQuerySet(models.QuerySet["Device"]):
    """Buttons and panels of schools."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the schools in one's charge, for who may see such equipment: where it stands is security-sensitive."""
        if not reach.may(Permission.DEVICE_READ):
            return self.none()
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(school_id__in=reach.subjects)

    def active(self) -> Self:
        """In use."""
        return self.filter(retired_at=None)


class Device(models.Model):
    """An alarm button or panel of a school; panels speak SIA DC-09 under their account."""

    class Kind(models.TextChoices):
        BUTTON = "button", _("alarm button")
        PANEL = "panel", _("alarm panel")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="devices")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="devices", verbose_name=_("school"))
    kind = models.CharField(_("kind of device"), max_length=10, choices=Kind)
    place = models.CharField(_("place of the device"), max_length=80)
    account = models.CharField(_("account"), max_length=16)
    sealed_key = models.BinaryField(null=True, editable=False)
    key_id = models.CharField(max_length=20, blank=True, editable=False)
    interval = models.PositiveIntegerField(_("reports every (seconds)"), default=90)
    registered_at = models.DateTimeField()
    last_seen_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account"], condition=Q(retired_at=None), name="device_account_once"),
            models.CheckConstraint(condition=Q(interval__range=(2, 90_000)), name="device_interval"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["school", "place"], name="device_by_school"),
            models.Index(fields=["last_seen_at"], condition=Q(retired_at=None), name="device_by_last_seen"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.place}"

    def get_absolute_url(self) -> str:
        """The page of the device."""
        return reverse("facilities:device", args=[self.code])


class OfDevices(models.QuerySet[Any]):
    """Rows that belong to devices."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the devices one may see."""
        return self.filter(device__in=Device.objects.visible_to(reach))


class Signal(models.Model):
    """Something a device said that is more than a sign of life."""

    class Kind(models.TextChoices):
        ALARM = "alarm", _("alarm")
        TEST = "test", _("test signal")
        TROUBLE = "trouble", _("trouble")
        RESTORE = "restore", _("restored")
        OTHER = "other", _("other signal")

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=10, choices=Kind)
    event = models.CharField(max_length=20)
    zone = models.CharField(max_length=20, blank=True)
    sequence = models.CharField(max_length=8)
    frame = models.CharField(max_length=64)
    said_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    window = models.ForeignKey("TestWindow", on_delete=models.PROTECT, null=True, related_name="signals")

    objects = OfDevices.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "frame"], name="signal_once")]
        indexes: ClassVar = [models.Index(fields=["device", "-id"], name="signal_by_device")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.event}"


class TestWindowQuerySet(models.QuerySet["TestWindow"]):
    """Announced tests."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the schools whose devices one may see."""
        if not reach.may(Permission.DEVICE_READ):
            return self.none()
        return (
            self.filter(county_id=reach.county_id) if reach.covers_county else self.filter(school_id__in=reach.subjects)
        )

    def at(self, moment: datetime) -> Self:
        """Open at a moment."""
        return self.filter(starts_at__lte=moment, ends_at__gt=moment, withdrawn_at=None)


class TestWindow(models.Model):
    """A test of a school's buttons announced beforehand: signals are recorded, nobody is sent."""

    __test__ = False  # The name is not that of a test class.

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="test_windows")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="test_windows")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=80, blank=True)
    announced_at = models.DateTimeField()
    announced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = TestWindowQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), starts_at__gte=F("announced_at")), name="test_announced_first"
            )
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.starts_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """The page of the test."""
        return reverse("facilities:test", args=[self.code])


class Outage(models.Model):
    """A device that fell silent, from its last sign of life until it was heard again."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="outages")
    since = models.DateTimeField()
    noticed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = OfDevices.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["device"], condition=Q(ended_at=None), name="one_open_outage")
        ]

    def __str__(self) -> str:
        return f"{self.device_id} {self.since:%Y-%m-%d %H:%M}"


class Listener(models.Model):
    """A receiver of panels: since when it listens without a pause, and when it last said so."""

    name = models.CharField(max_length=120, unique=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class RefusedAccountQuerySet(models.QuerySet["RefusedAccount"]):
    """What panels were refused."""

    def visible_to(self, reach: Reach) -> Self:
        """All for the county-wide keepers, for an account nobody registered belongs to no school; else one's devices'."""
        if not reach.may(Permission.DEVICE_KEEP):
            return self.none()
        if reach.covers_county:
            others = Device.objects.active().exclude(county_id=reach.county_id)
            return self.exclude(account__in=others.values("account"))
        return self.filter(account__in=Device.objects.visible_to(reach).active().values("account"))


class RefusedAccount(models.Model):
    """Frames that were not taken: of one account and for one reason, counted."""

    class Reason(models.TextChoices):
        ACCOUNT = "account", _("account not registered")
        KEY = "key", _("another key")
        PLAIN = "plain", _("not encrypted, though it has a key")
        CLOCK = "clock", _("clock of the device is wrong")
        LABEL = "label", _("kind of message unknown")
        DATA = "data", _("content not readable")

    account = models.CharField(max_length=16)
    reason = models.CharField(max_length=10, choices=Reason)
    count = models.PositiveBigIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = RefusedAccountQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "reason"], name="refused_account_once")]

    def __str__(self) -> str:
        return f"{self.account} {self.reason}"
