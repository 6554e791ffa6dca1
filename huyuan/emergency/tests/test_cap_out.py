"""Incidents as CAP messages, and receivers outside: what is said, to whom, and never of an exercise or a test."""

import asyncio
import hashlib
import hmac
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import product
from xml.etree import ElementTree

import aiohttp
import pytest
from aiohttp import web
from asgiref.sync import async_to_sync
from django.db import IntegrityError, transaction
from django.urls import reverse
from lxml import etree

from factories import NOW, called_incident, pressed
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied, Invalid
from huyuan.emergency.actions import outside as actions
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.cap.chains import State, resolve
from huyuan.emergency.cap.checking import schema_file
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.vocabulary import Kind, Response, Status
from huyuan.emergency.cap.writing import to_xml
from huyuan.emergency.cap_out import messages_of
from huyuan.emergency.channels import outside
from huyuan.emergency.channels.letters import SendFailed
from huyuan.emergency.models import Incident, OutsideReceiver, Page
from huyuan.emergency.policies import policy_of
from huyuan.emergency.signs import NotReal, Real, Sign

SECRET = "sixteen-signs-or-more"


@pytest.fixture
def inside(settings):
    """The operator allows a receiver on this machine."""
    settings.INSIDE_RECEIVERS = ["127.0.0.0/8"]


def receiver(cast, kind="cap", url="http://127.0.0.1:9/cap"):
    return actions.add_receiver(
        name="市局接警平台", kind=kind, url=url, secret=SECRET, by=cast.reach("commander"), now=NOW
    )


def cleared(incident, outcome=Incident.Outcome.HANDLED):
    at = NOW + timedelta(minutes=20)
    Incident.objects.filter(pk=incident.pk).update(status="cleared", outcome=outcome, cleared_at=at)
    incident.refresh_from_db()
    write_log("cleared", incident=incident, now=at, outcome=outcome)
    return incident


