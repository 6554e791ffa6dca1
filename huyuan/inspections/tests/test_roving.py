"""The plan of roving checks: drawn by an agency, made done by signed checks, unseen by the schools it concerns."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from factories import NOW, answer_everything, begun_check, checklist, drawn_plan, hazard_at
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import checks, roving
from huyuan.inspections.models import Hazard, Inspection, RovingPlan, RovingVisit
from huyuan.inspections.roving import monday
from huyuan.organisations.calendar import working_days
from huyuan.organisations.models import Organisation, School, Term
from huyuan.people.queries import DEMO_COUNTY
from huyuan.policy.worklist import tasks_for

TODAY = NOW.date()


def planned(plan, school="青溪镇中心小学"):
    return plan.visits.filter(status="planned", school__organisation__name=school).first()


def at(visit, cast, days=0):
    """The morning of the visit's day, or so many days later."""
    return NOW + (visit.planned_on - TODAY) + timedelta(days=days)


def signed(cast, now, school="school", by="station", visit=None):
    check = checks.begin_check(
        code=begun_code(), school=cast.schools[school], checklist=checklist(), visit=visit, by=cast.reach(by), now=now
    )
    answer_everything(cast, check)
    checks.sign_check(inspection=check, by=cast.reach(by), now=now)
    return checks.sign_check(inspection=check, by=cast.reach("head"), now=now)


def begun_code():
    return Inspection._meta.get_field("code").get_default()


def another_school(cast, name="青溪北小学"):
    """A school that joins the station's schools."""
    like = cast.schools["school"]
    place = Organisation.named(county=cast.county, kind="school", name=name)
    place.save()
    place.reached_by.create(overseer=like.station, line="police")
    return School.objects.create(
        organisation=place,
        county=cast.county,
        identifier="2136100099",
        kind="primary",
        town=like.town,
        station=like.station,
    )


def test_a_station_draws_its_schools_on_school_days_of_the_term(cast):
    plan = drawn_plan(cast)
    calendar, term = working_days(cast.county), plan.term
    visits = list(plan.visits.select_related("school"))
    assert {visit.school for visit in visits} == {cast.schools["school"], cast.schools["point"]}
    assert len(visits) == 4
    assert all(calendar.works(visit.planned_on) and TODAY <= visit.planned_on <= term.ends_on for visit in visits)
    assert AuditRow.objects.filter(kind="roving:draw").count() == 1


def test_the_bureau_draws_every_school_of_the_county(cast):
    assert drawn_plan(cast, "bureau", per_school=1).visits.count() == 3


def test_the_same_seed_draws_the_same_days(cast):
    first = list(drawn_plan(cast).visits.values_list("school", "planned_on"))
    assert list(drawn_plan(cast).visits.values_list("school", "planned_on")) == first
    assert RovingPlan.objects.count() == 1


def test_without_a_seed_one_is_drawn_and_shown(cast, sign_in):
    plan = drawn_plan(cast, seed=None)
    assert 1 <= plan.seed <= 999_999
    assert f"随机种子 {plan.seed}" in sign_in(cast.station).get(reverse("inspections:roving")).content.decode()


@pytest.mark.parametrize("part", ["head", "safety", "guard", "town", "leader", "commander", "vice_principal", "health"])
def test_nobody_else_draws(cast, part):
    with pytest.raises(Denied):
        drawn_plan(cast, part)


def test_a_term_that_is_over_is_not_planned(cast):
    with pytest.raises(Invalid):
        drawn_plan(cast, now=NOW + timedelta(days=200))


def test_a_school_with_an_open_major_hazard_is_visited_first(cast):
    point = cast.schools["point"]
    hazard = hazard_at(cast, "registered")
    Hazard.objects.filter(pk=hazard.pk).update(level="major", school=point)
    for seed in range(5):
        assert drawn_plan(cast, seed=seed).visits.first().school == point


def test_a_school_long_unchecked_is_visited_first(cast):
    signed(cast, NOW)
    for seed in range(5):
        assert drawn_plan(cast, seed=seed).visits.first().school == cast.schools["point"]


def test_a_check_signed_in_the_planned_week_makes_the_visit_done(cast):
    visit = planned(drawn_plan(cast))
    check = signed(cast, NOW + (monday(visit.planned_on) - TODAY))
    visit.refresh_from_db()
    assert (visit.status, visit.inspection) == ("done", check)
    assert AuditRow.objects.filter(kind="roving:visit").count() == 1


def test_a_check_signed_in_another_week_does_not(cast):
    visit = planned(drawn_plan(cast))
    signed(cast, at(visit, cast, days=7))
    visit.refresh_from_db()
    assert visit.status == "planned"


def test_a_check_begun_from_the_visit_makes_it_done_whenever_it_is_signed(cast):
    visit = planned(drawn_plan(cast))
    check = signed(cast, at(visit, cast, days=15), visit=visit)
    visit.refresh_from_db()
    assert (visit.status, visit.inspection) == ("done", check)


