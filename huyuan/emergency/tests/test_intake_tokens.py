"""A token proves who presses without the database, and only on the phone it was made for."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from huyuan.emergency.tests.pressing import Phone
from huyuan.emergency.tokens import Holder, Refused, Signer, check_signed, encode, point_of

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
SCHOOL = uuid.uuid4()


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path / "keys")


@pytest.fixture
def phone():
    return Phone()


def holder(phone, *schools, **others):
    given = {
        "person": 7,
        "post": 8,
        "county": 1,
        "whole_county": False,
        "home": SCHOOL,
        "issued": NOW,
        "key": uuid.uuid4(),
    }
    return Holder(**given | others, public_key=phone.public_key, schools=dict.fromkeys(schools, "第一小学"))


def test_a_token_says_what_it_was_made_for(signer, phone):
    made = holder(phone, SCHOOL)
    assert signer.holder(signer.sign(made), NOW) == made
    assert made.may_press_for(SCHOOL) and not made.may_press_for(uuid.uuid4())


def test_who_has_the_county_may_name_any_school(signer, phone):
    county = holder(phone, whole_county=True, home=None)
    assert signer.holder(signer.sign(county), NOW) == county and county.may_press_for(uuid.uuid4())


def test_a_token_is_good_for_fourteen_days(signer, phone):
    token = signer.sign(holder(phone, SCHOOL))
    assert signer.holder(token, NOW + timedelta(days=13, hours=23))
    with pytest.raises(Refused, match="expired"):
        signer.holder(token, NOW + timedelta(days=14))


def test_a_changed_token_is_none_of_ours(signer, phone):
    token = signer.sign(holder(phone, SCHOOL))
    for place in range(len(token)):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        # The last sign of base64 carries bits that mean nothing.
        if place < len(token) - 1:
            with pytest.raises(Refused, match="bad_token"):
                signer.holder(changed, NOW)


@pytest.mark.parametrize(
    "token", ["", ".", "...", "p1", "p1.k1.e30.", "p1.../../secret.e30.xx", "p2.k1.e30.xx", "令牌"]
)
def test_rubbish_is_no_token(signer, phone, token):
    signer.sign(holder(phone, SCHOOL))
    with pytest.raises(Refused, match="bad_token"):
        signer.holder(token, NOW)


def test_another_installation_s_token_is_none_of_ours(signer, phone, tmp_path):
    theirs = Signer(tmp_path / "other").sign(holder(phone, SCHOOL))
    signer.sign(holder(phone, SCHOOL))
    with pytest.raises(Refused, match="bad_token"):
        signer.holder(theirs, NOW)


def test_keys_rotate_and_older_tokens_stay_good_until_their_key_goes(signer, phone):
    old = signer.sign(holder(phone, SCHOOL))
    (signer.folder / "k2.key").write_text("ab" * 32)
    new = signer.sign(holder(phone, SCHOOL))
    assert new.startswith("p1.k2.") and signer.holder(old, NOW) and signer.holder(new, NOW)
    (signer.folder / "k1.key").unlink()
    with pytest.raises(Refused, match="bad_token"):
        signer.holder(old, NOW)


def test_a_key_that_is_half_written_proves_nothing(signer, phone):
    token = signer.sign(holder(phone, SCHOOL))
    (signer.folder / "k1.key").write_text("")
    with pytest.raises(Refused, match="bad_token"):
        signer.holder(token, NOW)


def test_the_phone_s_signature_covers_address_and_every_byte(phone):
    body = b'{"identity": 1}'
    signature = phone.signature("/alarm/press", body)
    check_signed(phone.public_key, "/alarm/press", body, signature)
    others = [
        (phone.public_key, "/alarm/press", body + b" ", signature),
        (phone.public_key, "/alarm/press/x/cancel", body, signature),
        (Phone().public_key, "/alarm/press", body, signature),
        (phone.public_key, "/alarm/press", body, ""),
        (phone.public_key, "/alarm/press", body, encode(bytes(64))),
        (phone.public_key, "/alarm/press", body, signature[:-4]),
    ]
    for given in others:
        with pytest.raises(Refused, match="bad_signature"):
            check_signed(*given)


@pytest.mark.parametrize("key", ["", "BP", encode(b"\x04" + bytes(64)), encode(bytes(65)), "键"])
def test_what_is_no_point_of_the_curve_is_no_key(key):
    with pytest.raises(ValueError):
        point_of(key)
