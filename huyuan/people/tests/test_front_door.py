"""Signing in and out by the front door."""

import pytest
from django.urls import NoReverseMatch, reverse

import factories
from huyuan.audit.models import AuditRow
from huyuan.people.queries import DEMO_COUNTY, demo_accounts

LOGIN = "/account/login/"


def enter(client, user, password=factories.PASSWORD):
    return client.post(LOGIN, {"login": user.phone, "password": password})


def test_phone_and_password_let_in(cast, client):
    assert client.get(LOGIN).status_code == 200
    answer = enter(client, cast.head)
    assert answer.status_code == 302 and answer.url == reverse("web:today")
    assert AuditRow.objects.get(kind="session:begin").actor_id == cast.head.pk


def test_a_number_is_read_as_people_type_it(cast, client):
    phone = f"+86 {cast.head.phone[:3]} {cast.head.phone[3:7]}-{cast.head.phone[7:]}"
    assert client.post(LOGIN, {"login": phone, "password": factories.PASSWORD}).status_code == 302


def test_a_failure_is_audited_without_what_was_typed(cast, client):
    enter(client, cast.head, "not-the-password")
    client.post(LOGIN, {"login": "my-secret-password", "password": "x"})
    known, stranger = AuditRow.objects.filter(kind="session:refuse").order_by("pk")
    assert known.target_code == str(cast.head.code) and known.actor_id is None
    assert (stranger.target_type, stranger.target_code, stranger.details) == ("stranger", "", {})


def test_five_failures_lock_for_a_while(cast, client):
    for _ in range(5):
        assert "5" not in enter(client, cast.head, "wrong").context["form"].non_field_errors()
    answer = enter(client, cast.head)
    assert answer.status_code == 200
    assert "one-time code" in str(answer.context["form"].errors) or "一次性码" in str(answer.context["form"].errors)


def test_a_stranger_and_a_wrong_password_are_answered_alike(cast, client):
    wrong = enter(client, cast.head, "wrong").context["form"].non_field_errors()
    unknown = client.post(LOGIN, {"login": "13999999999", "password": "wrong"}).context["form"].non_field_errors()
    assert wrong == unknown


def test_somebody_inactive_does_not_get_in(cast, client):
    cast.head.is_active = False
    cast.head.save()
    enter(client, cast.head)
    assert client.get(reverse("people:account")).status_code == 302


@pytest.mark.parametrize("name", [
    "account_signup", "account_email", "account_reset_password", "account_email_verification_sent",
    "account_request_login_code", "mfa_signup_webauthn",
])  # fmt: skip
def test_addresses_that_people_do_not_use_are_closed(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", ["/account/signup/", "/account/email/", "/account/password/reset/", "/account/"])
def test_closed_addresses_answer_nothing(cast, sign_in, path):
    assert sign_in(cast.head).get(path).status_code == 404


def test_people_change_their_password_and_stay_signed_in(cast, client):
    enter(client, cast.head)
    new = "another-gate-77"
    data = {"oldpassword": factories.PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).url == reverse("people:account")
    cast.head.refresh_from_db()
    assert cast.head.check_password(new)
    assert AuditRow.objects.filter(kind="password:change", actor_id=cast.head.pk).exists()
    assert client.get(reverse("people:account")).status_code == 200


def test_sessions_are_listed_and_the_others_end(cast, client):
    other = type(client)()
    enter(other, cast.head)
    enter(client, cast.head)
    assert client.get(reverse("usersessions_list")).context["session_count"] == 2
    assert client.post(reverse("usersessions_list")).status_code == 302
    assert other.get(reverse("people:account")).status_code == 302
    assert client.get(reverse("people:account")).status_code == 200


def test_signing_out_ends_the_session(cast, sign_in):
    client = sign_in(cast.head)
    client.post(reverse("account_logout"))
    assert client.get(reverse("people:account")).status_code == 302


def test_the_demo_lets_in_with_one_tap(client, db):
    demo = factories.make_county("示例县", DEMO_COUNTY, "197000")
    accounts = demo_accounts()
    assert len(accounts) == len({account.role for account in accounts}) == 14
    answer = client.post(reverse("people:demo_sign_in"), {"phone": accounts[0].phone})
    assert answer.status_code == 302
    assert client.get(reverse("people:account")).context["user"] == demo.bureau


def test_the_demo_lets_nobody_of_a_real_county_in(cast, client):
    assert client.post(reverse("people:demo_sign_in"), {"phone": cast.head.phone}).status_code == 404


def test_a_real_installation_has_no_demo_door(client, db, settings):
    demo = factories.make_county("示例县", DEMO_COUNTY, "197000")
    settings.DEMO = False
    assert client.post(reverse("people:demo_sign_in"), {"phone": demo.head.phone}).status_code == 404


def test_the_language_is_kept_with_the_person(cast, sign_in):
    client = sign_in(cast.head)
    answer = client.post(reverse("people:language"), {"language": "en", "next": reverse("people:account")})
    assert answer.url == reverse("people:account") and answer.cookies["django_language"].value == "en"
    page = client.get(reverse("people:account"))
    assert page["Content-Language"] == "en" and "My posts" in page.content.decode()
    assert AuditRow.objects.get(kind="person:language").details == {"language": "en"}


def test_a_language_that_is_not_offered_is_refused(cast, sign_in):
    assert sign_in(cast.head).post(reverse("people:language"), {"language": "xx"}).status_code == 400


def test_nobody_is_led_to_a_strange_site(cast, sign_in):
    data = {"language": "en", "next": "https://evil.example/"}
    assert sign_in(cast.head).post(reverse("people:language"), data).url == reverse("web:today")
