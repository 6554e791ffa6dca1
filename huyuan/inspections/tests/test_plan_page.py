"""The living plan on its page: folded, filtered by state, never a wall."""

import pytest
from django.urls import reverse

from factories import NOW
from huyuan.inspections.tests.standings import make_plan


@pytest.fixture
def page(cast, sign_in):
    """Answers the plan's page for the bureau, of the day the plan is brought in."""
    make_plan(cast, counts_from=NOW.date())
    client = sign_in(cast.bureau)
    return lambda query="": client.get(reverse("policy:plan") + query).content.decode()


def test_the_whole_text_stands_on_the_page_with_its_obligations_folded(page):
    shown = page()
    assert "校园安全，人人有责。" in shown and "隐患按期整改。" in shown
    assert shown.count('<details class="hy-fold"') == 2
    assert '<details class="hy-fold" open' not in shown


def test_a_state_shows_its_clauses_unfolded_below_their_headings(page):
    shown = page("?show=no_data")
    assert "二、措施" in shown and "（二）人员" in shown
    assert "校园安全，人人有责。" not in shown and "（一）排查" not in shown
    assert '<details class="hy-fold" open' in shown


def test_a_state_that_does_not_exist_leaves_the_plan_whole(page):
    assert "校园安全，人人有责。" in page("?show=nonsense")
