"""What a device's records mean for duties, judged in their transaction."""

from datetime import datetime

from django.utils import timezone

from huyuan.facilities.models import Device
from huyuan.policy.judging import touch

MEASURES = ("facilities.button_tests",)


def devices_changed(device: Device, now: datetime) -> None:
    """Judge anew what the tests and the number of a school's devices decide."""
    touch(county=device.county, measures=MEASURES, organisations=[device.school_id], on=timezone.localdate(now))