@asynccontextmanager
async def listening(status=200, taken=None, headers=None):
    """A receiver on this machine that keeps what it gets."""

    async def take(request):
        taken.append((request.headers, await request.read()))
        return web.Response(status=status, headers=headers)

    app = web.Application()
    app.router.add_post("/cap", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/cap"
    finally:
        await runner.cleanup()


def posted(page, to, status=200, headers=None):
    """Send one page to a receiver on this machine; answers what arrived."""
    taken = []

    async def go():
        async with listening(status, taken, headers) as url, outside.open_session() as session:
            to.url = url
            await outside.send(Real(page), to, session)

    async_to_sync(go)()
    return taken


def test_an_incident_is_a_chain_of_valid_messages(cast):
    incident = called_incident(cast)
    write_log(
        "tier_reached", incident=incident, now=NOW + timedelta(seconds=50), minute=1, there=3, needed=3, seconds=50
    )
    messages = messages_of(cleared(incident))
    schema = etree.XMLSchema(etree.parse(schema_file()))
    for message in messages:
        assert schema.validate(etree.fromstring(to_xml(message)))
        assert read_alert(to_xml(message)) == message
    assert [message.kind for message in messages] == [Kind.ALERT, Kind.UPDATE, Kind.UPDATE]
    assert messages[-1].infos[0].responses == (Response.ALL_CLEAR,)
    states = [verdict.state for verdict in resolve(messages, NOW + timedelta(minutes=30)).values()]
    assert states == [State.REPLACED, State.REPLACED, State.IN_FORCE]
    assert messages_of(incident) == messages


@pytest.mark.parametrize("outcome", ["false_alarm", "withdrawn"])
def test_what_never_was_is_cancelled(cast, outcome):
    incident = cleared(called_incident(cast), outcome)
    messages = messages_of(incident)
    assert [message.kind for message in messages] == [Kind.ALERT, Kind.CANCEL]
    assert resolve(messages, NOW)[messages[0].reference].state is State.CANCELLED


@pytest.mark.parametrize(("sign", "status", "mark"), [
    (Sign.REAL, Status.ACTUAL, ""), (Sign.EXERCISE, Status.EXERCISE, "【演练】"), (Sign.TEST, Status.TEST, "【测试】"),
])  # fmt: skip
def test_each_sign_is_said_in_status_and_words(cast, sign, status, mark):
    message = messages_of(pressed(cast, by="safety", sign=sign).incident)[0]
    assert message.status is status
    assert message.infos[0].headline.startswith(mark)
    assert message.infos[0].event.startswith(mark)
    assert bool(message.note) is (sign is not Sign.REAL)


def test_no_names_no_forces_no_typed_words_and_no_near_place_leave(cast):
    incident = called_incident(cast, place="三楼东侧罗建国办公室", lon=115.553217, lat=28.901234)
    for number, minute in enumerate((1, 3)):
        at = NOW + timedelta(seconds=40 + number)
        write_log("tier_reached", incident=incident, now=at, minute=minute, there=7, needed=3, seconds=41)
    said = b"".join(map(to_xml, messages_of(cleared(incident)))).decode()
    people = [user.name for user in cast.users.values()]
    forces = ["青溪派出所", "指挥中心", "0793", "115.553", "28.901"]
    assert not [word for word in (*people, *forces, "三楼") if word in said]
    assert "青溪镇中心小学" in said


def test_who_reads_incidents_reads_the_feed_and_its_messages(cast, sign_in):
    called_incident(cast)
    client = sign_in(cast.commander)
    feed = ElementTree.fromstring(client.get(reverse("emergency:cap_feed")).content)
    links = [
        link.get("href") for link in feed.iter("{http://www.w3.org/2005/Atom}link") if link.get("rel") == "alternate"
    ]
    assert len(links) == 1
    answer = client.get(links[0])
    assert answer["Content-Type"].startswith("application/cap+xml")
    assert read_alert(answer.content).status is Status.ACTUAL
    assert client.get(links[0].replace(".xml", "0.xml")).status_code == 404


def test_the_feed_shows_a_station_only_the_incidents_of_its_schools(cast, sign_in):
    called_incident(cast)
    found = sign_in(cast.other_station).get(reverse("emergency:cap_feed")).content
    assert b"<entry>" not in found
    assert sign_in(cast.guard).get(reverse("emergency:cap_feed")).status_code == 403


def test_a_real_press_is_queued_for_every_receiver_once(cast, inside):
    first, second = receiver(cast), receiver(cast, "line")
    incident = called_incident(cast)
    pages = Page.objects.filter(incident=incident, channel="outside")
    assert set(pages.values_list("receiver", flat=True)) == {first.pk, second.pk}
    actions.page_outside(entry=incident.log.get(kind="press"), now=NOW)
    assert pages.count() == 2


def test_a_message_arrives_signed_and_with_its_key(cast, inside):
    to = receiver(cast)
    page = called_incident(cast).pages.get(receiver=to)
    ((headers, body),) = posted(page, to)
    assert headers["Idempotency-Key"] == str(page.code)
    at, signature = (part.partition("=")[2] for part in headers["Huyuan-Signature"].split(","))
    assert signature == hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert read_alert(body).status is Status.ACTUAL


@pytest.mark.parametrize(("status", "final"), [(500, False), (503, False), (429, False), (400, True), (404, True)])
def test_a_refusal_says_whether_to_try_again(cast, inside, status, final):
    to = receiver(cast)
    page = called_incident(cast).pages.get(receiver=to)
    with pytest.raises(SendFailed) as refusal:
        posted(page, to, status)
    assert refusal.value.final is final


def test_a_redirect_is_not_followed(cast, inside):
    to = receiver(cast)
    page = called_incident(cast).pages.get(receiver=to)
    with pytest.raises(SendFailed, match="302"):
        posted(page, to, 302, {"Location": "http://127.0.0.1:9/"})


def test_a_receiver_that_is_not_there_is_tried_again(cast, inside):
    to = receiver(cast)
    page = called_incident(cast).pages.get(receiver=to)

    async def go():
        async with outside.open_session() as session:
            await outside.send(Real(page), to, session)

    with pytest.raises(SendFailed) as refusal:
        async_to_sync(go)()
    assert not refusal.value.final


def test_no_exercise_and_no_test_ever_reaches_a_real_receiver(cast, inside):
    to = [receiver(cast, kind) for kind in OutsideReceiver.Kind]
    classes = [entry.key for entry in policy_of(cast.county.adcode, NOW.date()).classes]
    incidents = {
        pair: pressed(cast, by="safety", alarm_class=pair[0], sign=pair[1]).incident for pair in product(classes, Sign)
    }
    taken, tried, refused = [], 0, 0

    async def go(page, receiver, url):
        async with outside.open_session() as session:
            receiver.url = url
            await outside.send(Real(page), receiver, session)

    async def serve(page, receiver):
        async with listening(200, taken) as url:
            await go(page, receiver, url)

    for (key, sign), channel, receiver_ in product(incidents, Page.Channel, to):
        tried += 1
        incident, leaves = incidents[key, sign], channel is Page.Channel.OUTSIDE
        if sign is Sign.REAL:
            if leaves:
                async_to_sync(serve)(incident.pages.get(receiver=receiver_), receiver_)
            continue
        assert not incident.pages.filter(receiver__isnull=False).exists()
        page = Page(
            code=f"00000000-0000-4000-8000-{tried:012d}", incident=incident, sign=sign, channel=channel,
            receiver=receiver_ if leaves else None, made_at=NOW, next_at=NOW,
        )  # fmt: skip
        with pytest.raises(NotReal):
            Real(page)
        if leaves:
            with pytest.raises(IntegrityError), transaction.atomic():
                page.save(force_insert=True)
            page.sign = Sign.REAL
            with pytest.raises(NotReal):
                async_to_sync(serve)(page, receiver_)
        refused += 1
    print(f"n = {tried}: {len(classes)} classes × 3 signs × {len(Page.Channel)} channels × {len(to)} receivers")
    assert tried == len(classes) * 3 * len(Page.Channel) * len(to)
    assert refused == tried * 2 // 3
    assert len(taken) == len(classes) * len(to)
    assert {read_alert(body).status for _headers, body in taken} == {Status.ACTUAL}


def test_a_page_for_somebody_else_or_of_another_channel_does_not_leave(cast, inside):
    to, other = receiver(cast), receiver(cast, "line")
    incident = called_incident(cast)
    for page in (incident.pages.get(receiver=to), incident.pages.filter(channel="sms").first()):
        with pytest.raises(SendFailed):
            outside.parcel_of(Real(page), other)


def test_a_removed_receiver_gets_nothing_more(cast, inside):
    to = receiver(cast)
    page = called_incident(cast).pages.get(receiver=to)
    actions.remove_receiver(receiver=to, by=cast.reach("police"), now=NOW)
    to.refresh_from_db()
    with pytest.raises(SendFailed, match="removed"):
        outside.parcel_of(Real(page), to)
    assert not called_incident(cast, school="far_school").pages.filter(receiver=to).exists()
    assert AuditRow.objects.filter(kind="receiver:remove").count() == 1


@pytest.mark.parametrize("url", [
    "https://127.0.0.1/cap", "https://10.1.2.3/cap", "https://192.168.0.9/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
    "https://169.254.169.254/latest/", "https://localhost/", "https://db.internal/", "https://0.0.0.0/", "https://[fd00::1]/",
    "ftp://line.example/", "https:///cap", "file:///etc/passwd", "https://user:secret@line.example/", "https://224.0.0.1/",
])  # fmt: skip
def test_an_address_inside_or_of_another_kind_is_refused(cast, url):
    with pytest.raises(Invalid):
        receiver(cast, url=url)
    assert not OutsideReceiver.objects.exists()


def test_a_real_installation_sends_over_https_only(cast, settings):
    settings.DEMO = False
    with pytest.raises(Invalid, match="https"):
        receiver(cast, url="http://line.example/cap")
    assert receiver(cast, url="https://line.example/cap").active


def test_the_operator_can_allow_an_address_inside(cast, settings):
    settings.INSIDE_RECEIVERS = ["10.8.0.0/16", "line.police.internal"]
    assert receiver(cast, url="https://10.8.3.4/cap").active
    assert receiver(cast, url="https://line.police.internal/cap").active
    with pytest.raises(Invalid):
        receiver(cast, url="https://10.9.0.1/cap")


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch):
    async def lookup(self, host, port=0, family=0):
        return [{"hostname": host, "host": "10.0.0.5", "port": port, "family": family, "proto": 0, "flags": 0}]

    monkeypatch.setattr("aiohttp.resolver.ThreadedResolver.resolve", lookup)

    async def go():
        async with outside.open_session() as session, session.post("http://line.example/cap"):
            pass

    with pytest.raises(aiohttp.ClientConnectorError):
        asyncio.run(go())


