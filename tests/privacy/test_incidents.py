"""What an alarm says in words, and the numbers it rings, are seen by nobody outside it and stand in no audit row."""

import json
from datetime import timedelta

import pytest

from factories import NOW, called_incident, pressed
from huyuan.audit.models import AuditRow
from huyuan.emergency.actions import handling, intake
from huyuan.emergency.models import LogEntry
from tests.access.resolver import addresses

CANARY = "金丝雀七五一"
OUTSIDERS = ("volunteer", "health", "town", "other_station", "other_head", "nobody")


@pytest.fixture
def incident(cast):
    """An alarm with the canary in every field that somebody writes."""
    incident = called_incident(cast, place=CANARY)
    handling.note_down(incident=incident, words=CANARY, by=cast.reach("head"), now=NOW)
    handling.confirm_lockdown(incident=incident, group=CANARY, by=cast.reach("head"), now=NOW)
    handling.lay_out_plan(incident=incident, now=NOW)
    statement = incident.statements.get(kind="press")
    handling.release_statement(statement=statement, text=CANARY, by=cast.reach("head"), now=NOW)
    press = pressed(cast, place=CANARY)
    intake.cancel_press(press=press, reason=CANARY, by=cast.reach("guard"), now=NOW + timedelta(seconds=3))
    return incident


def test_the_audit_of_an_alarm_holds_codes_and_digests_only(incident):
    for row in AuditRow.objects.all():
        assert CANARY not in json.dumps(row.details, ensure_ascii=False) + row.kind + row.target_code


def secrets(cast):
    """The words, and the numbers that the alarm rings."""
    return [CANARY, cast.safety.phone, cast.station.phone, cast.organisations["station"].phone]


@pytest.mark.parametrize("part", OUTSIDERS)
def test_no_page_shows_an_alarm_to_somebody_outside(cast, incident, sign_in, part):
    client = sign_in(cast.users[part])
    pages = [one for one in addresses() if not one.parameters and "log" not in one.name]
    assert len(pages) > 20
    for page in pages:
        shown = client.get(f"/{page.route}", {"q": CANARY[:2]}).content.decode(errors="replace")
        assert CANARY not in shown, page.name
        assert str(incident.code) not in shown, page.name


def test_who_is_called_sees_who_comes_but_no_telephone_number(cast, incident, sign_in):
    client = sign_in(cast.guard)
    own = incident.calls.get(user=cast.guard)
    for url in (incident.get_absolute_url(), f"/emergency/calls/{own.code}/", "/emergency/"):
        shown = client.get(url).content.decode()
        assert CANARY in shown
        assert not [number for number in secrets(cast)[1:] if number in shown], url


def test_no_entry_of_the_log_holds_somebodys_own_number(cast, incident):
    facts = json.dumps(list(LogEntry.objects.values_list("facts", "words")), ensure_ascii=False)
    assert cast.safety.phone not in facts and cast.station.phone not in facts
