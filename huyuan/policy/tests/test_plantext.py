"""Plan text becomes its clause tree without losing a character, or a sentence says where its numbering goes wrong."""

import pytest
from django.utils import translation

from huyuan.common.errors import Invalid
from huyuan.policy.numbering import chinese, value_of
from huyuan.policy.plantext import parse_plan, passages, read_plan

PLAN = """\
某县校园安全实施方案
各单位：
一、目标
校门有人守；路口有人管。
二、分工
（一）学校。负责校门值守（含侧门；后门）；每天自查“门、窗；灯”。
(二)派出所
１．检查。每学期一次。
2、培训保安员
（1）理论；
(2)实操。
三、要求
　（一）认真落实。
"""


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        parse_plan(text)
    return str(refused.value.message)


def test_all_four_levels_become_a_tree():
    found = [(c.number, c.parent, c.level, c.marker, c.title) for c in parse_plan(PLAN).clauses]
    assert found == [
        ("1", None, 1, "一、", "目标"),
        ("2", None, 1, "二、", "分工"),
        ("2.1", "2", 2, "（一）", "学校"),
        ("2.2", "2", 2, "(二)", "派出所"),
        ("2.2.1", "2.2", 3, "１．", "检查"),
        ("2.2.2", "2.2", 3, "2、", "培训保安员"),
        ("2.2.2.1", "2.2.2", 4, "（1）", "理论"),
        ("2.2.2.2", "2.2.2", 4, "(2)", "实操"),
        ("3", None, 1, "三、", "要求"),
        ("3.1", "3", 2, "（一）", "认真落实"),
    ]


@pytest.mark.parametrize(
    "text", [PLAN, PLAN.rstrip(), PLAN.replace("\n", "\r\n"), PLAN.replace("\n", "\r"), "\n" + PLAN]
)
def test_no_character_is_lost(text):
    plan = parse_plan(text)
    assert plan.preamble + "".join(clause.text for clause in plan.clauses) == text
    assert len(plan.clauses) == 10


def test_passages_are_sentence_parts_outside_brackets_and_quotes():
    texts = {clause.number: passages(clause.text) for clause in parse_plan(PLAN).clauses}
    assert texts["1"] == ["校门有人守；", "路口有人管。"]
    assert texts["2"] == []
    assert texts["2.1"] == ["负责校门值守（含侧门；后门）；", "每天自查“门、窗；灯”。"]
    assert texts["2.2"] == []
    assert texts["2.2.1"] == ["每学期一次。"]


def test_a_clause_of_one_sentence_is_its_own_passage():
    assert passages("1.每学期检查一次。") == ["每学期检查一次。"]
    assert passages("（2）培训保安员；\n") == ["培训保安员；"]
    assert passages("（一）健全机制\n") == []


def test_a_bracket_that_is_never_closed_encloses_nothing():
    assert passages("（一）门卫。（含侧门；后门。夜间；白天。") == ["（含侧门；", "后门。", "夜间；", "白天。"]
    assert passages('（一）门卫。做到"锁；查";再巡查。') == ['做到"锁；查";', "再巡查。"]
    assert passages("（一）门卫。做到‘锁；查’《甲；乙》「丙；丁」。") == ["做到‘锁；查’《甲；乙》「丙；丁」。"]


def test_a_long_first_sentence_is_no_heading():
    text = "（一）" + "学校负责每天检查校门和围墙" * 4 + "。记录在册。"
    assert parse_plan("一、总则\n" + text).clauses[1].title == ""
    assert len(passages(text)) == 2


def test_only_the_start_of_a_line_numbers_a_clause():
    plan = parse_plan("一、总则\n落实（一）人防；（二）物防，见二、三两部分。\n3.5米以上围墙。\n2024.9.1起施行。\n")
    assert [clause.number for clause in plan.clauses] == ["1"]


def test_a_third_level_may_begin_with_a_year():
    plan = parse_plan("一、总则\n（一）时间\n1.2026年秋季开始。\n2. 2027年结束。\n")
    assert [clause.number for clause in plan.clauses] == ["1", "1.1", "1.1.1", "1.1.2"]


