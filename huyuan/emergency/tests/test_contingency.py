"""Contingency plans of schools: from the template to a plan in force, its versions, and what an incident keeps."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from factories import NOW, make_county, pressed
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.emergency.actions import contingency as actions
from huyuan.emergency.actions.units import add_member
from huyuan.emergency.contingency import changes_between, content_of, frozen_plan, kinds_of, phone_tree
from huyuan.emergency.contingency_packs import AssemblyPoint, CardPart, templates
from huyuan.emergency.models import ContingencyPlan
from huyuan.emergency.plan_reading import lines_of
from huyuan.emergency.worklists import plans_to_approve, plans_to_review
from huyuan.notifications.models import Message

Status = ContingencyPlan.Status


@pytest.fixture
def cast(db):
    return make_county()


def drafted(cast, kind="violent_attack", school="school", by="safety", now=NOW):
    return actions.draft_plan(school=cast.schools[school], kind=kind, by=cast.reach(by), now=now)


def edited(cast, plan, by="safety", **changes):
    return actions.edit_plan(plan=plan, content=content_of(plan).model_copy(update=changes), by=cast.reach(by), now=NOW)


def led_by(plan, *people):
    """The cards of a plan with its leader named."""
    return tuple(
        card.model_copy(update={"people": people}) if card.part is CardPart.LEADER else card
        for card in content_of(plan).cards
    )


def approved(cast, kind="violent_attack", now=NOW, **changes):
    plan = drafted(cast, kind, now=now)
    edited(cast, plan, cards=led_by(plan, cast.head.pk), **changes)
    return actions.approve_plan(plan=plan, by=cast.reach("head"), now=now)


def test_a_draft_begins_with_the_template_and_the_people_of_the_unit(cast):
    add_member(
        school=cast.schools["school"], user=cast.guard, part="guard", stand_in=False, by=cast.reach("safety"), now=NOW
    )
    plan = drafted(cast)
    assert (plan.version, plan.status, plan.template) == (1, Status.DRAFT, "violent_attack@1")
    cards = {card.part: card for card in content_of(plan).cards}
    assert cards[CardPart.GUARD].people == (cast.guard.pk,)
    assert cards[CardPart.GUARD].minute_1 == templates(NOW.date())["violent_attack"].plan.cards[1].minute_1


def test_a_draft_begun_twice_is_one(cast):
    assert drafted(cast) == drafted(cast)


def test_a_kind_without_template_is_refused(cast):
    with pytest.raises(Invalid):
        drafted(cast, kind="meteor")


@pytest.mark.parametrize("by", ["teacher", "station", "bureau", "other_head"])
def test_only_the_schools_own_people_write_its_plans(cast, by):
    with pytest.raises(Denied):
        drafted(cast, by=by)


def test_a_central_school_writes_for_its_teaching_point(cast):
    assert drafted(cast, school="point").school == cast.schools["point"]


def test_a_plan_names_only_people_of_the_school(cast):
    plan = drafted(cast)
    with pytest.raises(Invalid):
        edited(cast, plan, cards=led_by(plan, cast.station.pk))


def test_the_head_puts_a_plan_in_force_and_whoever_has_a_card_is_told(cast):
    plan = drafted(cast)
    edited(cast, plan, cards=led_by(plan, cast.safety.pk))
    plan = actions.approve_plan(plan=plan, by=cast.reach("head"), now=NOW)
    assert (plan.status, plan.approved_by, plan.review_by) == (Status.APPROVED, cast.head, date(2027, 3, 15))
    assert Message.objects.get(kind="contingency:approve").recipient == cast.safety
    assert AuditRow.objects.filter(kind="contingency:approve").count() == 1


def test_nobody_but_the_head_approves(cast):
    plan = drafted(cast)
    with pytest.raises(Denied):
        actions.approve_plan(plan=plan, by=cast.reach("safety"), now=NOW)


def test_a_plan_that_names_no_leader_is_not_approved(cast):
    with pytest.raises(Invalid, match="谁指挥"):
        actions.approve_plan(plan=drafted(cast), by=cast.reach("head"), now=NOW)


def test_an_evacuation_without_assembly_point_is_not_approved(cast):
    with pytest.raises(Invalid, match="集合点"):
        approved(cast, "fire")
    assert approved(cast, "gate_trouble").status == Status.APPROVED


def test_a_new_version_supersedes_the_one_before(cast):
    first = approved(cast)
    second = approved(cast)
    first.refresh_from_db()
    assert (first.status, second.status, second.version) == (Status.SUPERSEDED, Status.APPROVED, 2)


def test_a_version_in_force_is_not_edited(cast):
    with pytest.raises(Conflict):
        edited(cast, approved(cast))


def test_a_draft_given_up_leaves_the_version_in_force(cast):
    first, draft = approved(cast), drafted(cast)
    actions.drop_draft(plan=draft, by=cast.reach("safety"), now=NOW)
    assert ContingencyPlan.objects.approved().get() == first
    assert drafted(cast).version == 3
    with pytest.raises(Conflict):
        actions.drop_draft(plan=first, by=cast.reach("safety"), now=NOW)


def test_a_review_that_changes_nothing_moves_the_next_one(cast):
    plan, later = approved(cast), NOW + timedelta(days=100)
    plan = actions.confirm_review(plan=plan, by=cast.reach("head"), now=later)
    assert plan.review_by == actions.months_later(later.date(), 6)
    with pytest.raises(Conflict):
        actions.confirm_review(plan=drafted(cast), by=cast.reach("head"), now=later)


@pytest.mark.parametrize(("day", "months", "then"), [
    (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2026, 12, 1), 12, date(2027, 12, 1)),
    (date(2026, 10, 31), 1, date(2026, 11, 30)),
])  # fmt: skip
def test_months_end_where_there_is_no_such_day(day, months, then):
    assert actions.months_later(day, months) == then


def test_the_head_finds_drafts_and_reviews_on_today(cast):
    head = cast.reach("head")
    drafted(cast, "food")
    plan = approved(cast)
    assert [task.title for task in plans_to_approve(head, NOW.date(), 9)] == ["食物中毒"]
    assert plans_to_review(head, NOW.date(), 9) == []
    (due,) = plans_to_review(head, plan.review_by, 9)
    assert due.due_date == plan.review_by
    assert (
        plans_to_approve(cast.reach("guard"), NOW.date(), 9)
        == plans_to_review(cast.reach("safety"), NOW.date(), 9)
        == []
    )


def test_what_is_missing_overdue_or_in_force_is_said_of_every_kind(cast):
    plan = approved(cast)
    plans = ContingencyPlan.objects.filter(school=cast.schools["school"])
    states = {kind.template.code: kind.state for kind in kinds_of(plans, NOW.date())}
    assert (states["violent_attack"], states["fire"], states["drowning"], states["bus"]) == (
        "ok",
        "missing",
        "missing",
        "none",
    )
    later = {kind.template.code: kind.state for kind in kinds_of(plans, plan.review_by + timedelta(days=1))}
    assert later["violent_attack"] == "review"


def test_the_phone_tree_has_the_numbers_of_today(cast):
    plan = drafted(cast)
    lines = {line.callee.value: line.number for line in phone_tree(plan.school, content_of(plan))}
    assert lines["police_110"] == "110" and lines["station"] == "0793-5550110" and lines["unit"] == ""


def test_an_incident_keeps_the_plan_as_it_stood_at_the_press(cast):
    approved(cast)
    incident = pressed(cast).incident
    kept = incident.plan
    assert kept["adapted"] and kept["version"] == 1 and kept["names"] == {str(cast.head.pk): "吴秀英"}
    newer = drafted(cast)
    edited(cast, newer, cards=led_by(newer, cast.safety.pk))
    actions.approve_plan(plan=newer, by=cast.reach("head"), now=NOW)
    incident.refresh_from_db()
    assert incident.plan == kept


def test_a_school_without_plan_is_given_the_template_marked_as_not_adapted(cast):
    kept = pressed(cast, alarm_class="fire").incident.plan
    assert (kept["kind"], kept["adapted"], kept["version"]) == ("fire", False, 0)
    parts = [(line.part, line.minute) for line in lines_of(kept)]
    assert ("class_teacher", 1) in parts and ("leader", 99) in parts


def test_a_kind_that_nobody_knows_is_an_empty_plan(cast):
    assert frozen_plan(cast.schools["school"], "meteor", NOW.date()) == {}


def test_two_versions_are_compared_place_by_place(cast):
    plan = drafted(cast)
    before = content_of(plan)
    after = before.model_copy(update={"assembly": (AssemblyPoint(name="操场"),), "calls": before.calls[::-1]})
    places = {change.place: change for change in changes_between(before, after)}
    assert places["集合点"].come == ["操场"]
    assert places["电话树"].gone == places["电话树"].come == []
    assert len(places) == 2


def filled(page, **changes):
    """What a browser would send of a form as it is shown."""
    form = page.context["form"]
    said = {}
    for name, field in form.fields.items():
        value = form.get_initial_for_field(field, name)
        said[name] = "" if value is None else value
    return said | changes


def test_a_school_adapts_a_plan_on_its_page_and_keeps_both_languages_of_what_it_left_alone(cast, client):
    client.force_login(cast.safety)
    school = cast.organisations["school"]
    answer = client.post(f"/emergency/plans/of/{school.code}/fire/")
    page = client.get(answer.url)
    said = filled(
        page, leader_people=[cast.head.pk], guard_minute_1="按响警铃并报警，打开所有校门和消防通道\n打开东门",
        point_1_name="操场东侧", point_1_lon="115.55", point_1_lat="28.9", order_bureau="", order_head="1",
    )  # fmt: skip
    assert client.post(answer.url, said).status_code == 302
    content = content_of(ContingencyPlan.objects.get())
    guard = next(card for card in content.cards if card.part is CardPart.GUARD)
    assert [line.en for line in guard.minute_1] == [
        "Ring the bell, raise the alarm, open all gates and the fire lane",
        "打开东门",
    ]
    assert content.assembly == (AssemblyPoint(name="操场东侧", lon=115.55, lat=28.9),)
    assert content.calls[:2] == ("fire_119", "head") and "bureau" not in content.calls
    again = client.get(answer.url)
    assert again.context["form"].fields["order_bureau"].initial is None
    client.force_login(cast.head)
    plan = ContingencyPlan.objects.get()
    assert client.post(f"/emergency/plans/{plan.code}/approve/").status_code == 302
    for address in ("", "print/", "?with=1"):
        assert "操场东侧" in client.get(f"/emergency/plans/{plan.code}/{address}").content.decode()
    listed = client.get("/emergency/plans/").content.decode()
    assert "校园暴力" not in listed and "火灾" in listed and "生效" in listed


@pytest.mark.parametrize("changes", [
    {"guard_minute_1": "\n".join("走" for _ in range(13))}, {"guard_minute_1": "走" * 121}, {"parents": "{pupil}"},
    {f"order_{callee}": "" for callee in templates(NOW.date())["fire"].plan.calls},
], ids=["too many lines", "too long a line", "unknown place", "nobody to ring"])  # fmt: skip
def test_a_plan_that_cannot_be_read_in_seconds_is_refused_with_the_reason(cast, client, changes):
    client.force_login(cast.safety)
    plan = drafted(cast, "fire")
    address = f"/emergency/plans/{plan.code}/edit/"
    answer = client.post(address, filled(client.get(address), **changes))
    assert answer.status_code == 200 and answer.context["form"].errors
    assert content_of(ContingencyPlan.objects.get()) == content_of(plan)


def test_the_bureau_sees_which_schools_lack_what(cast, client):
    approved(cast, now=timezone.now())
    client.force_login(cast.bureau)
    page = client.get("/emergency/plans/")
    gaps = {gap.school.organisation.name: [one.code for one in gap.missing] for gap in page.context["gaps"]}
    assert "violent_attack" not in gaps["青溪镇中心小学"] and "violent_attack" in gaps["南浦中学"]
    school = cast.organisations["school"].code
    assert "适用时" in client.get(f"/emergency/plans/?school={school}").content.decode()


def test_a_plan_reviewed_or_given_up_on_its_page_says_so(cast, client):
    plan = approved(cast, now=timezone.now())
    client.force_login(cast.head)
    assert client.post(f"/emergency/plans/{plan.code}/review/").status_code == 302
    draft = drafted(cast)
    assert client.post(f"/emergency/plans/{draft.code}/drop/").status_code == 302
    assert client.get("/emergency/plans/?school=x").status_code == 404


def test_a_teacher_does_not_read_plans(cast, client):
    client.force_login(cast.teacher)
    assert client.get("/emergency/plans/").status_code == 403
