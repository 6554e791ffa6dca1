"""Tests of a school's buttons, announced before anybody presses."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.facilities.models import Device, TestWindow
from huyuan.facilities.permissions import check_can_keep
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.people.models import User
from huyuan.people.queries import users_who_can

LONGEST = timedelta(hours=2)


@transaction.atomic
def announce_test(
    *, school: School, starts_at: datetime, ends_at: datetime, reason: str, by: Reach, now: datetime
) -> TestWindow:
    """Announce a test to the command centre and the station; while it runs, signals are recorded and nobody is sent."""
    school = School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    check_can_keep(by, school)
    if starts_at < now:
        raise Invalid(_("A test is announced before it begins. Choose a time from now on."))
    if not timedelta(0) < ends_at - starts_at <= LONGEST:
        raise Invalid(_("A test lasts two hours at most. Choose an end within two hours of its beginning."))
    if not Device.objects.active().filter(school=school).exists():
        raise Invalid(_("This school has no alarm device yet. Register its devices first."))
    standing = TestWindow.objects.filter(school=school, withdrawn_at=None)
    if standing.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
        raise Conflict(_("A test is announced for this time already."))
    window = TestWindow.objects.create(
        county_id=school.county_id, school=school, starts_at=starts_at, ends_at=ends_at, reason=reason,
        announced_at=now, announced_by_id=by.person,
    )  # fmt: skip
    audit.record("test:announce", target=window, by=by, now=now, starts=starts_at.isoformat(), ends=ends_at.isoformat())
    _tell("test:announce", window, by, now)
    return window


@transaction.atomic
def withdraw_test(*, window: TestWindow, by: Reach, now: datetime) -> TestWindow:
    """Call an announced test off, or end it early: from now on a press is real."""
    window = TestWindow.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=window.pk)
    check_can_keep(by, window.school)
    if window.withdrawn_at is not None or window.ends_at <= now:
        raise Conflict(_("This test is over already."))
    window.withdrawn_at = now
    window.save(update_fields=["withdrawn_at"])
    audit.record("test:withdraw", target=window, by=by, now=now)
    _tell("test:withdraw", window, by, now)
    return window


def receivers(school: School, now: datetime) -> list[User]:
    """Who is told of a test: who would be called by its alarms, at the command centre and the station, and the school."""
    centres = Organisation.objects.filter(county_id=school.county_id, kind=OrganisationKind.COMMAND_CENTRE)
    told = {school.pk, *centres.values_list("pk", flat=True), *([school.station_id] if school.station_id else [])}
    return users_who_can(Permission.DEVICE_READ, told, timezone.localdate(now))


def _tell(kind: str, window: TestWindow, by: Reach, now: datetime) -> None:
    starts, ends = timezone.localtime(window.starts_at), timezone.localtime(window.ends_at)
    notifications.queue(
        kind, to=receivers(window.school, now), by=by, now=now, url=window.get_absolute_url(),
        school=str(window.school), day=starts.date(), starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}",
        actor=User.objects.get(pk=by.person).name,
    )  # fmt: skip
