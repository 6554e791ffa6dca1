"""Exercises: the same chain as a real alarm, everything of it signed as an exercise."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict
from huyuan.common.reach import Reach
from huyuan.emergency.actions.intake import NewPress, take_press
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.models import Incident, Press
from huyuan.emergency.permissions import check_can_run_exercise
from huyuan.emergency.policies import FrozenPolicy
from huyuan.emergency.rehearsal import who_would_be_called
from huyuan.emergency.signs import Sign
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import School
from huyuan.people.models import User


@transaction.atomic
def announce_exercise(*, school: School, rules: FrozenPolicy, by: Reach, now: datetime) -> None:
    """Say beforehand to whoever will be called that an exercise is coming."""
    check_can_run_exercise(by, school)
    people = [call.user for tier in who_would_be_called(school, rules, now) for call in tier.calls if call.user]
    audit.record("exercise:announce", target=school.organisation, by=by, now=now, alarm_class=rules.alarm_class.key)
    notifications.queue(
        "exercise:announce", to=people, by=by, now=now, actor=User.objects.get(pk=by.person).name,
        school=school.organisation.name, title=rules.alarm_class.title.zh,
    )  # fmt: skip


@transaction.atomic
def start_exercise(
    *, school: School, alarm_class: str, announced: bool, place: str, code: uuid.UUID, by: Reach, now: datetime
) -> Incident:
    """Press with the sign “exercise”; sent twice it is one exercise."""
    check_can_run_exercise(by, school)
    running = Incident.objects.open().filter(school=school, sign=Sign.EXERCISE).exclude(presses__code=code)
    if running.exists():
        raise Conflict(_("An exercise is running at this school already. End it first."))
    again = Press.objects.filter(code=code).exists()
    press = NewPress(
        code=code, school_id=school.pk, alarm_class=alarm_class, sign=Sign.EXERCISE, source=Press.Source.DESK,
        user_id=by.person, place=place,
    )  # fmt: skip
    incident = take_press(press=press, by=by, now=now).incident
    if incident is None:
        raise Conflict(_("A test of the buttons is announced at this school now. Run the exercise after it."))
    if not again:
        kind = "exercise_announced" if announced else "exercise_unannounced"
        write_log(kind, incident=incident, now=now, by=by)
    return incident
