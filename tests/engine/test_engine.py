"""The engine: steps that neither stop nor hold up one another, and an end within a second."""

import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import psycopg
import pytest
from django.core import mail
from django.db import OperationalError, connections

from factories import make_county
from huyuan.audit import actions as audit
from huyuan.audit.models import AuditRow, AuditSeal
from huyuan.common.reach import system_reach
from huyuan.config import engine
from huyuan.config.engine import Engine, Heads, Sealing, Step, read_beat, send_due, steps
from huyuan.notifications import actions as notifications
from huyuan.notifications.models import Delivery
from tests.engine.serving import ROOT, environment


@pytest.fixture
def county(own_database, clock):
    clock.set(datetime.now(UTC))
    return make_county()


def wait_for(true, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def running(tmp_path):
    """Runs an engine of given steps; its threads end with the test."""
    engines = []

    def run(*steps):
        made = Engine(list(steps), beat=tmp_path / "engine.beat")
        engines.append(made)
        made.tend()
        return made

    yield run
    for made in engines:
        made.end(patience=5)


def record(county, count=1):
    for _ in range(count):
        audit.record("test:row", target=county.county, by=system_reach(county.county.pk), now=datetime.now(UTC))


def test_a_failing_step_does_not_stop_the_others_and_is_tried_again(county, running):
    tries, done = [], []

    def fails():
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("the server closed the connection unexpectedly")

    failing, working = Step("failing", 0.05, fails), Step("working", 0.05, lambda: done.append(1))
    running(failing, working)
    wait_for(lambda: len(tries) > 3 and len(done) > 3)
    assert failing.failures == 0


def test_a_slow_step_does_not_hold_up_the_others(county, running):
    hangs, done = threading.Event(), []
    running(Step("slow", 0.05, lambda: hangs.wait(10)), Step("working", 0.05, lambda: done.append(1)))
    wait_for(lambda: len(done) > 5, 2)
    hangs.set()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_step_that_died_of_a_mistake_is_started_again(county, running):
    tries = []

    def stumbles():
        tries.append(1)
        if len(tries) == 1:
            raise KeyError("a mistake")

    made = running(Step("stumbling", 0.02, stumbles))
    wait_for(lambda: not made.steps[0].thread.is_alive())
    made.tend()
    wait_for(lambda: len(tries) > 2)


def test_the_engine_survives_a_database_that_drops_every_connection(own_database, county, running):
    made = running(Step("seal", 0.05, Sealing()))
    record(county)
    wait_for(lambda: AuditSeal.objects.count() == AuditRow.objects.count())
    with psycopg.connect(environment("postgres")["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s",
            [own_database, connections["default"].connection.info.backend_pid],
        )
    record(county)
    wait_for(lambda: AuditSeal.objects.count() == AuditRow.objects.count())
    assert made.steps[0].thread.is_alive()


def test_the_beat_says_whether_the_engine_lives_and_what_went_well(county, running, tmp_path):
    assert read_beat(tmp_path / "engine.beat") == {"alive": False, "steps": {}}
    made = running(Step("working", 0.05, lambda: None))
    wait_for(lambda: made.steps[0].done_at is not None)
    made.tend()
    said = read_beat(made.beat)
    assert said["alive"] and said["steps"]["working"] < 1
    made.beat.write_text('{"written": 1, "steps": {}}')
    assert not read_beat(made.beat)["alive"]


def test_heads_are_written_when_the_chain_has_grown_and_only_then(county, settings):
    heads = Heads()
    heads()
    assert not settings.AUDIT_HEADS.exists()
    record(county)
    Sealing()()
    for _ in range(3):
        heads()
    assert len(settings.AUDIT_HEADS.read_text().splitlines()) == 1
    record(county)
    Sealing()()
    heads()
    assert len(settings.AUDIT_HEADS.read_text().splitlines()) == 2


def test_sealing_looks_at_every_row_again_after_a_failure(county, monkeypatch):
    sealing = Sealing()
    record(county)
    sealing()
    assert sealing.floor > 0

    def lost(**_given):
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(audit, "seal", lost)
        with pytest.raises(OperationalError):
            sealing()
    assert sealing.floor == 0


@pytest.fixture
def delivery(county):
    """One mail that waits to be sent."""
    county.safety.email = "safety@example.cn"
    county.safety.save()
    notifications.queue(
        "inspection:complete", to=[county.safety], by=system_reach(county.county.pk), now=datetime.now(UTC),
        school="青溪镇中心小学", count=2,
    )  # fmt: skip
    return Delivery.objects.get()


def test_a_waiting_mail_is_sent(delivery, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_due()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.SENT
    assert "青溪镇中心小学" in mail.outbox[0].body


def test_a_delivery_whose_sender_dies_on_every_attempt_is_given_up(delivery, monkeypatch):
    def dies(_delivery):
        raise KeyError("the kind is not known any more")

    monkeypatch.setattr(engine, "send", dies)
    for attempt in range(1, notifications.ATTEMPTS + 1):
        with pytest.raises(KeyError):
            send_due()
        delivery.refresh_from_db()
        assert (delivery.status, delivery.attempts) == (Delivery.Status.CLAIMED, attempt)
        Delivery.objects.update(lease_until=datetime.now(UTC))
    send_due()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.GIVEN_UP
    assert delivery.reason


def test_the_engine_seals_within_a_second_and_ends_within_one(own_database, county, tmp_path):
    values = environment(own_database, HUYUAN_VAR=str(tmp_path))
    process = subprocess.Popen([sys.executable, "manage.py", "run_engine"], cwd=ROOT, env=values)
    try:
        wait_for((tmp_path / "run" / "engine.beat").exists, 30)
        record(county)
        wait_for(lambda: AuditSeal.objects.count() == 1, 20)
        begun = time.monotonic()
        record(county)
        wait_for(lambda: AuditSeal.objects.count() == 2, 5)
        assert time.monotonic() - begun < 1.2
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
        assert time.monotonic() - begun < 1.2
    finally:
        process.kill()
        process.wait()


def test_the_watchdog_of_alarms_looks_each_second_from_another_process_than_theirs():
    assert ("watch", 1.0) in [(step.name, step.every) for step in steps()]
