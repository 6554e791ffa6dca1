"""The templates of contingency plans that come with the product."""

import pytest
import yaml
from django.conf import settings

from factories import NOW
from huyuan.common.packs import PackError, packs_in
from huyuan.emergency.contingency_packs import (
    AFTER,
    CardPart,
    PlanContent,
    fill_in,
    read_template,
    templates,
    title_of,
)
from huyuan.emergency.policies import all_policies

TODAY = NOW.date()
# What the plan (2.3, 3.6) and the daily life of a county's schools ask for.
KINDS = {
    "violent_attack", "extreme_act", "fire", "earthquake", "stampede", "abuse", "bus", "food", "self_harm",
    "missing_pupil", "drowning", "public_health", "medical", "gate_trouble", "gas_leak", "severe_weather",
}  # fmt: skip


def written(tmp_path, **changes):
    """The template of fire with something changed in its plan."""
    data = yaml.safe_load((settings.PACKS / "contingency" / "fire.yaml").read_text(encoding="utf-8"))
    data["plan"] |= changes
    path = tmp_path / "fire.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return path


def test_every_kind_of_emergency_has_its_template():
    assert set(templates(TODAY)) == KINDS
    assert all(one.source.zh and not one.confirmed for one in templates(TODAY).values())


def test_every_class_of_alarm_has_a_plan_that_belongs_to_it():
    for policy in all_policies():
        for entry in policy.classes:
            assert entry.key in templates(TODAY)[entry.plan].alarm_classes, entry.key


@pytest.mark.parametrize("path", packs_in("contingency"), ids=lambda path: path.stem)
def test_every_template_says_what_the_leader_does_and_reads_the_same_from_the_database(path):
    plan = read_template(path).plan
    cards = {card.part: card for card in plan.cards}
    assert list(cards[CardPart.LEADER].tasks())
    assert all(minute in (1, 3, 5, AFTER) for card in plan.cards for minute, _line in card.tasks())
    assert PlanContent.model_validate(plan.model_dump(mode="json")) == plan


def test_plans_about_one_child_say_nothing_that_names_it():
    private = [one for one in templates(TODAY).values() if one.plan.private]
    assert {one.code for one in private} == {"abuse", "self_harm", "missing_pupil"}
    for one in private:
        assert one.plan.parents.zh.startswith("（不向全体家长发通知")


def test_a_notice_with_a_place_that_nobody_fills_is_refused(tmp_path):
    with pytest.raises(PackError, match=r"\{pupil\} is not one of"):
        read_template(written(tmp_path, parents={"zh": "{pupil}", "en": "{school}"}))


def test_a_card_that_says_nothing_is_refused(tmp_path):
    with pytest.raises(PackError, match="says nothing"):
        read_template(written(tmp_path, cards=[{"part": "leader"}]))


def test_a_template_that_names_people_is_refused(tmp_path):
    cards = [{"part": "leader", "people": [7], "minute_1": [{"zh": "走", "en": "Go"}]}]
    with pytest.raises(PackError, match="names nobody"):
        read_template(written(tmp_path, cards=cards))


def test_two_cards_of_one_part_are_refused(tmp_path):
    card = {"part": "leader", "minute_1": [{"zh": "走", "en": "Go"}]}
    with pytest.raises(PackError, match="a part has two cards"):
        read_template(written(tmp_path, cards=[card, card]))


def test_somebody_twice_in_the_phone_tree_is_refused(tmp_path):
    with pytest.raises(PackError, match="twice in the phone tree"):
        read_template(written(tmp_path, calls=["head", "head"]))


def test_a_notice_is_filled_in_and_shows_what_is_still_missing():
    assert fill_in("{school}，{time}", {"school": "中心小学"}) == "中心小学，____"


def test_a_kind_without_template_is_called_by_its_code():
    assert title_of("fire", TODAY) == "火灾"
    assert title_of("flood_of_ink", TODAY) == "flood_of_ink"
