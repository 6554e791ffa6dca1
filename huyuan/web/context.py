"""What every page knows: who reads, from which post, where they can go."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.notifications.models import Message
from huyuan.people.models import Post, User


@dataclass(frozen=True)
class Place:
    """One entry of the navigation; `phone` entries stand in the bottom bar, `rare` ones last, below a line."""

    label: str | Promise
    icon: str
    url: str
    active: bool
    phone: bool
    rare: bool


@dataclass(frozen=True)
class Reader:
    """Who reads the page, in words."""

    user: User
    post: Post | None

    @property
    def role_name(self) -> str:
        """The role of the acting post."""
        return self.post.get_role_display() if self.post else ""

    @property
    def organisation_name(self) -> str:
        """The organisation of the acting post."""
        return self.post.organisation.name if self.post else ""


PLACES: tuple[tuple[str | Promise, str, str, Permission | None, bool], ...] = (
    (_("Today"), "calendar-check", "web:today", None, True),
    (_("Emergency"), "urgent", "emergency:incidents", None, True),
    (_("Living plan"), "file-text", "policy:plan", Permission.PLAN_READ, False),
    (_("My duties"), "list-check", "policy:mine", Permission.PLAN_READ, False),
    (_("Checks"), "clipboard-check", "inspections:inspections", Permission.INSPECTION_READ, True),
    (_("Hazards"), "alert-triangle", "inspections:hazards", Permission.HAZARD_READ, True),
    (_("Listed supervision"), "eye-exclamation", "inspections:supervisions", Permission.SUPERVISION_DECIDE, False),
    (_("Alarm devices"), "device-landline-phone", "facilities:devices", Permission.DEVICE_READ, False),
    (_("Schools"), "school", "web:schools", Permission.SCHOOL_READ, False),
    (_("Map"), "map-2", "web:map", Permission.SCHOOL_READ, False),
    (_("Warnings from outside"), "cloud-storm", "emergency:cap_notices", Permission.CAP_IN, False),
    (_("People"), "users", "web:people", Permission.PEOPLE_READ, False),
    (_("Organisations"), "building", "web:organisations", Permission.SCHOOL_IMPORT, False),
    (_("Calendar"), "calendar", "organisations:calendar", Permission.CALENDAR_EDIT, False),
    (_("Receivers outside"), "broadcast", "emergency:receivers", Permission.OUTSIDE_EDIT, False),
    (_("Time on forms"), "clock", "policy:burden", Permission.BURDEN_READ, False),
)
# The places from here on keep the house; a line stands before them.
HOUSEKEEPING = ("web:people", "web:organisations", "organisations:calendar", "emergency:receivers", "policy:burden")


def places(reach: Reach, path: str) -> list[Place]:
    """The navigation for a reader."""
    open_to = [entry for entry in PLACES if entry[3] is None or reach.may(entry[3])]
    urls = {entry[2]: reverse(entry[2]) for entry in open_to}
    nearest = max((url for url in urls.values() if path.startswith(url)), key=len)
    here = path if nearest == "/" else nearest
    return [
        Place(label, icon, urls[name], urls[name] == here, phone, name in HOUSEKEEPING)
        for label, icon, name, _permission, phone in open_to
    ]


def page(request: HttpRequest) -> dict[str, Any]:
    """The context of every page."""
    shared: dict[str, Any] = {"demo": settings.DEMO, "streams": settings.STREAMS, "tiles": settings.TILES}
    reach: Reach | None = getattr(request, "reach", None)
    if reach is None or not isinstance(request.user, User):
        return shared | {"reach": None, "nav": [], "elsewhere": [], "posts": [], "unread": 0, "may_press": False}
    nav = places(reach, request.path)
    return shared | {
        "reach": Reader(request.user, getattr(request, "acting_post", None)),
        "nav": nav,
        "elsewhere": [place for place in nav if not place.phone],
        "posts": getattr(request, "posts", []),
        "may_press": reach.may(Permission.ALARM_PRESS),
        "unread": SimpleLazyObject(lambda: Message.objects.visible_to(reach).unread()[:100].count()),
    }
