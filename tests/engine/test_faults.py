"""Whatever fails between a press and its pages, the alarm is stored once and everybody is paged: a sample of `make faults`."""

import json
import os
import subprocess
import sys

import pytest

from huyuan.config.bench.faulting.outcomes import HOW, OUTCOMES, Act, Trouble, as_markdown
from tests.engine.serving import ROOT

# Every seventy-first of some five hundred cells, and the one trouble that takes everything away at once.
SAMPLE = ["--every", "71", "--lanes", "2", "--down", "4", "--troubles", Trouble.DATABASE_DOWN, Trouble.DISK_FULL]


@pytest.fixture(scope="module")
def attacked():
    command = [sys.executable, "manage.py", "faults", "--json", *SAMPLE]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_every_sampled_point_recovers_from_every_kind_of_fault(attacked):
    points = attacked["points"]
    wrong = [cell for cell in points["cells"] if cell["outcome"] not in ("recovered", "not reached")]
    assert points["sums"]["cells"] >= 5 and not wrong, wrong
    assert points["sums"]["recovered"] >= points["sums"]["cells"] - 1


def test_the_path_is_recorded_from_the_disk_to_the_last_send(attacked):
    assert attacked["points"]["points"]["press"] > 25 and attacked["points"]["points"]["page"] > 50


def test_with_the_database_away_or_the_disk_full_each_act_comes_as_it_is_written(attacked):
    assert [cell for cell in attacked["matrix"]["each"] if not cell["met"]] == []
    assert attacked["matrix"]["cells"] == 10


def test_every_trouble_has_a_written_outcome_for_every_act():
    assert set(OUTCOMES) == set(HOW) == set(Trouble)
    assert all(set(acts) == set(Act) for acts in OUTCOMES.values())


def test_the_written_outcomes_stand_in_the_documentation():
    assert (ROOT / "docs" / "emergency-faults.md").read_text().endswith(as_markdown())
