"""The feed of incidents as Atom: one entry for each message, newest first."""

from collections.abc import Callable
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from django.db.models import Prefetch, QuerySet

from huyuan.common.reach import Reach
from huyuan.emergency.cap.alert import Alert
from huyuan.emergency.cap.dates import stamp
from huyuan.emergency.cap_out import TOLD, messages_of
from huyuan.emergency.models import Incident, LogEntry
from huyuan.organisations.models import County

ATOM = "application/atom+xml; charset=utf-8"
CAP = "application/cap+xml; charset=utf-8"
INCIDENTS = 30


def incidents_of(reach: Reach) -> QuerySet[Incident]:
    """The incidents that a reader may see, with what their messages are made of."""
    told = LogEntry.objects.filter(kind__in=TOLD).order_by("pk")
    related = ("school__organisation", "county")
    return Incident.objects.visible_to(reach).select_related(*related).prefetch_related(Prefetch("log", told))


def message_of(incident: Incident, entry: int) -> Alert | None:
    """The message of an incident that one of its log entries became."""
    return next((one for one in messages_of(incident) if one.identifier == f"{incident.code}.{entry}"), None)


def feed(*, county: County, reach: Reach, link: Callable[[str], str], here: str, now: datetime) -> bytes:
    """Write the messages of the newest incidents; `link` gives the address of a message."""
    found = [one for incident in incidents_of(reach).order_by("-pk")[:INCIDENTS] for one in messages_of(incident)]
    found.sort(key=lambda one: one.sent, reverse=True)
    root = Element("feed", xmlns="http://www.w3.org/2005/Atom")
    SubElement(root, "id").text = here
    SubElement(root, "title").text = f"{county.name} CAP 1.2"
    SubElement(root, "updated").text = stamp(found[0].sent if found else now)
    SubElement(SubElement(root, "author"), "name").text = county.name
    SubElement(root, "link", rel="self", href=here)
    for one in found:
        entry = SubElement(root, "entry")
        SubElement(entry, "id").text = link(one.identifier)
        SubElement(entry, "title").text = one.infos[0].headline
        SubElement(entry, "updated").text = stamp(one.sent)
        SubElement(entry, "summary").text = f"{one.status} · {one.kind}"
        SubElement(entry, "link", rel="alternate", type="application/cap+xml", href=link(one.identifier))
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written
