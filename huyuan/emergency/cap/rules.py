"""What the standard says in words and its schema cannot: held against every message that leaves or comes in."""

import re
from decimal import Decimal

from huyuan.emergency.cap.alert import Alert, Area, Info, Point
from huyuan.emergency.cap.problems import CapProblem, Reason
from huyuan.emergency.cap.vocabulary import Kind, Scope

MARK = re.compile(r"[^\s,<&]{1,200}")
CORNERS = 4
EARTH = Decimal(20_038)
"""Half the way round the earth in kilometres: no circle is larger."""


def check(alert: Alert) -> None:
    """Refuse a message that breaks a rule of the standard."""
    for mark in (alert.identifier, alert.sender):
        if MARK.fullmatch(mark) is None:
            raise CapProblem(Reason.MARK, mark)
    if alert.scope is Scope.RESTRICTED and not alert.restriction:
        raise CapProblem(Reason.RESTRICTION)
    if alert.scope is Scope.PRIVATE and not alert.addresses:
        raise CapProblem(Reason.ADDRESSES)
    if alert.kind is not Kind.ALERT and not alert.references:
        raise CapProblem(Reason.REFERENCES, alert.kind)
    for info in alert.infos:
        _check_info(info)


def _check_info(info: Info) -> None:
    starts = info.effective or info.onset
    if starts and info.expires and info.expires < starts:
        raise CapProblem(Reason.DATE, info.expires.isoformat())
    for area in info.areas:
        _check_area(area)


def _check_area(area: Area) -> None:
    for corners in area.polygons:
        if len(corners) < CORNERS or corners[0] != corners[-1]:
            raise CapProblem(Reason.POLYGON)
        for corner in corners:
            _check_point(corner)
    for circle in area.circles:
        _check_point(circle.centre)
        if not 0 <= circle.radius <= EARTH:
            raise CapProblem(Reason.PLACE, str(circle.radius))
    if area.ceiling is not None and area.altitude is None:
        raise CapProblem(Reason.MISSING, "altitude")


def _check_point(place: Point) -> None:
    if not (-90 <= place.lat <= 90 and -180 <= place.lon <= 180):
        raise CapProblem(Reason.PLACE, f"{place.lat},{place.lon}")
