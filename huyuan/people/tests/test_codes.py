"""One-time codes: given by who may, good once, for fourteen days and five tries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied
from huyuan.people.actions.codes import ALPHABET, issue_code, issue_codes, new_code, redeem_code
from huyuan.people.models import OneTimeCode

NEW = "gate-keeper-2026"


@pytest.fixture
def issued(cast):
    return issue_code(user=cast.teacher, by=cast.reach("head"), now=NOW)


def redeem(cast, code, now=NOW, password=NEW, phone=None):
    return redeem_code(phone=phone or cast.teacher.phone, code=code, password=password, now=now)


def test_a_code_has_two_groups_without_look_alikes():
    assert {len(new_code()) for _ in range(50)} == {9}
    assert not set(ALPHABET) & set("01OILUBSZ")


def test_only_a_digest_is_kept(cast, issued):
    kept = OneTimeCode.objects.get()
    assert issued not in kept.digest and len(kept.digest) == 64
    assert kept.expires_at == NOW + timedelta(days=14)
    assert AuditRow.objects.get(kind="code:issue").target_code == str(cast.teacher.code)


def test_a_code_sets_the_password_and_is_used_once(cast, issued):
    assert redeem(cast, issued).user == cast.teacher
    cast.teacher.refresh_from_db()
    assert cast.teacher.check_password(NEW)
    assert AuditRow.objects.get(kind="code:redeem").actor_id == cast.teacher.pk
    assert redeem(cast, issued).user is None


def test_a_code_is_read_as_people_type_it(cast, issued):
    assert redeem(
        cast, f" {issued.lower().replace('-', ' ').replace('8', 'b')} ", phone="+86 " + cast.teacher.phone
    ).user


def test_every_failure_is_answered_alike(cast, issued):
    wrong = redeem(cast, "2222-2222")
    unknown = redeem(cast, issued, phone="13999999999")
    without = redeem(cast, issued, phone=cast.guard.phone)
    late = redeem(cast, issued, now=NOW + timedelta(days=14))
    assert wrong == unknown == without == late
    assert wrong.user is None and wrong.reasons
    kinds = AuditRow.objects.filter(kind="code:refuse").order_by("pk").values_list("target_type", flat=True)
    assert list(kinds) == ["people.user", "stranger", "people.user", "people.user"]


def test_five_failures_end_a_code(cast, issued):
    for _ in range(5):
        redeem(cast, "2222-2222")
    assert redeem(cast, issued).user is None


def test_four_failures_do_not(cast, issued):
    for _ in range(4):
        redeem(cast, "2222-2222")
    assert redeem(cast, issued).user == cast.teacher


def test_a_new_code_withdraws_the_one_before(cast, issued):
    second = issue_code(user=cast.teacher, by=cast.reach("bureau"), now=NOW)
    assert redeem(cast, issued).user is None
    assert redeem(cast, second).user == cast.teacher


def test_a_password_like_the_phone_number_is_refused_and_costs_no_try(cast, issued):
    answer = redeem(cast, issued, password=f"a{cast.teacher.phone}")
    assert answer.user is None and answer.reasons
    assert OneTimeCode.objects.get().failures == 0
    assert redeem(cast, issued).user == cast.teacher


def test_somebody_inactive_cannot_redeem(cast, issued):
    cast.teacher.is_active = False
    cast.teacher.save()
    assert redeem(cast, issued).user is None


@pytest.mark.parametrize("part", ["teacher", "guard", "safety", "head", "police", "station", "nobody", "other_head"])
def test_who_may_not_reset_gives_no_codes(cast, part):
    target = cast.head if part != "head" else cast.other_head
    with pytest.raises(Denied):
        issue_code(user=target, by=cast.reach(part), now=NOW)
    with pytest.raises(Denied):
        issue_codes(users=[target], by=cast.reach(part), now=NOW)


def test_the_first_sign_in_goes_straight_in(cast, issued, client):
    data = {"phone": cast.teacher.phone, "code": issued, "password1": NEW, "password2": NEW}
    assert client.get(reverse("people:activate")).status_code == 200
    answer = client.post(reverse("people:activate"), data)
    assert answer.status_code == 302 and answer.url == reverse("web:today")
    assert client.get(reverse("people:account")).context["user"] == cast.teacher


def test_a_wrong_code_stays_on_the_page_with_a_sentence(cast, issued, client):
    data = {"phone": cast.teacher.phone, "code": "2222-2222", "password1": NEW, "password2": NEW}
    answer = client.post(reverse("people:activate"), data)
    assert answer.status_code == 200 and answer.context["form"].non_field_errors()


def test_two_different_passwords_use_no_try(cast, issued, client):
    data = {"phone": cast.teacher.phone, "code": issued, "password1": NEW, "password2": NEW + "x"}
    assert "password2" in client.post(reverse("people:activate"), data).context["form"].errors
    assert OneTimeCode.objects.get().failures == 0


def test_trying_codes_from_one_place_is_slowed_down(cast, client):
    data = {"phone": "13999999999", "code": "2222-2222", "password1": NEW, "password2": NEW}
    answers = [client.post(reverse("people:activate"), data).status_code for _ in range(21)]
    assert answers[:20] == [200] * 20 and answers[20] == 429


def test_who_is_signed_in_needs_no_first_sign_in(cast, sign_in):
    assert sign_in(cast.head).get(reverse("people:activate")).status_code == 302


def test_cards_are_printed_for_those_without_password(cast, sign_in):
    for user in (cast.teacher, cast.guard, cast.head):
        user.set_unusable_password()
        user.save()
    client = sign_in(cast.bureau)
    listed = client.get(reverse("people:codes")).context["waiting"]
    assert [(place.name, place.people) for place in listed] == [("青溪镇中心小学", 3)]
    cards = client.post(reverse("people:codes"), {"organisation": str(listed[0].code)}).context["cards"]
    assert {card.name for card in cards} == {cast.teacher.name, cast.guard.name, cast.head.name}
    card = next(card for card in cards if card.name == cast.teacher.name)
    assert redeem(cast, card.code).user == cast.teacher


def test_a_school_prints_only_for_those_below(cast, sign_in):
    for user in (cast.teacher, cast.head, cast.other_head):
        user.set_unusable_password()
        user.save()
    answer = sign_in(cast.safety).post(reverse("people:codes"))
    assert [card.name for card in answer.context["cards"]] == [cast.teacher.name]
    assert "no-store" in answer["Cache-Control"]


def test_cards_come_as_a_workbook_too(cast, sign_in):
    cast.teacher.set_unusable_password()
    cast.teacher.save()
    answer = sign_in(cast.head).post(reverse("people:codes"), {"form": "sheet"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet") and answer.content[:2] == b"PK"


def test_a_strange_organisation_prints_nothing(cast, sign_in):
    answer = sign_in(cast.head).post(reverse("people:codes"), {"organisation": "nonsense"})
    assert answer.status_code == 302
    assert not OneTimeCode.objects.exists()


def test_a_teacher_prints_no_codes(cast, sign_in):
    assert sign_in(cast.teacher).get(reverse("people:codes")).status_code == 403
