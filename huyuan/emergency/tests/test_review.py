"""After the all-clear: what was predicted and measured, and what follows; and exercises from start to evidence."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from factories import LANDLINES, NOW, called_incident
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.emergency.actions import command, responding
from huyuan.emergency.actions import exercises as exercising
from huyuan.emergency.actions import review as reviewing
from huyuan.emergency.models import Call, Incident
from huyuan.emergency.policies import frozen, policy_of
from huyuan.emergency.signs import Sign
from huyuan.emergency.worklists import findings_to_settle, reviews_to_close
from huyuan.inspections.models import Hazard
from huyuan.notifications.models import Message

LATER = NOW + timedelta(minutes=10)
DUE = (NOW + timedelta(days=9)).date()


@pytest.fixture(autouse=True)
def database_clock(monkeypatch, clock):
    """The database's clock in pages is the given one."""
    for module in ("rooms", "reviews", "exercises"):
        monkeypatch.setattr(f"huyuan.emergency.views.{module}.database_now", lambda: clock.now)


@pytest.fixture
def cleared(cast):
    """A real alarm after its all-clear; the guard was there after 31 seconds."""
    incident = called_incident(cast)
    call = incident.calls.get(user=cast.guard)
    Call.objects.filter(pk=call.pk).update(predicted_seconds=25)
    at = NOW + timedelta(seconds=31)
    responding.arrive(call=call, how=Call.Arrival.TAP, by=cast.reach("guard"), now=at)
    return command.give_all_clear(incident=incident, outcome="handled", words="", by=cast.reach("commander"), now=LATER)


def find(cast, incident, text="东门无人值守", by="head"):
    return reviewing.add_finding(incident=incident, text=text, by=cast.reach(by), now=LATER)


def test_the_review_holds_prediction_against_measurement(cast, cleared, sign_in):
    page = sign_in(cast.head).get(reverse("emergency:review", args=[cleared.code])).content.decode()
    assert "[25, 31]" in page
    review = reviewing.close_review(
        incident=cleared, went_well="到场快", to_change="东门加岗", by=cast.reach("head"), now=LATER
    )
    person = next(one for one in review.measured["people"] if one["arrived"])
    assert (person["predicted"], person["arrived"]) == (25, 31)
    assert Incident.objects.get().status == Incident.Status.REVIEWED


def test_the_review_offers_the_account_of_the_incident(cast, cleared, sign_in):
    client = sign_in(cast.head)
    page = client.get(reverse("emergency:review", args=[cleared.code])).content.decode()
    for name in ("timeline_docx", "timeline_xlsx", "ics214_docx"):
        url = reverse(f"emergency:{name}", args=[cleared.code])
        assert f'href="{url}"' in page
        assert client.get(url).status_code == 200


def test_a_finding_becomes_a_hazard_of_the_school_that_its_station_orders(cast, cleared, sign_in):
    finding = find(cast, cleared)
    url = reverse("emergency:finding_hazard", args=[finding.code])
    assert sign_in(cast.head).post(url, {"category": "other", "place": "东门"}).status_code == 302
    hazard = Hazard.objects.get()
    assert (hazard.description, hazard.origin, hazard.status) == ("东门无人值守", "review", "registered")
    assert hazard.holder == cast.organisations["station"]
    assert Message.objects.filter(kind="hazard:review", recipient=cast.station).exists()
    with pytest.raises(Conflict):
        reviewing.make_hazard(finding=finding, category="other", place="", by=cast.reach("head"), now=LATER)


def test_a_finding_becomes_a_task_that_stands_on_today_until_it_is_done(cast, cleared, sign_in):
    finding = find(cast, cleared)
    station = cast.organisations["station"]
    url = reverse("emergency:finding_task", args=[finding.code])
    sign_in(cast.commander).post(url, {"to": station.code, "due": DUE.isoformat()})
    assert [task.due_date for task in findings_to_settle(cast.reach("station"), NOW.date(), 9)] == [DUE]
    with pytest.raises(Denied):
        reviewing.finish_task(finding=finding, by=cast.reach("head"), now=LATER)
    sign_in(cast.station).post(reverse("emergency:finding_done", args=[finding.code]))
    assert findings_to_settle(cast.reach("station"), NOW.date(), 9) == []


def test_a_task_from_an_exercise_says_so_wherever_it_stands(cast):
    exercise = called_incident(cast, by="safety", sign=Sign.EXERCISE)
    given = {"outcome": "exercise_over", "words": "", "by": cast.reach("commander"), "now": LATER}
    finding = find(cast, command.give_all_clear(incident=exercise, **given))
    station = cast.organisations["station"]
    reviewing.give_task(finding=finding, to=station, due=DUE, by=cast.reach("commander"), now=LATER)
    assert "演练" in findings_to_settle(cast.reach("station"), NOW.date(), 9)[0].detail
    assert "演练" in Message.objects.get(kind="incident:task", recipient=cast.station).facts["sign"]


def test_a_task_whose_day_is_over_is_refused(cast, cleared):
    with pytest.raises(Invalid):
        reviewing.give_task(
            finding=find(cast, cleared), to=cast.organisations["school"], due=(NOW - timedelta(days=1)).date(),
            by=cast.reach("head"), now=LATER,
        )  # fmt: skip


