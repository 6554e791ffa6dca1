"""The smallest emergency unit: who is in it, whether it is whole now, who is nearest, who offers to come."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from factories import NOW, make_county
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.emergency.actions import offers, units
from huyuan.emergency.models import HelpOffer, SmallSchool, UnitMember
from huyuan.emergency.readiness import units_in_charge
from huyuan.emergency.units import nearest_help, unit_of_school, units_of
from huyuan.guardposts.models import Shift
from huyuan.notifications.models import Message
from huyuan.organisations.models import School
from huyuan.people.models import Post, User

NIGHT = datetime(2026, 9, 15, 22, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SUNDAY = datetime(2026, 9, 6, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WHOLE = {"head": "leader", "guard": "guard", "safety": "safety", "teacher": "young_staff", "counsellor": "young_staff"}


@pytest.fixture
def cast(db):
    return make_county()


def named(cast, parts=WHOLE, **more):
    return [
        units.add_member(
            school=cast.schools["school"], user=cast.users[who], part=part, by=cast.reach("head"), now=NOW,
            **{"stand_in": False} | more,
        )
        for who, part in parts.items()
    ]  # fmt: skip


def on_shift(cast, user, duty="gate", now=NOW):
    return Shift.objects.create(
        county=cast.county, organisation=cast.organisations["school"], user=cast.users[user], duty=duty,
        starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=8),
    )  # fmt: skip


def now_at(cast, now=NOW):
    return unit_of_school(School.objects.select_related("county").get(pk=cast.schools["school"].pk), now)


def test_a_unit_with_all_its_parts_is_whole_in_school_hours(cast):
    named(cast)
    assert now_at(cast).state == "whole"
    assert Message.objects.filter(kind="unit:add").count() == 4


def test_who_is_missing_is_said_by_part_and_name(cast):
    named(cast)
    on_shift(cast, "teacher")
    unit = now_at(cast)
    assert unit.state == "short"
    assert [(part.part, part.short, [one.member.user.name for one in part.away]) for part in unit.missing] == [
        ("guard", 1, ["郭建军"])
    ]


def test_a_stand_in_makes_it_whole(cast):
    named(cast)
    replacement = User.objects.create_user("19900088888", "石替补", cast.county)
    Post.objects.create(user=replacement, organisation=cast.organisations["school"], role="guard", starts_on=NOW.date())
    units.add_member(
        school=cast.schools["school"], user=replacement, part="guard", stand_in=True, by=cast.reach("head"), now=NOW
    )
    Shift.objects.create(
        county=cast.county, organisation=cast.organisations["school"], user=replacement, duty="gate",
        starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    assert now_at(cast).state == "whole"


@pytest.mark.parametrize("now", [NIGHT, SUNDAY], ids=["night", "Sunday"])
def test_a_closed_school_is_no_red_mark(cast, now):
    UnitMember.objects.create(school=cast.schools["school"], user=cast.guard, part="guard", since=SUNDAY.date())
    assert now_at(cast, now).state == "closed"


def test_at_night_in_a_boarding_school_only_shifts_count(cast):
    named(cast)
    School.objects.filter(pk=cast.schools["school"].pk).update(boarders=100)
    on_shift(cast, "guard", now=NIGHT)
    unit = now_at(cast, NIGHT)
    assert (unit.state, unit.here) == ("short", 1)


def test_nobody_named_is_said_as_such(cast):
    assert now_at(cast).state == "unnamed"


def test_who_changes_the_part_is_in_the_unit_once(cast):
    named(cast, {"guard": "guard"})
    (member,) = named(cast, {"guard": "messenger"})
    assert UnitMember.objects.filter(user=cast.guard, until=None).get() == member
    assert named(cast, {"guard": "messenger"}) == [member]


def test_only_the_schools_people_are_named(cast):
    with pytest.raises(Invalid):
        named(cast, {"station": "guard"})


@pytest.mark.parametrize("by", ["teacher", "station", "bureau", "other_head"])
def test_others_do_not_name_a_schools_unit(cast, by):
    with pytest.raises(Denied):
        units.add_member(
            school=cast.schools["school"], user=cast.guard, part="guard", stand_in=False, by=cast.reach(by), now=NOW
        )


def test_who_is_taken_out_is_called_no_more(cast):
    (member,) = named(cast, {"guard": "guard"})
    units.remove_member(member=member, by=cast.reach("safety"), now=NOW)
    again = units.remove_member(member=member, by=cast.reach("safety"), now=NOW + timedelta(days=3))
    assert again.until == (NOW - timedelta(days=1)).date()
    assert not UnitMember.objects.on(NOW.date()).exists()


def small(cast, helper="school", by="head"):
    return units.declare_small(
        school=cast.schools["point"],
        helper=cast.organisations[helper],
        reason="在岗教师三人",
        by=cast.reach(by),
        now=NOW,
    )


def test_a_teaching_point_names_who_helps_first_instead_of_a_lasting_red(cast):
    named(cast)
    small(cast)
    point = School.objects.select_related("county", "station").get(pk=cast.schools["point"].pk)
    unit = unit_of_school(point, NOW)
    assert unit.state == "small"
    first, *others = nearest_help(unit, NOW)
    assert first.arranged and first.organisation == cast.organisations["school"]
    assert [user.name for user in first.people] == ["吴秀英", "郭建军", "刘永康"]
    assert [one.organisation.name for one in others] == ["青溪派出所"]
    assert [user.name for user in others[0].people] == ["陈志强", "李海波"]


def test_who_is_on_duty_at_the_station_is_named_before_others(cast):
    Shift.objects.create(
        county=cast.county, organisation=cast.organisations["station"], user=cast.station2, duty="desk",
        starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1),
    )  # fmt: skip
    unit = now_at(cast)
    assert [user.name for user in nearest_help(unit, NOW)[-1].people] == ["李海波"]


def test_an_arrangement_ends_and_is_replaced_by_a_newer_one(cast):
    first, second = small(cast), small(cast, "station")
    assert SmallSchool.objects.standing().get() == second
    units.end_small(small=second, by=cast.reach("head"), now=NOW)
    for ended in (first, second):
        with pytest.raises(Conflict):
            units.end_small(small=ended, by=cast.reach("head"), now=NOW)


def test_a_helper_is_somebody_near_by(cast):
    with pytest.raises(Invalid):
        small(cast, "point")
    with pytest.raises(Invalid):
        small(cast, "bureau")
    with pytest.raises(Denied):
        small(cast, by="station")


def test_units_of_many_schools_cost_a_fixed_number_of_queries(cast, django_assert_num_queries):
    schools = list(School.objects.select_related("county"))
    with django_assert_num_queries(4):
        units_of(cast.county, schools, NOW)


def test_those_that_are_short_come_first(cast):
    named(cast)
    on_shift(cast, "teacher")
    small(cast)
    states = [unit.state for unit in units_in_charge(cast.reach("commander"), cast.county, NOW)]
    assert states == ["short", "unnamed", "small"]


def test_a_volunteer_is_called_only_with_an_offer_that_one_tap_withdraws(cast, client):
    client.force_login(cast.volunteer)
    assert "非强制" in client.get("/emergency/offer/").content.decode()
    client.post("/emergency/offer/")
    offers.offer_help(by=cast.reach("volunteer"), now=NOW)
    assert HelpOffer.objects.standing().get().organisation == cast.organisations["school"]
    assert "撤回" in client.get("/emergency/offer/").content.decode()
    client.post("/emergency/offer/withdraw/")
    assert not HelpOffer.objects.standing().exists()


def test_nobody_but_volunteers_is_asked_for_an_offer(cast):
    with pytest.raises(Denied):
        offers.offer_help(by=cast.reach("teacher"), now=NOW)


def test_the_page_names_and_releases_people_and_arranges_help(cast, client):
    client.force_login(cast.head)
    school, point = cast.organisations["school"].code, cast.organisations["point"].code
    said = {"user": cast.guard.code, "part": "guard"}
    assert client.post(f"/emergency/unit/{school}/members/", said).status_code == 302
    assert client.post(f"/emergency/unit/{school}/members/", {"part": "guard"}).context["member_form"].errors
    assert "郭建军" in client.get("/emergency/unit/").content.decode()
    client.post(f"/emergency/unit/{school}/leave/", {"user": cast.guard.code})
    assert client.post(f"/emergency/unit/{school}/leave/", {"user": cast.guard.code}).status_code == 404
    assert client.post(f"/emergency/unit/{point}/small/", {"helper": ""}).context["small_form"].errors
    client.post(f"/emergency/unit/{point}/small/", {"helper": school, "reason": "三名教师"})
    assert "三名教师" in client.get(f"/emergency/unit/?school={point}").content.decode()
    client.post(f"/emergency/unit/{point}/whole/")
    assert not SmallSchool.objects.standing().exists()


def test_the_school_page_shows_the_unit_only_to_who_may_see_it(cast, client):
    address = f"/schools/{cast.organisations['school'].code}/"
    for part, sees in [("station", True), ("safety", True), ("bureau", True), ("teacher", False), ("town", False)]:
        client.force_login(cast.users[part])
        assert ("最小应急单元" in client.get(address).content.decode()) is sees, part


def test_the_units_of_the_county_are_for_police_and_bureau(cast, client):
    client.force_login(cast.commander)
    assert len(client.get("/emergency/unit/").context["units"]) == 3
    client.force_login(cast.town)
    assert client.get("/emergency/unit/").status_code == 403
