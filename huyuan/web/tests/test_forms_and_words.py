"""Forms that ask no more than needed, and words that are the same on every page."""

import pytest
from django.urls import reverse

from factories import answered_check, begun_check


def shown(client, path, **given):
    return client.get(path, **given).content.decode()


def test_an_incomplete_check_leads_to_its_first_open_item_instead_of_being_signed(cast, sign_in):
    check = begun_check(cast)
    page = shown(sign_in(cast.station), check.get_absolute_url())
    first = next(iter(check.checklist.asked({})))
    assert f'href="#item-{first.key}"' in page and 'class="hy-missing"' in page
    assert 'class="hy-missing"' not in shown(sign_in(cast.station), answered_check(cast).get_absolute_url())


def test_who_has_one_school_does_not_choose_it(cast, sign_in):
    begin = reverse("inspections:begin")
    assert f'value="{cast.organisations["far_school"].code}" selected' in shown(sign_in(cast.other_head), begin)
    page = shown(sign_in(cast.head), begin)
    assert "请选择学校" in page and "---------" not in page


@pytest.mark.parametrize(
    "name", ["account_logout", "account_change_password", "mfa_index", "mfa_authenticate", "account_reauthenticate"]
)
def test_pages_of_the_account_use_our_words(cast, sign_in, name):
    page = shown(sign_in(cast.head), reverse(name), follow=True)
    for word in ("登出", "帐户", "双因素", "安全密钥", "你的"):
        assert word not in page


def test_signing_out_asks_in_a_sentence(cast, sign_in):
    assert "要在这台设备上退出登录吗？" in shown(sign_in(cast.head), reverse("account_logout"))


@pytest.mark.parametrize(
    ("part", "path"), [("head", "/nowhere/"), ("guard", "/checks/hazards/"), ("head", "/account/reauthenticate/")]
)
def test_whoever_is_signed_in_keeps_the_navigation_on_every_page(cast, sign_in, part, path):
    assert 'class="hy-side"' in shown(sign_in(cast.users[part]), path)


def test_a_stranger_gets_a_plain_page_of_refusal(client, db):
    page = client.get("/nowhere/").content.decode()
    assert "hy-side" not in page and "hy-plain" in page
