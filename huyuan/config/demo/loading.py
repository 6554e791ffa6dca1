"""Loading the demo county: once, whole or not at all."""

import random
from datetime import date, datetime, time, timedelta

from django.db import transaction

from huyuan.common.reach import system_reach
from huyuan.config.demo.alarms import plan_alarms
from huyuan.config.demo.devices import plan_devices
from huyuan.config.demo.duties import bring_plan_in, stand_today
from huyuan.config.demo.efforts import reckon
from huyuan.config.demo.history import History
from huyuan.config.demo.papers import plan_steps
from huyuan.config.demo.readiness import plan_readiness
from huyuan.config.demo.roster import HISTORY, found
from huyuan.config.demo.rounds import Rounds
from huyuan.config.demo.staffing import staff
from huyuan.config.demo.timeline import ZONE, Timeline
from huyuan.notifications import actions as notifications
from huyuan.notifications.models import Message
from huyuan.organisations.calendar import working_days
from huyuan.organisations.models import County
from huyuan.people.models import Post
from huyuan.people.queries import DEMO_COUNTY
from huyuan.people.reaches import reach_of
from huyuan.policy.judging import postponed

# Whoever looks in daily has read what came before.
READ_UNTIL = timedelta(days=4)


def is_loaded() -> bool:
    """Whether the demo county is there."""
    return County.objects.filter(adcode=DEMO_COUNTY).exists()


@transaction.atomic
def load(on: date) -> bool:
    """Make the demo county with its history up to the evening before `on`; False when it is there already."""
    if is_loaded():
        return False
    # The same day gives the same county; another day the same story on other dates.
    draw = random.Random(990001)  # noqa: S311  # invents, keeps no secret
    founded_at = datetime.combine(on - HISTORY, time(9), ZONE)
    roster = found(on=on, now=founded_at, draw=draw)
    people = staff(roster, by=system_reach(roster.county.pk), now=founded_at, draw=draw)
    timeline = Timeline(on, working_days(roster.county), draw)
    bring_plan_in(roster, people, timeline, founded_at + timedelta(hours=2))
    history = History(roster, people, timeline, draw)
    history.plan()
    Rounds(history).plan()
    plan_steps(roster.county, timeline)
    plan_readiness(roster, people, timeline)
    plan_alarms(history)
    with postponed():
        plan_devices(roster, people, timeline, founded_at + timedelta(hours=3))
        timeline.run()
    stand_today(roster.county, on)
    reckon(roster.county, on - timedelta(days=1))
    _read_messages(roster.county, datetime.combine(on, time(8), ZONE))
    return True


def _read_messages(county: County, now: datetime) -> None:
    """Mark older messages as read, by their readers."""
    for post in Post.objects.filter(user__messages__county=county).distinct().select_related("user", "organisation"):
        reach = reach_of(post.user, post)
        older = Message.objects.visible_to(reach).unread().filter(created_at__lt=now - READ_UNTIL)
        notifications.mark_read(messages=older, by=reach, now=now)
