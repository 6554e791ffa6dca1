"""Whom an alarm calls, who comes next, and when a tier is whole."""

import uuid
from datetime import timedelta

import pytest

from factories import NOW, called_incident, pressed
from huyuan.common.errors import Denied
from huyuan.emergency.actions import calling, responding
from huyuan.emergency.actions.calling import call_more, follow_silent, judge_tier
from huyuan.emergency.models import Call, HelpOffer, Incident, Page, PushSubscription, SmallSchool, Step, UnitMember
from huyuan.emergency.policies import Part
from huyuan.emergency.signs import Sign
from huyuan.guardposts.models import Shift
from huyuan.notifications.models import Channel
from huyuan.organisations.models import Site
from huyuan.people.models import Post, User

DAY = NOW.date()


def seconds(number):
    return NOW + timedelta(seconds=number)


def on_duty(cast, part, where, duty):
    home = cast.organisations[where]
    return Shift.objects.create(
        county=cast.county, organisation=home, user=cast.users[part], duty=duty,
        starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=7),
    )  # fmt: skip


def colleague(cast, name, role, where):
    number = User.objects.count()
    user = User.objects.create_user(f"1991111{number:04d}", name, cast.county)
    Post.objects.create(user=user, organisation=cast.organisations[where], role=role, starts_on=DAY)
    return user


def names(incident, **more):
    return [call.user.name for call in incident.calls.filter(user__isnull=False, **more).order_by("rank", "pk")]


def in_unit(cast, *users, stand_in=False, school="school"):
    for user in users:
        UnitMember.objects.create(school=cast.schools[school], user=user, part="guard", since=DAY, stand_in=stand_in)


def test_the_unit_is_called_in_order_of_duty_with_stand_ins_last(cast):
    in_unit(cast, cast.teacher, stand_in=True)
    in_unit(cast, cast.safety, cast.guard)
    on_duty(cast, "guard", "school", Shift.Duty.GATE)
    incident = called_incident(cast)
    unit = names(incident, part="unit")
    assert unit[:3] == [cast.guard.name, cast.safety.name, cast.teacher.name]
    assert cast.head.name in unit[3:]


def test_a_lower_class_calls_the_named_unit_alone(cast):
    in_unit(cast, cast.guard, cast.safety)
    assert set(names(called_incident(cast, alarm_class="gate"), part="unit")) == {cast.guard.name, cast.safety.name}


def test_the_station_is_rung_first_on_its_landline_then_who_is_on_duty(cast):
    on_duty(cast, "station2", "station", Shift.Duty.DESK)
    incident = called_incident(cast)
    line, *others = incident.calls.filter(organisation=cast.organisations["station"])
    assert (line.part, line.landline, line.counts) == ("duty_line", cast.organisations["station"].phone, False)
    assert [call.user for call in others] == [cast.station2]
    assert [page.channel for page in line.pages.all()] == ["voice"]


def test_patrols_of_the_county_are_raised_with_the_command_centre(cast):
    on_duty(cast, "other_station", "far_station", Shift.Duty.PATROL)
    incident = called_incident(cast)
    assert names(incident, part="patrol") == [cast.other_station.name]
    assert incident.calls.filter(part="command_line").count() == 1


def desk(cast, where, metres):
    """Put an agency's desk so many metres south of the school."""
    here, home = Site.objects.get(school=cast.schools["school"]), cast.organisations[where]
    home.lon, home.lat = here.lon, here.lat - metres / 111_195
    home.save()


def test_police_come_in_the_time_from_their_desk_and_who_has_no_desk_on_the_map_in_an_unknown_one(cast):
    on_duty(cast, "station2", "station", Shift.Duty.DESK)
    desk(cast, "station", 1800)
    on_duty(cast, "other_station", "far_station", Shift.Duty.PATROL)
    incident = called_incident(cast)
    police, patrol = incident.calls.get(user=cast.station2), incident.calls.get(user=cast.other_station)
    # Thirty seconds to set out, then nine metres a second.
    assert (police.distance, police.predicted_seconds) == (1800, 230)
    assert (patrol.distance, patrol.predicted_seconds) == (None, None)


