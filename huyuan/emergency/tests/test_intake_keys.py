"""Registering phones for raising alarms, and taking that back."""

import json
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied, Invalid
from huyuan.emergency.actions.press_keys import register_key, revoke_key
from huyuan.emergency.models import PressKey
from huyuan.emergency.tests.pressing import Phone
from huyuan.emergency.tokens import Refused, Signer
from huyuan.people.actions.accounts import change_password, reset_person
from huyuan.people.actions.codes import redeem_code


def register(client, **said):
    return client.post(reverse("emergency:press_key"), json.dumps(said), content_type="application/json")


def holder_of(token, now=NOW):
    return Signer(settings.PRESS_KEYS).holder(token, now)


def test_a_phone_gets_a_token_for_its_person_s_school(cast, sign_in):
    answer = register(sign_in(cast.guard), public_key=Phone().public_key, label="保安室手机").json()
    school = cast.organisations["school"]
    teaching_point = next(other for other in answer["schools"] if other["code"] != str(school.code))
    assert {"code": str(school.code), "name": school.name} in answer["schools"] and "教学点" in teaching_point["name"]
    assert answer["home"] == str(school.code)
    assert (answer["person"], answer["whole_county"]) == (cast.guard.name, False)
    holder = holder_of(answer["token"])
    assert (holder.person, str(holder.key)) == (cast.guard.pk, answer["key"])
    assert holder.home == school.code
    assert PressKey.objects.get().name == "保安室手机"
    assert AuditRow.objects.filter(kind="press_key:register").count() == 1


def test_opening_the_app_again_renews_the_token_and_registers_nothing(cast, sign_in, clock):
    phone, client = Phone(), sign_in(cast.guard)
    first = register(client, public_key=phone.public_key).json()
    clock.set(NOW + timedelta(days=9))
    second = register(client, public_key=phone.public_key).json()
    assert first["key"] == second["key"] and PressKey.objects.count() == 1
    later = NOW + timedelta(days=20)
    assert holder_of(second["token"], later)
    with pytest.raises(Refused, match="expired"):
        holder_of(first["token"], later)


def test_two_guards_share_a_phone_each_with_a_registration(cast, sign_in):
    phone = Phone()
    keys = {register(sign_in(user), public_key=phone.public_key).json()["key"] for user in (cast.guard, cast.safety)}
    assert len(keys) == 2


def test_the_command_centre_s_token_is_for_the_county(cast, sign_in):
    answer = register(sign_in(cast.commander), public_key=Phone().public_key).json()
    assert answer["whole_county"] and answer["schools"] == []


def test_a_station_s_token_is_for_its_schools_only(cast):
    made = register_key(public_key=Phone().public_key, name="", by=cast.reach("station"), now=NOW)
    assert cast.organisations["school"].code in made.holder.schools
    assert cast.organisations["far_school"].code not in made.holder.schools


@pytest.mark.parametrize("part", ["volunteer", "leader", "nobody"])
def test_who_raises_no_alarms_registers_no_phone(cast, part):
    with pytest.raises(Denied):
        register_key(public_key=Phone().public_key, name="", by=cast.reach(part), now=NOW)


def test_a_refusal_is_said_in_json_to_a_page_that_speaks_json(cast, sign_in):
    answer = register(sign_in(cast.volunteer), public_key=Phone().public_key)
    assert answer.status_code == 403
    assert answer.json()["error"] == "denied" and "110" in answer.json()["sentence"]


@pytest.mark.parametrize("said", [{}, {"public_key": "BP"}, {"public_key": 7}, [], "x"])
def test_what_is_no_key_is_refused_with_a_sentence(cast, sign_in, said):
    client = sign_in(cast.guard)
    answer = client.post(reverse("emergency:press_key"), json.dumps(said), content_type="application/json")
    assert answer.status_code == 400 and answer.json()["sentence"]
    with pytest.raises(Invalid):
        register_key(public_key="", name="", by=cast.reach("guard"), now=NOW)


