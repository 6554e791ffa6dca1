"""Alarms raised by other systems."""

import json
import uuid

import pytest
from django.test import Client

from factories import NOW
from huyuan.api.actions import make_token
from huyuan.common.reach import Permission as P
from huyuan.emergency.models import Incident, Press


@pytest.fixture
def caller(cast):
    def call(part, *scopes):
        token = make_token(name="一键报警平台", scopes=scopes, days=30, by=cast.reach(part), now=NOW)
        return Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {token}"})

    return call


def raise_alarm(client, cast, school="school", **said):
    given = {"code": str(uuid.uuid4()), "alarm_class": "gate", "sign": "real", "place": "北门"}
    body = given | {"school": str(cast.organisations[school].code)} | said
    return client.post("/api/v1/alarms/", json.dumps(body), content_type="application/json")


def test_a_system_raises_an_alarm_and_follows_it(cast, caller):
    client = caller("head", P.ALARM_PRESS)
    answer = raise_alarm(client, cast, pressed_at="2026-09-15T07:59:00+08:00")
    assert answer.status_code == 201 and answer.json()["state"] == "committed"
    kept = Press.objects.get()
    assert (kept.source, kept.pressed_by, kept.place) == ("api", cast.head, "北门")
    Incident.objects.update(line_accepted_at=NOW)
    assert client.get(f"/api/v1/alarms/{kept.code}").json()["state"] == "line_accepted"


def test_the_same_code_again_is_the_same_alarm_and_with_another_content_none(cast, caller):
    client, code = caller("safety", P.ALARM_PRESS, P.EXERCISE_RUN), str(uuid.uuid4())
    first, second = raise_alarm(client, cast, code=code), raise_alarm(client, cast, code=code)
    assert first.json() == second.json() and Press.objects.count() == 1
    assert raise_alarm(client, cast, code=code, sign="exercise").status_code == 409


def test_the_token_needs_the_right_and_the_school(cast, caller):
    assert raise_alarm(caller("head", P.SCHOOL_READ), cast).status_code == 403
    assert raise_alarm(caller("head", P.ALARM_PRESS), cast, school="far_school").status_code == 404
    assert raise_alarm(caller("guard", P.ALARM_PRESS), cast, sign="exercise").status_code == 403
    assert not Press.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"alarm_class": "unheard_of"},
        {"sign": "joke"},
        {"code": "x"},
        {"lon": 181},
        {"pressed_at": "2026-09-15T08:00:00"},
        {"pressed_at": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_nonsense_is_refused(cast, caller, wrong):
    assert raise_alarm(caller("head", P.ALARM_PRESS), cast, **wrong).status_code in (400, 422)
    assert not Press.objects.exists()


def test_an_alarm_of_somebody_else_does_not_exist(cast, caller):
    code = raise_alarm(caller("head", P.ALARM_PRESS), cast).json()["identity"]
    assert caller("other_head", P.ALARM_PRESS).get(f"/api/v1/alarms/{code}").status_code == 404