@pytest.mark.parametrize(
    ("own", "other", "duty", "called"),
    [
        (3000, 1000, Shift.Duty.DESK, True),
        (3000, 4000, Shift.Duty.DESK, False),
        (None, 1000, Shift.Duty.DESK, True),
        (None, 9000, Shift.Duty.DESK, False),
        (3000, 1000, None, False),
        (3000, None, Shift.Duty.DESK, False),
    ],
    ids=["nearer", "farther", "own unknown", "too far", "nobody on duty", "other unknown"],
)  # fmt: skip
def test_the_nearest_police_on_duty_come_as_well_where_they_are_sooner_there(cast, own, other, duty, called):
    for where, metres in (("station", own), ("far_station", other)):
        if metres is not None:
            desk(cast, where, metres)
    if duty:
        on_duty(cast, "other_station", "far_station", duty)
    police = names(called_incident(cast), part="police")
    assert (cast.other_station.name in police) is called
    assert cast.station.name in police


def test_the_patrol_of_the_nearest_desk_is_raised_first(cast):
    for where, metres in (("station", 1000), ("security", 2500), ("far_station", 4000)):
        desk(cast, where, metres)
    for part, where in (("other_station", "far_station"), ("police", "security")):
        on_duty(cast, part, where, Shift.Duty.PATROL)
    found = (
        called_incident(cast)
        .calls.filter(part="patrol")
        .order_by("rank")
        .values_list("user__name", "predicted_seconds")
    )
    assert list(found) == [(cast.police.name, 308), (cast.other_station.name, 474)]


def beside(cast, metres):
    """Put the far school so many metres north of the school."""
    here = Site.objects.get(school=cast.schools["school"])
    Site.objects.filter(school=cast.schools["far_school"]).update(lon=here.lon, lat=here.lat + metres / 111_195)


def test_a_neighbour_sends_nobody_without_a_guard_who_stays(cast):
    beside(cast, 500)
    in_unit(cast, cast.other_head, school="far_school")
    assert names(called_incident(cast), part="neighbour") == []


def test_a_neighbour_keeps_one_guard_and_sends_the_others(cast):
    beside(cast, 500)
    first, second = (colleague(cast, name, "guard", "far_school") for name in ("甲", "乙"))
    in_unit(cast, cast.other_head, first, second, school="far_school")
    incident = called_incident(cast)
    assert set(names(incident, part="neighbour")) == {cast.other_head.name, second.name}
    call = incident.calls.get(user=second)
    assert (call.distance, call.predicted_seconds) == (500, 280)


def test_a_neighbour_whose_only_guard_is_on_shift_keeps_that_one(cast):
    beside(cast, 500)
    first, second = (colleague(cast, name, "guard", "far_school") for name in ("甲", "乙"))
    in_unit(cast, first, second, school="far_school")
    cast.users["second"] = second
    on_duty(cast, "second", "far_school", Shift.Duty.GATE)
    assert names(called_incident(cast), part="neighbour") == [first.name]


def test_a_neighbour_too_far_away_is_left_alone(cast):
    beside(cast, 3000)
    in_unit(cast, cast.other_head, colleague(cast, "甲", "guard", "far_school"), school="far_school")
    assert names(called_incident(cast), part="neighbour") == []


@pytest.mark.parametrize(("withdrawn", "expected"), [(None, 1), (NOW, 0)])
def test_volunteers_are_called_while_their_offer_stands(cast, withdrawn, expected):
    offered = {"user": cast.volunteer, "organisation": cast.organisations["school"], "offered_at": NOW}
    HelpOffer.objects.create(withdrawn_at=withdrawn, **offered)
    assert len(names(called_incident(cast), part="volunteer")) == expected


def test_the_highest_class_tries_three_ways_beside_push_and_robot(cast):
    home = cast.organisations["school"]
    robot = Channel.objects.create(organisation=home, name="群", address="wecombot://0123456789abcdef0123456789abcdef")
    PushSubscription.objects.create(
        user=cast.guard, endpoint="https://push.example.com/1", p256dh="p", auth="a", made_at=NOW
    )
    incident = called_incident(cast)
    for call in incident.calls.exclude(user=None):
        assert {"screen", "sms", "voice"} <= set(call.pages.values_list("channel", flat=True))
    assert incident.pages.filter(channel="push", call__user=cast.guard).count() == 1
    assert list(incident.pages.filter(channel="bot").values_list("address", "call")) == [(str(robot.pk), None)]


def test_calling_again_calls_nobody_twice(cast):
    incident = called_incident(cast)
    before = (incident.calls.count(), incident.pages.count())
    assert calling.call_tiers(incident=incident, now=seconds(1)) == []
    assert (incident.calls.count(), incident.pages.count()) == before


