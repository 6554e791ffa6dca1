"""What alarm devices expect of somebody: one that is silent, one whose button nobody tested, one that is not taken."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.facilities.models import Device, RefusedAccount
from huyuan.facilities.presentation import with_outage
from huyuan.facilities.queries import quarter_of, untested
from huyuan.policy.measuring import Scope
from huyuan.policy.worklist import Task, register

# So long before the quarter ends a button that nobody tested stands on Today.
TEST_WARNING = timedelta(days=30)
REFUSED_SHOWN = timedelta(days=1)


def devices_silent(reach: Reach, today: date, limit: int) -> list[Task]:
    """Silent devices, for the school that has them and the bureau and police that follow all."""
    if not reach.may(Permission.DEVICE_KEEP):
        return []
    devices = with_outage(Device.objects.visible_to(reach).active()).exclude(silent_since=None)
    if not reach.covers_county:
        devices = devices.filter(school_id__in=reach.speaks_for)
    return [
        Task(
            str(_("Alarm device silent: %(place)s") % {"place": device.place}), device.school.organisation.name,
            _("Find out why it is silent"), device.get_absolute_url(), "volume-off",
            timezone.localdate(device.silent_since),
        )
        for device in devices.select_related("school__organisation").order_by("silent_since", "pk")[:limit]
    ]  # fmt: skip


def buttons_to_test(reach: Reach, today: date, limit: int) -> list[Task]:
    """The quarterly test of one's own school's buttons, in the last month of the quarter."""
    first, last = quarter_of(today)
    if not reach.may(Permission.DEVICE_KEEP) or reach.covers_county or today < last - TEST_WARNING:
        return []
    moments = Scope(reach.county_id, first, last, "school").moments
    waiting = untested(Device.objects.filter(school_id__in=reach.speaks_for), *moments)
    return [
        Task(
            str(_("Quarterly test of the alarm button: %(place)s") % {"place": device.place}),
            device.school.organisation.name, _("Announce a test and press it"), device.get_absolute_url(),
            "bell-ringing", last,
        )
        for device in waiting.select_related("school__organisation").order_by("school_id", "place", "pk")[:limit]
    ]  # fmt: skip


def accounts_refused(reach: Reach, today: date, limit: int) -> list[Task]:
    """Accounts that tried since yesterday and were not taken."""
    if not reach.may(Permission.DEVICE_KEEP):
        return []
    tried = RefusedAccount.objects.visible_to(reach).filter(last_at__gt=timezone.now() - REFUSED_SHOWN)
    return [
        Task(
            str(_("A panel is not taken: account %(account)s") % {"account": row.account}),
            str(row.get_reason_display()), _("Look into it"), reverse("facilities:refused"), "shield-x", None,
        )
        for row in tried.order_by("-last_at", "pk")[: min(limit, 5)]
    ]  # fmt: skip


for source in (devices_silent, buttons_to_test, accounts_refused):
    register(source)
