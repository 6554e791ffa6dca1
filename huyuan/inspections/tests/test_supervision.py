"""Listed supervision: only for major hazards, proposed by rule or officer, decided by a leader."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import NOW, hazard_at, major_at, photo
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import hazards, supervision
from huyuan.inspections.models import Hazard, Supervision
from huyuan.notifications.models import Message
from huyuan.policy.worklist import tasks_for

DEADLINE = NOW.date() + timedelta(days=20)


def proposed(cast, by="station", hazard=None):
    return supervision.propose_supervision(
        hazard=hazard or major_at(cast, "ordered"), reason="多次催办未动", by=cast.reach(by), now=NOW
    )


def listed(cast, one=None, **changes):
    words = {"supervisor": cast.police, "deadline": DEADLINE, "by": cast.reach("leader")}
    return supervision.list_supervision(supervision=one or proposed(cast), now=NOW, **words | changes)


def closed(cast, hazard):
    hazards.rectify_hazard(hazard=hazard, report="已修", photos=[photo()], by=cast.reach("safety"), now=NOW)
    return hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=NOW)


def wanted(cast, part):
    return [str(task.wanted) for task in tasks_for(cast.reach(part), NOW.date())]


def test_a_general_hazard_is_refused(cast):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Conflict, match="重大隐患"):
        proposed(cast, hazard=hazard)
    assert not Supervision.objects.exists()


def test_a_major_one_without_its_guide_item_is_refused(cast):
    hazard = major_at(cast, "ordered")
    Hazard.objects.filter(pk=hazard.pk).update(origin="imported", guide_item="")
    with pytest.raises(Conflict, match="判定指南"):
        proposed(cast, hazard=hazard)


@pytest.mark.parametrize("part", ["head", "safety", "town", "leader", "other_station"])
def test_only_police_and_education_propose(cast, part):
    with pytest.raises(Denied):
        proposed(cast, by=part)


def test_a_proposal_names_nobody_and_waits_on_the_leaders_today(cast):
    one = proposed(cast)
    assert (one.supervisor, one.decided_by) == (None, None)
    assert Message.objects.filter(kind="supervision:propose", recipient=cast.leader).exists()
    assert "决定是否挂牌督办" in wanted(cast, "leader")
    with pytest.raises(Conflict):
        proposed(cast, hazard=one.hazard)


def test_a_leader_lists_it_with_supervisor_and_deadline(cast, sign_in):
    one = proposed(cast)
    page = one.get_absolute_url()
    client = sign_in(cast.leader)
    assert cast.police.name in client.get(page).content.decode()
    said = {"supervisor": str(cast.police.code), "deadline": DEADLINE.isoformat()}
    assert client.post(reverse("inspections:supervision_list", args=[one.code]), said).url == page
    one.refresh_from_db()
    assert (one.status, one.supervisor, one.decided_by) == ("listed", cast.police, cast.leader)
    for person in (cast.head, cast.safety, cast.station, cast.police):
        assert Message.objects.filter(kind="supervision:list", recipient=person).count() == 1
    assert "督办至销号" in wanted(cast, "police")
    assert "决定是否挂牌督办" not in wanted(cast, "leader")
    assert AuditRow.objects.filter(kind="supervision:list", actor_id=cast.leader.pk).exists()
    hazard = sign_in(cast.head).get(one.hazard.get_absolute_url()).content.decode()
    assert "已挂牌督办" in hazard
    assert cast.police.name in hazard


@pytest.mark.parametrize("part", ["bureau", "police", "station", "head", "commander"])
def test_nobody_but_a_leader_decides(cast, part):
    one = proposed(cast)
    with pytest.raises(Denied):
        listed(cast, one, by=cast.reach(part))
    with pytest.raises(Denied):
        supervision.decline_supervision(supervision=one, reason="不必", by=cast.reach(part), now=NOW)


def test_the_supervisor_is_of_an_agency_of_the_county_and_the_deadline_ahead(cast, foreign):
    one = proposed(cast)
    for somebody in (cast.head, cast.health, foreign.police):
        with pytest.raises(Invalid):
            listed(cast, one, supervisor=somebody)
    with pytest.raises(Invalid):
        listed(cast, one, deadline=NOW.date() - timedelta(days=1))
    assert listed(cast, one).status == "listed"


def test_declining_needs_a_reason_and_lets_it_be_proposed_again(cast, sign_in):
    one = proposed(cast)
    with pytest.raises(Invalid):
        supervision.decline_supervision(supervision=one, reason="", by=cast.reach("leader"), now=NOW)
    page = reverse("inspections:supervision_decline", args=[one.code])
    assert sign_in(cast.leader).post(page, {"reason": ""}).status_code == 200
    assert sign_in(cast.leader).post(page, {"reason": "已在施工"}).status_code == 302
    one.refresh_from_db()
    assert (one.status, one.decline_reason) == ("declined", "已在施工")
    assert Message.objects.filter(kind="supervision:decline", recipient=cast.station).exists()
    with pytest.raises(Conflict):
        listed(cast, one)
    assert proposed(cast, hazard=one.hazard).status == "proposed"


def test_it_is_lifted_by_the_leader_after_the_hazard_is_closed(cast, sign_in):
    one = listed(cast)
    with pytest.raises(Conflict):
        supervision.lift_supervision(supervision=one, by=cast.reach("leader"), now=NOW)
    closed(cast, one.hazard)
    assert "解除挂牌督办" in wanted(cast, "leader")
    assert "督办至销号" not in wanted(cast, "police")
    assert "解除挂牌督办" in sign_in(cast.leader).get(one.get_absolute_url()).content.decode()
    with pytest.raises(Denied):
        supervision.lift_supervision(supervision=one, by=cast.reach("police"), now=NOW)
    page = reverse("inspections:supervision_lift", args=[one.code])
    assert sign_in(cast.leader).post(page).status_code == 302
    one.refresh_from_db()
    assert (one.status, one.lifted_by) == ("lifted", cast.leader)
    assert Message.objects.filter(kind="supervision:lift", recipient=cast.police).exists()


def test_what_was_closed_or_made_general_in_the_meantime_is_not_listed(cast):
    one = proposed(cast)
    Hazard.objects.filter(pk=one.hazard_id).update(level="general")
    with pytest.raises(Conflict, match="重大"):
        listed(cast, one)
    Hazard.objects.filter(pk=one.hazard_id).update(level="major")
    closed(cast, one.hazard)
    with pytest.raises(Conflict, match="销号"):
        listed(cast, one)
    with pytest.raises(Conflict, match="销号"):
        proposed(cast, hazard=one.hazard)


def test_an_officer_proposes_from_the_hazards_page_with_a_reason(cast, sign_in):
    hazard = major_at(cast, "ordered")
    page = reverse("inspections:propose", args=[hazard.code])
    client = sign_in(cast.station)
    assert page in client.get(hazard.get_absolute_url()).content.decode()
    assert page not in sign_in(cast.head).get(hazard.get_absolute_url()).content.decode()
    assert client.post(page, {"reason": ""}).status_code == 200
    assert client.post(page, {"reason": "工期拖延"}).status_code == 302
    assert Supervision.objects.get().proposal_reason == "工期拖延"
    assert page not in client.get(hazard.get_absolute_url()).content.decode()


def test_the_ledger_lists_proposals_and_another_county_sees_none(cast, foreign, sign_in):
    one = proposed(cast)
    ledger = reverse("inspections:supervisions")
    assert one.get_absolute_url() in sign_in(cast.leader).get(ledger).content.decode()
    assert one.get_absolute_url() not in sign_in(foreign.leader).get(ledger).content.decode()
    assert sign_in(foreign.leader).get(one.get_absolute_url()).status_code == 404
    assert not Supervision.objects.visible_to(cast.reach("other_head")).exists()