def test_every_call_is_followed_after_the_seconds_of_the_frozen_policy(cast):
    incident = called_incident(cast)
    due = dict(incident.steps.filter(kind="follow").values_list("subject", "due_at"))
    assert set(due) == {str(call.code) for call in incident.calls.all()}
    assert set(due.values()) == {seconds(15)}


def followed(call, second):
    """Who is called after one silent person."""
    return next(iter(follow_silent(calls=[call], now=seconds(second))), None)


def test_who_comes_after_a_silent_person(cast):
    incident = called_incident(cast)
    silent = incident.calls.get(user=cast.guard)
    following = followed(silent, 15)
    assert following.user == cast.teacher
    assert following.tier == silent.tier
    assert Step.objects.get(subject=str(following.code)).due_at == seconds(30)
    assert silent.pages.filter(round=2).exists()
    assert incident.log.get(kind="called_next").facts == {"name": cast.guard.name, "next": cast.teacher.name}
    assert Call.objects.get(pk=silent.pk).silent_at == seconds(15)


def test_nobody_is_called_after_somebody_who_has_seen_it(cast):
    incident = called_incident(cast)
    call = incident.calls.get(user=cast.guard)
    responding.mark_seen(call=call, by=cast.reach("guard"), now=seconds(14))
    assert followed(call, 15) is None
    assert followed(incident.calls.get(user=cast.safety), 15) is not None


def test_after_the_tier_the_later_ones_and_the_command_centre_are_called(cast):
    incident, order = called_incident(cast), []
    call = incident.calls.get(user=cast.guard)
    while (call := followed(call, 15 * (len(order) + 1))) is not None:
        order.append((call.part, call.user))
    assert [user for _part, user in order] == [cast.teacher, cast.counsellor, cast.vice_principal, cast.police]
    assert [part for part, _user in order] == ["unit", "unit", "police", "command"]
    assert incident.log.filter(kind="nobody_next").count() == 1


def test_that_nobody_is_left_is_written_once_until_somebody_has_been_called_again(cast):
    incident = called_incident(cast)

    def nobody_left():
        return incident.log.filter(kind="nobody_next").count()

    def silent(minute, at):
        for call in incident.calls.filter(tier__minute=minute, silent_at=None):
            followed(call, at)

    for at in (15, 30):
        silent(1, at)
    assert nobody_left() == 1
    silent(3, 45)
    assert nobody_left() == 2
    patrol = colleague(cast, "巡逻员", "commander", "command")
    more = {"organisation": cast.organisations["command"], "part": Part.PATROL, "by": cast.reach("commander")}
    call_more(incident=incident, people=[patrol], now=seconds(50), **more)
    incident.calls.filter(tier__minute=1).update(silent_at=None)
    silent(1, 60)
    assert nobody_left() == 3


def test_a_duty_line_has_answered_when_one_of_its_people_has(cast):
    incident = called_incident(cast)
    line = incident.calls.get(part="duty_line")
    responding.mark_seen(call=incident.calls.get(user=cast.station), by=cast.reach("station"), now=seconds(5))
    assert followed(line, 15) is None
    command_line = incident.calls.get(part="command_line")
    assert followed(command_line, 15).user == cast.police


def test_who_declines_is_replaced_at_once(cast):
    incident = called_incident(cast)
    responding.decline(call=incident.calls.get(user=cast.guard), by=cast.reach("guard"), now=seconds(4))
    assert incident.calls.get(user=cast.teacher).called_at == seconds(4)


def test_a_tier_not_whole_at_its_deadline_calls_as_many_as_are_missing(cast):
    incident = called_incident(cast)
    tier = incident.tiers.get(minute=1)
    responding.arrive(
        call=incident.calls.get(user=cast.guard), how=Call.Arrival.TAP, by=cast.reach("guard"), now=seconds(50)
    )
    assert judge_tier(tier=tier, now=seconds(60)).missed_at == seconds(60)
    assert incident.calls.filter(called_at=seconds(60)).count() == tier.needed - 1
    assert incident.calls.get(part="command_line").pages.filter(round=4).count() == 1
    assert incident.log.get(kind="tier_missed").facts == {"minute": 1, "there": 1, "needed": 3}
    judge_tier(tier=tier, now=seconds(61))
    assert incident.log.filter(kind="tier_missed").count() == 1


