"""The engine sends every page once, whatever happens on the way."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as product
from django.db import connection
from django.utils import timezone

from factories import make_county, pressed
from huyuan.common.clock import database_now
from huyuan.emergency import engine
from huyuan.emergency.actions.outbox import claim_pages, close_pages, make_up_lines, mark_accepted, mark_failed
from huyuan.emergency.actions.stepping import TAKE, run_step
from huyuan.emergency.channels.letters import SendFailed
from huyuan.emergency.engine import Engine
from huyuan.emergency.models import FakeSend, Incident, OutsideReceiver, Page, Step
from huyuan.emergency.signs import Sign
from huyuan.emergency.tests.engines import Gateway, asked, listening, run_until, working


@pytest.fixture
def county(own_database):
    return make_county()


def called(county, **more):
    """An incident whose call step has been done, its pages not sent yet."""
    incident = pressed(county, now=database_now(), **more).incident
    claimed = run_step(me="one that died at once")
    assert claimed
    return incident


def all_accepted(incident, **more):
    pages = Page.objects.filter(incident=incident, **more)
    return lambda: pages.exists() and not pages.exclude(status=Page.Status.ACCEPTED).exists()


def test_a_press_is_called_and_sent_by_every_way(county):
    incident = pressed(county, now=database_now()).incident
    run_until(all_accepted(incident), Engine("one"))
    sent = Counter(FakeSend.objects.values_list("channel", flat=True))
    people = incident.calls.exclude(user=None).count()
    assert sent == {"sms": people, "voice": people + 2}
    assert Page.objects.filter(channel="screen").count() == people
    assert Incident.objects.get().line_accepted_at is not None
    assert Step.objects.get(kind="call").claimed_by == "one"


def test_two_engines_at_once_send_no_page_twice(county):
    incidents = [
        pressed(county, now=database_now(), alarm_class=key).incident for key in ("attack", "fire", "disaster")
    ]
    gateway = Gateway()

    async def both():
        async with listening(gateway) as url:
            product.GATEWAY_URL = url
            await working(all_done, Engine("one"), Engine("two"))

    def all_done():
        return all(all_accepted(incident)() for incident in incidents)

    with own_gateway():
        asyncio.run(both())
    assert max(Counter(gateway.keys).values()) == 1
    wanted = Page.objects.filter(channel__in=["sms", "voice"]).values_list("code", flat=True)
    assert set(gateway.keys) == {str(code) for code in wanted}


def test_a_lease_that_ran_out_is_taken_over_with_the_same_code(county):
    incident = called(county)
    assert claim_pages(me="two") == []
    Page.objects.update(lease_until=database_now() - timedelta(seconds=1))
    run_until(all_accepted(incident), Engine("two"))
    assert set(Page.objects.exclude(channel="screen").values_list("claimed_by", "attempts")) == {("two", 2)}
    assert FakeSend.objects.count() == Page.objects.filter(channel__in=["sms", "voice"]).count()


def test_a_page_is_marked_only_after_it_was_taken(county):
    called(county)
    assert set(Page.objects.exclude(channel="screen").values_list("status", "accepted_at")) == {("claimed", None)}


def test_a_marking_that_hangs_is_done_by_another_thread_and_nothing_is_sent_again(county, monkeypatch):
    incident = pressed(county, now=database_now()).incident
    hung, goes_on, gateway = threading.Event(), threading.Event(), Gateway()

    def hangs_once(*, pages):
        if not hung.is_set():
            hung.set()
            goes_on.wait()
        mark_accepted(pages=pages)

    async def work():
        async with listening(gateway) as url:
            product.GATEWAY_URL = url
            tasks = asyncio.ensure_future(working(goes_on.is_set, Engine("one")))
            while not await asyncio.to_thread(asked, all_accepted(incident)):
                await asyncio.sleep(0.1)
            goes_on.set()
            await tasks

    monkeypatch.setattr(engine, "mark_accepted", hangs_once)
    with own_gateway():
        asyncio.run(work())
    assert max(Counter(gateway.keys).values()) == 1


def test_a_gateway_that_fails_and_hangs_is_asked_again_until_it_takes(county):
    incident, gateway = pressed(county, now=database_now()).incident, Gateway()
    gateway.answers = [500, 503, 429, None]

    async def until_taken():
        async with listening(gateway) as url:
            product.GATEWAY_URL = url
            await working(all_accepted(incident), Engine("one"))

    with own_gateway():
        asyncio.run(until_taken())
    wanted = {str(code) for code in Page.objects.filter(channel__in=["sms", "voice"]).values_list("code", flat=True)}
    assert {letter["page"] for letter in gateway.taken} == wanted
    assert len(gateway.keys) == len(wanted) + 4
    assert max(Page.objects.values_list("attempts", flat=True)) == 2


def test_a_number_the_gateway_refuses_is_not_tried_again(county):
    incident, gateway = pressed(county, now=database_now()).incident, Gateway()
    gateway.always = 422

    async def until_refused():
        async with listening(gateway) as url:
            product.GATEWAY_URL = url
            await working(nothing_waits, Engine("one"))

    def nothing_waits():
        return Page.objects.exists() and not Page.objects.filter(status__in=["waiting", "claimed"]).exists()

    with own_gateway():
        asyncio.run(until_refused())
    by_sms = Page.objects.filter(incident=incident, channel="sms")
    assert set(by_sms.values_list("status", "attempts", "reason")) == {("failed", 1, "the gateway answered 422")}
    assert set(Page.objects.filter(channel="screen").values_list("status", flat=True)) == {"accepted"}


@pytest.mark.parametrize(("key", "ends"), [("attack", False), ("gate", True)])
def test_only_the_highest_class_is_tried_without_an_end(county, key, ends):
    called(county, alarm_class=key)
    Page.objects.filter(status="claimed").update(attempts=40, lease_until=database_now() - timedelta(seconds=1))
    page = next(page for page in claim_pages(me="one") if page.channel == "sms")
    mark_failed(page=page, failure=SendFailed("the gateway answered 503"), me="one")
    row = Page.objects.get(code=page.code)
    assert (row.status == "failed") is ends
    if not ends:
        assert row.next_at - database_now() <= timedelta(seconds=4)


@pytest.mark.parametrize(("days", "ends"), [(0, False), (2, True)])
def test_a_receiver_that_stays_away_is_given_up_a_day_after_the_incident(county, days, ends):
    receiver = OutsideReceiver.objects.create(county=county.county, name="甲", kind="cap", url="https://a.example/")
    incident = called(county)
    Incident.objects.update(status="cleared", cleared_at=database_now())
    made = database_now() - timedelta(days=days)
    Page.objects.create(
        code=uuid.uuid4(), incident=incident, receiver=receiver, sign="real", channel="outside", address="a.1", made_at=made,
        next_at=made,
    )  # fmt: skip
    page = next(page for page in claim_pages(me="one") if page.channel == "outside")
    mark_failed(page=page, failure=SendFailed("the receiver cannot be reached"), me="one")
    assert (Page.objects.get(code=page.code).status == "failed") is ends


def test_who_lost_the_lease_marks_no_failure_but_an_acceptance(county):
    called(county)
    pages = claim_again("two")
    mark_failed(page=pages[0], failure=SendFailed("slow"), me="one")
    assert Page.objects.get(code=pages[0].code).claimed_by == "two"
    mark_accepted(pages=[pages[0]])
    mark_failed(page=pages[0], failure=SendFailed("slow"), me="two")
    assert Page.objects.get(code=pages[0].code).status == "accepted"


def claim_again(me):
    Page.objects.update(lease_until=database_now() - timedelta(seconds=1))
    return claim_pages(me=me)


def test_after_the_all_clear_nothing_is_sent_any_more(county):
    incident = called(county)
    Page.objects.update(lease_until=database_now() - timedelta(seconds=1))
    Incident.objects.filter(pk=incident.pk).update(status="cleared", cleared_at=database_now())
    assert claim_pages(me="two") == []
    close_pages()
    ended = Page.objects.exclude(channel="screen")
    assert set(ended.values_list("status", "reason")) == {("failed", "the incident was over")}
    Step.objects.update(due_at=database_now())
    while run_step(me="two") is not None:
        pass
    assert set(incident.log.values_list("kind", flat=True)) == {"press", "called"}


def test_a_step_that_cannot_be_done_holds_up_no_other(county):
    first = pressed(county, now=database_now()).incident
    Step.objects.create(incident=first, kind="follow", subject="nobody", due_at=database_now() - timedelta(hours=1))
    run_until(all_accepted(first), Engine("one"))
    failing = Step.objects.get(subject="nobody")
    assert failing.done_at is None
    assert failing.attempts >= 1


def test_what_cannot_be_done_holds_up_nothing_that_would_be_done_with_it(county):
    incident = called(county)
    due = database_now() - timedelta(minutes=1)
    Step.objects.filter(kind="follow").update(due_at=due)
    # Later than the others, so that it is first taken along with them.
    Step.objects.create(incident=incident, kind="follow", subject="nobody", due_at=due + timedelta(seconds=1))
    silent = Step.objects.filter(kind="follow", due_at=due)
    assert silent.count() > 2
    run_until(lambda: not silent.filter(done_at=None).exists(), Engine("one"))
    assert Step.objects.get(subject="nobody").done_at is None


def test_all_who_stay_silent_are_followed_in_one_go(county):
    incident = called(county)
    silent = Step.objects.filter(kind="follow", incident=incident)
    silent.update(due_at=database_now())
    first = set(silent.values_list("pk", flat=True))
    pages = run_step(me="two")
    assert not silent.filter(pk__in=first, done_at=None).exists()
    assert {page.call_id for page in pages} >= set(
        incident.calls.filter(silent_at__isnull=False).values_list("pk", flat=True)
    )
    assert incident.calls.filter(silent_at__isnull=False).count() == len(first)


def test_a_real_alarm_is_called_before_the_silent_of_others_and_before_exercises(county):
    earlier = called(county)
    exercise = pressed(county, school="point", sign=Sign.EXERCISE, now=database_now() - timedelta(seconds=20)).incident
    Step.objects.filter(incident=earlier, kind="follow").update(due_at=database_now() - timedelta(seconds=10))
    new = pressed(county, school="far_school", now=database_now()).incident
    order = []
    for _turn in range(3):
        order.append({page.incident_id for page in run_step(me="two")})
    assert order == [{new.pk}, {earlier.pk}, {exercise.pk}]


def test_messages_are_marked_while_somebody_holds_their_alarm_and_the_line_is_made_up_for(county):
    incident = called(county)
    with psycopg.connect(engine.dsn()) as cut_off:
        cut_off.execute("SELECT 1 FROM emergency_incident WHERE id = %s FOR NO KEY UPDATE", [incident.pk])
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        mark_accepted(pages=claim_again("two"))
        assert not Page.objects.exclude(status="accepted").exists()
        make_up_lines()
        assert Incident.objects.get().line_accepted_at is None
    make_up_lines()
    first = Page.objects.filter(channel="voice", call__part="duty_line").earliest("accepted_at")
    assert Incident.objects.get().line_accepted_at == first.accepted_at


def test_who_passes_over_a_held_alarm_keeps_none_of_its_steps(county):
    held, other = (pressed(county, school=school, now=database_now()).incident for school in ("school", "far_school"))
    with psycopg.connect(engine.dsn()) as holder, psycopg.connect(engine.dsn()) as taker:
        holder.execute("SELECT 1 FROM emergency_incident WHERE id = %s FOR NO KEY UPDATE", [held.pk])
        assert taker.execute(TAKE).fetchone()[1] == other.pk
        holder.rollback()
        assert {page.incident_id for page in run_step(me="two")} == {held.pk}


def test_an_alarm_that_a_cut_off_engine_holds_holds_up_no_other(county):
    held, other = (pressed(county, school=school, now=database_now()).incident for school in ("school", "far_school"))
    with psycopg.connect(engine.dsn()) as cut_off:
        cut_off.execute("SELECT 1 FROM emergency_incident WHERE id = %s FOR NO KEY UPDATE", [held.pk])
        with connection.cursor() as cursor:
            # Whoever waits for it is refused instead of waiting for ever.
            cursor.execute("SET lock_timeout = '2s'")
        assert {page.incident_id for page in run_step(me="two")} == {other.pk}
        assert run_step(me="two") is None
    assert {page.incident_id for page in run_step(me="two")} == {held.pk}


@pytest.mark.parametrize("sign", [Sign.EXERCISE, Sign.TEST])
def test_no_exercise_or_test_leaves_without_its_sign(county, sign):
    incident = pressed(county, by="safety", sign=sign, now=database_now()).incident
    run_until(all_accepted(incident), Engine("one"))
    mark = {"exercise": "【演练】", "test": "【测试】"}[sign]
    texts = list(FakeSend.objects.values_list("text", flat=True))
    assert texts
    assert all(text.startswith(mark) and text.endswith(mark) for text in texts)
    assert not Page.objects.filter(channel="outside").exists()


def test_the_clock_of_the_machine_does_not_matter(county, clock):
    clock.set(timezone.now() + timedelta(days=400))
    incident = pressed(county, now=database_now()).incident
    run_until(all_accepted(incident), Engine("one"))
    assert incident.log.filter(kind="tier_missed").count() == 0
    clock.set(timezone.now() - timedelta(days=800))
    assert run_step(me="one") is None


def test_a_killed_engine_loses_nothing(county):
    gateway = Gateway()
    incident = pressed(county, now=database_now()).incident
    gateway.always = None

    async def killed_while_sending():
        async with listening(gateway) as url:
            product.GATEWAY_URL = url
            process = subprocess.Popen(
                [sys.executable, "manage.py", "run_alarms"], cwd=product.BASE_DIR, env=environment(url)
            )
            while not gateway.keys:
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
            gateway.always = 200
            await working(all_accepted(incident), Engine("two"))

    with own_gateway():
        asyncio.run(killed_while_sending())
    taken = Counter(letter["page"] for letter in gateway.taken)
    wanted = {str(code) for code in Page.objects.filter(channel__in=["sms", "voice"]).values_list("code", flat=True)}
    assert set(taken) == wanted
    assert set(taken.values()) == {1}


def environment(url):
    name = connection.settings_dict["NAME"]
    addresses = {
        key: urlsplit(os.environ[key])._replace(path=f"/{name}").geturl()
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    return os.environ | addresses | {"HUYUAN_GATEWAY_URL": url}


@contextmanager
def own_gateway():
    """Give the gateway's address back afterwards."""
    before = product.GATEWAY_URL
    connection.close()
    try:
        yield
    finally:
        product.GATEWAY_URL = before
