"""The watchdog finds what an engine has left undone, does it, and says so."""

from datetime import timedelta

import pytest
from django.test import Client

from factories import make_county, pressed
from huyuan.common.clock import database_now
from huyuan.emergency import watching
from huyuan.emergency.actions.probing import ask
from huyuan.emergency.actions.stepping import run_step
from huyuan.emergency.engine import Engine
from huyuan.emergency.models import Incident, LogEntry, Page, Probe, Step
from huyuan.emergency.tests.engines import run_until


@pytest.fixture
def county(own_database):
    return make_county()


def back(seconds):
    """Let a press have come so long ago."""
    return database_now() - timedelta(seconds=seconds)


def test_what_was_due_five_seconds_ago_is_late(county):
    incident = pressed(county, now=back(6)).incident
    assert watching.overdue(database_now()).incident_ids == (incident.pk,)


def test_what_was_due_four_seconds_ago_is_not_late_yet(county):
    pressed(county, now=back(4))
    assert watching.overdue(database_now()) is None
    assert watching.late(database_now()) is None


def test_the_watchdog_calls_and_pages_by_itself_and_writes_it_down(county, monkeypatch):
    monkeypatch.setattr(watching, "SHIFT_SECONDS", 1.0)
    incident = pressed(county, now=back(6)).incident
    watching.watch()
    assert incident.calls.exists()
    assert Step.objects.get(kind="call").claimed_by.startswith("watchdog ")
    assert not Page.objects.exclude(status="accepted").exists()
    assert watching.overdue(database_now()) is None
    entry = LogEntry.objects.get(kind="engine_late")
    assert entry.process.startswith("watchdog ")
    assert watching.late(database_now()).incident_ids == (incident.pk,)


def test_a_page_whose_lease_ran_out_long_ago_is_late(county):
    incident = pressed(county, now=database_now()).incident
    run_step(me="one that died")
    Page.objects.update(next_at=back(30), lease_until=back(6))
    assert watching.overdue(database_now()).incident_ids == (incident.pk,)
    Page.objects.update(lease_until=back(4))
    assert watching.overdue(database_now()) is None


def test_an_incident_that_is_over_is_never_late(county):
    pressed(county, now=back(60))
    Incident.objects.update(status="cleared", cleared_at=back(50))
    assert watching.overdue(database_now()) is None


def test_the_test_alarm_goes_each_minute_and_an_engine_answers_it(county):
    now = database_now()
    assert ask(now=now) is not None
    assert ask(now=now + timedelta(seconds=59)) is None
    run_until(lambda: Probe.objects.exclude(answered_at=None).exists(), Engine("one"))
    assert Probe.objects.get().answered_by == "one"
    assert ask(now=now + timedelta(seconds=60)) is not None


def test_the_watchdog_does_not_answer_its_own_test_alarm(county, monkeypatch):
    monkeypatch.setattr(watching, "SHIFT_SECONDS", 1.0)
    pressed(county, now=back(6))
    watching.watch()
    assert Probe.objects.get().answered_at is None
    assert watching.late(database_now() + timedelta(seconds=70)) is not None


def test_test_alarms_older_than_a_day_go(county):
    Probe.objects.create(asked_at=back(86_500), answered_at=back(86_499))
    ask(now=database_now())
    assert Probe.objects.count() == 1


def test_monitoring_is_told_whether_alarms_are_worked_on_and_nothing_else(county):
    client = Client(HTTP_HOST="localhost")
    assert (client.get("/healthz/alarms").status_code, client.get("/healthz/alarms").json()) == (503, {"ok": False})
    ask(now=database_now())
    run_until(lambda: Probe.objects.exclude(answered_at=None).exists(), Engine("one"))
    assert client.get("/healthz/alarms").json() == {"ok": True}
    pressed(county, now=back(6))
    assert client.get("/healthz/alarms").status_code == 503


def test_the_outbox_shows_what_was_sent_by_incident_and_way(county, sign_in):
    incident = pressed(county, now=database_now()).incident
    run_until(lambda: incident.pages.exists() and not incident.pages.exclude(status="accepted").exists(), Engine("one"))
    page = sign_in(county.guard).get("/dev/outbox?channel=voice").content.decode()
    assert county.organisations["station"].phone in page
    assert "暴力袭击" in page
    assert county.guard.phone in page
    other = make_county("南岭县", "360902", "198000")
    assert county.guard.phone not in sign_in(other.guard).get("/dev/outbox").content.decode()


def test_a_real_installation_has_no_outbox(county, sign_in, settings):
    client = sign_in(county.guard)
    settings.DEMO = False
    assert client.get("/dev/outbox").status_code == 404