def test_a_whole_tier_is_not_missed(cast):
    incident = called_incident(cast)
    for part in ("guard", "safety", "head"):
        call = incident.calls.get(user=cast.users[part])
        responding.arrive(call=call, how=Call.Arrival.FENCE, by=cast.reach(part), now=seconds(60))
    assert judge_tier(tier=incident.tiers.get(minute=1), now=seconds(60)).missed_at is None


def test_who_comes_uncalled_is_thanked_and_not_counted(cast):
    incident = called_incident(cast)
    call = responding.come_uncalled(incident=incident, by=cast.reach("teacher"), now=seconds(20))
    assert (call.counts, call.part, call.arrived_at) == (False, "uncalled", seconds(20))
    assert incident.tiers.get(minute=1).reached_at is None


def test_the_command_calls_further_people(cast):
    incident = called_incident(cast, alarm_class="gate")
    calls = call_more(
        incident=incident, people=[cast.other_station, cast.guard], organisation=cast.organisations["far_station"],
        part=Part.PATROL, by=cast.reach("station"), now=seconds(30),
    )  # fmt: skip
    assert [call.user for call in calls] == [cast.other_station]
    assert calls[0].pages.exists()
    with pytest.raises(Denied):
        call_more(
            incident=incident, people=[cast.police], organisation=cast.organisations["security"], part=Part.PATROL,
            by=cast.reach("teacher"), now=seconds(30),
        )  # fmt: skip


def test_after_the_all_clear_nobody_is_called(cast):
    incident = called_incident(cast)
    call, tier = incident.calls.get(user=cast.guard), incident.tiers.get(minute=1)
    Incident.objects.filter(pk=incident.pk).update(status="cleared", cleared_at=seconds(10))
    before = incident.calls.count()
    assert followed(call, 15) is None
    assert judge_tier(tier=tier, now=seconds(60)).missed_at is None
    assert calling.call_tiers(incident=incident, now=seconds(16)) == []
    assert incident.calls.count() == before


def test_the_same_alarm_person_way_and_round_is_the_same_page_for_ever(cast):
    code = uuid.UUID(int=7)
    incident = pressed(cast).incident
    Incident.objects.filter(pk=incident.pk).update(code=code)
    incident.refresh_from_db()
    calling.call_tiers(incident=incident, now=NOW)
    wanted = calling.page_calls(calls=incident.calls.filter(user=cast.guard), incident=incident, now=seconds(9))
    assert {page.code for page in wanted} == set(
        Page.objects.filter(call__user=cast.guard).values_list("code", flat=True)
    )


def test_an_exercise_calls_the_same_people_under_its_sign(cast):
    incident = called_incident(cast, by="safety", sign=Sign.EXERCISE)
    assert incident.calls.count() == called_incident(cast).calls.count()
    assert set(incident.pages.values_list("sign", flat=True)) == {"exercise"}


def left(cast, part):
    """Let a post of somebody have ended yesterday."""
    Post.objects.filter(user=cast.users[part]).update(ends_on=DAY - timedelta(days=1))


def test_who_has_left_the_school_is_not_called_any_more(cast):
    in_unit(cast, cast.teacher, cast.safety)
    left(cast, "teacher")
    assert cast.teacher.name not in names(called_incident(cast))


def test_a_shift_of_somebody_who_has_left_keeps_no_colleague_from_being_called(cast):
    on_duty(cast, "station2", "station", Shift.Duty.DESK)
    left(cast, "station2")
    assert cast.station.name in names(called_incident(cast), part="police")


def test_a_small_school_calls_the_helper_it_has_arranged_in_its_first_tier(cast):
    in_unit(cast, cast.teacher)
    SmallSchool.objects.create(
        school=cast.schools["school"], helper=cast.organisations["town"], reason="一人任教", declared_at=NOW,
        declared_by=cast.head,
    )  # fmt: skip
    incident = called_incident(cast, alarm_class="gate")
    assert names(incident, tier__minute=1) == [cast.teacher.name, cast.town.name]
    assert incident.calls.get(user=cast.town).counts


def test_a_neighbour_with_an_alarm_of_its_own_sends_nobody(cast):
    beside(cast, 500)
    first, second = (colleague(cast, name, "guard", "far_school") for name in ("甲", "乙"))
    in_unit(cast, first, second, school="far_school")
    pressed(cast, by="other_head", school="far_school")
    assert names(called_incident(cast), part="neighbour") == []
    later = NOW + timedelta(days=1)
    assert names(called_incident(cast, now=later, by="safety"), part="neighbour") == [second.name]
