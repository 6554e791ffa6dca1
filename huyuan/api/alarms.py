"""Alarms raised by other systems: the same intake as the phones', and the same answer."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status

from huyuan.api.auth import ApiRequest, check_scope
from huyuan.api.schemas import AlarmIn, AlarmOut
from huyuan.common.clock import database_now
from huyuan.common.errors import Invalid
from huyuan.common.reach import Permission
from huyuan.emergency.actions.intake import NewPress, take_press
from huyuan.emergency.draining import state_of
from huyuan.emergency.models import Press
from huyuan.emergency.permissions import check_can_press
from huyuan.emergency.policies import policy_of
from huyuan.emergency.queries import schools_to_press_for
from huyuan.emergency.signs import Sign

router = Router(tags=["alarms"])


@router.post("/", response={201: AlarmOut}, operation_id="raise_alarm")
def raise_alarm(request: ApiRequest, body: AlarmIn) -> Status[AlarmOut]:
    """Raise an alarm; sending the same code again answers the alarm that was raised."""
    found = schools_to_press_for(request.reach).select_related("organisation", "county")
    school = get_object_or_404(found, organisation__code=body.school)
    check_scope(request, Permission.ALARM_PRESS)
    check_can_press(request.reach, school, body.sign)
    if policy_of(school.county.adcode, timezone.localdate()).alarm_class(body.alarm_class) is None:
        raise Invalid(_("This class of alarm does not exist here."))
    press = NewPress(
        code=body.code, school_id=school.pk, alarm_class=body.alarm_class, sign=Sign(body.sign),
        source=Press.Source.API, user_id=request.reach.person, claimed_at=body.pressed_at, place=body.place,
        lon=body.lon, lat=body.lat,
    )  # fmt: skip
    return Status(201, AlarmOut(**state_of(take_press(press=press, by=request.reach, now=database_now()))))


@router.get("/{uuid:code}", response=AlarmOut, operation_id="get_alarm")
def get_alarm(request: ApiRequest, code: UUID) -> AlarmOut:
    """How far an alarm has come: stored, taken by the receiving line, answered by a person."""
    found = Press.objects.visible_to(request.reach).select_related("school__organisation", "incident")
    press = get_object_or_404(found, code=code)
    check_scope(request, Permission.ALARM_PRESS)
    return AlarmOut(**state_of(press))
