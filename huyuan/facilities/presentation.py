"""How devices and what they say are shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.facilities.dc09.events import SIA, Kind
from huyuan.facilities.models import Device, Outage, Signal

EVENTS: dict[Kind, Promise] = {
    Kind.PANIC: _("panic button"),
    Kind.HOLDUP: _("hold-up alarm"),
    Kind.MEDICAL: _("medical call"),
    Kind.FIRE: _("fire alarm"),
    Kind.TAMPER: _("device opened"),
    Kind.MAINS: _("mains power"),
    Kind.BATTERY: _("battery"),
    Kind.TEST: _("test of the line"),
}


@dataclass(frozen=True)
class State:
    """How a device stands now; `look` is its badge's colour class."""

    words: str | Promise
    look: str
    icon: str
    since: datetime | None


def with_outage(devices: QuerySet[Device]) -> QuerySet[Any]:
    """Devices with the beginning of their silence, where they are silent."""
    standing = Outage.objects.filter(device=OuterRef("pk"), ended_at=None)
    return devices.annotate(silent_since=Subquery(standing.values("since")[:1]))


def state_of(device: Device) -> State:
    """The state of a device that was asked for with its outage."""
    silent_since: datetime | None = getattr(device, "silent_since", None)
    if device.retired_at is not None:
        return State(_("out of use"), "bg-secondary-lt", "circle-off", device.retired_at)
    if device.last_seen_at is None:
        return State(_("not connected yet"), "bg-secondary-lt", "plug-connected-x", None)
    if silent_since is not None:
        return State(_("silent"), "bg-red-lt", "volume-off", silent_since)
    return State(_("reports"), "bg-green-lt", "antenna", device.last_seen_at)


def words_of(signal: Signal) -> str:
    """What a signal is about, in a word or two; a code we do not know stands as it came."""
    kind = SIA.get(signal.event, (Kind.OTHER, ()))[0]
    about = EVENTS.get(kind)
    return str(about) if about else signal.event
