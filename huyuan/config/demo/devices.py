"""Alarm panels in the demo: one at every gate, most of them tested this quarter, each test announced before."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from huyuan.common.reach import system_reach
from huyuan.config.demo.roster import Roster
from huyuan.config.demo.staffing import Staff
from huyuan.config.demo.timeline import ZONE, Timeline
from huyuan.emergency.actions.panels import take_message
from huyuan.facilities.actions.announcing import announce_test
from huyuan.facilities.actions.hearing import hear_beat
from huyuan.facilities.actions.registering import register_device
from huyuan.facilities.dc09.answers import take
from huyuan.facilities.dc09.frames import read_envelope
from huyuan.facilities.dc09.panel import Panel
from huyuan.facilities.models import Device

PLACE, FIRST_ACCOUNT = "门卫值班室", 0xA101
# These report once a day; nobody plays them while the demo runs.
DAILY = 90_000
# Working days ago on which schools tested, one after the other; every fourth has not yet.
TESTED_FIRST, TESTED_LAST, NOT_YET = 12, 3, 4
AFTER_ANNOUNCING, UNTIL_PRESSED, TEST_LASTS = timedelta(minutes=30), timedelta(minutes=35), timedelta(hours=1)


def plan_devices(roster: Roster, people: Staff, timeline: Timeline, founded_at: datetime) -> None:
    """Register a panel at every school with people of its own and put its test on the timeline."""
    by, schools = system_reach(roster.county.pk), roster.schools_with_staff()
    for number, school in enumerate(schools):
        device = register_device(
            school=school, kind=Device.Kind.PANEL, place=PLACE, account=f"{FIRST_ACCOUNT + number:04X}", interval=DAILY,
            key=None, by=by, now=founded_at,
        )  # fmt: skip
        if number % NOT_YET != NOT_YET - 1:
            days_ago = TESTED_FIRST - number * (TESTED_FIRST - TESTED_LAST) // len(schools)
            at = datetime.combine(timeline.days[days_ago - 1], time(15, number % 20), ZONE)
            timeline.plan(at, Testing(device, people, timeline).announce)
        timeline.plan(datetime.combine(timeline.days[0], time(18), ZONE), partial(_beat, device))


@dataclass(frozen=True)
class Testing:
    """The test of one panel."""

    device: Device
    people: Staff
    timeline: Timeline

    def announce(self, now: datetime) -> None:
        """The school announces its test and presses in it."""
        by = self.people.reach(self.device.school_id, "safety_officer", "school_head")
        starts_at = now + AFTER_ANNOUNCING
        announce_test(
            school=self.device.school, starts_at=starts_at, ends_at=starts_at + TEST_LASTS, reason="季度试按", by=by,
            now=now,
        )  # fmt: skip
        self.timeline.plan(now + UNTIL_PRESSED, self.press)

    def press(self, now: datetime) -> None:
        """The guard presses; the panel reports it."""
        raw = Panel(self.device.account).say("NPA01", now=now).strip()
        take_message(device=self.device, message=take(read_envelope(raw), key=None, now=now), now=now)


def _beat(device: Device, now: datetime) -> None:
    hear_beat(device=device, now=now)