def test_only_the_guarded_session_sends(cast, inside):
    to = receiver(cast)
    page = called_incident(cast).pages.get(receiver=to)

    parcel = outside.parcel_of(Real(page), to)

    async def go():
        async with aiohttp.ClientSession() as session:
            await outside.post(parcel, session, NOW)

    with pytest.raises(TypeError):
        async_to_sync(go)()


def test_the_police_and_the_command_centre_set_receivers_up(cast, sign_in, inside):
    client = sign_in(cast.police)
    given = {"name": "市局", "kind": "cap", "url": "https://line.example/cap", "secret": SECRET}
    assert client.post(reverse("emergency:receivers"), given).status_code == 302
    kept = OutsideReceiver.objects.get()
    assert SECRET not in kept.secret
    page = client.get(reverse("emergency:receivers")).content.decode()
    assert "https://line.example/cap" in page
    assert SECRET not in page
    assert client.post(reverse("emergency:remove_receiver", args=[kept.code])).status_code == 302
    assert sign_in(cast.bureau).get(reverse("emergency:receivers")).status_code == 403


def test_who_has_no_right_sets_no_receiver_up(cast):
    with pytest.raises(Denied):
        actions.add_receiver(
            name="x", kind="cap", url="https://line.example/", secret=SECRET, by=cast.reach("head"), now=NOW
        )
