"""The ledger of incidents; real alarms, exercises and tests are counted apart."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.emergency.models import Incident
from huyuan.emergency.signs import Sign
from huyuan.ledgers.declaration import Column, Filter, Ledger, Rows, Sort, register
from huyuan.organisations.models import Organisation, OrganisationKind

MAX_CHOICES = 400


def schools(reach: Reach) -> list[tuple[str, str]]:
    """The reader's schools to choose from, by name."""
    found = Organisation.objects.within(reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
    return [(str(code), name) for code, name in found.values_list("code", "name")[:MAX_CHOICES]]


def since(rows: Rows, value: str) -> Rows:
    """From a day on."""
    return rows.filter(opened_at__date__gte=date.fromisoformat(value))


register(Ledger(
    key="incidents",
    page="emergency:incidents",
    title=_("Emergency"),
    icon="urgent",
    model=Incident,
    read=Permission.INCIDENT_READ,
    rows=lambda reach: Incident.objects.visible_to(reach).select_related("school__organisation", "command"),
    columns=[
        Column("incident", _("Incident"), lambda i: i.alarm.title, template="emergency/cells/incident.html"),
        Column("sign", _("Real or exercise"), lambda i: i.get_sign_display(), template="emergency/cells/sign.html"),
        Column("school", _("School"), lambda i: i.school.organisation.name),
        Column("opened_at", _("Pressed at"), lambda i: i.opened_at, sort="newest", template="emergency/cells/moment.html"),
        Column("status", _("State"), lambda i: i.get_status_display(), template="emergency/cells/status.html"),
        Column("outcome", _("Outcome"), lambda i: i.get_outcome_display(), on_phone=False),
    ],
    sorts=[Sort("newest", _("newest first"), ("id",), descending=True), Sort("oldest", _("oldest first"), ("id",))],
    filters=[
        Filter("sign", _("Real or exercise"), lambda rows, value: rows.filter(sign=value), lambda _reach: Sign.choices),
        Filter("status", _("State"), lambda rows, value: rows.filter(status=value), lambda _reach: Incident.Status.choices),
        Filter("school", _("School"), lambda rows, value: rows.filter(school__organisation__code=value), schools),
        Filter("since", _("Since"), since, kind="date"),
    ],
    badges=[("sign", Sign.REAL, _("Real alarms")), ("sign", Sign.EXERCISE, _("Exercises")), ("sign", Sign.TEST, _("Tests"))],
    empty_text=_("No alarm yet. What is pressed, played or tested stands here with its whole record."),
))  # fmt: skip
