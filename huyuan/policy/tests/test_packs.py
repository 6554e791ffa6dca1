"""A plan's pack is right, or every problem is named with its line and reason."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import translation

from huyuan.common.packs import PackError
from huyuan.policy.packs import ClauseKind, PlanPack, matches, plan_packs, read_plan_pack, untyped
from huyuan.policy.plantext import PlanText, parse_plan, read_plan
from huyuan.policy.tests import stand_ins

PACK = """\
code: sample-2026
version: 1
effective_from: 2026-09-01
title: {zh: 方案, en: Plan}
source: {zh: 文件, en: Paper}
clauses:
  - number: "1"
    kind: goal
    passages:
      - {number: 1, kind: goal}
  - number: "2"
    kind: duty
  - number: "2.1"
    kind: duty
    passages:
      - {number: 1, kind: principle}
      - number: 2
        kind: duty
        obligations:
          - key: gate-kept
            title: {zh: 守好校门, en: Keep the gate}
            bearer: school
            applies_if: {school_kinds: [primary], pupils_from: 100, pupils_below: 500}
            period: {rhythm: term}
            measure: {key: inspections.items_passed, parameters: {items: [hundred_closed]}}
            source: {zh: 二（一）, en: "2.1"}
          - key: orders-given
            title: {zh: 下达整改, en: Order what is found}
            bearer: station
            period: {rhythm: event, within_days: 3}
            measure: {key: inspections.hazards_ordered}
            source: {zh: 二（一）, en: "2.1"}
