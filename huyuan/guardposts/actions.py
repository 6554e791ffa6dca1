"""Entering who is on duty, week after week, and taking it back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.guardposts.models import Shift
from huyuan.guardposts.permissions import check_can_cancel, check_can_enter_shifts
from huyuan.guardposts.queries import people_of
from huyuan.organisations.models import Organisation
from huyuan.people.models import User

WEEK = timedelta(days=7)
LONGEST = timedelta(hours=24)
MOST_WEEKS = 26


@transaction.atomic
def plan_shift(
    *, organisation: Organisation, user: User, duty: str, starts_at: datetime, ends_at: datetime, weeks: int, by: Reach,
    now: datetime,
) -> list[Shift]:  # fmt: skip
    """Enter a shift, and the same in each of the following weeks when `weeks` is more than one."""
    # Two entries for one person wait for each other, or both would find nothing in their way.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    check_can_enter_shifts(by, organisation)
    _check_hours(starts_at, ends_at, weeks, now)
    if not people_of(organisation, timezone.localdate(now)).filter(pk=user.pk).exists():
        raise Invalid(_("This person has no post here. Choose somebody of your own people."))
    shifts = [
        Shift(
            county_id=organisation.county_id, organisation=organisation, user=user, duty=duty,
            starts_at=starts_at + number * WEEK, ends_at=ends_at + number * WEEK,
        )
        for number in range(weeks)
    ]  # fmt: skip
    for shift in shifts:
        _check_free(shift)
    Shift.objects.bulk_create(shifts)
    audit.record("shift:plan", target=shifts[0], by=by, now=now, duty=duty, weeks=weeks)
    return shifts


@transaction.atomic
def cancel_shift(*, shift: Shift, by: Reach, now: datetime) -> Shift:
    """Take back a shift that is not over."""
    shift = Shift.objects.select_for_update(of=("self",), no_key=True).select_related("organisation").get(pk=shift.pk)
    check_can_cancel(by, shift)
    if shift.cancelled_at is not None:
        return shift
    if shift.ends_at <= now:
        raise Conflict(_("This shift is over. It stays as it was."))
    shift.cancelled_at = now
    shift.save(update_fields=["cancelled_at"])
    audit.record("shift:cancel", target=shift, by=by, now=now)
    return shift


def _check_hours(starts_at: datetime, ends_at: datetime, weeks: int, now: datetime) -> None:
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise Invalid(_("A shift lasts at most 24 hours and ends after it begins."))
    if ends_at <= now:
        raise Invalid(_("This shift would be over already. Choose a time to come."))
    if not 1 <= weeks <= MOST_WEEKS:
        raise Invalid(_("Repeat it for at most 26 weeks."))


def _check_free(shift: Shift) -> None:
    busy = Shift.objects.standing().filter(
        user=shift.user, starts_at__lt=shift.ends_at, ends_at__gt=shift.starts_at
    ).order_by("starts_at").first()  # fmt: skip
    if busy is not None:
        day = timezone.localtime(busy.starts_at).strftime("%m-%d %H:%M")
        raise Conflict(
            _("%(name)s is on duty already from %(time)s. Cancel that shift first, or choose another time.")
            % {"name": shift.user.name, "time": day}
        )