def test_a_check_led_by_another_agency_does_not(cast):
    visit = planned(drawn_plan(cast))
    signed(cast, at(visit, cast), by="bureau")
    visit.refresh_from_db()
    assert visit.status == "planned"


def test_the_schools_own_round_does_not(cast):
    visit = planned(drawn_plan(cast))
    check = answer_everything(cast, begun_check(cast, by="safety", entry=checklist("daily")), by="safety")
    checks.sign_check(inspection=check, by=cast.reach("safety"), now=at(visit, cast))
    visit.refresh_from_db()
    assert visit.status == "planned"


def test_one_check_makes_one_visit_done(cast):
    first = planned(drawn_plan(cast))
    signed(cast, at(first, cast))
    signed(cast, at(first, cast))
    assert RovingVisit.objects.filter(status="done").count() == 1


def test_a_visit_is_not_begun_for_another_school_nor_by_another_agency_nor_twice(cast):
    visit = planned(drawn_plan(cast))
    with pytest.raises(Conflict):
        signed(cast, NOW, school="point", visit=visit)
    with pytest.raises(Denied):
        signed(cast, NOW, by="bureau", visit=visit)
    signed(cast, NOW, visit=visit)
    with pytest.raises(Conflict):
        signed(cast, NOW, visit=visit)


def test_a_moved_visit_stays_with_its_reason_and_another_takes_its_place(cast):
    visit = planned(drawn_plan(cast))
    day = working_days(cast.county).after(visit.planned_on, 5)
    moved = roving.move_visit(visit=visit, planned_on=day, reason="学校运动会", by=cast.reach("station2"), now=NOW)
    visit.refresh_from_db()
    assert (visit.status, visit.reason, visit.moved_to) == ("moved", "学校运动会", moved)
    assert (moved.status, moved.planned_on, moved.school) == ("planned", day, visit.school)


@pytest.mark.parametrize(
    ("day", "words"), [(date(2026, 10, 1), "上学日"), (date(2026, 9, 14), "学期末"), (date(2027, 2, 1), "学期末")]
)
def test_a_visit_is_moved_only_to_a_school_day_of_the_term_that_is_to_come(cast, day, words):
    with pytest.raises(Invalid, match=words):
        roving.move_visit(
            visit=planned(drawn_plan(cast)), planned_on=day, reason="改期", by=cast.reach("station"), now=NOW
        )


@pytest.mark.parametrize("part", ["bureau", "other_station", "head"])
def test_nobody_else_moves_or_leaves_out(cast, part):
    visit = planned(drawn_plan(cast))
    with pytest.raises(Denied):
        roving.move_visit(visit=visit, planned_on=TODAY, reason="改期", by=cast.reach(part), now=NOW)
    with pytest.raises(Denied):
        roving.drop_visit(visit=visit, reason="不去", by=cast.reach(part), now=NOW)


def test_what_is_done_moved_or_left_out_is_not_changed_again(cast):
    plan = drawn_plan(cast)
    visit = planned(plan)
    roving.drop_visit(visit=visit, reason="学校停办", by=cast.reach("station"), now=NOW)
    with pytest.raises(Conflict):
        roving.move_visit(visit=visit, planned_on=TODAY, reason="改期", by=cast.reach("station"), now=NOW)


def test_drawing_again_keeps_what_happened_and_takes_new_schools_in(cast):
    plan = drawn_plan(cast)
    done, left = planned(plan), planned(plan, "青溪下屋教学点")
    signed(cast, at(done, cast), visit=done)
    roving.drop_visit(visit=left, reason="教学点撤并", by=cast.reach("station"), now=NOW)
    second = planned(plan)
    moved = roving.move_visit(
        visit=second,
        planned_on=working_days(cast.county).after(second.planned_on, 5),
        reason="考试",
        by=cast.reach("station"),
        now=NOW,
    )
    new = another_school(cast)
    again = drawn_plan(cast, now=at(done, cast, days=1), seed=8)
    kept = {visit.pk: visit.status for visit in again.visits.all()}
    assert [kept[one.pk] for one in (done, left, second, moved)] == ["done", "dropped", "moved", "planned"]
    assert again.visits.filter(school=new, status="planned").count() == 2
    assert again.visits.filter(school=cast.schools["school"]).exclude(status="moved").count() == 2
    assert again.visits.filter(school=cast.schools["point"], status="planned").count() == 1


def seen(cast, part):
    return set(RovingVisit.objects.visible_to(cast.reach(part)).values_list("status", flat=True))


