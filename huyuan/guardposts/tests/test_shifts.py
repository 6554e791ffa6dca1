"""Who is on duty: entered week by week, cancelled, and read."""

from datetime import timedelta

import pytest
from django.utils import timezone

from factories import NOW, make_county
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.guardposts.actions import cancel_shift, plan_shift
from huyuan.guardposts.models import Shift
from huyuan.guardposts.queries import monday_of, on_duty

HOUR = timedelta(hours=1)


@pytest.fixture
def cast(db):
    return make_county()


def entered(cast, user="guard", where="school", by="safety", starts_at=NOW - HOUR, hours=10, weeks=1, duty="gate"):
    return plan_shift(
        organisation=cast.organisations[where], user=cast.users[user], duty=duty, starts_at=starts_at,
        ends_at=starts_at + hours * HOUR, weeks=weeks, by=cast.reach(by), now=NOW,
    )  # fmt: skip


def test_a_shift_is_entered_and_read_as_on_duty(cast):
    (shift,) = entered(cast)
    school, point = cast.organisations["school"].pk, cast.organisations["point"].pk
    found = on_duty([school, point], NOW)
    assert found == {school: [shift], point: []}
    assert AuditRow.objects.filter(kind="shift:plan").count() == 1


def test_on_duty_is_one_query_for_all_organisations(cast, django_assert_num_queries):
    entered(cast)
    with django_assert_num_queries(1):
        on_duty([one.pk for one in cast.organisations.values()], NOW)


def test_a_shift_repeats_every_week_at_the_same_hour(cast):
    shifts = entered(cast, weeks=3)
    assert [shift.starts_at - shifts[0].starts_at for shift in shifts] == [timedelta(days=7 * n) for n in range(3)]


def test_nobody_is_on_duty_twice_at_the_same_time(cast):
    entered(cast)
    with pytest.raises(Conflict, match="郭建军"):
        entered(cast, starts_at=NOW + HOUR)


@pytest.mark.parametrize(
    ("starts_at", "hours", "weeks"),
    [(NOW, 25, 1), (NOW, 0, 1), (NOW - 9 * HOUR, 2, 1), (NOW, 8, 27), (NOW, 8, 0)],
    ids=["longer than a day", "no hours", "over already", "too many weeks", "no week"],
)
def test_a_shift_that_cannot_be_is_refused(cast, starts_at, hours, weeks):
    with pytest.raises(Invalid):
        entered(cast, starts_at=starts_at, hours=hours, weeks=weeks)


def test_only_ones_own_people_are_entered(cast):
    with pytest.raises(Invalid):
        entered(cast, user="station")


@pytest.mark.parametrize("by", ["teacher", "station", "bureau", "other_head", "guard"])
def test_others_do_not_enter_a_schools_shifts(cast, by):
    with pytest.raises(Denied):
        entered(cast, by=by)


def test_a_central_school_enters_its_people_at_a_teaching_point(cast):
    (shift,) = entered(cast, where="point")
    assert shift.organisation == cast.organisations["point"]


def test_a_cancelled_shift_is_no_duty_any_more(cast):
    (shift,) = entered(cast)
    cancel_shift(shift=shift, by=cast.reach("safety"), now=NOW)
    again = cancel_shift(shift=shift, by=cast.reach("safety"), now=NOW + HOUR)
    assert again.cancelled_at == NOW
    assert on_duty([cast.organisations["school"].pk], NOW) == {cast.organisations["school"].pk: []}


def test_a_shift_that_is_over_stays(cast):
    (shift,) = entered(cast)
    with pytest.raises(Conflict):
        cancel_shift(shift=shift, by=cast.reach("safety"), now=NOW + 20 * HOUR)


def test_others_do_not_cancel_it(cast):
    (shift,) = entered(cast)
    with pytest.raises(Denied):
        cancel_shift(shift=shift, by=cast.reach("station"), now=NOW)


def test_the_week_shows_who_is_entered_and_says_where_nobody_is(cast, client):
    client.force_login(cast.safety)
    starts_at = timezone.now() - HOUR
    Shift.objects.create(
        county=cast.county, organisation=cast.organisations["school"], user=cast.guard, duty="gate",
        starts_at=starts_at, ends_at=starts_at + 5 * HOUR,
    )  # fmt: skip
    page = client.get("/shifts/").content.decode()
    assert (
        "郭建军"
        not in client.get("/shifts/?week=2020-01-06")
        .content.decode()
        .split('class="hy-week-grid"')[1]
        .split("<form")[0]
    )
    assert "郭建军" in page and "无人登记" in page


def test_a_shift_into_the_next_day_is_entered_on_the_page(cast, client):
    client.force_login(cast.station)
    today = timezone.localdate() + timedelta(days=1)
    said = {"user": cast.station.code, "duty": "desk", "day": today, "starts": "20:00", "ends": "08:00", "weeks": "2"}
    answer = client.post("/shifts/", said)
    assert answer.status_code == 302 and str(monday_of(today)) in answer.url
    assert [shift.ends_at - shift.starts_at for shift in Shift.objects.all()] == [12 * HOUR, 12 * HOUR]
    client.post(f"/shifts/{Shift.objects.first().code}/cancel/")
    assert Shift.objects.standing().count() == 1


def test_a_guard_sees_only_the_own_shifts_and_enters_none(cast, client):
    starts_at = timezone.now() - HOUR
    for user in (cast.guard, cast.teacher):
        Shift.objects.create(
            county=cast.county, organisation=cast.organisations["school"], user=user, duty="gate",
            starts_at=starts_at, ends_at=starts_at + 5 * HOUR,
        )  # fmt: skip
    client.force_login(cast.guard)
    grid = client.get("/shifts/").content.decode().split('class="hy-week-grid"')[1]
    assert cast.guard.name in grid and cast.teacher.name not in grid
    assert client.get("/shifts/now/").status_code == 302
    assert client.post("/shifts/", {}).status_code == 403


def test_a_desk_sees_who_is_on_duty_in_its_charge_and_whom_posts_would_call(cast, client):
    client.force_login(cast.commander)
    page = client.get("/shifts/now/").content.decode()
    assert "青溪派出所" in page and "陈志强" in page and "无人登记" in page


@pytest.mark.parametrize("query", ["?organisation=x", "?week=x", ""])
def test_an_address_written_by_hand_shows_ones_own_week(cast, client, query):
    client.force_login(cast.safety)
    assert "青溪镇中心小学" in client.get(f"/shifts/{query}").content.decode()