def test_a_revoked_phone_is_not_renewed(cast, sign_in):
    phone, client = Phone(), sign_in(cast.guard)
    code = register(client, public_key=phone.public_key).json()["key"]
    page = client.post(reverse("emergency:revoke_press_key", args=[code]), follow=True).content.decode()
    assert "已撤销" in page
    assert register(client, public_key=phone.public_key).status_code == 403
    assert AuditRow.objects.filter(kind="press_key:revoke", target_code=code).count() == 1


def test_revoking_twice_is_revoking_once(cast):
    made = register_key(public_key=Phone().public_key, name="", by=cast.reach("guard"), now=NOW)
    key = PressKey.objects.get(code=made.holder.key)
    for minutes in (1, 2):
        revoke_key(key=key, by=cast.reach("guard"), now=NOW + timedelta(minutes=minutes))
    key.refresh_from_db()
    assert key.revoked_at == NOW + timedelta(minutes=1)
    assert AuditRow.objects.filter(kind="press_key:revoke").count() == 1


def test_a_reset_ends_every_phone_of_the_person_and_of_nobody_else(cast, sign_in):
    phone = Phone()
    made = [
        register_key(public_key=one.public_key, name="", by=cast.reach("guard"), now=NOW) for one in (phone, Phone())
    ]
    kept = register_key(public_key=Phone().public_key, name="", by=cast.reach("safety"), now=NOW)
    code = reset_person(user=cast.guard, by=cast.reach("head"), now=NOW)
    assert set(PressKey.objects.filter(revoked_at=NOW).values_list("code", flat=True)) == {
        one.holder.key for one in made
    }
    rows = AuditRow.objects.filter(kind="press_key:revoke", actor_id=cast.head.pk)
    assert set(rows.values_list("target_code", flat=True)) == {str(one.holder.key) for one in made}
    assert PressKey.objects.get(revoked_at=None).code == kept.holder.key
    # After the next sign-in the phone makes itself a key and is registered without anybody's doing.
    again = redeem_code(phone=cast.guard.phone, code=code, password="gate-keeper-2026", now=NOW)
    client = sign_in(again.user)
    assert register(client, public_key=phone.public_key).status_code == 403
    assert register(client, public_key=Phone().public_key).status_code == 200


def test_another_password_and_signing_out_elsewhere_leave_the_phone_registered(cast, sign_in):
    phone, client = Phone(), sign_in(cast.guard)
    register(client, public_key=phone.public_key)
    change_password(user=cast.guard, password="gate-keeper-2026", now=NOW)
    client = sign_in(cast.guard)
    client.post(reverse("usersessions_list"))
    assert register(client, public_key=phone.public_key).status_code == 200
    assert not PressKey.objects.exclude(revoked_at=None).exists()


def test_nobody_revokes_or_sees_somebody_else_s_phone(cast, sign_in):
    made = register_key(public_key=Phone().public_key, name="保安室手机", by=cast.reach("guard"), now=NOW)
    client = sign_in(cast.head)
    assert client.post(reverse("emergency:revoke_press_key", args=[made.holder.key])).status_code == 404
    assert "保安室手机" not in client.get(reverse("emergency:press_keys")).content.decode()
    assert client.post(reverse("emergency:revoke_press_key", args=[uuid.uuid4()])).status_code == 404


def test_the_list_says_which_phones_are_ready_run_out_or_revoked(cast, sign_in, clock):
    old = register_key(public_key=Phone().public_key, name="旧手机", by=cast.reach("guard"), now=NOW)
    revoke_key(key=PressKey.objects.get(code=old.holder.key), by=cast.reach("guard"), now=NOW)
    register_key(public_key=Phone().public_key, name="抽屉里的手机", by=cast.reach("guard"), now=NOW)
    clock.set(NOW + timedelta(days=15))
    register_key(public_key=Phone().public_key, name="新手机", by=cast.reach("guard"), now=NOW + timedelta(days=15))
    listed = sign_in(cast.guard).get(reverse("emergency:press_keys")).context["keys"]
    assert [(key.name, good) for key, _until, good in listed] == [
        ("新手机", True), ("抽屉里的手机", False), ("旧手机", False),
    ]  # fmt: skip
