"""The past alarms of the demo: played through the real actions, right to the second, and reaching nobody."""

from datetime import timedelta

from django.db.models import F, Q

from huyuan.audit.models import AuditRow
from huyuan.config.demo.alarm_stories import ALARMS
from huyuan.emergency.measuring import seconds_after
from huyuan.emergency.models import Call, FakeSend, Finding, HelpOffer, Incident, LogEntry, Page, Press, Review, Step
from huyuan.emergency.worklists import findings_to_settle, reviews_to_close
from huyuan.organisations.models import Organisation
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of
from huyuan.policy.models import Standing
from tests.demo.conftest import ON


def incident_at(school):
    return Incident.objects.get(school__organisation__name=school)


def reach(school, role):
    post = Post.objects.select_related("user", "organisation").filter(organisation__name=school, role=role).first()
    return reach_of(post.user, post)


def tiers(incident):
    return {tier.minute: seconds_after(incident, tier.reached_at) for tier in incident.tiers.all()}


def test_every_alarm_of_the_story_was_pressed_and_ended(demo):
    told = {(one.school, one.sign, one.alarm_class) for one in ALARMS}
    found = Incident.objects.values_list("school__organisation__name", "sign", "alarm_class", "status")
    assert {row[:3] for row in found} == told and len(found) == len(told) == 5
    assert sorted(row[3] for row in found) == ["cleared", *["reviewed"] * 4]
    assert not Incident.objects.filter(Q(opened_at__date__gte=ON) | Q(cleared_at__lt=F("opened_at"))).exists()


def test_the_exercise_reached_its_three_tiers_with_everybody_who_helps(demo):
    incident = incident_at("云城镇中心小学")
    assert tiers(incident) == {1: 44, 3: 152, 5: 268}
    assert not incident.tiers.exclude(missed_at=None).exists()
    there = set(incident.calls.exclude(arrived_at=None).values_list("part", flat=True))
    assert there == {"unit", "police", "neighbour", "volunteer", "patrol"}
    assert incident.calls.exclude(declined_at=None).count() == 1
    hazard, task = Finding.objects.filter(incident=incident).order_by("pk")
    assert hazard.hazard.status == "closed"
    assert task.task_for.name == "云城派出所" and task.done_at


def test_in_the_kindergarten_the_police_came_late(demo):
    incident = incident_at("白石镇中心幼儿园")
    assert tiers(incident) == {1: 42, 3: 231, 5: 288}
    assert {minute: tier for minute, tier in incident.tiers.values_list("minute", "missed_at") if tier}.keys() == {3}
    measured = Review.objects.get(incident=incident).measured
    assert [tier["reached"] for tier in measured["tiers"]] == [42, 231, 288]
    assert incident.log.filter(kind="called_next").exists()


def test_a_press_by_mistake_was_withdrawn_within_seconds(demo):
    press = Press.objects.get(incident=incident_at("云栖县第三中学"))
    assert (press.cancelled_at - press.received_at).seconds == 7 and press.cancel_reason
    assert press.incident.outcome == Incident.Outcome.WITHDRAWN


def test_a_volunteer_came_to_the_gate_uncalled_and_the_station_commanded(demo):
    incident = incident_at("云栖县第二小学")
    assert tiers(incident) == {1: 46, 3: 174} and incident.outcome == Incident.Outcome.HANDLED
    assert incident.command.kind == "station" and incident.statements.filter(kind="parents", released_at__isnull=False)
    assert list(incident.calls.filter(part=Call.Part.UNCALLED).values_list("counts", flat=True)) == [False]


def test_one_review_is_still_open_and_waits_for_the_head_and_a_task_for_the_bureau(demo):
    school = "云栖县第一小学"
    assert incident_at(school).status == Incident.Status.CLEARED
    assert len(reviews_to_close(reach(school, "school_head"), ON, 9)) == 1
    bureau = reach("云栖县教育体育局", "bureau_officer")
    assert Incident.objects.visible_to(bureau).filter(status="cleared").count() == 1
    assert [task.due_date for task in findings_to_settle(bureau, ON, 9)] == [ON + timedelta(days=12)]


def test_everything_that_was_paged_went_to_the_fake_gateway_in_its_second(demo):
    assert set(Page.objects.values_list("status", "reason")) == {("accepted", "")}
    spoken = Page.objects.exclude(channel="screen")
    assert spoken.count() == FakeSend.objects.count() > 100
    assert not spoken.exclude(channel__in=["sms", "voice"]).exists()
    assert not Page.objects.filter(accepted_at__gt=F("made_at") + timedelta(seconds=1)).exists()
    assert {seconds_after(one, one.line_accepted_at) for one in Incident.objects.all()} == {1}


def test_the_engine_has_nothing_left_to_do(demo):
    assert not Step.objects.filter(done_at=None).exists()
    assert not Step.objects.exclude(done_at=F("due_at")).exists()


def test_every_act_stands_in_log_and_audit_in_its_order(demo):
    for incident in Incident.objects.all():
        moments = list(LogEntry.objects.filter(incident=incident).values_list("at", flat=True))
        assert moments == sorted(moments) and moments[0] == incident.opened_at
    kinds = set(AuditRow.objects.values_list("kind", flat=True))
    assert {"alarm:press", "alarm:cancel", "call:arrived", "incident:clear", "incident:review"} <= kinds
    assert HelpOffer.objects.count() == 3


def test_the_exercises_stand_behind_the_clauses_they_prove(demo):
    def met(key):
        rows = Standing.objects.filter(obligation__key=key, value__gte=F("wanted"))
        return set(Organisation.objects.filter(pk__in=rows.values("organisation")).values_list("name", flat=True))

    assert met("school-drill") == {"云城镇中心小学", "白石镇中心幼儿园"}
    assert met("station-minute-three") == {"云城派出所"}
    assert met("command-minute-five") == {"云栖县公安局指挥中心"}
    assert met("school-evacuation-quarterly") == {"白石镇中心幼儿园"}
    assert "云城镇中心小学" in met("school-minute-one") and "云城镇中心小学" in met("school-alarm-buttons-tested")
