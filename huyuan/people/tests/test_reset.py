"""Resetting people: never oneself, never one's superior, and all doors close at once."""

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

import factories
from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied
from huyuan.people.actions.accounts import reset_person
from huyuan.people.actions.codes import redeem_code
from huyuan.people.actions.posts import lend_post
from huyuan.people.models import Post


@pytest.mark.parametrize(("by", "whom"), [
    ("bureau", "police"), ("bureau", "head"), ("bureau", "nobody"), ("head", "safety"), ("head", "guard"),
    ("safety", "teacher"), ("safety", "counsellor"),
])  # fmt: skip
def test_who_may_reset_whom(cast, by, whom):
    user = cast.users[whom]
    code = reset_person(user=user, by=cast.reach(by), now=NOW)
    row = AuditRow.objects.get(kind="person:reset")
    assert (row.actor_id, row.target_code) == (cast.users[by].pk, str(user.code))
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert redeem_code(phone=user.phone, code=code, password="gate-keeper-2026", now=NOW).user == user


@pytest.mark.parametrize(("by", "whom"), [
    ("safety", "head"), ("head", "other_head"), ("head", "station"), ("head", "nobody"), ("head", "head"),
    ("bureau", "bureau"), ("teacher", "guard"), ("police", "teacher"), ("station", "head"), ("nobody", "teacher"),
])  # fmt: skip
def test_who_may_not_reset_whom(cast, by, whom):
    with pytest.raises(Denied):
        reset_person(user=cast.users[whom], by=cast.reach(by), now=NOW)
    cast.users[whom].refresh_from_db()
    assert cast.users[whom].has_usable_password()


def test_a_school_does_not_reset_who_works_elsewhere_too(cast):
    Post.objects.create(
        user=cast.teacher, organisation=cast.organisations["town"], role="town_officer", starts_on=NOW.date()
    )
    with pytest.raises(Denied):
        reset_person(user=cast.teacher, by=cast.reach("head"), now=NOW)


def test_a_school_does_not_reset_who_borrows_a_higher_post(cast):
    post = Post.objects.get(user=cast.head)
    day = NOW.date()
    lend_post(
        post=post, to_user=cast.teacher, starts_on=day, ends_on=day, reason="外出", by=cast.reach("head"), now=NOW
    )
    with pytest.raises(Denied):
        reset_person(user=cast.teacher, by=cast.reach("safety"), now=NOW)


def test_another_county_is_out_of_reach(cast, foreign):
    with pytest.raises(Denied):
        reset_person(user=foreign.head, by=cast.reach("bureau"), now=NOW)


def test_a_reset_ends_sessions_and_the_second_step(cast, client):
    client.post("/account/login/", {"login": cast.teacher.phone, "password": factories.PASSWORD})
    assert client.get(reverse("people:account")).status_code == 200
    Authenticator.objects.create(user=cast.teacher, type=Authenticator.Type.TOTP, data={})
    reset_person(user=cast.teacher, by=cast.reach("head"), now=NOW)
    assert client.get(reverse("people:account")).status_code == 302
    assert AuditRow.objects.get(kind="person:reset").details == {"sessions": 1, "second_steps": 1}


def test_the_page_asks_first_and_shows_the_code_once(cast, sign_in):
    client = sign_in(cast.head)
    assert client.get(reverse("people:reset", args=[cast.teacher.code])).status_code == 200
    cast.teacher.refresh_from_db()
    assert cast.teacher.has_usable_password()
    answer = client.post(reverse("people:reset", args=[cast.teacher.code]))
    (card,) = answer.context["cards"]
    assert card.code in answer.content.decode() and "no-store" in answer["Cache-Control"]
    assert (card.name, card.organisation) == (cast.teacher.name, "青溪镇中心小学")


def test_an_outsider_finds_nobody_and_an_insider_without_the_right_is_refused(cast, sign_in):
    assert sign_in(cast.head).get(reverse("people:reset", args=[cast.other_head.code])).status_code == 404
    assert sign_in(cast.safety).post(reverse("people:reset", args=[cast.head.code])).status_code == 403
    assert sign_in(cast.teacher).get(reverse("people:person", args=[cast.head.code])).status_code == 404


def test_buttons_ask_the_same_rule(cast, sign_in):
    page = sign_in(cast.safety).get(reverse("people:person", args=[cast.head.code]))
    assert page.status_code == 200 and not page.context["may_reset"]
    page = sign_in(cast.head).get(reverse("people:person", args=[cast.safety.code]))
    assert page.context["may_reset"] and all(may_end for _post, may_end in page.context["posts"])
