"""Draining: what dead processes left is committed by any engine of the host."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from factories import make_county
from huyuan.emergency.actions.press_keys import register_key, revoke_key
from huyuan.emergency.draining import Draining
from huyuan.emergency.journal import Journal, waiting_in
from huyuan.emergency.models import LogEntry, Press, PressKey
from huyuan.emergency.press_bodies import cancel_record, press_record
from huyuan.emergency.tests.pressing import Phone, close_connections, press_body


@pytest.fixture
def county(own_database, clock):
    clock.set(datetime.now(UTC))
    return make_county()


@pytest.fixture
def holder(county):
    return register_key(public_key=Phone().public_key, name="", by=county.reach("guard"), now=datetime.now(UTC)).holder


@pytest.fixture
def draining():
    made = Draining()
    yield made
    close_connections(made.attempts, 1)
    made.attempts.shutdown()


def left_by_a_death(*bodies):
    """Keep records as a process does that dies before it commits them."""
    kept = Journal(settings.JOURNAL)
    for body in bodies:
        kept.keep(body)
    for file in kept.files:
        file.close(remove=False)


def pressed(holder, ago=0, **said):
    return press_record(press_body(**said), holder, datetime.now(UTC) - timedelta(seconds=ago))


def test_what_a_dead_process_left_becomes_an_alarm_and_its_file_goes(holder, draining):
    record = pressed(holder, ago=30)
    left_by_a_death(record)
    draining()
    assert str(Press.objects.get().code) == record["identity"]
    assert LogEntry.objects.get(kind="press_held").facts["seconds"] >= 30
    assert not list(settings.JOURNAL.glob("*.journal"))
    draining()
    assert Press.objects.count() == 1


def test_a_press_committed_before_the_death_is_not_committed_again(holder, draining):
    record = pressed(holder)
    for _ in range(2):
        left_by_a_death(record)
        draining()
    assert Press.objects.count() == 1 and LogEntry.objects.filter(kind="press").count() == 1


def test_what_a_living_process_does_not_get_done_is_stored_for_it_once(holder, draining):
    living = Journal(settings.JOURNAL)
    stalled, fresh = pressed(holder, ago=10), pressed(holder)
    for record in (stalled, fresh):
        living.keep(record)
    for _ in range(2):
        draining()
    assert str(Press.objects.get().code) == stalled["identity"]
    assert [body["identity"] for body in waiting_in(settings.JOURNAL)] == [stalled["identity"], fresh["identity"]]
    assert draining.stood_in == {("press", stalled["identity"])}
    living.close()


def test_without_database_everything_stays_where_it_is(holder, draining, monkeypatch):
    left_by_a_death(pressed(holder), pressed(holder))
    with monkeypatch.context() as away:
        away.setitem(connections["default"].settings_dict, "NAME", "no_such_database")
        with pytest.raises(OperationalError):
            draining()
    assert len(list(waiting_in(settings.JOURNAL))) == 2
    draining()
    assert Press.objects.count() == 2


def test_a_post_that_ended_meanwhile_does_not_stop_the_alarm(county, holder, draining):
    left_by_a_death(pressed(holder))
    past = datetime.now(UTC).date() - timedelta(days=2)
    county.guard.posts.update(starts_on=past - timedelta(days=9), ends_on=past)
    draining()
    assert Press.objects.get().pressed_by == county.guard
    assert LogEntry.objects.filter(kind="press_not_entitled").exists()


def test_a_phone_revoked_meanwhile_raises_none_and_blocks_nothing(county, holder, draining):
    other = register_key(public_key=Phone().public_key, name="", by=county.reach("head"), now=datetime.now(UTC)).holder
    left_by_a_death(pressed(holder), pressed(other))
    revoke_key(key=PressKey.objects.get(code=holder.key), by=county.reach("guard"), now=datetime.now(UTC))
    draining()
    assert Press.objects.get().pressed_by == county.head
    assert not list(settings.JOURNAL.glob("*.journal"))


def test_a_spoilt_record_is_set_aside_and_the_next_one_is_committed(holder, draining):
    left_by_a_death({"kind": "press"}, pressed(holder))
    draining()
    draining()
    assert Press.objects.count() == 1
    assert len(list((settings.JOURNAL / "damaged").iterdir())) == 1


def test_a_cancel_waits_for_its_press_that_lies_in_another_journal(holder, draining):
    record = pressed(holder, alarm_class="gate")
    cancel = cancel_record(b'{"reason": "x"}', uuid.UUID(record["identity"]), holder, datetime.now(UTC))
    left_by_a_death(cancel)
    living = Journal(settings.JOURNAL)
    entry = living.keep(record)
    draining()
    assert list(waiting_in(settings.JOURNAL)) == [cancel, record]
    entry.file.close(remove=False)
    draining()
    draining()
    kept = Press.objects.get()
    assert kept.cancelled_at and kept.incident.status == "cleared"
    assert kept.incident.cleared_at >= kept.incident.opened_at


def test_a_cancel_of_nothing_is_over(holder, draining):
    left_by_a_death(cancel_record(b'{"reason": "x"}', uuid.uuid4(), holder, datetime.now(UTC)))
    draining()
    assert not list(settings.JOURNAL.glob("*.journal")) and not Press.objects.exists()


def test_a_cancel_made_in_time_counts_although_the_database_was_away(holder, draining):
    record = pressed(holder, alarm_class="gate")
    left_by_a_death(record)
    draining()
    Press.objects.update(received_at=datetime.now(UTC) - timedelta(seconds=60))
    asked = datetime.now(UTC) - timedelta(seconds=55)
    left_by_a_death(cancel_record(b'{"reason": "x"}', uuid.UUID(record["identity"]), holder, asked))
    draining()
    assert Press.objects.get().cancelled_at is not None
