"""The ledger of alarm devices: without columns for export, for a list of where they stand is an attacker's list."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.facilities.models import Device
from huyuan.facilities.presentation import state_of, with_outage
from huyuan.ledgers.declaration import Column, Filter, Ledger, Link, Rows, Sort, register
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.organisations.queries import choices_of_kind

MAX_CHOICES = 400
STATES = [
    ("silent", _("silent")),
    ("never", _("not connected yet")),
    ("reports", _("reports")),
    ("retired", _("out of use")),
]


def in_state(rows: Rows, state: str) -> Rows:
    """Rows in one state."""
    if state == "retired":
        return rows.exclude(retired_at=None)
    rows = rows.filter(retired_at=None)
    if state == "never":
        return rows.filter(last_seen_at=None)
    rows = rows.exclude(last_seen_at=None)
    return rows.filter(silent_since__isnull=state != "silent")


def schools(reach: Reach) -> list[tuple[str, str]]:
    """The reader's schools to choose from, by name."""
    found = Organisation.objects.within(reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
    return [(str(code), name) for code, name in found.values_list("code", "name")[:MAX_CHOICES]]


register(Ledger(
    key="devices",
    page="facilities:devices",
    title=_("Alarm devices"),
    icon="device-landline-phone",
    model=Device,
    read=Permission.DEVICE_READ,
    rows=lambda reach: with_outage(Device.objects.visible_to(reach)).select_related("school__organisation"),
    columns=[
        Column("place", _("Place of the device"), lambda d: d.place, sort="place", template="ledgers/cells/link.html"),
        Column("school", _("School"), lambda d: d.school.organisation.name),
        Column("state", _("State"), state_of, template="facilities/cells/state.html"),
        Column("kind", _("Kind of device"), lambda d: d.get_kind_display(), on_phone=False),
        Column("account", _("Device account"), lambda d: d.account, on_phone=False, look="line"),
    ],
    sorts=[
        Sort("school", _("by school"), ("school_id", "place", "id")),
        Sort("quiet", _("heard longest ago first"), ("last_seen_at", "id")),
    ],
    filters=[
        Filter("state", _("State"), in_state, lambda _reach: STATES),
        Filter("kind", _("Kind of device"), lambda rows, value: rows.filter(kind=value), lambda _reach: Device.Kind.choices),
        Filter("town", _("Town"), lambda rows, code: rows.filter(school__town__code=code), lambda reach: choices_of_kind(reach, OrganisationKind.TOWN)),
        Filter("school", _("School"), lambda rows, code: rows.filter(school__organisation__code=code), schools),
    ],
    badges=[("state", value, title) for value, title in STATES[:3]],
    create_url="facilities:register",
    create_label=_("Register an alarm device"),
    create_permission=Permission.DEVICE_KEEP,
    links=[
        Link("facilities:announce", _("Announce a test"), "calendar-event", Permission.DEVICE_KEEP),
        Link("facilities:refused", _("What was refused"), "shield-x", Permission.DEVICE_KEEP),
    ],
    empty_text=_("No alarm device is registered yet. Each has an account of its own, by which it names itself."),
))  # fmt: skip