def test_a_review_is_closed_only_when_every_finding_has_become_something(cast, cleared):
    find(cast, cleared)
    with pytest.raises(Invalid):
        reviewing.close_review(incident=cleared, went_well="好", to_change="无", by=cast.reach("head"), now=LATER)
    with pytest.raises(Invalid):
        find(cast, cleared, text="  ")


def test_the_review_begins_after_the_all_clear_and_ends_once(cast, cleared):
    with pytest.raises(Conflict):
        find(cast, called_incident(cast, alarm_class="fire"))
    given = {"went_well": "好", "to_change": "无", "by": cast.reach("head"), "now": LATER}
    reviewing.close_review(incident=cleared, **given)
    with pytest.raises(Conflict):
        reviewing.close_review(incident=cleared, **given)


def test_a_closed_review_lets_those_be_judged_whom_an_exercise_proves_something_of(cast, monkeypatch):
    touched = []
    monkeypatch.setattr("huyuan.emergency.actions.standing.touch", lambda **given: touched.append(given))
    exercise = called_incident(cast, by="safety", sign=Sign.EXERCISE)
    by = cast.reach("commander")
    exercise = command.give_all_clear(incident=exercise, outcome="exercise_over", words="", by=by, now=LATER)
    reviewing.close_review(incident=exercise, went_well="好", to_change="无", by=by, now=LATER)
    (given,) = touched
    assert given["measures"] == ["emergency.exercises", "emergency.tiers"] and given["on"] == NOW.date()
    concerned = {cast.organisations[part].pk for part in ("school", "station", "command")}
    assert set(given["organisations"]) == concerned


def test_a_real_alarm_proves_no_drill(cast, cleared, monkeypatch):
    touched = []
    monkeypatch.setattr("huyuan.emergency.actions.standing.touch", lambda **given: touched.append(given))
    reviewing.close_review(incident=cleared, went_well="好", to_change="无", by=cast.reach("head"), now=LATER)
    assert touched == []


def test_who_does_not_review_is_refused(cast, cleared, sign_in):
    assert sign_in(cast.guard).get(reverse("emergency:review", args=[cleared.code])).status_code == 403
    with pytest.raises(Denied):
        find(cast, cleared, by="guard")


def test_a_cleared_incident_waits_on_today_for_its_school_and_its_command(cast, cleared):
    waiting = {
        part: len(reviews_to_close(cast.reach(part), NOW.date(), 9)) for part in ("head", "commander", "station")
    }
    assert waiting == {"head": 1, "commander": 1, "station": 0}
    assert reviews_to_close(cast.reach("guard"), NOW.date(), 9) == []


def start(cast, by="safety", code=None, **more):
    given = {"alarm_class": "attack", "announced": False, "place": "", "code": code or uuid.uuid4()} | more
    return exercising.start_exercise(school=cast.schools["school"], by=cast.reach(by), now=NOW, **given)


def test_an_exercise_goes_the_way_of_an_alarm_with_its_own_sign(cast, sign_in):
    client, url = sign_in(cast.safety), reverse("emergency:exercise")
    chosen = {"school": cast.organisations["school"].code, "alarm_class": "attack", "place": "东门"}
    shown = client.get(url, chosen).content.decode()
    assert cast.guard.name in shown and cast.commander.name in shown and "派出所值班电话" in shown
    assert Incident.objects.count() == 0
    code = uuid.uuid4()
    for _time in range(2):
        answer = client.post(url, chosen | {"code": code, "announced": "no"})
    incident = Incident.objects.get()
    assert answer.url == incident.get_absolute_url() and incident.sign == Sign.EXERCISE
    assert incident.log.filter(kind="exercise_unannounced").count() == 1
    assert not Message.objects.exists()


def test_an_exercise_is_announced_to_those_who_will_be_called(cast, sign_in):
    chosen = {"school": cast.organisations["school"].code, "alarm_class": "attack", "place": ""}
    answer = sign_in(cast.head).post(reverse("emergency:announce_exercise"), chosen, follow=True)
    assert 'name="announced" value="yes"' in answer.content.decode()
    told = set(Message.objects.filter(kind="exercise:announce").values_list("recipient__name", flat=True))
    assert {cast.guard.name, cast.station.name} <= told and cast.teacher.name not in told
    start(cast, announced=True)
    assert Incident.objects.get().log.filter(kind="exercise_announced").exists()


def test_who_plans_an_exercise_sees_duty_desks_without_their_numbers(cast, sign_in):
    chosen = {"school": cast.organisations["school"].code, "alarm_class": "attack", "place": ""}
    page = sign_in(cast.head).get(reverse("emergency:exercise"), chosen).content.decode()
    assert "指挥中心值班电话" in page and cast.guard.name in page
    assert not any(number in page for number in LANDLINES.values())


def test_a_second_exercise_at_the_same_school_waits_for_the_first(cast):
    start(cast)
    with pytest.raises(Conflict):
        start(cast, alarm_class="fire")


def test_who_does_not_run_exercises_starts_and_announces_none(cast, sign_in):
    rules = frozen(policy_of(cast.county.adcode, NOW.date()), "attack")
    assert sign_in(cast.guard).get(reverse("emergency:exercise")).status_code == 403
    with pytest.raises(Denied):
        start(cast, by="guard")
    with pytest.raises(Denied):
        exercising.announce_exercise(school=cast.schools["far_school"], rules=rules, by=cast.reach("head"), now=NOW)
