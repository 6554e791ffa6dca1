"""The pages that people hold in their hands: raising an alarm, being called, what a phone keeps, web push."""

import json

import pytest
from django.urls import reverse

from factories import LANDLINES, NOW, called_incident
from huyuan.audit.models import AuditRow
from huyuan.emergency.actions import responding
from huyuan.emergency.models import Call, Incident, PushSubscription, UnitMember
from huyuan.emergency.signs import Sign
from huyuan.people.actions.accounts import reset_person

ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"
SUBSCRIPTION = {"endpoint": ENDPOINT, "keys": {"p256dh": "BPx", "auth": "xyz"}}


def opened(sign_in, user, name="emergency:press", **query):
    return sign_in(user).get(reverse(name), query).content.decode()


def test_the_gravest_class_stands_first_and_the_numbers_are_given_with_the_page(cast, sign_in):
    html = opened(sign_in, cast.guard)
    assert html.index('data-class="attack"') < html.index('data-class="fire"') < html.index('data-class="gate"')
    assert "tel:110" in html
    assert f"tel:{LANDLINES['station']}" in html
    assert f"tel:{LANDLINES['command']}" in html


def test_ones_own_school_is_chosen_and_the_police_choose_themselves(cast, sign_in):
    own = f'value="{cast.organisations["school"].code}" selected'
    assert own in opened(sign_in, cast.guard)
    assert "selected" not in opened(sign_in, cast.station)
    assert own in opened(sign_in, cast.station, school=str(cast.organisations["school"].code))


def test_heads_of_a_whole_county_are_not_kept_on_one_phone(cast, sign_in):
    school = cast.schools["school"]
    school.head_name, school.head_phone = "郭建军", "13800000001"
    school.save()
    assert "tel:13800000001" in opened(sign_in, cast.guard)
    assert "tel:13800000001" not in opened(sign_in, cast.commander)


def test_an_exercise_is_never_the_default_and_only_for_who_may(cast, sign_in):
    assert 'data-sign="real"' in opened(sign_in, cast.safety)
    assert 'data-sign="exercise"' in opened(sign_in, cast.safety, "emergency:press_exercise")
    assert "hy-rehearsal" not in opened(sign_in, cast.safety)
    assert reverse("emergency:press_exercise") not in opened(sign_in, cast.guard)
    assert sign_in(cast.guard).get(reverse("emergency:press_exercise")).status_code == 403


def test_the_shell_holds_nothing_of_anybody(cast, client):
    html = client.get(reverse("emergency:press_shell")).content.decode()
    assert "tel:110" in html
    assert cast.organisations["school"].name not in html
    assert LANDLINES["station"] not in html


