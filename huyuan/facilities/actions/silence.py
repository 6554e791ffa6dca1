"""Devices that fall silent, found for all counties at once."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from huyuan.audit import actions as audit
from huyuan.common.reach import Permission, system_reach
from huyuan.facilities.models import Device, Listener
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.queries import speakers_for, users_who_can

# A panel that gets no answer says it again within seconds: that long a lost message is not silence.
GRACE = timedelta(seconds=6)
# A listener that has not said so for this long listens no more.
STALE = timedelta(seconds=10)

ENDED = """
UPDATE facilities_outage AS outage SET ended_at = device.last_seen_at
FROM facilities_device AS device
WHERE device.id = outage.device_id AND outage.ended_at IS NULL AND device.last_seen_at > outage.since
"""
SILENT = """
INSERT INTO facilities_outage (device_id, since, noticed_at)
SELECT device.id, device.last_seen_at, %(now)s FROM facilities_device AS device
WHERE device.retired_at IS NULL
  AND GREATEST(device.last_seen_at, %(since)s) < %(now)s - (%(grace)s + device.interval) * INTERVAL '1 second'
  AND device.last_seen_at IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM facilities_outage AS open WHERE open.device_id = device.id AND open.ended_at IS NULL)
ON CONFLICT DO NOTHING
RETURNING device_id
"""


def listen(*, name: str, now: datetime, begins: bool = False) -> None:
    """Say that a receiver listens; after a pause it begins anew, for nothing can be heard where nobody listens."""
    anew = ["since", "seen_at"] if begins else ["seen_at"]
    Listener.objects.filter(name=name, seen_at__lt=now - STALE).update(since=now)
    Listener.objects.bulk_create(
        [Listener(name=name, since=now, seen_at=now)],
        update_conflicts=True, unique_fields=["name"], update_fields=anew,
    )  # fmt: skip


@transaction.atomic
def notice_silence(*, now: datetime) -> list[Device]:
    """Open an outage for every device that is past its interval, close those of devices heard again; tell who minds it.

    Holidays change nothing: a button in an empty school is pressed by whoever is in it. Only what is missed while a
    receiver listens counts, so that a restart of ours is nobody's silence.
    """
    since = Listener.objects.filter(seen_at__gt=now - STALE).order_by("since").values_list("since", flat=True).first()
    with connection.cursor() as cursor:
        cursor.execute(ENDED)
        if since is None:
            return []
        cursor.execute(SILENT, {"now": now, "since": since, "grace": GRACE.seconds})
        found = [row[0] for row in cursor.fetchall()]
    if not found:
        return []
    silent = list(Device.objects.filter(pk__in=found).select_related("school__organisation", "county").order_by("pk"))
    _tell(silent, now)
    return silent


def _tell(silent: list[Device], now: datetime) -> None:
    """Each school hears of its devices, the bureau once of all of its county."""
    today = timezone.localdate(now)
    for device in silent:
        reach = system_reach(device.county_id)
        audit.record("device:silent", target=device, by=reach, now=now)
        notifications.queue(
            "device:silent", to=speakers_for(device.school_id, Permission.DEVICE_KEEP, today), by=reach, now=now,
            url=device.get_absolute_url(), school=str(device.school), place=device.place,
        )  # fmt: skip
    for county_id, count in Counter(device.county_id for device in silent).items():
        first = next(device for device in silent if device.county_id == county_id)
        bureaus = Organisation.objects.filter(county_id=county_id, kind=OrganisationKind.EDUCATION_BUREAU)
        notifications.queue(
            "device:silent_many" if count > 1 else "device:silent",
            to=users_who_can(Permission.DEVICE_KEEP, bureaus.values_list("pk", flat=True), today),
            by=system_reach(county_id), now=now, url=first.get_absolute_url(), school=str(first.school),
            place=first.place, count=count,
        )  # fmt: skip
