"""Real processes that are killed: whatever was answered as held or committed is an alarm in the end, once."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException

import psycopg
import pytest
from django.db import connections

from factories import make_county
from huyuan.audit.models import AuditRow
from huyuan.emergency.actions.press_keys import register_key
from huyuan.emergency.models import Incident, LogEntry, Press
from huyuan.emergency.press_address import PATH
from huyuan.emergency.tests.pressing import Phone, press_body
from tests.engine.serving import ROOT, environment, free_port


@pytest.fixture
def host(own_database, clock, settings, tmp_path):
    """A host with a data folder of its own, beside the database of the test."""
    clock.set(datetime.now(UTC))
    settings.PRESS_KEYS, settings.JOURNAL = tmp_path / "keys" / "press", tmp_path / "journal"
    return Host(own_database, tmp_path, make_county())


class Host:
    """Starts, kills and asks the processes of a host."""

    def __init__(self, database, var, county):
        self.database, self.var, self.county = database, var, county
        self.port = free_port()
        self.phone = Phone()
        made = register_key(public_key=self.phone.public_key, name="", by=county.reach("guard"), now=datetime.now(UTC))
        self.phone.token = made.token

    @contextmanager
    def running(self, *command):
        """A process in a group of its own, killed at the end with all it started."""
        known = environment(self.database, HUYUAN_VAR=str(self.var))
        process = subprocess.Popen([sys.executable, *command], cwd=ROOT, env=known, start_new_session=True)
        try:
            yield process
        finally:
            kill(process)

    @contextmanager
    def web(self):
        """The web server, once it answers."""
        command = ["-m", "granian", "--interface", "wsgi", "--port", str(self.port), "--blocking-threads", "4"]
        with self.running(*command, "--log-level", "warning", "huyuan.config.wsgi:application") as process:
            deadline = time.monotonic() + 60
            while self.ask("GET", f"{PATH}/{uuid.uuid4()}") is None:
                assert process.poll() is None and time.monotonic() < deadline, "the server does not answer"
                time.sleep(0.05)
            yield process

    def engine(self):
        """The engine, which drains the journals of this host."""
        return self.running("manage.py", "run_engine")

    def ask(self, method, path, body=b""):
        """Status and body of one request; None when nobody answers."""
        client = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            client.request(method, path, body or None, self.phone.headers(path, body))
            answer = client.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, HTTPException, ValueError):
            return None
        finally:
            client.close()

    def press(self, body=None):
        return self.ask("POST", PATH, press_body() if body is None else body)

    @contextmanager
    def database_away(self):
        """The database takes no connection and drops those it has."""
        connections["default"].close()
        self.let_in(False)
        with psycopg.connect(environment("postgres")["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.database])
        yield
        self.let_in(True)

    def let_in(self, allowed):
        with psycopg.connect(environment("postgres")["DATABASE_OWNER_URL"], autocommit=True) as owner:
            owner.execute(f'ALTER DATABASE "{self.database}" ALLOW_CONNECTIONS {str(allowed).lower()}')


def kill(process):
    """End a process and everything it started, without a word."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until(true):
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def test_a_press_taken_without_database_survives_the_death_of_its_process(host):
    with host.web() as web:
        assert host.press()[1]["state"] == "committed"
        with host.database_away():
            body = press_body()
            status, said = host.press(body)
            assert (status, said["state"]) == (202, "held") and "110" in said["sentence"]
            assert host.ask("GET", f"{PATH}/{said['identity']}")[1]["state"] == "held"
            kill(web)
    assert not Press.objects.filter(code=said["identity"]).exists()
    with host.engine():
        wait_until(Press.objects.filter(code=said["identity"]).exists)
        wait_until(lambda: not list(host.var.glob("journal/*.journal")))
    assert Press.objects.count() == 2 and Incident.objects.count() == 1
    assert AuditRow.objects.filter(kind="alarm:press").count() == 2
    with host.web():
        assert host.press(body)[0] == 200


def test_a_press_taken_without_database_is_committed_by_its_own_process_when_it_returns(host):
    with host.web():
        with host.database_away():
            identity = host.press()[1]["identity"]
        wait_until(Press.objects.filter(code=identity).exists)
        assert host.ask("GET", f"{PATH}/{identity}")[1]["state"] == "committed"


def test_what_was_answered_under_kills_is_there_once(host):
    answered, bodies, ended = {}, [press_body() for _ in range(60)], threading.Event()

    def send(mine):
        for body in mine:
            while (answer := host.press(body)) is None or answer[0] >= 500:
                assert not ended.wait(0.1)
            answered[answer[1]["identity"]] = answer[1]["state"]

    senders = [threading.Thread(target=send, args=[bodies[number::4]]) for number in range(4)]
    with host.engine():
        for sender in senders:
            sender.start()
        while any(sender.is_alive() for sender in senders):
            with host.web() as web:
                began = len(answered)
                wait_until(lambda began=began: len(answered) >= min(began + 20, len(bodies)))
                kill(web)
        wait_until(lambda: not list(host.var.glob("journal/*.journal")))
    assert len(answered) == 60 and set(answered.values()) <= {"committed", "line_accepted", "held"}
    assert set(map(str, Press.objects.values_list("code", flat=True))) == set(answered)
    assert Incident.objects.count() == 1
    assert AuditRow.objects.filter(kind="alarm:press").count() == 60
    assert LogEntry.objects.filter(kind__in=["press", "press_again"]).count() == 60
