"""The words of a page, and what each way out says when it cannot send."""

import asyncio
import base64
import json
import uuid

import aiohttp
import pytest

from huyuan.common.packs import Text
from huyuan.emergency.channels import bots, gateway, push
from huyuan.emergency.channels.letters import Gone, Letter, SendFailed
from huyuan.emergency.checks import gateway_is_set
from huyuan.emergency.policies import all_policies
from huyuan.emergency.sending import Sender
from huyuan.emergency.signs import Sign
from huyuan.emergency.texts import Told, said, written

MARKS = {Sign.EXERCISE: ("【演练】", "【EXERCISE】"), Sign.TEST: ("【测试】", "【TEST】")}
PARTS = ("unit", "duty_line", "police", "command_line", "command", "neighbour", "volunteer", "patrol", "")
CLASSES = [entry for policy in all_policies() for entry in policy.classes]
LETTER = Letter(uuid.UUID(int=1), "real", "", "有人持械伤人")
SUBSCRIPTION = {
    "endpoint": "https://push.example.com/1", "auth": "k8JV6sjdbhAi1n3_LDBLvA",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
}  # fmt: skip


def told(sign, entry, part):
    return Told(sign, entry.title, entry.spoken, "青溪镇中心小学", "校门口", part, 3)


@pytest.mark.parametrize("words", [written, said])
@pytest.mark.parametrize("sign", [Sign.EXERCISE, Sign.TEST])
@pytest.mark.parametrize("entry", CLASSES, ids=lambda entry: entry.key)
def test_no_text_of_an_exercise_or_test_lacks_its_sign(words, sign, entry):
    for part in PARTS:
        for language, mark in zip(("zh-hans", "en"), MARKS[sign], strict=True):
            text = words(told(sign, entry, part), language)
            assert text.startswith(mark)
            assert text.endswith(mark)


@pytest.mark.parametrize("words", [written, said])
@pytest.mark.parametrize("entry", CLASSES, ids=lambda entry: entry.key)
def test_a_real_text_has_no_sign_and_says_what_and_where(words, entry):
    for part in PARTS:
        text = words(told(Sign.REAL, entry, part), "zh-hans")
        assert not any(mark in text for marks in MARKS.values() for mark in marks)
        assert "青溪镇中心小学校门口" in text
        assert (entry.title.zh if words is written else entry.spoken.zh) in text


def test_a_duty_desk_is_asked_to_send_and_the_command_centre_to_raise_patrols():
    entry = CLASSES[0]
    assert "请立即派员" in said(told(Sign.REAL, entry, "duty_line"), "zh-hans")
    assert "请立即调派巡逻警力" in said(told(Sign.REAL, entry, "command_line"), "zh-hans")
    assert "请3分钟内赶到现场" in said(told(Sign.REAL, entry, "unit"), "zh-hans")


def test_words_of_a_pack_are_in_the_language_of_who_gets_them():
    one = Told(Sign.REAL, Text(zh="火灾", en="Fire"), Text(zh="起火", en="Fire"), "A", "B", "unit", 1)
    assert written(one, "en").startswith("Fire!")
    assert written(one, "zh-hans").startswith("火灾！")


def test_a_robot_whose_address_is_not_understood_is_not_tried_again():
    with pytest.raises(SendFailed) as failure:
        asyncio.run(bots.send(LETTER, address="mailto://somebody@example.com"))
    assert failure.value.final


class Service:
    """A push service as the session sees it."""

    def __init__(self, status):
        self.status, self.reason, self.sent = status, "", []

    async def post(self, endpoint, **given):
        self.sent.append((endpoint, given))
        return self

    async def text(self):
        return ""


@pytest.mark.parametrize(("status", "failure"), [(404, Gone), (410, Gone), (503, SendFailed), (429, SendFailed)])
def test_a_push_that_is_refused_says_whether_the_browser_is_gone(status, failure):
    with pytest.raises(failure) as raised:
        asyncio.run(push.send(LETTER, subscription=SUBSCRIPTION, session=Service(status)))
    assert isinstance(raised.value, Gone) is (failure is Gone)


def test_a_push_is_sealed_for_its_browser_and_signed():
    service = Service(201)
    asyncio.run(push.send(LETTER, subscription=SUBSCRIPTION, session=service))
    ((endpoint, given),) = service.sent
    assert endpoint == SUBSCRIPTION["endpoint"]
    assert LETTER.text.encode() not in given["data"]
    assert push.public_key() in given["headers"]["Authorization"]


def claims_of(service):
    """What the token of a push says, read as its service reads it."""
    ((_endpoint, given),) = service.sent
    _head, claims, _signature = given["headers"]["Authorization"].removeprefix("vapid t=").split(",")[0].split(".")
    return json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))


@pytest.mark.parametrize(
    ("address", "sender", "contact"),
    [
        ("http://localhost:8000", "huyuan@localhost", "mailto:huyuan@localhost"),
        ("http://10.0.0.5:8000", "护园 <huyuan@example.com>", "mailto:huyuan@example.com"),
        ("https://huyuan.example.com", "huyuan@localhost", "https://huyuan.example.com"),
    ],
)
def test_a_push_names_a_contact_that_push_services_take(settings, address, sender, contact):
    settings.ADDRESS, settings.DEFAULT_FROM_EMAIL = address, sender
    service = Service(201)
    asyncio.run(push.send(LETTER, subscription=SUBSCRIPTION, session=service))
    claims = claims_of(service)
    assert (claims["sub"], claims["aud"]) == (contact, "https://push.example.com")


@pytest.mark.parametrize("error", [TimeoutError(), ConnectionResetError(), aiohttp.ClientError()])
@pytest.mark.parametrize("send", [
    lambda session: push.send(LETTER, subscription=SUBSCRIPTION, session=session),
    lambda session: gateway.send(LETTER, kind=gateway.Kind.SMS, session=session),
])  # fmt: skip
def test_who_does_not_answer_is_asked_again(settings, send, error):
    settings.GATEWAY_URL = "https://gateway.example.com/"

    class Away:
        def post(self, *_endpoint, **_given):
            raise error

    with pytest.raises(SendFailed) as failure:
        asyncio.run(send(Away()))
    assert not failure.value.final


def test_a_real_installation_without_a_gateway_is_warned(settings):
    settings.GATEWAY_URL = ""
    assert gateway_is_set() == []
    settings.DEMO = False
    assert [warning.id for warning in gateway_is_set()] == ["emergency.W001"]
    settings.GATEWAY_URL = "https://gateway.example.com/"
    assert gateway_is_set() == []


def test_a_real_installation_without_a_gateway_says_so_on_the_page(settings):
    settings.DEMO, settings.GATEWAY_URL = False, ""
    sender = Sender(in_thread=asyncio.to_thread)
    with pytest.raises(SendFailed, match="no gateway") as failure:
        asyncio.run(sender.ring(None, LETTER))
    assert failure.value.final
