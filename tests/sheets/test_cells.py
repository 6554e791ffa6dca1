"""Cells are read the way people fill them in, and never guessed."""

import datetime as dt

import pytest

from huyuan.common.sheets import CellProblem
from huyuan.common.sheets.cells import choice, code, phone, text, whole_number, yes_no
from huyuan.common.sheets.dates import date
from huyuan.common.sheets.places import latitude, longitude, position

NUMBER = whole_number(99_999)


@pytest.mark.parametrize(("typed", "meant"), [
    (924.0, 924), (924, 924), ("924", 924), (" 476 ", 476), ("448人", 448), ("448 人", 448), ("９２４", 924), ("1,178", 1178),
    ("１，１７８人", 1178), ("2名", 2), ("66个", 66), ("3辆", 3), ("0", 0), (0.0, 0), ("924.0", 924), ("无", None), ("/", None),
    ("-", None), ("—", None), ("——", None), ("／", None), ("　", None), ("\u200b85", 85),
])  # fmt: skip
def test_numbers(typed, meant) -> None:
    assert NUMBER(typed) == meant


@pytest.mark.parametrize("typed", [
    "约300", "300多", "-5", -5.0, 12.5, "12.5", "三百", "1 178", "1,17", "300+", "100-200", "abc", True, "nan", "inf", "1_000",
    "1e3", "300①", "300²", "20⁽¹⁾", "③", float("1e9"), "99999999999999999999", dt.date(2024, 9, 1),
])  # fmt: skip
def test_what_is_no_clear_number_is_refused(typed) -> None:
    with pytest.raises(CellProblem) as problem:
        NUMBER(typed)
    assert str(problem.value.reason)


@pytest.mark.parametrize(
    "typed", ["√", "✓", "☑", "✔", "是", "有", "Y", "y", "Ｙ", "yes", "已完成", " 达标 ", "已建", "1", "1.0", 1.0, True]
)
def test_ways_to_say_yes(typed) -> None:
    assert yes_no(typed) is True


@pytest.mark.parametrize("typed", ["×", "✗", "否", "无", "N", "no", "未完成", "未建", "0", "0.0", 0.0, False])
def test_ways_to_say_no(typed) -> None:
    assert yes_no(typed) is False


@pytest.mark.parametrize("typed", ["部分", "在建", "?", "是/否", "x", "2", "√×", dt.date(2024, 1, 1)])
def test_neither_yes_nor_no_is_refused(typed) -> None:
    with pytest.raises(CellProblem):
        yes_no(typed)


def test_a_dash_declares_nothing() -> None:
    assert yes_no("/") is None
    assert yes_no(" ") is None


@pytest.mark.parametrize(("typed", "meant"), [
    ("0791-8618479", "0791-8618479"), (13826145176.0, "13826145176"), ("138 2614 5176", "13826145176"),
    ("138-2614-5176", "13826145176"), ("+8613826145176", "13826145176"), ("１３８２６１４５１７６", "13826145176"),
    ("(0791)8618479", "0791-8618479"), ("8618479", "8618479"), ("/", None),
    ("008613826145176", "13826145176"), ("暂无", None), ("不详", None),
])  # fmt: skip
def test_phones(typed, meant) -> None:
    assert phone(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["1382614517", "138261451766", "12345678901", "13826145176/13826145177", 7918618479.0, "电话", "1382614517②"],
)
def test_wrong_phones(typed) -> None:
    with pytest.raises(CellProblem):
        phone(typed)


@pytest.mark.parametrize(
    "typed", [2136100007.0, "2136100007", " 2136100007 ", "２１３６１００００７", "'2136100007", "2136100007.0"]
)
def test_codes(typed) -> None:
    assert code(typed) == "2136100007"


@pytest.mark.parametrize("typed", ["213610000", "21361000071", "2.1361E+09", "213610000X", 2136100007.5, "213610000①"])
def test_wrong_codes(typed) -> None:
    with pytest.raises(CellProblem):
        code(typed)


@pytest.mark.parametrize("typed", [
    dt.datetime(2024, 9, 5, 8), dt.date(2024, 9, 5), 45540.0, "45540", "2024-09-05", "2024/9/5", "2024.9.5", "2024年9月5日",
    "２０２４年９月５日", "20240905", "2024-09-05 08:30", "2024 年 9 月 5 日",
])  # fmt: skip
def test_dates(typed) -> None:
    assert date(typed) == dt.date(2024, 9, 5)


@pytest.mark.parametrize("typed", ["10月1日", "2024-13-01", "2024-02-30", "立即", "24.9.5", 5.0, True, "4554²"])
def test_wrong_dates(typed) -> None:
    with pytest.raises(CellProblem):
        date(typed)


@pytest.mark.parametrize("typed", [
    115.5125, "115.5125", "115.5125E", "E115.5125", "东经115.5125", "115.5125°", "115°30′45″E", "115°30'45\"", "115度30分45秒",
    "１１５．５１２５", "115°30.75′",
])  # fmt: skip
def test_longitudes(typed) -> None:
    assert longitude(typed) == pytest.approx(115.5125)


@pytest.mark.parametrize(("typed", "sentence"), [
    (28.9, "swapped"), ("28.9", "swapped"), ("115.5N", "swapped"), (200.0, "outside China"), ("1155125", "outside China"),
    ("115.51.25", "no coordinate"), ("115°75′", "no coordinate"), ("很远", "no coordinate"), ("115.5①", "no coordinate"), (True, "no coordinate"),
])  # fmt: skip
def test_wrong_longitudes(typed, sentence) -> None:
    with pytest.raises(CellProblem, match=sentence):
        longitude(typed)


@pytest.mark.parametrize("typed", [0, 0.0, "0", "0.000"])
def test_a_coordinate_of_zero_says_nothing(typed) -> None:
    assert longitude(typed) is None
    assert latitude(typed) is None
    assert position(f"{typed},{typed}") is None


def test_a_longitude_among_latitudes_is_refused() -> None:
    with pytest.raises(CellProblem, match="swapped"):
        latitude(115.5)


@pytest.mark.parametrize("typed", ["115.5,28.9", "28.9，115.5", "115.5E 28.9N", "115.5；28.9"])
def test_both_coordinates_in_one_cell(typed) -> None:
    place = position(typed)
    assert (place.lon, place.lat) == (115.5, 28.9)


def test_a_choice_offers_the_likely_name() -> None:
    read = choice({"小学": 1, "幼儿园": 2}, "小学、幼儿园")
    assert read(" 小学 ") == 1
    with pytest.raises(CellProblem, match="Is “幼儿园” meant"):
        read("幼儿院")
    with pytest.raises(CellProblem, match=r"小学、幼儿园\.$"):
        read("完全中学")


def test_text_is_tidied_and_bounded() -> None:
    assert text(9)("　青溪　　小学\n") == "青溪 小学"
    assert text(9)(12.0) == "12"
    assert text(9)("青溪镇\r\n中心小学") == "青溪镇中心小学"
    assert text(9)("小学①") == "小学①"
    assert {text(9)(nothing) for nothing in ("/", "无", "—", "N/A", "待定", "暂无")} == {None}
    with pytest.raises(CellProblem, match="at most 9"):
        text(9)("1234567890")
