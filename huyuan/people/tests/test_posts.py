"""Posts: ended, lent, taken back, switched between."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.common.reach import Permission
from huyuan.organisations.models import School
from huyuan.people.actions.posts import end_post, lend_post, withdraw_delegation
from huyuan.people.models import Delegation, Post
from huyuan.people.queries import users_who_can
from huyuan.people.reaches import acting_post, reach_of
from huyuan.search.models import SearchEntry

TODAY = NOW.date()
WEEK = timedelta(days=7)


def post_of(cast, part):
    return Post.objects.get(user=cast.users[part])


def lent(cast, part="head", to="teacher", by=None, starts_on=TODAY, ends_on=TODAY + WEEK):
    return lend_post(
        post=post_of(cast, part), to_user=cast.users[to], starts_on=starts_on, ends_on=ends_on, reason="外出培训",
        by=by or cast.reach(part), now=NOW,
    )  # fmt: skip


def reach_on(user, day):
    post, _posts = acting_post(user, None, day)
    return reach_of(user, post)


def test_ending_with_yesterday_ends_at_once(cast):
    end_post(post=post_of(cast, "teacher"), last_day=TODAY - timedelta(days=1), by=cast.reach("head"), now=NOW)
    assert reach_on(cast.teacher, TODAY).post_id is None
    assert AuditRow.objects.get(kind="post:end").details == {"ends_on": "2026-09-14"}
    assert SearchEntry.objects.get(object_code=cast.teacher.code).detail == ""


def test_a_post_goes_on_until_its_last_day(cast):
    end_post(post=post_of(cast, "teacher"), last_day=TODAY + WEEK, by=cast.reach("bureau"), now=NOW)
    assert reach_on(cast.teacher, TODAY + WEEK).role == "teacher"
    assert reach_on(cast.teacher, TODAY + WEEK + timedelta(days=1)).role == ""


@pytest.mark.parametrize(("by", "whom"), [
    ("safety", "head"), ("head", "head"), ("head", "other_head"), ("teacher", "guard"), ("bureau", "bureau"),
    ("station", "station2"),
])  # fmt: skip
def test_who_may_not_end_a_post(cast, by, whom):
    with pytest.raises(Denied):
        end_post(post=post_of(cast, whom), last_day=TODAY, by=cast.reach(by), now=NOW)


def test_a_foreign_bureau_ends_nothing(cast, foreign):
    with pytest.raises(Denied):
        end_post(post=post_of(cast, "teacher"), last_day=TODAY, by=foreign.reach("bureau"), now=NOW)


def test_a_post_does_not_end_in_the_past_nor_twice(cast):
    end = {"post": post_of(cast, "teacher"), "by": cast.reach("head"), "now": NOW}
    with pytest.raises(Invalid):
        end_post(last_day=TODAY - WEEK, **end)
    end_post(last_day=TODAY - timedelta(days=1), **end)
    with pytest.raises(Conflict):
        end_post(last_day=TODAY, **end)


def test_a_lent_post_gives_its_reach_and_taking_it_back_ends_it(cast):
    lent(cast)
    _own, posts = acting_post(cast.teacher, None, TODAY)
    borrowed = next(post for post in posts if post.role == "school_head")
    chosen, _posts = acting_post(cast.teacher, str(borrowed.code), TODAY)
    reach = reach_of(cast.teacher, chosen)
    assert (reach.role, reach.user_id) == ("school_head", cast.teacher.pk)
    assert School.objects.visible_to(reach).filter(organisation=cast.organisations["school"]).exists()
    withdraw_delegation(post=post_of(cast, "head"), by=cast.reach("head"), now=NOW)
    assert [post.role for post in acting_post(cast.teacher, None, TODAY)[1]] == ["teacher"]
    assert AuditRow.objects.filter(kind="post:lend").count() == AuditRow.objects.filter(kind="post:withdraw").count()
    assert "外出培训" not in str(AuditRow.objects.get(kind="post:lend").details)


def test_a_loan_that_ran_keeps_its_days(cast):
    lent(cast)
    later = NOW + timedelta(days=3)
    withdraw_delegation(post=post_of(cast, "head"), by=cast.reach("teacher"), now=later)
    assert Delegation.objects.get().ends_on == later.date() - timedelta(days=1)


def test_a_loan_ends_by_itself(cast):
    lent(cast)
    assert len(acting_post(cast.teacher, None, TODAY + WEEK)[1]) == 2
    assert len(acting_post(cast.teacher, None, TODAY + WEEK + timedelta(days=1))[1]) == 1


def test_what_is_lent_is_not_lent_again_nor_on(cast):
    lent(cast)
    with pytest.raises(Conflict):
        lent(cast, to="safety", starts_on=TODAY + WEEK, ends_on=TODAY + 2 * WEEK)
    borrowed = acting_post(cast.teacher, str(post_of(cast, "head").code), TODAY)[0]
    with pytest.raises(Denied):
        lent(cast, to="guard", by=reach_of(cast.teacher, borrowed))


@pytest.mark.parametrize("to", ["head", "other_head", "station", "nobody"])
def test_a_post_is_lent_only_to_colleagues(cast, to):
    with pytest.raises(Invalid):
        lent(cast, to=to)


def test_a_teaching_point_lends_to_its_central_school(cast):
    Post.objects.filter(user=cast.guard).update(organisation=cast.organisations["point"])
    assert lent(cast, part="guard", to="teacher").to_user == cast.teacher


@pytest.mark.parametrize(("starts_on", "ends_on"), [
    (TODAY - WEEK, TODAY), (TODAY + WEEK, TODAY), (TODAY, TODAY + timedelta(days=400)),
])  # fmt: skip
def test_days_that_make_no_sense_are_refused(cast, starts_on, ends_on):
    with pytest.raises(Invalid):
        lent(cast, starts_on=starts_on, ends_on=ends_on)


def test_a_post_that_has_ended_by_then_is_not_lent(cast):
    Post.objects.filter(user=cast.head).update(ends_on=TODAY)
    with pytest.raises(Invalid):
        lent(cast, starts_on=TODAY + WEEK, ends_on=TODAY + WEEK)


def test_a_bystander_ends_no_loan(cast):
    lent(cast)
    with pytest.raises(Denied):
        withdraw_delegation(post=post_of(cast, "head"), by=cast.reach("safety"), now=NOW)
    withdraw_delegation(post=post_of(cast, "head"), by=cast.reach("head"), now=NOW)
    with pytest.raises(Conflict):
        withdraw_delegation(post=post_of(cast, "head"), by=cast.reach("head"), now=NOW)


def test_lending_and_taking_back_on_the_pages(cast, sign_in):
    client = sign_in(cast.head)
    url = reverse("people:lend", args=[post_of(cast, "head").code])
    assert client.get(url).status_code == 200
    wrong = {"to_user": cast.teacher.pk, "starts_on": "2026-09-20", "ends_on": "2026-09-16", "reason": "外出"}
    assert "ends_on" in client.post(url, wrong).context["form"].errors
    past = wrong | {"starts_on": "2026-09-01"}
    assert "starts_on" in client.post(url, past).context["form"].errors
    assert client.post(url, wrong | {"ends_on": "2026-09-25"}).url == reverse("people:account")
    assert cast.teacher.name in client.get(reverse("people:account")).content.decode()
    back = reverse("people:withdraw", args=[post_of(cast, "head").code])
    assert sign_in(cast.safety).post(back).status_code == 404
    assert sign_in(cast.teacher).post(back).status_code == 302
    assert not Delegation.objects.exists()


def test_nobody_lends_the_post_of_another(cast, sign_in):
    assert sign_in(cast.head).get(reverse("people:lend", args=[post_of(cast, "teacher").code])).status_code == 403
    assert sign_in(cast.teacher).get(reverse("people:lend", args=[post_of(cast, "head").code])).status_code == 404


def test_ending_a_post_on_the_page(cast, sign_in):
    client = sign_in(cast.head)
    url = reverse("people:end_post", args=[post_of(cast, "teacher").code])
    assert client.get(url).status_code == 200
    assert "last_day" in client.post(url, {"last_day": "2026-09-01"}).context["form"].errors
    assert client.post(url, {"last_day": "2026-09-14"}).url == reverse("people:person", args=[cast.teacher.code])
    assert sign_in(cast.safety).get(reverse("people:end_post", args=[post_of(cast, "head").code])).status_code == 403


def test_switching_between_posts(cast, sign_in):
    second = Post.objects.create(
        user=cast.teacher, organisation=cast.organisations["far_school"], role="guard", starts_on=TODAY
    )
    client = sign_in(cast.teacher)
    page = client.get(reverse("people:account"))
    assert page.context["acting"].role == "teacher"
    answer = client.post(reverse("people:switch_post"), {"post": str(second.code), "next": reverse("people:account")})
    assert answer.url == reverse("people:account")
    assert client.get(reverse("people:account")).context["acting"] == second
    strange = {"post": str(post_of(cast, "head").code)}
    assert client.post(reverse("people:switch_post"), strange).status_code == 404


def test_without_a_post_the_own_page_says_whom_to_ask(cast, sign_in):
    assert sign_in(cast.nobody).get(reverse("people:account")).status_code == 200


@pytest.fixture
def left(cast, clock):
    """The teacher has left, and the day after has come; nothing was written since."""
    end_post(post=post_of(cast, "teacher"), last_day=TODAY, by=cast.reach("head"), now=NOW)
    clock.set(NOW + timedelta(days=1))
    return cast


def test_a_leaver_is_seen_and_found_no_longer_the_day_after(left, sign_in):
    head = sign_in(left.head)
    assert head.get(reverse("people:person", args=[left.teacher.code])).status_code == 404
    assert (
        left.teacher.name
        not in head.get(reverse("web:search"), {"q": left.teacher.name}).content.decode().split("</form>")[-1]
    )
    assert left.teacher.phone not in head.get(reverse("web:people")).content.decode()


def test_who_is_still_at_work_until_a_day_stands_in_the_ledger(cast, sign_in):
    end_post(post=post_of(cast, "teacher"), last_day=TODAY + WEEK, by=cast.reach("head"), now=NOW)
    assert cast.teacher.phone in sign_in(cast.head).get(reverse("web:people")).content.decode()


def test_who_left_acts_from_a_borrowed_post_no_longer_and_is_told_nothing(cast):
    lent(cast, to="safety", ends_on=TODAY + 20 * WEEK)
    end_post(post=post_of(cast, "safety"), last_day=TODAY, by=cast.reach("head"), now=NOW)
    assert reach_on(cast.safety, TODAY).role == "safety_officer"
    assert reach_on(cast.safety, TODAY + WEEK).post_id is None
    school = cast.organisations["school"].pk
    assert cast.safety in users_who_can(Permission.HAZARD_RECTIFY, [school], TODAY)
    assert cast.safety not in users_who_can(Permission.HAZARD_RECTIFY, [school], TODAY + WEEK)
