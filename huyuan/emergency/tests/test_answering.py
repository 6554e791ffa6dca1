"""What people answer: in which order, from where, beside the engine and the all-clear."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction

from factories import NOW, called_incident, make_county
from huyuan.common.errors import Conflict
from huyuan.emergency.actions import calling, command, responding
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
