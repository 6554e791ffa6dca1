"""The packs that come with the product are right, and what they name in other apps exists there."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from huyuan.inspections.checklists import read_checklist
from huyuan.organisations.models import OrganisationKind
from huyuan.people.roles import ROLES
from huyuan.policy.packs import ObligationRule, read_plan_pack
from huyuan.policy.tests import stand_ins


@pytest.fixture(autouse=True)
def measures(monkeypatch):
    stand_ins.register(monkeypatch)


def measured(key: str) -> list[tuple[ObligationRule, dict]]:
    """The obligations of all plans that one measure judges, with their parameters."""
    packs = [read_plan_pack(path) for path in sorted((settings.PACKS / "plans").glob("*.yaml"))]
    rules = [rule for pack in packs for _number, _passage, rule in pack.obligations()]
    return [(rule, rule.measure.parameters) for rule in rules if rule.measure and rule.measure.key == key]


def test_the_command_finds_nothing_wrong_with_any_pack():
    output = StringIO()
    call_command("packs", "check", stdout=output)
    assert output.getvalue().endswith("problems: 0\n")


def test_every_item_that_a_plan_asks_for_is_in_the_comprehensive_checklist():
    checklist = read_checklist(settings.PACKS / "checklists" / "comprehensive.yaml")
    known = {item.key for item in checklist.items()}
    asked = measured("inspections.items_passed")
    assert asked
    assert all(set(parameters["items"]) <= known for _rule, parameters in asked)


def test_every_post_that_a_plan_asks_for_exists_in_that_kind_of_organisation():
    asked = measured("people.posts_held")
    assert {rule.bearer for rule, _parameters in asked} == {OrganisationKind.SCHOOL, OrganisationKind.STATION}
    for rule, parameters in asked:
        assert all(rule.bearer in ROLES[role].kinds for role in parameters["roles"]), rule.key
