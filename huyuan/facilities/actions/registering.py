"""The register: devices come, get another key, go."""

import re
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.facilities.actions.standing import devices_changed
from huyuan.facilities.dc09.frames import KEY_SIZES
from huyuan.facilities.models import Device
from huyuan.facilities.permissions import check_can_keep
from huyuan.facilities.sealing import seal
from huyuan.organisations.models import School

ACCOUNT = re.compile(r"[0-9A-F]{3,16}")


@transaction.atomic
def register_device(
    *, school: School, kind: str, place: str, account: str, interval: int, key: bytes | None, by: Reach, now: datetime
) -> Device:
    """Enter a button or panel under the account that it names in what it sends."""
    school = School.objects.select_for_update(of=("self",), no_key=True).get(pk=school.pk)
    check_can_keep(by, school)
    account = account.strip().upper()
    if not ACCOUNT.fullmatch(account):
        raise Invalid(_("An account has 3 to 16 hexadecimal digits, as they are set in the panel."))
    if Device.objects.active().filter(account=account).exists():
        raise Invalid(_("This account is taken by another device. Set another one in the panel."))
    _check_key(key)
    device = Device(
        county_id=school.county_id, school=school, kind=kind, place=place, account=account, interval=interval,
        registered_at=now,
    )  # fmt: skip
    seal(device, key)
    device.save()
    devices_changed(device, now)
    audit.record("device:register", target=device, by=by, now=now, account=account, encrypted=key is not None)
    return device


@transaction.atomic
def set_key(*, device: Device, key: bytes | None, by: Reach, now: datetime) -> Device:
    """Give a device another key; from this moment only frames under it are taken."""
    device = _locked(device)
    check_can_keep(by, device.school)
    _check_key(key)
    seal(device, key)
    device.save(update_fields=["sealed_key", "key_id"])
    audit.record("device:key", target=device, by=by, now=now, encrypted=key is not None)
    return device


@transaction.atomic
def retire_device(*, device: Device, by: Reach, now: datetime) -> Device:
    """Take a device out of use; what it said stays, its account is free again."""
    device = _locked(device)
    check_can_keep(by, device.school)
    device.retired_at = now
    device.save(update_fields=["retired_at"])
    device.outages.filter(ended_at=None).update(ended_at=now)
    devices_changed(device, now)
    audit.record("device:retire", target=device, by=by, now=now)
    return device


def _locked(device: Device) -> Device:
    device = Device.objects.select_for_update(of=("self",), no_key=True).select_related("school").get(pk=device.pk)
    if device.retired_at is not None:
        raise Conflict(_("This device was taken out of use."))
    return device


def _check_key(key: bytes | None) -> None:
    if key is not None and len(key) not in KEY_SIZES:
        raise Invalid(_("A key has 16, 24 or 32 bytes: 32, 48 or 64 hexadecimal digits, or so many characters."))
