"""What people answer: in which order, from where, beside the engine and the all-clear."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from factories import NOW, called_incident, make_county
from huyuan.common.clock import database_now
from huyuan.common.errors import Conflict, Denied
from huyuan.emergency.actions import calling, command, responding
from huyuan.emergency.board import board_of
from huyuan.emergency.models import Call, Incident


def soon(seconds):
    return NOW + timedelta(seconds=seconds)


def beside(act):
    """Begin an act in a thread of its own; the list holds what it raised once it has ended."""
    raised = []

    def run():
        try:
            act()
        except (Conflict, AssertionError) as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def until_it_waits(thread):
    """Until a statement of another connection waits for a lock, or the act has ended without waiting."""
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    with connection.cursor() as cursor:
        while thread.is_alive():
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)


@pytest.fixture
def committed_cast(own_database):
    return make_county()


def test_who_answers_holds_nothing_that_the_engine_needs(committed_cast):
    cast = committed_cast
    call = called_incident(cast).calls.get(user=cast.guard)
    reach = cast.reach("guard")
    with transaction.atomic():
        calling.running(call.incident)
        answering, raised = beside(lambda: responding.mark_seen(call=call, by=reach, now=soon(15)))
        until_it_waits(answering)
        Call.objects.select_for_update(nowait=True).get(pk=call.pk)
    answering.join()
    assert not raised
    assert Call.objects.get(pk=call.pk).seen_at == soon(15)


def test_nobody_arrives_while_the_all_clear_is_given(committed_cast):
    cast = committed_cast
    call = called_incident(cast).calls.get(user=cast.guard)
    Incident.objects.update(answered_at=NOW)
    reach, arrival = cast.reach("guard"), Call.Arrival.TAP
    with transaction.atomic():
        by = cast.reach("commander")
        command.give_all_clear(incident=call.incident, outcome="handled", words="", by=by, now=soon(30))
        arriving, raised = beside(lambda: responding.arrive(call=call, how=arrival, by=reach, now=soon(30)))
        until_it_waits(arriving)
    arriving.join()
    assert [type(error) for error in raised] == [Conflict]
    assert call.incident.log.last().kind == "cleared"


def test_who_is_not_on_the_spot_confirms_nobodys_arrival(cast):
    incident = called_incident(cast)
    call = incident.calls.get(user=cast.safety)
    with pytest.raises(Denied):
        responding.confirm_arrival(call=call, by=cast.reach("guard"), now=soon(20))
    own = incident.calls.get(user=cast.guard)
    responding.arrive(call=own, how=Call.Arrival.TAP, by=cast.reach("guard"), now=soon(25))
    assert responding.confirm_arrival(call=call, by=cast.reach("guard"), now=soon(30)).arrived_at == soon(30)


def test_a_telephone_does_not_arrive(cast):
    line = called_incident(cast).calls.get(part="duty_line")
    with pytest.raises(Denied):
        responding.confirm_arrival(call=line, by=cast.reach("commander"), now=soon(20))


def test_who_cannot_come_and_can_after_all_is_on_the_way_again(cast):
    incident = called_incident(cast)
    given = {"call": incident.calls.get(user=cast.guard), "by": cast.reach("guard")}
    responding.set_out(now=soon(5), **given)
    responding.decline(now=soon(10), **given)
    assert board_of(incident, cast.reach("commander"), soon(12)).tiers[0].on_way == 0
    call = responding.set_out(now=soon(20), **given)
    assert (call.declined_at, call.on_way_at) == (None, soon(20))
    assert board_of(incident, cast.reach("commander"), soon(22)).tiers[0].on_way == 1


def test_somebody_who_cannot_come_does_not_answer_for_the_duty_desk(cast):
    incident = called_incident(cast)
    line = incident.calls.get(part="duty_line")
    responding.decline(call=incident.calls.get(user=cast.station2), by=cast.reach("station2"), now=soon(5))
    calling.follow_silent(calls=[line], now=soon(15))
    assert line.pages.filter(channel="voice").count() == 2


def test_who_pressed_is_not_told_of_an_answer_when_somebody_cannot_come(cast):
    incident = called_incident(cast)
    responding.decline(call=incident.calls.get(user=cast.guard), by=cast.reach("guard"), now=soon(5))
    assert Incident.objects.get().answered_at is None
    responding.set_out(call=incident.calls.get(user=cast.safety), by=cast.reach("safety"), now=soon(8))
    assert Incident.objects.get().answered_at == soon(8)


def test_answers_are_stamped_by_the_database_whatever_the_hosts_clock_says(cast, sign_in, clock):
    incident = called_incident(cast, now=database_now())
    clock.set(incident.opened_at - timedelta(minutes=1))
    call = incident.calls.get(user=cast.guard)
    sign_in(cast.guard).post(reverse("emergency:call_arrived", args=[call.code]))
    call.refresh_from_db()
    assert call.arrived_at >= incident.opened_at
