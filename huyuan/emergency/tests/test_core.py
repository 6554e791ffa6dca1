"""A press opens an incident, calls everybody, and people on the spot make a tier whole."""

from datetime import timedelta

import pytest

from factories import NOW, called_incident, contingency_in_force, pressed
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied
from huyuan.emergency.actions import calling, intake, responding
from huyuan.emergency.models import Call, ContingencyPlan, Incident, Page, Press, Step
from huyuan.emergency.signs import NotReal, Real, Sign
from huyuan.notifications.models import Message


def test_a_press_opens_an_incident_with_its_clocks(cast):
    press = pressed(cast)
    incident = press.incident
    assert [(t.minute, t.due_at - NOW) for t in incident.tiers.all()] == [
        (1, timedelta(seconds=60)), (3, timedelta(seconds=180)), (5, timedelta(seconds=300)),
    ]  # fmt: skip
    assert AuditRow.objects.filter(kind="alarm:press", target_code=str(press.code)).count() == 1
    assert incident.steps.get(kind=Step.Kind.CALL).due_at == NOW
    assert incident.policy["alarm_class"]["key"] == "attack"


def test_a_plan_that_cannot_be_read_holds_up_no_alarm(cast):
    plan = contingency_in_force(cast)
    ContingencyPlan.objects.filter(pk=plan.pk).update(content={"cards": "from another edition"})
    incident = pressed(cast).incident
    assert incident.plan["adapted"] is False
    assert incident.plan["cards"]


def test_the_same_identity_twice_is_one_press(cast):
    press = pressed(cast)
    again = pressed(cast, code=press.code)
    assert again.pk == press.pk
    assert (Press.objects.count(), Incident.objects.count()) == (1, 1)


def test_two_presses_within_a_second_are_one_incident_with_two_presses(cast):
    first, second = pressed(cast), pressed(cast, by="teacher", now=NOW + timedelta(seconds=0.6))
    assert first.incident == second.incident
    assert Press.objects.count() == 2


def test_a_press_after_the_clocks_of_an_alarm_that_nobody_closed_calls_everybody_anew(cast):
    old = called_incident(cast)
    responding.mark_seen(call=old.calls.get(user=cast.guard), by=cast.reach("guard"), now=NOW)
    days_later = NOW + timedelta(days=3)
    new = pressed(cast, by="teacher", now=days_later).incident
    assert new != old
    calling.call_tiers(incident=new, now=days_later)
    assert new.answered_at is None
    assert new.calls.count() == old.calls.count()
    assert new.tiers.get(minute=1).due_at == days_later + timedelta(seconds=60)
    assert (old.log.last().kind, pressed(cast, now=days_later).incident) == ("pressed_anew", new)


def test_a_press_while_the_clocks_run_joins_the_alarm(cast):
    first = pressed(cast)
    assert pressed(cast, by="teacher", now=NOW + timedelta(seconds=300)).incident == first.incident


def test_an_exercise_beside_a_real_alarm_is_an_incident_of_its_own(cast):
    real, exercise = pressed(cast), pressed(cast, by="safety", sign=Sign.EXERCISE)
    assert real.incident != exercise.incident
    with pytest.raises(NotReal):
        Real(exercise.incident)


def test_all_tiers_are_called_at_once(cast):
    incident = called_incident(cast)
    called = {(call.tier.minute, call.part) for call in incident.calls.all()}
    assert {(1, "unit"), (3, "police"), (3, "duty_line"), (5, "command"), (5, "command_line")} <= called
    person = incident.calls.get(user=cast.guard)
    assert {"screen", "sms", "voice"} <= set(Page.objects.filter(call=person).values_list("channel", flat=True))


def test_people_on_the_spot_make_the_tier_whole(cast):
    incident = called_incident(cast)
    for number, part in enumerate(("guard", "safety", "head"), 1):
        call = incident.calls.get(user=cast.users[part])
        responding.set_out(call=call, by=cast.reach(part), now=NOW + timedelta(seconds=10 * number))
        at = NOW + timedelta(seconds=20 + 5 * number)
        responding.arrive(call=call, how=Call.Arrival.TAP, by=cast.reach(part), now=at)
    assert incident.tiers.get(minute=1).reached_at == NOW + timedelta(seconds=35)
    assert list(incident.log.filter(kind="tier_reached").values_list("facts__seconds", flat=True)) == [35]


def test_who_was_called_is_told_when_the_alarm_is_withdrawn(cast):
    incident = called_incident(cast, alarm_class="gate")
    press = incident.presses.get()
    intake.cancel_press(press=press, reason="误按", by=cast.reach("guard"), now=NOW + timedelta(seconds=5))
    assert Incident.objects.get().outcome == "withdrawn"
    called = set(incident.calls.exclude(user=None).exclude(user=cast.guard).values_list("user_id", flat=True))
    told = set(Message.objects.filter(kind="incident:clear").values_list("recipient_id", flat=True))
    assert called and called <= told


def test_nobody_answers_for_somebody_else(cast):
    call = called_incident(cast).calls.get(user=cast.guard)
    with pytest.raises(Denied):
        responding.mark_seen(call=call, by=cast.reach("teacher"), now=NOW)


def test_after_the_all_clear_nobody_arrives(cast):
    incident = called_incident(cast)
    Incident.objects.filter(pk=incident.pk).update(status="cleared", cleared_at=NOW)
    with pytest.raises(Conflict):
        responding.mark_seen(call=incident.calls.get(user=cast.guard), by=cast.reach("guard"), now=NOW)