def test_schools_see_visits_that_were_made_and_none_that_are_to_come(cast):
    plan = drawn_plan(cast)
    for part in ("head", "safety", "town", "leader", "commander", "other_station", "other_head"):
        assert seen(cast, part) == set(), part
    signed(cast, NOW, visit=planned(plan))
    for part in ("head", "safety", "town", "leader", "commander"):
        assert seen(cast, part) == {"done"}, part
    for part in ("station", "station2", "bureau", "police"):
        assert seen(cast, part) == {"done", "planned"}, part
    assert seen(cast, "other_station") == seen(cast, "other_head") == seen(cast, "teacher") == set()


def test_nothing_a_school_opens_names_a_visit_to_come(cast, sign_in):
    drawn_plan(cast)
    client = sign_in(cast.head)
    for url in (
        reverse("web:today"),
        reverse("inspections:inspections"),
        reverse("web:school", args=[cast.organisations["school"].code]),
    ):
        assert "巡回检查" not in client.get(url).content.decode(), url


def test_another_county_sees_nothing(cast, foreign):
    visit = planned(drawn_plan(cast))
    assert not RovingVisit.objects.visible_to(foreign.reach("bureau")).exists()
    assert not RovingPlan.objects.visible_to(foreign.reach("police")).exists()
    assert visit.plan.county.adcode != DEMO_COUNTY


def test_a_visit_whose_day_has_come_stands_on_today_and_is_late_after_its_week(cast, clock):
    visit = planned(drawn_plan(cast, per_school=1))
    clock.set(at(visit, cast))
    day = timezone.localdate(clock.now)
    tasks = [task for task in tasks_for(cast.reach("station"), day) if task.icon == "route"]
    assert visit.week_ends_on in {task.due_date for task in tasks}
    assert f"visit={visit.code}" in " ".join(task.url for task in tasks)
    late = [task for task in tasks_for(cast.reach("station"), day + timedelta(days=30)) if task.icon == "route"]
    assert late and all(task.due_date < day + timedelta(days=30) for task in late)
    assert not [task for task in tasks_for(cast.reach("head"), day) if task.icon == "route"]


def test_from_plan_to_signed_visit_by_the_pages(cast, sign_in, clock):
    client = sign_in(cast.station)
    assert "本学期还没有排计划" in client.get(reverse("inspections:roving")).content.decode()
    form = {"checklist": "fire", "per_week": 2, "per_school": "", "gap_weeks": 3, "seed": 5}
    page = client.post(reverse("inspections:draw_roving"), form, follow=True)
    assert "计划已排好" in page.content.decode() and page.context["sheet"].plan.per_school == 4
    visit = planned(RovingPlan.objects.get())
    clock.set(at(visit, cast))
    begin = client.get(visit.begin_url)
    assert '<option value="fire@1" selected' in begin.content.decode()
    given = {name: begin.context["form"][name].value() for name in ("school", "checklist", "visit", "code")}
    client.post(reverse("inspections:begin"), given)
    visit.refresh_from_db()
    check = answer_everything(cast, visit.inspection)
    client.post(reverse("inspections:sign", args=[check.code]))
    sign_in(cast.head).post(reverse("inspections:sign", args=[check.code]))
    weeks = client.get(reverse("inspections:roving")).context["sheet"].weeks
    assert [one.school for week in weeks for one in week.visits if one.status == "done"] == [visit.school]


def test_moving_and_leaving_out_by_the_pages(cast, sign_in):
    plan, client = drawn_plan(cast), sign_in(cast.station)
    first, last = plan.visits.first(), plan.visits.last()
    day = working_days(cast.county).after(first.planned_on, 3)
    client.post(reverse("inspections:move_visit", args=[first.code]), {"planned_on": str(day), "reason": "学校月考"})
    client.post(reverse("inspections:drop_visit", args=[last.code]), {"reason": "学校停办"})
    page = client.get(reverse("inspections:roving")).content.decode()
    assert "学校月考" in page and "学校停办" in page


def test_police_and_bureau_of_the_county_read_the_plan_of_a_station_but_do_not_change_it(cast, sign_in):
    plan = drawn_plan(cast)
    client = sign_in(cast.bureau)
    page = client.get(reverse("inspections:roving")).content.decode()
    assert f"?agency={plan.organisation.code}" in page
    theirs = client.get(f"{reverse('inspections:roving')}?agency={plan.organisation.code}")
    assert theirs.context["sheet"].plan == plan and "/move/" not in theirs.content.decode()


def test_a_county_without_a_term_is_told_to_set_it(cast, sign_in):
    Term.objects.all().delete()
    for name in ("inspections:roving", "inspections:draw_roving"):
        assert "还没有设置学期" in sign_in(cast.station).get(reverse(name)).content.decode()


def test_the_page_costs_the_same_however_many_visits_there_are(cast, sign_in, django_assert_max_num_queries):
    drawn_plan(cast, per_school=4, gap_weeks=1)
    client = sign_in(cast.station)
    with django_assert_max_num_queries(12):
        client.get(reverse("inspections:roving"))
