"""Figures of readiness that duties are judged by."""

from datetime import timedelta

import pytest
from django.utils import timezone

from factories import contingency_in_force, make_county, pressed
from huyuan.emergency.actions import units
from huyuan.emergency.actions.standing import incident_reviewed
from huyuan.emergency.measures import (
    ExerciseParameters,
    PlanParameters,
    TierParameters,
    exercises_held,
    plans_in_force,
    proof_of_exercises,
    proof_of_plans,
    proof_of_tiers,
    proof_of_units,
    tiers_reached,
    units_named,
)
from huyuan.emergency.models import Incident, Tier
from huyuan.emergency.signs import Sign
from huyuan.people.actions.posts import end_post
from huyuan.policy.measuring import Parameters, Scope

KINDS = PlanParameters(kinds=("violent_attack", "fire"))


@pytest.fixture
def cast(db):
    return make_county()


def scope(cast, bearer="school", organisations=None):
    today = timezone.localdate()
    return Scope(cast.county.pk, today - timedelta(days=30), today + timedelta(days=30), bearer, organisations)


def figures(rows):
    return {row["bearer"]: row for row in rows}


def exercise(cast, in_time=True, alarm_class="attack"):
    now = timezone.now()
    incident = pressed(cast, by="head", alarm_class=alarm_class, sign=Sign.EXERCISE, now=now).incident
    reached = now + timedelta(seconds=40 if in_time else 400)
    Tier.objects.filter(incident=incident).update(reached_at=reached)
    Incident.objects.filter(pk=incident.pk).update(status="reviewed", cleared_at=now)
    incident.refresh_from_db()
    incident_reviewed(incident, now)
    return incident


def test_a_plan_counts_while_it_is_in_force_and_in_date(cast):
    plan, school = contingency_in_force(cast, now=timezone.now()), cast.schools["school"].pk
    row = figures(plans_in_force(scope(cast), KINDS))[school]
    assert (row["value"], row["wanted"], row["met_on"]) == (1, 2, timezone.localdate())
    (proof,) = proof_of_plans(cast.reach("head"), school, scope(cast), KINDS)
    assert proof.counts and proof.url == plan.get_absolute_url()
    plan.review_by = timezone.localdate() - timedelta(days=1)
    plan.save()
    assert not figures(plans_in_force(scope(cast), KINDS))
    assert not proof_of_plans(cast.reach("head"), school, scope(cast), KINDS)[0].counts


def test_a_kind_without_template_is_no_parameter():
    with pytest.raises(ValueError, match="no such kind of plan: meteor"):
        PlanParameters(kinds=("meteor",))


def test_a_unit_counts_up_to_what_its_parts_need(cast):
    now, school = timezone.now(), cast.schools["school"]
    for who in ("guard", "teacher"):
        units.add_member(
            school=school, user=cast.users[who], part="guard", stand_in=False, by=cast.reach("head"), now=now
        )
    units.add_member(school=school, user=cast.safety, part="safety", stand_in=True, by=cast.reach("head"), now=now)
    row = figures(units_named(scope(cast), Parameters()))[school.pk]
    assert (row["value"], row["wanted"]) == (1, 5)
    proof = proof_of_units(cast.reach("bureau"), school.pk, scope(cast), Parameters())
    assert [one.counts for one in proof] == [True, True, False]
    assert proof_of_units(cast.reach("other_head"), school.pk, scope(cast), Parameters()) == []


def test_a_unit_does_not_count_who_has_left(cast):
    now, school, head = timezone.now(), cast.schools["school"], cast.reach("head")
    for who, part in (("guard", "guard"), ("teacher", "young_staff")):
        units.add_member(school=school, user=cast.users[who], part=part, stand_in=False, by=head, now=now)
    end_post(post=cast.teacher.posts.get(), last_day=timezone.localdate() - timedelta(days=1), by=head, now=now)
    assert figures(units_named(scope(cast), Parameters()))[school.pk]["value"] == 1
    assert [one.title for one in proof_of_units(head, school.pk, scope(cast), Parameters())] == ["保安员"]


def test_who_leaves_lets_the_units_of_the_school_and_its_points_be_judged(cast, monkeypatch):
    touched = []
    monkeypatch.setattr("huyuan.emergency.postings.touch", lambda **given: touched.append(given))
    end_post(post=cast.teacher.posts.get(), last_day=timezone.localdate(), by=cast.reach("head"), now=timezone.now())
    (given,) = touched
    assert given["measures"] == ["emergency.unit"]
    assert set(given["organisations"]) == {cast.schools["school"].pk, cast.schools["point"].pk}


def test_a_small_school_with_its_helper_has_done_its_part(cast):
    point = cast.schools["point"]
    units.declare_small(
        school=point, helper=cast.organisations["school"], reason="三人", by=cast.reach("head"), now=timezone.now()
    )
    row = figures(units_named(scope(cast, organisations=[point.pk]), Parameters()))[point.pk]
    assert (row["value"], row["wanted"], row["met_on"]) == (5, 5, timezone.localdate())


def test_an_exercise_counts_once_it_is_reviewed(cast):
    school = cast.schools["school"].pk
    exercise(cast)
    pressed(cast, by="head", sign=Sign.EXERCISE, alarm_class="fire", now=timezone.now())
    pressed(cast, alarm_class="medical", now=timezone.now())
    row = figures(exercises_held(scope(cast), ExerciseParameters()))[school]
    assert (row["value"], row["met_on"]) == (1, timezone.localdate())
    assert not figures(exercises_held(scope(cast), ExerciseParameters(classes=("fire",))))
    proof = proof_of_exercises(cast.reach("head"), school, scope(cast), ExerciseParameters())
    assert sorted(one.counts for one in proof) == [False, True]
    only = ExerciseParameters(classes=("fire",))
    assert len(proof_of_exercises(cast.reach("head"), school, scope(cast), only)) == 1


@pytest.mark.parametrize(
    ("bearer", "organisation"), [("station", "station"), ("command_centre", "command"), ("school", "school")]
)
def test_a_tier_counts_where_it_was_reached_in_time(cast, bearer, organisation):
    exercise(cast)
    exercise(cast, in_time=False, alarm_class="fire")
    pk, asked = cast.organisations[organisation].pk, TierParameters(minute=3)
    assert figures(tiers_reached(scope(cast, bearer), asked))[pk]["value"] == 1
    proof = proof_of_tiers(cast.reach("commander"), pk, scope(cast, bearer), asked)
    assert [one.counts for one in proof] == [False, True]


def test_a_real_incident_proves_no_exercise(cast):
    incident = pressed(cast, now=timezone.now()).incident
    incident_reviewed(incident, timezone.now())
    assert not figures(exercises_held(scope(cast), ExerciseParameters()))