"""
TEXT = "方案\n一、目标\n校园平安。\n二、分工\n（一）学校。要重视。守好校门，有隐患即下达整改。\n"
ANYI = Path(settings.BASE_DIR).parent / "shared" / "plan" / "anyi-2024.txt"


@pytest.fixture(autouse=True)
def measures(monkeypatch):
    stand_ins.register(monkeypatch)
    with translation.override("en"):
        yield


@pytest.fixture
def written(tmp_path):
    """Write a pack after replacing words of the sample, each of which must stand there."""

    def write(*replaced: tuple[str, str]) -> Path:
        text = PACK
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "sample.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_right_pack_is_read_with_its_obligations(written):
    pack = read_plan_pack(written())
    assert [(number, passage, rule.key) for number, passage, rule in pack.obligations()] == [
        ("2.1", 2, "gate-kept"),
        ("2.1", 2, "orders-given"),
    ]


KINDS = "party_group, leading_group, education_bureau"
MISTAKES = [
    ("rhythm: term", "rhythm: fortnightly", 24, 'period.rhythm: "fortnightly" is not one of once, daily, monthly'),
    ("inspections.items_passed", "inspections.dreams", 25, 'measure: "inspections.dreams" is not one of emergency.contingency_plans, '),
    ("items: [hundred_closed]", "item: hundred_closed", 25, "measure.parameters.items: is missing"),
    ("items: [hundred_closed]", "items: [a], wanted: 0", 25, "measure.parameters.wanted: 0 is less than 1"),
    ("bearer: station", "bearer: school", 31, "measure: inspections.hazards_ordered cannot judge a school, only education_bureau"),
    ("bearer: station", "bearer: sheriff", 29, f'bearer: "sheriff" is not one of {KINDS}'),
    ("bearer: school", "bearer: station", 23, "applies_if: only schools can be told apart, not a station"),
    ("[primary]", "[primary, castle]", 23, 'school_kinds: "castle" is not one of kindergarten, primary'),
    ("pupils_from: 100", "pupils_from: 500", 23, "pupils_from is not below pupils_below: it would apply to no school"),
    (", within_days: 3", "", 30, "period: event needs within_days"),
    ("rhythm: term", "rhythm: once", 24, "period: once needs within_days"),
    ("rhythm: term", "rhythm: term, within_days: 9", 24, "period: within_days belongs to once and event, not to term"),
    ("rhythm: term", "rhythm: regular", 24, "period: regular needs a default, the rhythm shown until the county sets its own"),
    ("rhythm: term", "rhythm: term, default: daily", 24, "period: a default belongs to regular, not to term"),
    ("rhythm: term", "rhythm: regular, default: regular", 24, 'period: default "regular" is not one of daily, monthly, quarterly, term'),
    ("rhythm: term", "rhythm: event, within_days: 1", 24, "period: inspections.items_passed judges periods: any rhythm but event fits it"),
    ("rhythm: event, within_days: 3", "rhythm: term", 30, "period: inspections.hazards_ordered judges events: only event fits it"),
    ("{rhythm: term}", "{rhythm: term}\n            outside: {zh: 外, en: out}", 25, "both measure and outside"),
    ("kind: duty\n    passages", "kind: power\n    passages", 19, "obligations under a power: only a duty carries them"),
    ("number: 2\n        kind: duty", "number: 2\n        kind: goal", 19, "obligations under a goal: only a duty carries them"),
    ("{number: 1, kind: principle}", "{number: 1, kind: duty}", 16, "2.1 passage 1 is a duty and needs an obligation"),
    ("key: orders-given", "key: gate-kept", 27, "key: gate-kept stands above already"),
    ("key: orders-given", "key: Orders", 27, 'key: "Orders" is not written as this is written'),
    ('number: "2.1"', 'number: "2"', 13, "clause 2 stands above already"),
    ("number: 2\n", "number: 1\n", 17, "2.1 passage 1 stands above already"),
    ("version: 1", "version: 1\nversion: 2", 3, "version stands here a second time, first in line 2"),
    ("bearer: school\n            applies_if", "applies_if", 20, "bearer: is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "reason"), MISTAKES)
def test_a_mistake_is_named_with_its_line_and_reason(written, old, new, line, reason):
    with pytest.raises(PackError) as refused:
        read_plan_pack(written((old, new)))
    assert any(one.line == line and one.reason.startswith(reason) for one in refused.value.problems), str(refused.value)


def test_all_mistakes_are_named_at_once(written):
    path = written(
        ("bearer: station", "bearer: sheriff"),
        ("key: inspections.items_passed", "key: nothing"),
        ("rhythm: term", "rhythm: once"),
    )
    with pytest.raises(PackError) as refused:
        read_plan_pack(path)
    assert [one.line for one in refused.value.problems] == [24, 25, 29]


def test_a_pack_fits_the_text_it_was_written_for(written):
    assert matches(read_plan_pack(written()), parse_plan(TEXT)) == []


def test_what_does_not_fit_a_text_is_said(written):
    pack = read_plan_pack(written(("number: 2\n", "number: 9\n"), ('number: "1"', 'number: "7"')))
    assert matches(pack, parse_plan(TEXT)) == [
        "The pack types clause 7, which the text does not have.",
        "The pack types passage 9 of clause 2.1, which has 2 passages.",
        "The pack leaves out clause 1 “目标”.",
    ]


def test_all_packs_of_a_folder_are_known_by_code_and_version(written, settings, tmp_path):
    settings.PACKS = tmp_path
    folder = tmp_path / "plans"
    folder.mkdir()
    written().rename(folder / "a.yaml")
    written(("version: 1", "version: 2"), ("2026-09-01", "2027-09-01")).rename(folder / "b.yaml")
    plan_packs.cache_clear()
    assert set(plan_packs()) == {("sample-2026", 1), ("sample-2026", 2)}
    written(("version: 1", "version: 3")).rename(folder / "c.yaml")
    plan_packs.cache_clear()
    with pytest.raises(PackError, match=r"plans/c\.yaml, line 3: overlapping versions: version 3 must"):
        plan_packs()
    plan_packs.cache_clear()


def command(*words: object) -> tuple[int, str]:
    """The exit status and the output of `manage.py packs`."""
    output = StringIO()
    try:
        call_command("packs", *(str(word) for word in words), stdout=output)
    except SystemExit as end:
        return int(end.code), output.getvalue()
    return 0, output.getvalue()


def test_the_command_shows_the_passages_of_a_text_as_a_pack_numbers_them(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text(TEXT, encoding="utf-8")
    shown = "1 目标\n    1: 校园平安。\n2 分工\n2.1 学校\n    1: 要重视。\n    2: 守好校门，有隐患即下达整改。\n"
    assert command("read", path) == (0, shown)


def test_the_command_holds_a_pack_against_a_text(written, tmp_path):
    plan = tmp_path / "plan.txt"
    plan.write_text(TEXT + "再巡查。\n三、要求\n", encoding="utf-8")
    folder = tmp_path / "plans"
    folder.mkdir()
    pack = written().rename(folder / "sample.yaml")
    assert command("check", pack) == (0, "packs: 1, problems: 0\n")
    status, output = command("check", pack, "--text", plan)
    assert status == 1
    assert output == (
        f"{pack}:1: The pack leaves out clause 3 “要求”.\n"
        f"{pack}:1: The pack leaves out passage 3 of clause 2.1: 再巡查。\n"
        "packs: 1, problems: 2\n"
    )


def test_the_command_says_why_a_text_cannot_be_read(tmp_path):
    path = tmp_path / "plan.txt"
    path.write_text("没有编号。", encoding="utf-8")
    with pytest.raises(CommandError, match=r"^The text has no numbering"):
        command("read", path)
    with pytest.raises(CommandError, match=r"there is no such file"):
        command("read", tmp_path / "none.txt")


def test_the_example_of_the_documentation_is_a_right_pack(tmp_path):
    page = (settings.BASE_DIR / "docs" / "packs.md").read_text(encoding="utf-8")
    path = tmp_path / "example.yaml"
    path.write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert [rule.key for _clause, _passage, rule in read_plan_pack(path).obligations()] == [
        "station-training",
        "school-drill",
    ]


def fits_completely(pack: PlanPack, text: str) -> PlanText:
    """The text, when the pack types all of it."""
    plan = parse_plan(text)
    assert plan.preamble + "".join(clause.text for clause in plan.clauses) == text
    assert matches(pack, plan) == []
    assert untyped(pack, plan) == []
    return plan


def test_the_demo_countys_pack_types_every_passage_of_its_plan():
    pack = read_plan_pack(settings.PACKS / "plans" / "yunxi-2026.yaml")
    path = settings.BASE_DIR / "huyuan" / "config" / "demo" / "plan.txt"
    plan = fits_completely(pack, read_plan(path, path.name))
    assert max(clause.level for clause in plan.clauses) == 3


def test_the_pack_of_anyi_types_every_passage_of_its_plan():
    if not ANYI.exists():
        pytest.skip("the plan of Anyi is that county's own paper and is not shipped with this repository")
    plan = fits_completely(read_plan_pack(settings.PACKS / "plans" / "anyi-2024.yaml"), read_plan(ANYI, ANYI.name))
    assert len(plan.clauses) == 20
    assert max(clause.level for clause in plan.clauses) == 2
    tops = [clause.title for clause in plan.clauses if clause.level == 1]
    assert tops == ["明确目标任务", "细化职责分工", "落实工作措施", "强化工作要求"]


@pytest.mark.parametrize("name", ["anyi-2024", "yunxi-2026"])
def test_the_packs_name_every_bearer_in_both_languages_and_veto_only_schools(name):
    pack = read_plan_pack(settings.PACKS / "plans" / f"{name}.yaml")
    rules = [rule for _number, _passage, rule in pack.obligations()]
    assert {"school", "station", "education_bureau", "security_bureau", "command_centre"} <= {
        rule.bearer for rule in rules
    }
    assert {rule.key for rule in rules if rule.veto} == {"school-no-severe-hazard", "school-no-serious-case"}
    assert all(rule.outside is None or rule.bearer in {"station", "security_bureau"} for rule in rules)
    assert all(text.zh and text.en for rule in rules for text in (rule.title, rule.source))
    assert {entry.kind for entry in pack.clauses} == {ClauseKind.GOAL, ClauseKind.PRINCIPLE, ClauseKind.DUTY}
