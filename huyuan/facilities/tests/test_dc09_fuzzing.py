"""Mutated frames, a small run of what `manage.py fuzz_dc09` does by the million."""

import json

from django.core.management import call_command

from huyuan.facilities.dc09 import frames, fuzzing


def test_of_twenty_thousand_mutated_frames_none_crashes_and_none_raises_an_alarm(capsys):
    call_command("fuzz_dc09", "--frames", "20000", "--seed", "7", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["frames"], found["seed"]) == (20_000, 7)
    assert (found["crashes"], found["false_alarms"]) == (0, 0)
    assert found["accepted"] > 0
    assert "cryptography" in found["versions"]


def test_the_count_finds_false_alarms_where_no_checksum_is_looked_at(monkeypatch):
    monkeypatch.setattr(frames, "unwrap", lambda frame: frame[frames.HEADER :])
    assert fuzzing.fuzz(frames=100_000, seed=7)["false_alarms"] > 0
