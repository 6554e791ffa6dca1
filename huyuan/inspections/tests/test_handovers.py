"""Transfer and request for coordination: asked, accepted or refused; until then nothing changes."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from factories import NOW, handed_over, hazard_at, photo
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import coordination, deadlines, hazards, transfers
from huyuan.inspections.actions.handovers import refuse_handover
from huyuan.inspections.models import HandOver, Hazard
from huyuan.notifications.models import Message
from huyuan.organisations.actions.jurisdiction import refresh_jurisdiction
from huyuan.policy.models import DayKind
from huyuan.policy.worklist import tasks_for

LATER = NOW + timedelta(days=1)


def wanted(cast, part, now=NOW):
    return [str(task.wanted) for task in tasks_for(cast.reach(part), now.date())]


def accept(cast, handover, by="health", now=NOW):
    return transfers.accept_transfer(handover=handover, by=cast.reach(by), now=now)


def promise(cast, handover, days=10, by="health", now=NOW):
    return coordination.accept_coordination(handover=handover, days=days, answer="已排期", by=cast.reach(by), now=now)


def test_a_transfer_changes_nothing_until_it_is_accepted(cast):
    hazard = hazard_at(cast, "rectified")
    transfer = handed_over(cast, "transfer", hazard=hazard)
    hazard.refresh_from_db()
    assert (hazard.agency, hazard.holder) == (cast.organisations["station"],) * 2
    assert wanted(cast, "health") == ["接收或退回"]
    assert Message.objects.filter(kind="hazard:ask_transfer", recipient=cast.health).exists()
    hazard = accept(cast, transfer)
    assert (hazard.agency, hazard.holder) == (cast.organisations["health"],) * 2
    assert Message.objects.filter(kind="hazard:accept_transfer", recipient=cast.head).exists()
    assert AuditRow.objects.filter(kind="hazard:accept_transfer", actor_id=cast.health.pk).exists()
    assert wanted(cast, "health") == ["复查"] and wanted(cast, "station") == []


def test_whoever_took_it_over_orders_rechecks_and_closes(cast):
    hazard = hazard_at(cast, "registered")
    accept(cast, handed_over(cast, "transfer", hazard=hazard))
    by = cast.reach("health")
    hazards.order_rectification(
        hazard=hazard, requirement="清理", responsible=cast.safety, level="general", days=3, due_kind=DayKind.CALENDAR,
        by=by, now=NOW,
    )  # fmt: skip
    hazards.rectify_hazard(hazard=hazard, report="已清理", photos=[photo()], by=cast.reach("safety"), now=NOW)
    with pytest.raises(Denied):
        hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=NOW)
    assert hazards.close_hazard(hazard=hazard, remark="", by=by, now=NOW).status == "closed"


def test_a_hazard_that_the_school_holds_stays_with_it(cast):
    hazard = accept(cast, handed_over(cast, "transfer"))
    assert (hazard.agency, hazard.holder) == (cast.organisations["health"], cast.organisations["school"])


def test_a_department_sees_what_is_handed_to_it_and_nothing_else(cast, sign_in):
    other = hazard_at(cast, "ordered")
    transfer = handed_over(cast, "transfer")
    client = sign_in(cast.health)
    assert Hazard.objects.visible_to(cast.reach("health")).get() == transfer.hazard
    assert client.get(transfer.hazard.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    answer = client.post(reverse("inspections:refuse", args=[transfer.code]), {"reason": "不属本部门"})
    assert answer.headers["Location"] == reverse("web:today")
    assert client.get(transfer.hazard.get_absolute_url()).status_code == 404


def test_a_refused_transfer_can_be_asked_elsewhere(cast):
    transfer = handed_over(cast, "transfer")
    with pytest.raises(Conflict, match="已经提出过"):
        handed_over(cast, "transfer", to="security", hazard=transfer.hazard)
    with pytest.raises(Invalid):
        refuse_handover(handover=transfer, reason="", by=cast.reach("health"), now=NOW)
    refuse_handover(handover=transfer, reason="不属本部门", by=cast.reach("health"), now=NOW)
    assert Message.objects.filter(kind="hazard:refuse_transfer", recipient=cast.station).exists()
    transfer.hazard.refresh_from_db()
    assert transfer.hazard.agency == cast.organisations["station"]
    assert handed_over(cast, "transfer", to="security", hazard=transfer.hazard).is_pending
    with pytest.raises(Conflict):
        accept(cast, transfer)


@pytest.mark.parametrize("to", ["station", "far_station", "leading", "command", "far_town", "far_school"])
def test_a_transfer_goes_to_another_organisation_that_takes_such_things(cast, to):
    with pytest.raises(Invalid, match="选择"):
        handed_over(cast, "transfer", to=to)


@pytest.mark.parametrize("part", ["head", "bureau", "town", "health", "vice_principal"])
def test_only_the_agency_that_follows_transfers(cast, part):
    hazard = hazard_at(cast, "ordered")
    to = cast.organisations["security"]
    with pytest.raises(Denied):
        transfers.ask_transfer(hazard=hazard, to=to, reason="职责", by=cast.reach(part), now=NOW)


@pytest.mark.parametrize("part", ["station", "bureau", "head", "police"])
def test_only_who_was_asked_answers(cast, part):
    transfer, request = handed_over(cast, "transfer"), handed_over(cast, "coordination")
    for act in (lambda: accept(cast, transfer, by=part), lambda: promise(cast, request, by=part)):
        with pytest.raises(Denied):
            act()


def test_a_closed_hazard_is_not_transferred_and_what_waits_lapses(cast):
    hazard = hazard_at(cast, "rectified")
    transfer = handed_over(cast, "transfer", hazard=hazard)
    hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=NOW)
    with pytest.raises(Conflict):
        accept(cast, transfer)
    with pytest.raises(Conflict, match="已销号"):
        handed_over(cast, "transfer", hazard=hazard)
    assert wanted(cast, "health") == []


def test_what_waits_at_a_station_follows_the_school_to_another(cast):
    hazard = hazard_at(cast, "ordered")
    accept(cast, handed_over(cast, "transfer", to="bureau", hazard=hazard), by="bureau")
    back = transfers.ask_transfer(
        hazard=hazard, to=cast.organisations["station"], reason="属地", by=cast.reach("bureau"), now=NOW
    )
    school = cast.schools["school"]
    school.station = cast.organisations["far_station"]
    school.save()
    refresh_jurisdiction(schools=[school], by=cast.reach("bureau"), now=LATER)
    back.refresh_from_db()
    assert back.to_organisation == cast.organisations["far_station"]
    assert accept(cast, back, by="other_station").agency == cast.organisations["far_station"]


def test_the_clock_stands_still_only_while_help_is_promised(cast):
    request = handed_over(cast, "coordination")
    hazard = request.hazard
    assert hazard.due_date == date(2026, 9, 29) and not hazard.is_paused(NOW.date())
    request = promise(cast, request, days=10)
    hazard.refresh_from_db()
    assert request.until == date(2026, 9, 29)
    assert hazard.is_paused(date(2026, 9, 28)) and not hazard.is_paused(date(2026, 9, 29))
    assert hazard.due_date == date(2026, 10, 19)  # ten working days after the promised day
    assert Hazard.objects.paused(date(2026, 9, 28)).get() == hazard
    assert not Hazard.objects.paused(date(2026, 9, 29)).exists()


def test_help_that_is_done_early_gives_the_days_back(cast):
    request = promise(cast, handed_over(cast, "coordination"), days=10)
    assert wanted(cast, "health") == ["报告办理结果"]
    with pytest.raises(Invalid):
        coordination.finish_coordination(handover=request, result="", by=cast.reach("health"), now=LATER)
    done = coordination.finish_coordination(handover=request, result="已迁走", by=cast.reach("health"), now=LATER)
    hazard = Hazard.objects.get()
    assert (done.status, hazard.paused_until, hazard.due_date) == ("done", None, date(2026, 9, 30))
    assert wanted(cast, "health") == []


def test_refused_help_leaves_the_date(cast):
    request = handed_over(cast, "coordination", to="leading")
    refuse_handover(handover=request, reason="请先报教体局", by=cast.reach("leader"), now=NOW)
    hazard = Hazard.objects.get()
    assert (hazard.due_date, hazard.paused_until) == (date(2026, 9, 29), None)
    assert Message.objects.filter(kind="hazard:refuse_coordination", recipient=cast.head).exists()


def test_a_deadline_that_has_run_out_does_not_stand_still(cast):
    request = handed_over(cast, "coordination")
    long_after = NOW + timedelta(days=60)
    promise(cast, request, now=long_after)
    assert Hazard.objects.overdue(long_after.date()).get() == request.hazard


def ask_help(cast, hazard, by="head", **changes):
    words = {"asked": "迁移变压器", "reason": "产权不属学校", "interim": "设围挡"}
    return coordination.ask_coordination(
        hazard=hazard, to=cast.organisations["health"], by=cast.reach(by), now=NOW, **words | changes
    )


@pytest.mark.parametrize(
    ("missing", "said"), [("interim", "临时防护"), ("asked", "需要协调"), ("reason", "原因|为什么|说明|理由")]
)
def test_help_is_asked_with_what_why_and_what_is_done_meanwhile(cast, missing, said):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Invalid, match=said):
        ask_help(cast, hazard, **{missing: ""})
    assert not HandOver.objects.exists()


@pytest.mark.parametrize("part", ["teacher", "town", "bureau", "health"])
def test_help_is_asked_by_the_school_or_who_follows(cast, part):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Denied):
        ask_help(cast, hazard, by=part)
    assert ask_help(cast, hazard, by="station").from_organisation == cast.organisations["station"]


@pytest.mark.parametrize("days", [0, 61])
def test_help_is_promised_for_a_stated_time(cast, days):
    request = handed_over(cast, "coordination")
    with pytest.raises(Invalid, match="60"):
        promise(cast, request, days=days)


def test_help_is_not_promised_after_the_report_or_closure(cast):
    request = handed_over(cast, "coordination")
    hazard = request.hazard
    hazards.rectify_hazard(hazard=hazard, report="已改", photos=[photo()], by=cast.reach("safety"), now=NOW)
    with pytest.raises(Conflict):
        promise(cast, request)
    hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=NOW)
    with pytest.raises(Conflict):
        promise(cast, request)
    with pytest.raises(Conflict, match="整改期间"):
        ask_help(cast, hazard)


def test_a_report_ends_promised_help_and_its_pause(cast):
    request = promise(cast, handed_over(cast, "coordination"))
    hazards.rectify_hazard(hazard=request.hazard, report="已改", photos=[photo()], by=cast.reach("safety"), now=NOW)
    request.refresh_from_db()
    assert (request.status, Hazard.objects.get().paused_until) == ("lapsed", None)


def test_help_is_asked_again_only_after_the_promised_time(cast):
    request = promise(cast, handed_over(cast, "coordination"), days=1)
    words = {"asked": "再协调", "reason": "仍未迁移", "interim": "设围挡", "to": cast.organisations["security"]}
    ask = {"hazard": request.hazard, "by": cast.reach("head"), **words}
    with pytest.raises(Conflict):
        coordination.ask_coordination(now=NOW, **ask)
    assert coordination.ask_coordination(now=NOW + timedelta(days=2), **ask).is_pending


def test_the_agency_may_restart_a_deadline_before_the_promised_time(cast):
    request = promise(cast, handed_over(cast, "coordination"))
    with pytest.raises(Conflict, match="暂停"):
        deadlines.pause_deadline(hazard=request.hazard, reason="停工", by=cast.reach("station"), now=LATER)
    hazard = deadlines.resume_deadline(hazard=request.hazard, by=cast.reach("station"), now=LATER)
    assert hazard.due_date == date(2026, 9, 30)


def test_an_extension_is_not_asked_for_after_closure(cast):
    hazard = hazard_at(cast, "closed")
    with pytest.raises(Conflict, match="整改"):
        deadlines.ask_extension(
            hazard=hazard, new_due_date=date(2026, 12, 1), reason="等配件", by=cast.reach("safety"), now=NOW
        )


def test_pages_walk_a_request_from_asking_to_its_result(cast, sign_in):
    hazard = hazard_at(cast, "ordered")
    given = {"to": cast.organisations["health"].code, "asked": "迁移", "reason": "产权", "interim": "围挡"}
    sign_in(cast.head).post(reverse("inspections:coordinate", args=[hazard.code]), given)
    request, health = HandOver.objects.get(), sign_in(cast.health)
    page = health.get(hazard.get_absolute_url())
    assert "等云溪县卫生健康委答复" in str(page.context["bar"].next)
    health.post(reverse("inspections:accept", args=[request.code]), {"days": 5, "answer": "下周施工"})
    assert "围挡" in health.get(hazard.get_absolute_url()).content.decode()
    health.post(reverse("inspections:finish", args=[request.code]), {"result": "已迁走"})
    assert "已办结" in sign_in(cast.head).get(hazard.get_absolute_url()).content.decode()


def test_pages_walk_a_transfer(cast, sign_in):
    hazard = hazard_at(cast, "rectified")
    page = sign_in(cast.station).get(reverse("inspections:transfer", args=[hazard.code]))
    offered = set(page.context["form"].fields["to"].queryset)
    assert cast.organisations["health"] in offered and cast.organisations["station"] not in offered
    given = {"to": cast.organisations["health"].code, "reason": "职责"}
    sign_in(cast.station).post(reverse("inspections:transfer", args=[hazard.code]), given)
    health, accept_url = sign_in(cast.health), reverse("inspections:accept", args=[HandOver.objects.get().code])
    assert health.get(accept_url).status_code == 200
    health.post(accept_url, {"csrfmiddlewaretoken": "x"})
    assert health.post(reverse("inspections:close", args=[hazard.code]), {"remark": "看过"}).status_code == 302
    hazard.refresh_from_db()
    assert hazard.status == "closed"
