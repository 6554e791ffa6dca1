"""Chains of updates and cancels: which message stands, whatever the order they came in."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

from huyuan.emergency.cap.chains import State, Verdict, resolve
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.vocabulary import Kind, Status
from huyuan.emergency.tests.test_cap_alerts import PLAIN

FIRST = read_alert(PLAIN.encode())
SOON = FIRST.sent + timedelta(hours=1)


def later(kind, *earlier, minutes=10, **changes):
    given = {"identifier": f"wx-{minutes}", "sent": FIRST.sent + timedelta(minutes=minutes)} | changes
    return replace(FIRST, kind=kind, references=tuple(one.reference for one in earlier), **given)


def test_a_chain_resolves_the_same_in_every_order():
    update = later(Kind.UPDATE, FIRST)
    second = later(Kind.UPDATE, FIRST, update, minutes=20)
    cancel = later(Kind.CANCEL, FIRST, update, second, minutes=30)
    for order in permutations([FIRST, update, second, cancel]):
        verdicts = resolve(order, SOON)
        assert verdicts[FIRST.reference] == Verdict(State.REPLACED, update.reference)
        assert verdicts[update.reference] == Verdict(State.REPLACED, second.reference)
        assert verdicts[second.reference] == Verdict(State.CANCELLED, cancel.reference)
        assert verdicts[cancel.reference].state is State.CANCELS


def test_an_update_of_an_unknown_message_stands_by_itself():
    update = later(Kind.UPDATE, FIRST)
    assert resolve([update], SOON)[update.reference].state is State.IN_FORCE


def test_a_cancel_of_an_unknown_message_is_said_to_be_one():
    cancel = later(Kind.CANCEL, FIRST)
    assert resolve([cancel], SOON)[cancel.reference].state is State.CANCELS_UNKNOWN


def test_another_sender_cannot_end_a_message():
    cancel = later(Kind.CANCEL, FIRST, sender="somebody@else.example")
    verdicts = resolve([FIRST, cancel], SOON)
    assert verdicts[FIRST.reference].state is State.IN_FORCE
    assert verdicts[cancel.reference].state is State.CANCELS_UNKNOWN


def test_the_cancel_of_an_exercise_ends_no_real_message():
    for status in (Status.EXERCISE, Status.TEST, Status.SYSTEM, Status.DRAFT):
        verdicts = resolve([FIRST, later(Kind.CANCEL, FIRST, status=status)], SOON)
        assert verdicts[FIRST.reference].state is State.IN_FORCE


def test_two_messages_that_name_each_other_do_not_end_each_other():
    update = later(Kind.UPDATE, FIRST)
    first = replace(FIRST, kind=Kind.UPDATE, references=(update.reference,))
    verdicts = resolve([first, update], SOON)
    assert {verdict.state for verdict in verdicts.values()} == {State.IN_FORCE}


def test_an_update_within_the_same_second_replaces():
    update = later(Kind.UPDATE, FIRST, minutes=0, identifier="wx-2")
    assert resolve([update, FIRST], SOON)[FIRST.reference].state is State.REPLACED


def test_a_message_ends_by_itself_and_without_its_end_after_a_day():
    endless = replace(FIRST, identifier="wx-2", infos=(replace(FIRST.infos[0], expires=None),))
    assert resolve([FIRST], FIRST.ends_at)[FIRST.reference].state is State.EXPIRED
    a_day = FIRST.sent + timedelta(hours=24)
    assert resolve([endless], a_day - timedelta(seconds=1))[endless.reference].state is State.IN_FORCE
    assert resolve([endless], a_day)[endless.reference].state is State.EXPIRED


def test_an_acknowledgement_is_kept_and_stands_for_nothing():
    acknowledged = later(Kind.ACK, FIRST)
    verdicts = resolve([FIRST, acknowledged], SOON)
    assert verdicts[acknowledged.reference].state is State.SPOKEN
    assert verdicts[FIRST.reference].state is State.IN_FORCE
