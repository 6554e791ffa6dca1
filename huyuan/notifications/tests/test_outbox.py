"""The outbox: written with the act, claimed once, and always with a final status."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections, transaction

from factories import NOW, make_county
from huyuan.common.errors import Denied, Invalid
from huyuan.common.reach import system_reach
from huyuan.notifications import channels
from huyuan.notifications.actions import (
    ATTEMPTS,
    LEASE,
    SendFailed,
    add_channel,
    claim,
    deliver,
    give_up_unsendable,
    mark_read,
    queue,
    remove_channel,
)
from huyuan.notifications.kinds import SENTENCES, register, sentence
from huyuan.notifications.models import Channel, Delivery, Message

# Apprise imports it.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
KIND = "inspection:complete"
FACTS = {"school": "青溪镇中心小学", "count": 2}
LONG = timedelta(days=365)


def tell(cast, *people, by=None, **others):
    return queue(KIND, to=people, by=by or system_reach(cast.county.pk), now=NOW, **FACTS, **others)


@pytest.fixture
def mailed(cast):
    """One mail that waits to be sent."""
    cast.safety.email = "safety@example.cn"
    cast.safety.save()
    tell(cast, cast.safety)
    return Delivery.objects.get()


@pytest.fixture
def robot(cast):
    """The group robot of a station."""
    return Channel.objects.create(
        organisation=cast.organisations["station"],
        name="群机器人",
        address="wecombot://0123456789012345678901234567890",
    )


def fails(_delivery):
    raise SendFailed("the server is away")


def test_everybody_is_told_once_and_the_actor_not_at_all(cast):
    told = tell(cast, cast.head, cast.head, cast.safety, cast.station, by=cast.reach("station"))
    assert {message.recipient for message in told} == {cast.head, cast.safety}


def test_an_act_that_is_undone_tells_nobody(cast):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(cast, cast.head)
        raise RuntimeError
    assert not Message.objects.exists()


def test_a_kind_that_nobody_registered_is_refused(cast):
    with pytest.raises(KeyError):
        queue("no:such", to=[cast.head], by=cast.reach("station"), now=NOW)
    with pytest.raises(ValueError, match=KIND):
        register({KIND: "twice"})


def test_the_sentence_is_in_the_readers_language_with_dates_written_out():
    facts = {"actor": "陈志强", "school": "青溪镇中心小学", "hazard": "灯不亮", "due_on": "2026-09-20"}
    assert "Sept. 20, 2026" in sentence("hazard:order", facts, "en")
    assert "2026年9月20日" in sentence("hazard:order", facts, "zh-hans")


def test_every_registered_sentence_can_be_said_in_both_languages():
    facts = dict.fromkeys(
        [
            "actor",
            "school",
            "hazard",
            "reason",
            "name",
            "count",
            "organisation",
            "whom",
            "number",
            "receiver",
            "witness",
            "supervisor",
            "finding",
            "place",
            "day",
            "starts",
            "ends",
            "part",
            "plan",
            "sign",
            "title",
        ],
        "某",
    )
    for kind in SENTENCES:
        for language in ("en", "zh-hans"):
            assert sentence(kind, facts | {"due_on": "2026-09-20", "until_on": "2026-09-20"}, language)


def test_only_who_has_an_address_gets_a_mail(cast, mailed):
    tell(cast, cast.head)
    assert Message.objects.count() == 2
    assert Delivery.objects.get() == mailed


def test_a_group_is_told_once_however_many_people(cast, robot):
    tell(cast, cast.station, cast.station2, organisation_id=robot.organisation_id)
    assert Delivery.objects.get().way == Delivery.Way.GROUP


def test_one_reads_only_ones_own_messages(cast):
    (message,) = tell(cast, cast.safety)
    assert mark_read(messages=[message], by=cast.reach("head"), now=NOW) == 0
    assert mark_read(messages=[message], by=cast.reach("safety"), now=NOW) == 1
    message.refresh_from_db()
    assert message.read_at == NOW


def test_a_sent_mail_says_who_did_what_and_where_to_go(mailed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    (claimed,) = claim(now=NOW)
    deliver(delivery=claimed, send=channels.send, now=NOW)
    mailed.refresh_from_db()
    assert (mailed.status, mailed.finished_at, mailed.lease_until) == (Delivery.Status.SENT, NOW, None)
    assert settings.ADDRESS in mail.outbox[0].body
    assert claim(now=NOW + LONG) == []


def test_a_mail_server_that_is_away_is_a_failure_with_a_reason(mailed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    (claimed,) = claim(now=NOW)
    deliver(delivery=claimed, send=channels.send, now=NOW)
    mailed.refresh_from_db()
    assert (mailed.status, mailed.reason) == (Delivery.Status.WAITING, "ConnectionRefusedError")


def test_a_reason_of_several_lines_is_one_line_in_the_subject(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cast.safety.email = "safety@example.cn"
    cast.safety.save()
    facts = {"actor": "陈志强", "school": "青溪镇中心小学", "reason": "漏了一项\r\nBcc: somebody@example.cn"}
    queue("inspection:reopen", to=[cast.safety], by=system_reach(cast.county.pk), now=NOW, **facts)
    (claimed,) = claim(now=NOW)
    deliver(delivery=claimed, send=channels.send, now=NOW)
    assert Delivery.objects.get().status == Delivery.Status.SENT
    assert mail.outbox[0].bcc == []
    assert "漏了一项 Bcc" in mail.outbox[0].subject


def test_what_a_sender_cannot_take_is_a_failure_and_in_the_end_given_up(cast, mailed, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Delivery.objects.update(attempts=ATTEMPTS - 1)
    cast.safety.email = "safety@example.cn\nBcc: somebody@example.cn"
    cast.safety.save()
    (claimed,) = claim(now=NOW)
    deliver(delivery=claimed, send=channels.send, now=NOW)
    mailed.refresh_from_db()
    assert (mailed.status, mailed.reason) == (Delivery.Status.GIVEN_UP, "BadHeaderError")


def test_a_claimed_delivery_is_not_claimed_again_before_its_lease_ends(mailed):
    assert len(claim(now=NOW)) == 1
    assert claim(now=NOW + LEASE / 2) == []
    assert claim(now=NOW + LEASE)[0].attempts == 2


def test_failures_are_tried_again_later_and_later_and_then_given_up(mailed):
    now, waits = NOW, []
    for _ in range(ATTEMPTS):
        (claimed,) = claim(now=now)
        deliver(delivery=claimed, send=fails, now=now)
        mailed.refresh_from_db()
        waits.append((mailed.next_at - now).total_seconds())
        now = max(now, mailed.next_at)
    assert waits[:-1] == [15, 60, 240, 960, 3840]
    assert (mailed.status, mailed.reason) == (Delivery.Status.GIVEN_UP, "the server is away")
    assert claim(now=now + LONG) == []


def test_a_sender_that_comes_late_does_not_overwrite_who_took_over(mailed):
    (slow,) = claim(now=NOW)
    (fast,) = claim(now=NOW + LEASE)
    deliver(delivery=fast, send=lambda _delivery: None, now=NOW)
    deliver(delivery=slow, send=fails, now=NOW)
    mailed.refresh_from_db()
    assert mailed.status == Delivery.Status.SENT


def test_giving_up_leaves_a_sent_delivery_alone(mailed):
    (claimed,) = claim(now=NOW)
    give_up_unsendable(delivery=claimed, now=NOW)
    mailed.refresh_from_db()
    assert mailed.status == Delivery.Status.GIVEN_UP
    Delivery.objects.update(status=Delivery.Status.SENT)
    give_up_unsendable(delivery=claimed, now=NOW)
    mailed.refresh_from_db()
    assert mailed.status == Delivery.Status.SENT


def test_a_robot_that_is_gone_or_has_a_wrong_address_is_a_failure(cast, robot):
    tell(cast, cast.station, organisation_id=robot.organisation_id)
    delivery = Delivery.objects.get()
    robot.address = "no-such-way"
    delivery.channel = robot
    with pytest.raises(SendFailed, match="not understood"):
        channels.send(delivery)
    delivery.channel = None
    with pytest.raises(SendFailed, match="removed"):
        channels.send(delivery)


def test_a_robot_is_sent_the_sentence_and_may_not_accept_it(cast, robot, monkeypatch):
    tell(cast, cast.station, organisation_id=robot.organisation_id)
    said = []
    monkeypatch.setattr(
        "apprise.plugins.wecombot.NotifyWeComBot.notify", lambda _self, body: said.append(body) or len(said) == 1
    )
    channels.send(Delivery.objects.get())
    assert "青溪镇中心小学" in said[0]
    with pytest.raises(SendFailed, match="did not accept"):
        channels.send(Delivery.objects.get())


@pytest.mark.parametrize("address", ["wecombot://key12345", "dingtalk://SECabc@token123", "feishu://token123"])
def test_the_robots_of_three_services_can_be_added(cast, address):
    added = add_channel(name="群", address=address, by=cast.reach("head"), now=NOW)
    assert added.organisation == cast.organisations["school"]


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1:5432/", "jsons://10.0.0.1/", "syslog://", "mailto://user:password@example.cn",
        "https://127.0.0.1/", "wecombot://key12345 json://127.0.0.1", "wecombot://key12345,json://127.0.0.1",
        "wecombot://key12345?rto=86400", "WeComBot", "", "lark://token123",
    ],
)  # fmt: skip
def test_anything_else_is_no_robot(cast, address):
    with pytest.raises(Invalid):
        add_channel(name="群", address=address, by=cast.reach("head"), now=NOW)
    kept = Channel.objects.create(organisation=cast.organisations["station"], name="群", address=address)
    tell(cast, cast.station, organisation_id=kept.organisation_id)
    with pytest.raises(SendFailed):
        channels.send(Delivery.objects.get())


def test_only_ones_own_organisations_robot_is_removed(cast, robot):
    with pytest.raises(Denied):
        remove_channel(channel=robot, by=cast.reach("head"), now=NOW)
    with pytest.raises(Denied):
        remove_channel(channel=robot, by=cast.reach("vice_principal"), now=NOW)
    robot.refresh_from_db()
    assert robot.active
    remove_channel(channel=robot, by=cast.reach("station"), now=NOW)
    robot.refresh_from_db()
    assert not robot.active


def test_of_several_engines_one_sends_each_delivery(own_database):
    cast = make_county()
    count, taken = 30, []
    cast.safety.email = "safety@example.cn"
    cast.safety.save()
    for _ in range(count):
        tell(cast, cast.safety)

    def engine():
        try:
            while claimed := claim(now=NOW, limit=5) or claim(now=NOW, limit=count):
                taken.extend(delivery.pk for delivery in claimed)
        finally:
            connections.close_all()

    engines = [threading.Thread(target=engine) for _ in range(3)]
    for thread in engines:
        thread.start()
    for thread in engines:
        thread.join()
    assert sorted(taken) == sorted(Delivery.objects.values_list("pk", flat=True))
    assert Delivery.objects.filter(attempts=1).count() == count
