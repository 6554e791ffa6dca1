"""The engine's work in given time: every step as if at its own moment, every page to the fake gateway."""

from datetime import timedelta

import pytest

from factories import NOW, make_county, pressed
from huyuan.emergency.actions import command, responding
from huyuan.emergency.models import Call, FakeSend, Incident, LogEntry, Page, Step
from huyuan.emergency.replaying import ME, TAKEN, replay
from huyuan.emergency.signs import Sign


@pytest.fixture
def cast(db):
    return make_county()


def seconds(number):
    return NOW + timedelta(seconds=number)


def test_steps_are_done_at_their_own_moment_and_only_those_that_are_due(cast):
    incident = pressed(cast).incident
    replay(incident=incident, until=seconds(70))
    done = Step.objects.filter(incident=incident).exclude(done_at=None)
    assert {(step.done_at, step.claimed_by) for step in done} == {(step.due_at, ME) for step in done}
    assert {step.kind for step in done} == {"call", "lay_out", "follow", "judge"}
    left = Step.objects.filter(incident=incident, done_at=None, kind="judge")
    assert sorted(left.values_list("subject", flat=True)) == ["3", "5"]
    assert incident.tiers.get(minute=1).missed_at == seconds(60)
    assert LogEntry.objects.filter(incident=incident).latest("pk").at <= seconds(70)


def test_what_engine_and_people_page_is_taken_by_the_fake_gateway_at_its_time(cast, settings):
    settings.GATEWAY_URL = "https://gateway.example/"
    incident = pressed(cast).incident
    replay(incident=incident, until=NOW)
    call = incident.calls.get(user=cast.guard)
    responding.decline(call=call, by=cast.reach("guard"), now=seconds(5))
    replay(incident=incident, until=seconds(5))
    pages = Page.objects.filter(incident=incident)
    assert set(pages.values_list("status", flat=True)) == {"accepted"}
    assert {page.accepted_at - page.made_at for page in pages.exclude(channel="screen")} == {TAKEN}
    sent = dict(FakeSend.objects.values_list("page", "taken_at"))
    assert sent == dict(pages.exclude(channel="screen").values_list("code", "accepted_at"))
    assert Incident.objects.get().line_accepted_at == NOW + TAKEN


def test_after_the_all_clear_what_is_left_calls_nobody(cast):
    incident = pressed(cast, by="safety", sign=Sign.EXERCISE).incident
    replay(incident=incident, until=NOW)
    command.give_all_clear(
        incident=incident, outcome="exercise_over", words="", by=cast.reach("commander"), now=seconds(9)
    )
    before = Call.objects.count(), Page.objects.count()
    replay(incident=incident, until=seconds(900))
    assert (Call.objects.count(), Page.objects.count()) == before
    assert not Step.objects.filter(done_at=None).exists()