def test_annexes_count_anew_and_stay_with_the_last_clause():
    text = "一、总则\n（一）落实。各校负责。\n附件：1.岗位表\n2.名册\n附件1\n一、岗位表\n"
    plan = parse_plan(text)
    assert [clause.number for clause in plan.clauses] == ["1", "1.1"]
    assert plan.clauses[-1].text.endswith("一、岗位表\n")
    assert passages(plan.clauses[-1].text) == ["各校负责。"]
    assert len(parse_plan("附件：岗位表\n" + text).clauses) == 2


def test_a_hundred_and_more_clauses_are_counted():
    text = "一、总则\n" + "".join(f"（{chinese(number)}）条目\n" for number in range(1, 131))
    assert parse_plan(text).clauses[-1].number == "1.130"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("十", 10),
        ("二十一", 21),
        ("一百零三", 103),
        ("一百一十", 110),
        ("一十二", 12),
        ("二〇", None),
        ("１２", 12),
        ("百", None),
    ],
)
def test_numerals_mean_numbers(written, value):
    assert value_of(written) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        (" \n\n", "The file is empty."),
        ("各校要重视。\n第一条 总则\n", "The text has no numbering: no line begins with a number such as 一、 （一） 1. or （1）. Number its clauses."),
        ("一、总则\n1.检查\n", "Line 2: “1.” follows directly on “一、” of line 1; a “（一）” is missing between them."),
        ("一、总则\n（一）甲\n（1）乙\n", "Line 3: “（1）” follows directly on “（一）” of line 2; a “1.” is missing between them."),
        ("标题\n（一）甲\n", "Line 2: the numbering begins with “（一）”; a “一、” is missing before it."),
        ("一、甲\n二、乙\n一、丙\n", "Line 3: “一、” stands here a second time, first in line 1. Two clauses cannot have one number."),
        ("一、甲\n（一）乙\n(一)丙\n", "Line 3: “(一)” stands here a second time, first in line 2. Two clauses cannot have one number."),
        ("一、甲\n（一）乙\n（二）丙\n（四）丁\n", "Line 4: after “（二）” comes “（四）”; “（三）” was expected."),
        ("一、甲\n（二）乙\n", "Line 2: the numbers of this level begin with “（二）”; “（一）” was expected."),
        ("二、甲\n", "Line 1: the numbers of this level begin with “二、”; “一、” was expected."),
    ],
)  # fmt: skip
def test_numbering_that_goes_wrong_is_said_with_its_line(text, sentence):
    assert refusal(text) == sentence


def test_the_same_number_under_another_parent_is_another_clause():
    plan = parse_plan("一、甲\n（一）乙\n二、丙\n（一）丁\n")
    assert [clause.number for clause in plan.clauses] == ["1", "1.1", "2", "2.1"]


def test_more_clauses_than_a_plan_has_are_refused():
    text = "".join(
        f"{chinese(at)}、甲\n" + "".join(f"（{chinese(n)}）乙\n" for n in range(1, 500)) for at in range(1, 6)
    )
    assert refusal(text) == "The text has more than 2000 clauses. Import the plan alone, without its annexes."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_files_are_read_in_the_usual_encodings(encoding, tmp_path):
    path = tmp_path / "plan.txt"
    path.write_bytes(PLAN.encode(encoding))
    assert read_plan(path, "plan.txt") == PLAN
    assert read_plan(PLAN.encode(encoding), "plan.txt") == PLAN


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00\x4e", "is no text. Import the plan as .docx, or as .txt in UTF-8 or GB18030."),
        (bytes(range(256)), "is no text. Import the plan as .docx, or as .txt in UTF-8 or GB18030."),
        (b"%PDF-1.7\n", "is a PDF. Import the plan as .docx or .txt."),
        (b"\xd0\xcf\x11\xe0", "is a Word file of the old kind, or has a password. Save it as .docx without a password."),
        (b"x" * (5 * 1024 * 1024 + 1), "is larger than 5 MB. Import the plan's text alone, without pictures."),
        (b"PK\x03\x04", "cannot be read as a Word document. Open it in Word or WPS, save it again as .docx, and import that."),
    ],
)  # fmt: skip
def test_files_that_hold_no_plan_are_refused(content, sentence):
    with pytest.raises(Invalid) as refused:
        read_plan(content, "plan")
    assert str(refused.value.message) == f"plan {sentence}"
