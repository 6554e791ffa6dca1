"""Processes die while people press: nothing acknowledged is lost and nobody is called twice; a small `make storm`."""

import json
import os
import subprocess
import sys

import pytest

from huyuan.config.bench.storming.running import PEOPLE
from tests.engine.serving import ROOT

ALARMS, KILLS = 20, 5
SIZE = ["--alarms", str(ALARMS), "--kills", str(KILLS), "--seeds", "1", "--schools", "10", "--seconds", "8"]


@pytest.fixture(scope="module")
def stormed():
    done = subprocess.run(
        [sys.executable, "manage.py", "storm", "--json", *SIZE], cwd=ROOT, env=os.environ, capture_output=True, text=True
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_nothing_acknowledged_is_lost_and_nothing_comes_twice(stormed):
    wrongs = ("lost", "duplicate_alarms", "lost_pages", "duplicate_pages", "missing_audit_rows")
    assert {wrong: stormed[wrong] for wrong in wrongs} == dict.fromkeys(wrongs, 0)


def test_the_storm_was_one(stormed):
    (storm,) = stormed["each"]
    assert storm["kills"] == KILLS and storm["acknowledged"] == storm["incidents"] == ALARMS
    # A short message and a voice call for everybody of the unit.
    assert storm["pages"] >= ALARMS * PEOPLE * 2
