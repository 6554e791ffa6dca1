"""Questions about alarm devices."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from huyuan.common.reach import Reach
from huyuan.facilities.models import Device, Outage, RefusedAccount, Signal, TestWindow
from huyuan.organisations.models import School

SHOWN = 30
# What a person set off to test: an alarm or test within an announced test, or a test by hand. Tests that a panel sends by
# its own clock press no button.
BY_HAND = ("RX", "TX")
PRESSED = Q(window__isnull=False, kind__in=[Signal.Kind.ALARM, Signal.Kind.TEST]) | Q(
    kind=Signal.Kind.TEST, event__in=BY_HAND
)


def pressed_tests(first: datetime, after: datetime) -> QuerySet[Signal]:
    """The signals that prove that a button was tested, from one moment to before another."""
    return Signal.objects.filter(PRESSED, received_at__gte=first, received_at__lt=after)


def quarter_of(today: date) -> tuple[date, date]:
    """The first and the last day of the quarter."""
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def untested(devices: QuerySet[Device], first: datetime, after: datetime) -> QuerySet[Device]:
    """Of these devices those in use that nobody tested in a time."""
    tests = pressed_tests(first, after).filter(device=OuterRef("pk"))
    return devices.filter(~Exists(tests), retired_at=None, registered_at__lt=after)


@dataclass(frozen=True)
class DeviceStory:
    """Everything a device's page shows beside its own fields."""

    signals: list[Signal]
    outages: list[Outage]
    windows: list[TestWindow]
    refused: list[RefusedAccount]


def story_of(reach: Reach, device: Device) -> DeviceStory:
    """What a device said, when it was silent, which tests were announced, and what was not taken from its account."""
    return DeviceStory(
        signals=list(device.signals.select_related("window").order_by("-pk")[:SHOWN]),
        outages=list(device.outages.order_by("-pk")[:SHOWN]),
        windows=list(TestWindow.objects.filter(school_id=device.school_id).order_by("-starts_at")[:5]),
        refused=list(RefusedAccount.objects.visible_to(reach).filter(account=device.account).order_by("-last_at")),
    )


def next_test(school: School, now: datetime) -> TestWindow | None:
    """The test that runs or is announced next."""
    windows = TestWindow.objects.filter(school=school, withdrawn_at=None, ends_at__gt=now)
    return windows.order_by("starts_at").first()
