"""Standing comes from records: what counts, what does not, and what time alone does to it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from factories import NOW, answered_check, begun_check, hazard_at, photo, signed_check
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import checks, hazards
from huyuan.inspections.models import Hazard
from huyuan.inspections.tests.standings import CHECKS, TEXT, make_plan, pack, rule, stands_of
from huyuan.organisations.actions.jurisdiction import refresh_jurisdiction
from huyuan.organisations.models import Organisation
from huyuan.people.actions.posts import end_post
from huyuan.policy.actions import duties, plans
from huyuan.policy.judging import judge_all
from huyuan.policy.models import ObligationVersion, Standing
from huyuan.policy.packs import Rhythm
from huyuan.policy.queries import tallies
from huyuan.policy.states import State
from huyuan.policy.worklist import tasks_for

TODAY = NOW.date()


@pytest.fixture
def plan(cast):
    return make_plan(cast)


def everybody(cast):
    return Organisation.objects.filter(county=cast.county)


@pytest.mark.clause("4.1")
def test_on_the_first_day_nothing_is_red(cast):
    make_plan(cast, counts_from=TODAY)
    for where in ("school", "point", "far_school", "station", "far_station"):
        found = {key: stand.state for key, stand in stands_of(cast, where, TODAY).items()}
        assert State.MISSED not in found.values() and State.AT_RISK not in found.values(), found


@pytest.mark.clause("3.1")
def test_a_check_counts_when_both_have_signed_and_not_before(cast, plan):
    check = answered_check(cast, failing=0)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    assert stands_of(cast, "school", TODAY)["joint-check"].state == State.NOT_YET_DUE
    checks.sign_check(inspection=check, by=cast.reach("head"), now=NOW)
    met = stands_of(cast, "school", TODAY)["joint-check"]
    assert (met.state, met.row.met_on, met.row.version.number) == (State.MET, TODAY, 1)
    assert stands_of(cast, "far_school", TODAY)["joint-check"].state == State.NOT_YET_DUE


def test_a_check_that_only_begun_counts_for_nothing(cast, plan):
    begun_check(cast)
    assert stands_of(cast, "school", TODAY)["joint-check"].row is None


def test_a_check_by_another_agency_is_not_the_joint_check(cast, plan):
    check = begun_check(cast, by="bureau")
    assert check.agency_id == cast.organisations["bureau"].pk
    assert stands_of(cast, "school", TODAY)["joint-check"].state == State.NOT_YET_DUE


@pytest.mark.clause("3.1")
def test_what_is_owed_once_is_at_risk_then_missed_then_met_late(cast, plan):
    due = date(2026, 10, 30)
    assert stands_of(cast, "school", date(2026, 10, 10))["joint-check"].state == State.NOT_YET_DUE
    at_risk = stands_of(cast, "school", date(2026, 10, 20))["joint-check"]
    assert (at_risk.state, at_risk.days_left, at_risk.due_on) == (State.AT_RISK, 10, due)
    assert stands_of(cast, "school", date(2026, 11, 2))["joint-check"].state == State.MISSED
    signed_check(cast, failing=0)
    assert stands_of(cast, "school", date(2026, 11, 2))["joint-check"].state == State.MET


def test_a_missed_month_stays_red_until_the_next_is_met(cast, plan):
    october = date(2026, 10, 8)
    missed = stands_of(cast, "school", october)["monthly-check"]
    assert missed.state == State.MISSED and missed.former_missed
    signed_check(cast, failing=0)
    assert stands_of(cast, "school", october)["monthly-check"].state == State.NOT_YET_DUE
    assert stands_of(cast, "school", date(2026, 10, 28))["monthly-check"].state == State.AT_RISK


def test_nothing_is_owed_for_a_month_of_holidays(cast, plan):
    signed_check(cast, failing=0)
    term_over = date(2027, 2, 10)
    stand = stands_of(cast, "school", term_over)["monthly-check"]
    assert (stand.due_on.year, stand.due_on.month) == (2027, 1)


@pytest.mark.clause("2.3")
def test_an_item_is_in_order_once_its_hazard_is_closed(cast, plan):
    hazard = next(h for h in signed_check(cast, failing=13).hazards.all() if h.item_key == "hundred_closed")
    before = stands_of(cast, "school", TODAY)["hundreds"]
    order = hazards.order_rectification(
        hazard=hazard, requirement="封闭管理", responsible=cast.safety, level="general", days=10, due_kind="calendar",
        by=cast.reach("station"), now=NOW,
    )  # fmt: skip
    hazards.rectify_hazard(hazard=order, report="已封闭", photos=[photo()], by=cast.reach("safety"), now=NOW)
    hazards.close_hazard(hazard=order, remark="", by=cast.reach("station"), now=NOW)
    after = stands_of(cast, "school", TODAY)["hundreds"]
    assert after.row.value == before.row.value + 1


@pytest.mark.clause("3.1")
def test_a_hazard_is_due_by_its_deadline_and_too_late_stays_too_late_for_the_month(cast, plan):
    hazard = hazard_at(cast, Hazard.Status.ORDERED)
    due = hazard.due_date
    running = stands_of(cast, "school", TODAY)["rectify"]
    assert (running.state, running.due_on) == (State.NOT_YET_DUE, due)
    assert stands_of(cast, "school", due - timedelta(days=2))["rectify"].state == State.AT_RISK
    assert stands_of(cast, "school", due + timedelta(days=1))["rectify"].state == State.MISSED
    late = NOW + (due - TODAY) + timedelta(days=2)
    hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[photo()], by=cast.reach("safety"), now=late)
    assert stands_of(cast, "school", late.date())["rectify"].state == State.MISSED
    assert stands_of(cast, "school", late.date() + timedelta(days=35))["rectify"].state == State.NOT_YET_DUE


@pytest.mark.clause("3.1")
def test_a_station_orders_and_rechecks_in_time(cast, plan):
    hazard = signed_check(cast).hazards.get()
    waiting = stands_of(cast, "station", TODAY)["order"]
    assert (waiting.state, waiting.due_on) == (State.AT_RISK, TODAY + timedelta(days=3))
    assert stands_of(cast, "station", TODAY + timedelta(days=4))["order"].state == State.MISSED
    hazards.order_rectification(
        hazard=hazard, requirement="更换", responsible=cast.safety, level="general", days=10, due_kind="calendar",
        by=cast.reach("station"), now=NOW,
    )  # fmt: skip
    assert stands_of(cast, "station", TODAY)["order"].state == State.MET
    hazards.rectify_hazard(hazard=hazard, report="好了", photos=[photo()], by=cast.reach("safety"), now=NOW)
    assert stands_of(cast, "station", TODAY)["recheck"].state == State.AT_RISK
    hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=NOW)
    assert stands_of(cast, "station", TODAY)["recheck"].state == State.MET


def test_what_others_do_outside_has_no_tick_and_what_nobody_judges_no_colour(cast, plan):
    assert stands_of(cast, "station", TODAY)["screening"].state == State.OUTSIDE
    school = stands_of(cast, "school", TODAY)
    assert school["counselling"].state == State.NO_DATA
    assert school["dormitory"].state == State.NOT_APPLICABLE


def test_tallies_agree_with_the_states_of_each_organisation(cast, plan):
    hazard_at(cast, Hazard.Status.ORDERED)
    declared_days = [TODAY + timedelta(days=offset) for offset in (0, 12, 20, 40, 75, 110, 140)]
    places = ["school", "point", "far_school", "station", "far_station"]
    for day in declared_days:
        expected: dict[str, dict[str, int]] = {}
        for where in places:
            for key, stand in stands_of(cast, where, day).items():
                if stand.state != State.NOT_APPLICABLE:
                    counts = expected.setdefault(key, {})
                    counts[stand.state] = counts.get(stand.state, 0) + 1
        counted = {t.rule.entry.key: dict(t.counts) for t in tallies(cast.county, everybody(cast), day) if t.bound}
        assert counted == expected, day


def test_judging_all_anew_changes_nothing_that_was_touched_in_time(cast, plan):
    hazard_at(cast, Hazard.Status.RECTIFIED)
    before = list(Standing.objects.order_by("pk").values_list("obligation", "organisation", "value", "late", "due_on"))
    judge_all(county=cast.county, today=TODAY + timedelta(days=2))
    after = list(Standing.objects.order_by("pk").values_list("obligation", "organisation", "value", "late", "due_on"))
    assert before == after


def test_tallies_take_a_fixed_number_of_queries(cast, plan, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        tallies(cast.county, everybody(cast), TODAY)


def test_a_supplement_counts_and_is_marked_as_declared(cast):
    plan = make_plan(cast, counts_from=TODAY)
    obligation = plan.obligations.get(key="joint-check")
    organisation = cast.organisations["school"]
    said = duties.declare_supplement(
        obligation=obligation, organisation=organisation, done_on=date(2026, 9, 5), what="开学全面检查", proof="安全档案盒3",
        by=cast.reach("safety"), now=NOW,
    )  # fmt: skip
    stand = stands_of(cast, "school", TODAY)["joint-check"]
    assert (stand.state, stand.declared, stand.row.met_on) == (State.MET, True, date(2026, 9, 5))
    tally = next(t for t in tallies(cast.county, everybody(cast), TODAY) if t.rule.entry.key == "joint-check")
    assert (tally.counts[State.MET], tally.declared) == (1, 1)
    duties.withdraw_supplement(supplement=said, reason="记错了学校", by=cast.reach("bureau"), now=NOW)
    assert stands_of(cast, "school", TODAY)["joint-check"].state == State.NOT_YET_DUE


@pytest.mark.parametrize("day", [TODAY + timedelta(days=1), TODAY])
def test_a_supplement_of_the_future_or_of_days_recorded_here_is_refused(cast, day):
    plan = make_plan(cast, counts_from=TODAY)
    with pytest.raises(Invalid):
        duties.declare_supplement(
            obligation=plan.obligations.get(key="joint-check"), organisation=cast.organisations["school"], done_on=day,
            what="检查", proof="档案", by=cast.reach("safety"), now=NOW,
        )  # fmt: skip
    assert not Standing.objects.filter(declared__gt=0).exists()


def test_a_supplement_is_declared_by_the_organisation_itself_and_once_a_day(cast):
    plan = make_plan(cast, counts_from=TODAY)
    given = {
        "obligation": plan.obligations.get(key="joint-check"), "organisation": cast.organisations["school"],
        "done_on": date(2026, 9, 5), "what": "检查", "proof": "档案", "now": NOW,
    }  # fmt: skip
    with pytest.raises(Denied):
        duties.declare_supplement(**given, by=cast.reach("other_head"))
    duties.declare_supplement(**given, by=cast.reach("head"))
    with pytest.raises(Conflict):
        duties.declare_supplement(**given, by=cast.reach("head"))


def test_a_changed_rule_does_not_alter_the_past(cast, plan):
    signed_check(cast, failing=0)
    judge_all(county=cast.county, today=TODAY)
    stricter = rule(
        "monthly-check", "school", {"rhythm": "monthly", "warn_days": 5}, "inspections.checks", parameters={"wanted": 2}
    )
    changed = [stricter if entry["key"] == "monthly-check" else entry for entry in CHECKS]
    by = cast.reach("bureau")
    plans.install_pack(plan=plan, pack=pack(2, date(2026, 10, 1), changed), by=by, now=NOW)
    september = stands_of(cast, "school", TODAY)["monthly-check"]
    assert (september.state, september.rule.version.number) == (State.MET, 1)
    october = stands_of(cast, "school", date(2026, 10, 20))["monthly-check"]
    assert (october.rule.version.number, october.state) == (2, State.NOT_YET_DUE)
    assert Standing.objects.get(obligation__key="monthly-check", starts_on=date(2026, 9, 1)).version.number == 1


def test_a_pack_that_changes_a_rule_without_a_later_date_is_refused(cast, plan):
    changed = [rule("monthly-check", "school", {"rhythm": "term"}, "inspections.checks"), *CHECKS[:2]]
    with pytest.raises(Invalid, match="monthly-check"):
        plans.install_pack(plan=plan, pack=pack(2, date(2026, 9, 1), changed), by=cast.reach("bureau"), now=NOW)
    assert plan.obligations.in_force().filter(key="hundreds").exists()


def test_the_same_pack_and_the_same_text_change_nothing(cast, plan):
    by, counts = cast.reach("bureau"), ObligationVersion.objects.count()
    assert plans.install_pack(plan=plan, pack=pack(), by=by, now=NOW) == 0
    again = plans.import_plan(
        county=cast.county, code="yunxi-test", text=TEXT, file_name="方案.txt", counts_from=None, by=by, now=NOW
    )
    assert not again.new and ObligationVersion.objects.count() == counts


@pytest.mark.clause("4.1")
def test_a_new_text_is_the_next_version_and_the_former_stays_word_for_word(cast, plan):
    longer = TEXT + "（三）附则。本方案自印发之日起施行。\n"
    done = plans.import_plan(
        county=cast.county, code="yunxi-test", text=longer, file_name="方案.txt", counts_from=None, by=cast.reach("bureau"), now=NOW
    )  # fmt: skip
    assert done.version.number == 2
    for version, text in ((1, TEXT), (2, longer)):
        kept = plan.versions.get(number=version)
        assert kept.text == text == kept.preamble + "".join(kept.clauses.values_list("text", flat=True))


def test_the_county_sets_what_regularly_means_from_the_next_period_on(cast, plan):
    obligation = plan.obligations.get(key="regular-check")
    assert stands_of(cast, "school", TODAY)["regular-check"].rule.version.is_default
    plans.set_rhythm(obligation=obligation, rhythm=Rhythm.MONTHLY, by=cast.reach("bureau"), now=NOW)
    now = stands_of(cast, "school", TODAY)["regular-check"].rule.version
    then = stands_of(cast, "school", date(2026, 10, 12))["regular-check"].rule.version
    assert (now.rhythm, then.rhythm, then.is_default) == (Rhythm.TERM, Rhythm.MONTHLY, False)
    with pytest.raises(Denied):
        plans.set_rhythm(obligation=obligation, rhythm=Rhythm.YEARLY, by=cast.reach("head"), now=NOW)
    with pytest.raises(Invalid):
        plans.set_rhythm(
            obligation=plan.obligations.get(key="hundreds"), rhythm=Rhythm.YEARLY, by=cast.reach("bureau"), now=NOW
        )


@pytest.mark.clause("4.1")
def test_a_head_adopts_the_duties_as_the_school_s_implementation_plan(cast, plan):
    school = cast.organisations["school"]
    with pytest.raises(Denied):
        duties.adopt_plan(organisation=school, by=replace(cast.reach("safety"), permissions=frozenset()), now=NOW)
    duties.assign_duty(
        obligation=plan.obligations.get(key="rectify"),
        organisation=school,
        person=cast.safety,
        by=cast.reach("head"),
        now=NOW,
    )
    adoption = duties.adopt_plan(organisation=school, by=cast.reach("head"), now=NOW)
    assert adoption.duties > 5
    assert stands_of(cast, "school", TODAY)["adopted"].state == State.MET


def test_today_names_the_duties_that_press(cast, plan):
    day = date(2026, 10, 20)
    pressing = {task.title for task in tasks_for(cast.reach("head"), day)}
    assert {"joint-check", "monthly-check"} <= pressing
    assert "hundreds" not in pressing


@pytest.mark.clause("2.3")
def test_a_post_that_ends_is_missing_at_once_and_a_central_school_stands_for_its_point(cast, plan):
    assert stands_of(cast, "school", TODAY)["posts"].state == State.MET
    assert stands_of(cast, "point", TODAY)["posts"].state == State.MET
    end_post(post=cast.safety.posts.get(), last_day=TODAY - timedelta(days=1), by=cast.reach("head"), now=NOW)
    assert stands_of(cast, "school", TODAY)["posts"].state == State.NOT_YET_DUE


def test_a_school_that_goes_to_another_station_is_counted_there(cast, plan):
    assert stands_of(cast, "station", TODAY)["joint-check-station"].row.wanted == 2
    moved = cast.schools["school"]
    moved.station = cast.organisations["far_station"]
    moved.save()
    refresh_jurisdiction(schools=[moved], by=cast.reach("bureau"), now=NOW)
    assert stands_of(cast, "station", TODAY)["joint-check-station"].row.wanted == 1
    assert stands_of(cast, "far_station", TODAY)["joint-check-station"].row.wanted == 2


def test_a_school_leads_the_checks_that_its_own_people_begin(cast):
    own = rule("own", "school", {"rhythm": "term"}, "inspections.checks", parameters={"by": ["school"]})
    make_plan(cast, checks=[own])
    signed_check(cast, failing=0)
    assert stands_of(cast, "school", TODAY)["own"].state == State.NOT_YET_DUE
    begun = answered_check(cast, failing=0)
    begun.started_by = cast.safety
    begun.save()
    checks.sign_check(inspection=begun, by=cast.reach("head"), now=NOW)
    checks.sign_check(inspection=begun, by=cast.reach("station"), now=NOW)
    assert stands_of(cast, "school", TODAY)["own"].state == State.MET


def test_events_due_before_the_plan_counts_are_not_held_against_anybody(cast):
    hazard = hazard_at(cast, Hazard.Status.ORDERED)
    Hazard.objects.filter(pk=hazard.pk).update(due_date=TODAY - timedelta(days=9), found_on=TODAY - timedelta(days=30))
    make_plan(cast, counts_from=TODAY)
    for where in ("school", "station"):
        assert State.MISSED not in {stand.state for stand in stands_of(cast, where, TODAY).values()}
    assert all(State.MISSED not in tally.counts for tally in tallies(cast.county, everybody(cast), TODAY))


def test_the_night_s_work_judges_the_period_before_by_the_rule_of_its_time(cast, plan):
    signed_check(cast, failing=0)
    twice = rule("monthly-check", "school", {"rhythm": "monthly"}, "inspections.checks", parameters={"wanted": 2})
    changed = [twice if entry["key"] == "monthly-check" else entry for entry in CHECKS]
    plans.install_pack(plan=plan, pack=pack(2, date(2026, 10, 1), changed), by=cast.reach("bureau"), now=NOW)
    judge_all(county=cast.county, today=date(2026, 10, 2))
    row = Standing.objects.get(
        obligation__key="monthly-check", organisation=cast.organisations["school"], starts_on=date(2026, 9, 1)
    )
    assert (row.version.number, row.value, row.wanted) == (1, 1, 1)
    assert stands_of(cast, "school", date(2026, 10, 2))["monthly-check"].state == State.NOT_YET_DUE


def test_a_rule_is_owed_from_its_own_date_and_until_it_is_taken_back(cast, plan):
    new = rule("new", "school", {"rhythm": "monthly"}, "inspections.checks")
    kept = [entry for entry in CHECKS if entry["key"] != "hundreds"]
    plans.install_pack(plan=plan, pack=pack(2, date(2026, 11, 1), [*kept, new]), by=cast.reach("bureau"), now=NOW)
    before, after = stands_of(cast, "school", date(2026, 10, 8)), stands_of(cast, "school", date(2026, 11, 3))
    assert "new" not in before and "hundreds" in before
    assert "hundreds" not in after and after["new"].state == State.NOT_YET_DUE


def test_what_is_judged_by_how_things_stand_cannot_be_declared(cast):
    plan = make_plan(cast, counts_from=TODAY)
    for key in ("hundreds", "rectify", "posts"):
        with pytest.raises(Invalid, match="现状"):
            duties.declare_supplement(
                obligation=plan.obligations.get(key=key), organisation=cast.organisations["school"],
                done_on=date(2026, 9, 5), what="检查", proof="档案", by=cast.reach("head"), now=NOW,
            )  # fmt: skip


def test_a_school_that_joins_later_owes_nothing_for_what_had_begun(cast, plan):
    october = date(2026, 10, 12)
    Organisation.objects.filter(pk=cast.organisations["far_school"].pk).update(joined_on=october)
    judge_all(county=cast.county, today=october)
    assert stands_of(cast, "far_school", october)["monthly-check"].state == State.NOT_APPLICABLE
    assert stands_of(cast, "far_school", date(2026, 11, 5))["monthly-check"].state == State.NOT_YET_DUE
    assert stands_of(cast, "school", october)["monthly-check"].state == State.MISSED


def test_a_plan_under_another_code_takes_over_until_the_right_one_comes_in_again(cast, plan):
    given = {
        "county": cast.county,
        "text": TEXT,
        "file_name": "方案.txt",
        "counts_from": None,
        "by": cast.reach("bureau"),
    }
    typo = plans.import_plan(code="yunxi-tset", now=NOW + timedelta(hours=1), **given)
    assert typo.replaced == plan and not stands_of(cast, "school", TODAY)
    plans.import_plan(code="yunxi-test", now=NOW + timedelta(hours=2), **given)
    assert stands_of(cast, "school", TODAY)
    with pytest.raises(Invalid):
        plans.import_plan(code="Bad Code", now=NOW, **given)
