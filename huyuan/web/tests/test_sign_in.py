"""Signing in with a second step goes through although every other page asks for a complete sign-in."""

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from factories import PASSWORD


def test_an_authenticator_app_is_asked_for_after_the_password(cast):
    secret = generate_totp_secret()
    TOTP.activate(cast.head, secret)
    RecoveryCodes.activate(cast.head)
    client = Client(HTTP_HOST="localhost")
    answer = client.post(reverse("account_login"), {"login": cast.head.phone, "password": PASSWORD})
    assert answer.url.startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("web:today")).status_code == 302
    assert client.get(answer.url).status_code == 200
    code = f"{hotp_value(secret, next(iter(yield_hotp_counters_from_time()))):06d}"
    done = client.post(reverse("mfa_authenticate"), {"code": code})
    assert done.status_code == 302
    assert client.get(reverse("web:today")).status_code == 200


def test_a_passkey_challenge_is_given_to_somebody_not_signed_in(db):
    client = Client(HTTP_HOST="localhost")
    answer = client.get(reverse("mfa_login_webauthn"), HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert "request_options" in answer.json()
