"""An incident as messages of CAP 1.2: made from its log whenever they are asked for, always the same.

They say that there is an alarm, of which class, at which school, and how far the response has come; no names of persons,
no forces, nothing that people typed, and no place nearer than about a kilometre.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone, translation

from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.emergency.cap.alert import Alert, Area, Circle, Info, Pair, Point
from huyuan.emergency.cap.vocabulary import (
    Category,
    Certainty,
    Kind,
    Response,
    Scope,
    Severity,
    Status,
    Urgency,
)
from huyuan.emergency.models import Incident, LogEntry
from huyuan.emergency.queries import place_of
from huyuan.emergency.signs import Sign

STATUS = {Sign.REAL: Status.ACTUAL, Sign.EXERCISE: Status.EXERCISE, Sign.TEST: Status.TEST}
MARKS = {Sign.REAL: "", Sign.EXERCISE: "【演练】", Sign.TEST: "【测试】"}
NOTES = {Sign.REAL: "", Sign.EXERCISE: "这是演练，没有发生真实警情。", Sign.TEST: "这是线路测试，没有发生真实警情。"}
TOLD = ("press", "tier_reached", "cleared")
"""The kinds of log entries that become messages."""

CATEGORIES = {
    "attack": Category.SECURITY, "gate": Category.SECURITY, "fire": Category.FIRE, "medical": Category.HEALTH,
    "missing": Category.RESCUE,
}  # fmt: skip
RESPONSES = {"fire": Response.EVACUATE, "attack": Response.SHELTER}
NEVER_WAS = (Incident.Outcome.FALSE_ALARM, Incident.Outcome.WITHDRAWN)
RESTRICTION = "仅供县公安局、县教体局和接警单位处置使用，不得转发。"
LASTS = timedelta(hours=12)
KILOMETRE = Decimal("0.01")
"""About a kilometre in degrees: places are rounded to it."""


def messages_of(incident: Incident) -> list[Alert]:
    """Every message of an incident so far, the first one first."""
    entries = [entry for entry in incident.log.all() if entry.kind in TOLD]
    written: list[Alert] = []
    with translation.override(RECORD_LANGUAGE):
        for entry in sorted(entries, key=lambda one: one.pk):
            written.append(_message(incident, entry, written))
    return written


def identifier_of(entry: LogEntry) -> str:
    """What the message of a log entry is called for ever."""
    return f"{entry.incident.code}.{entry.pk}"


def _message(incident: Incident, entry: LogEntry, earlier: list[Alert]) -> Alert:
    sign = Sign(incident.sign)
    at = timezone.localtime(max([entry.at, *(one.sent for one in earlier[-1:])]))
    return Alert(
        identifier=f"{incident.code}.{entry.pk}",
        sender=f"{incident.county.adcode}@{urlsplit(settings.ADDRESS).hostname}",
        sent=at.replace(microsecond=0),
        status=STATUS[sign],
        kind=_kind(incident, entry, earlier),
        scope=Scope.RESTRICTED,
        restriction=RESTRICTION,
        note=NOTES[sign],
        references=tuple(one.reference for one in earlier),
        incidents=str(incident.code),
        infos=(_info(incident, entry),),
    )


def _kind(incident: Incident, entry: LogEntry, earlier: list[Alert]) -> Kind:
    if not earlier:
        return Kind.ALERT
    never_was = entry.kind == "cleared" and incident.outcome in NEVER_WAS
    return Kind.CANCEL if never_was else Kind.UPDATE


def _info(incident: Incident, entry: LogEntry) -> Info:
    alarm, mark, over = incident.alarm, MARKS[Sign(incident.sign)], entry.kind == "cleared"
    school = incident.school.organisation.name
    ends = timezone.localtime(incident.opened_at + LASTS).replace(microsecond=0)
    response = Response.ALL_CLEAR if over else RESPONSES.get(alarm.key, Response.EXECUTE)
    return Info(
        language="zh-CN",
        categories=(CATEGORIES.get(alarm.key, Category.SAFETY),),
        event=f"{mark}校园一键报警：{alarm.title.zh}",
        responses=(response,),
        urgency=Urgency.PAST if over else Urgency.IMMEDIATE,
        severity=Severity.EXTREME if alarm.highest else Severity.SEVERE,
        certainty=_certainty(incident, entry),
        event_codes=(Pair("huyuan:alarm-class", alarm.key),),
        expires=max(ends, timezone.localtime(entry.at)),
        sender_name=f"{incident.county.name}校园安全平台",
        headline=f"{mark}{school}：{alarm.title.zh}，{_stage(incident, entry)}",
        areas=(_area(incident),),
    )


def _certainty(incident: Incident, entry: LogEntry) -> Certainty:
    if entry.kind == "cleared" and incident.outcome in NEVER_WAS:
        return Certainty.UNLIKELY
    return Certainty.LIKELY if entry.kind == "press" else Certainty.OBSERVED


def _stage(incident: Incident, entry: LogEntry) -> str:
    """How far the response has come, without saying who or how many."""
    if entry.kind == "press":
        return "已报警，正在处置"
    if entry.kind == "tier_reached":
        return f"{entry.facts.get('minute')}分钟处置阶段已完成"
    return f"已解除（{incident.get_outcome_display()}）"


def _area(incident: Incident) -> Area:
    """The neighbourhood of the school, never a place inside it."""
    place = place_of(incident.school_id)
    circles: Iterable[Circle] = ()
    if place is not None:
        centre = Point(Decimal(place.lat).quantize(KILOMETRE), Decimal(place.lon).quantize(KILOMETRE))
        circles = (Circle(centre, Decimal(1)),)
    description = f"{incident.county.name}{incident.school.organisation.name}及周边"
    return Area(description, circles=tuple(circles), geocodes=(Pair("GB/T 2260", incident.county.adcode),))