def test_the_worker_keeps_the_shell_and_its_files_only(client):
    answer = client.get("/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/"
    assert answer.headers["Content-Type"] == "text/javascript"
    assert "no-cache" in answer.headers["Cache-Control"]
    assert client.get("/sw.js").content == answer.content


def test_the_shortcut_of_the_installed_app_leads_straight_to_the_alarm(client):
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == ["/emergency/press/"]


def test_opening_the_page_of_a_call_is_not_seeing_it(cast, sign_in):
    call = called_incident(cast).calls.get(user=cast.guard)
    assert sign_in(cast.guard).get(reverse("emergency:call", args=[call.code])).status_code == 200
    call.refresh_from_db()
    assert call.seen_at is None


def test_the_page_shows_the_card_of_ones_part_from_the_frozen_plan(cast, sign_in):
    UnitMember.objects.create(school=cast.schools["school"], user=cast.guard, part="guard", since=cast.county.starts_on)
    incident = called_incident(cast)
    cards = [
        {"part": "guard", "people": [], "minute_1": [{"zh": "拿上防护盾", "en": "Take the shield"}]},
        {"part": "leader", "people": [], "minute_1": [{"zh": "广播全校", "en": "Tell the school"}]},
    ]
    Incident.objects.filter(pk=incident.pk).update(plan={"cards": cards})
    html = (
        sign_in(cast.guard)
        .get(reverse("emergency:call", args=[incident.calls.get(user=cast.guard).code]))
        .content.decode()
    )
    assert "拿上防护盾" in html
    assert "广播全校" not in html


def test_an_exercise_says_so_on_the_page_of_the_call(cast, sign_in):
    call = called_incident(cast, by="safety", sign=Sign.EXERCISE).calls.get(user=cast.guard)
    html = sign_in(cast.guard).get(reverse("emergency:call", args=[call.code])).content.decode()
    assert "hy-rehearsal-head" in html
    assert "演练" in html


def test_nobody_confirms_their_own_arrival(cast, sign_in):
    call = called_incident(cast).calls.get(user=cast.guard)
    assert sign_in(cast.guard).post(reverse("emergency:call_confirm", args=[call.code])).status_code == 403
    assert sign_in(cast.head).post(reverse("emergency:call_confirm", args=[call.code])).status_code == 302
    call.refresh_from_db()
    assert call.arrived_how == Call.Arrival.COLLEAGUE


def test_who_was_called_and_says_i_am_here_has_arrived_and_counts(cast, sign_in):
    incident = called_incident(cast)
    sign_in(cast.guard).post(reverse("emergency:come", args=[incident.code]))
    call = incident.calls.get(user=cast.guard)
    assert (call.part, call.counts, call.arrived_how) == (Call.Part.UNIT, True, Call.Arrival.TAP)


def test_coming_uncalled_twice_is_logged_once(cast):
    incident = called_incident(cast)
    for _tap in range(2):
        responding.come_uncalled(incident=incident, by=cast.reach("teacher"), now=incident.opened_at)
    assert incident.log.filter(kind="came_uncalled").count() == 1


def asked(sign_in, user, method, said):
    return sign_in(user).generic(method, reverse("emergency:push"), json.dumps(said), "application/json").status_code


def test_a_reset_ends_every_browser_of_the_person_and_of_nobody_else(cast, sign_in):
    assert asked(sign_in, cast.guard, "POST", SUBSCRIPTION) == 204
    assert asked(sign_in, cast.safety, "POST", SUBSCRIPTION | {"endpoint": f"{ENDPOINT}2"}) == 204
    reset_person(user=cast.guard, by=cast.reach("head"), now=NOW)
    assert PushSubscription.objects.get().user == cast.safety
    assert AuditRow.objects.get(kind="push:unsubscribe_all").details["count"] == 1


def test_a_browser_begins_and_ends_to_take_alarms(cast, sign_in):
    assert len(sign_in(cast.guard).get(reverse("emergency:push")).json()["key"]) == 87
    assert asked(sign_in, cast.guard, "POST", SUBSCRIPTION) == 204
    assert PushSubscription.objects.get().user == cast.guard
    assert asked(sign_in, cast.guard, "DELETE", {"endpoint": ENDPOINT}) == 204
    assert not PushSubscription.objects.exists()
    assert set(AuditRow.objects.filter(kind__startswith="push:").values_list("kind", flat=True)) == {
        "push:subscribe", "push:unsubscribe",
    }  # fmt: skip


def test_a_shared_browser_takes_alarms_for_who_switched_it_on_last(cast, sign_in):
    asked(sign_in, cast.guard, "POST", SUBSCRIPTION)
    asked(sign_in, cast.teacher, "POST", SUBSCRIPTION)
    assert asked(sign_in, cast.guard, "DELETE", {"endpoint": ENDPOINT}) == 204
    assert PushSubscription.objects.get().user == cast.teacher


@pytest.mark.parametrize(
    "endpoint",
    ["http://fcm.googleapis.com/x", "https://localhost/x", "https://fcm.googleapis.com.example.cn/x", "https://a@fcm.googleapis.com/x"],
)  # fmt: skip
def test_only_push_services_of_browsers_are_subscribed_to(cast, sign_in, endpoint):
    assert asked(sign_in, cast.guard, "POST", SUBSCRIPTION | {"endpoint": endpoint}) == 400
    assert not PushSubscription.objects.exists()
