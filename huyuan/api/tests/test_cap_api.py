"""CAP 1.2 by token: warnings come in, incidents go out."""

import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from factories import NOW, called_incident
from huyuan.api.actions import make_token
from huyuan.common.reach import Permission
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.vocabulary import Status
from huyuan.emergency.models import CapNotice
from huyuan.emergency.tests.test_cap_alerts import HOSTILE, PLAIN

ATOM = "{http://www.w3.org/2005/Atom}"


def caller(cast, *scopes, part="bureau"):
    made = make_token(name="气象", scopes=scopes, days=30, by=cast.reach(part), now=NOW)
    return Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {made}"})


def test_another_system_brings_a_warning_in_by_token(cast):
    client = caller(cast, Permission.CAP_IN)
    answer = client.post("/api/v1/cap/", PLAIN.encode(), content_type="application/cap+xml")
    assert answer.status_code == 200, answer.content
    assert json.loads(answer.content)["identifier"] == "wx-1"
    assert CapNotice.objects.count() == 1


@pytest.mark.parametrize("name", ["billion laughs", "external entity", "ten megabytes", "no sender", "not XML"])
def test_a_hostile_message_by_token_is_answered_with_a_sentence(cast, name):
    answer = caller(cast, Permission.CAP_IN).post("/api/v1/cap/", HOSTILE[name][0].encode(), content_type="text/xml")
    assert answer.status_code == 400
    assert json.loads(answer.content)["message"]


def test_a_token_without_the_right_brings_nothing_in(cast):
    answer = caller(cast, Permission.SCHOOL_READ).post("/api/v1/cap/", PLAIN.encode(), content_type="text/xml")
    assert answer.status_code == 403


def test_the_feed_leads_to_messages_by_token(cast):
    called_incident(cast)
    client = caller(cast, Permission.INCIDENT_READ, part="station")
    feed = ElementTree.fromstring(client.get("/api/v1/cap/feed/").content)
    (link,) = [one.get("href") for one in feed.iter(f"{ATOM}link") if one.get("rel") == "alternate"]
    assert read_alert(client.get(link).content).status is Status.ACTUAL
    assert client.get(link.replace(".xml", "0.xml")).status_code == 404
    assert caller(cast, Permission.INCIDENT_READ, part="other_station").get(link).status_code == 404
    assert caller(cast, Permission.HAZARD_READ, part="station").get("/api/v1/cap/feed/").status_code == 403
