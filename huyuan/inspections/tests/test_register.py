"""Bringing an existing hazard ledger in and giving it back: nothing guessed, nothing lost, nothing twice."""

import io
import json
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from factories import NOW, hazard_at, photo
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied
from huyuan.common.reach import system_reach
from huyuan.inspections import importing
from huyuan.inspections.actions import hazards, register
from huyuan.inspections.models import Hazard
from huyuan.organisations.models import County, Organisation, School
from huyuan.search.models import SearchEntry
from tests.sheets.making import xlsx

DATA = Path(__file__).resolve().parents[3] / "tests" / "data"
FIXTURE = DATA / "hazards.xlsx"
TRUTH = json.loads((DATA / "truth.json").read_text())["hazards"]
SCHOOL = "青溪镇中心小学"
TITLES = [
    "学校",
    "排查日期",
    "排查人",
    "隐患类别",
    "隐患描述",
    "隐患等级",
    "整改措施",
    "责任人",
    "整改期限",
    "整改情况",
    "完成时间",
    "复查人",
    "备注",
]
ROW = [
    SCHOOL,
    "2026-09-03",
    "学校自查",
    "消防",
    "二楼灭火器过期",
    "一般",
    "更换",
    "徐雪梅",
    "2026-09-20",
    "整改中",
    "",
    "",
    "",
]


def run(command, *args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *args, stdout=out, stderr=err, json=True, **options)
    return json.loads(out.getvalue()), err.getvalue()


def row(**changes):
    """A right row, but for the changes; keys are titles."""
    return [changes.get(title, value) for title, value in zip(TITLES, ROW, strict=True)]


def read(cast, *rows, title="", titles=TITLES):
    sheets = [[title]] if title else []
    return importing.read(xlsx([*sheets, titles, *rows]), cast.county)


def bring_in(cast, *rows, by="bureau", **how):
    reading = read(cast, *rows, **how)
    outcome = importing.apply(county=cast.county, reading=reading, by=cast.reach(by), now=NOW)
    return reading, outcome


def said(problems):
    return [(one.row, one.field, str(one.reason)) for one in problems]


@pytest.fixture
def schools(db):
    """A database with the schools of the fixture and nothing else."""
    call_command("import_schools", str(DATA / "schools.xlsx"), json=True, stdout=io.StringIO(), stderr=io.StringIO())


# The fixture, end to end, by the two commands and nothing else.


def test_the_fixture_comes_in_and_goes_out_as_what_it_means(schools):
    names = set(Organisation.objects.values_list("name", flat=True))
    told, notes = run("import_hazards", str(FIXTURE))
    misspelt = [one for one in told["problems"] if one["field"] == "school"]
    [twin] = [one for one in told["problems"] if one["field"] != "school"]
    right = [one for number, one in enumerate(TRUTH, 3) if one["school"] in names and number != twin["row"]]
    levels = {"一般": "一般", "一般隐患": "一般", "重大": "重大", "较大": None}
    exported, _nothing = run("export_hazards")
    assert exported == [one | {"level": levels[one["level"]]} for one in right]
    counts = {
        "imported": told["created"], "asked schools": len(misspelt), "asked levels": len(told["asked"]),
        "problems": len(told["problems"]),
    }  # fmt: skip
    print(counts)
    assert counts == {"imported": 209, "asked schools": 10, "asked levels": 32, "problems": 11}
    assert told["created"] + len(told["problems"]) == len(TRUTH) == 220
    assert all(names.issuperset(one["offered"]) and one["offered"] for one in misspelt)
    assert twin["row"] == 98 and "第 60 行" in twin["reason"] and "状态" in twin["reason"]
    assert "合计" not in notes and not Hazard.objects.filter(description="").exists()


def test_importing_twice_changes_nothing(schools):
    run("import_hazards", str(FIXTURE))
    before, rows = run("export_hazards")[0], AuditRow.objects.count()
    told, _notes = run("import_hazards", str(FIXTURE))
    assert (told["created"], told["updated"], told["unchanged"], len(told["problems"])) == (0, 0, 209, 11)
    assert run("export_hazards")[0] == before
    assert AuditRow.objects.count() == rows + 1


def test_a_dry_run_says_the_same_and_changes_nothing(schools):
    told, _notes = run("import_hazards", str(FIXTURE), dry_run=True)
    assert (told["created"], len(told["problems"])) == (209, 11)
    assert not Hazard.objects.exists() and run("export_hazards")[0] == []


def test_an_import_stopped_in_the_middle_has_changed_nothing(schools, monkeypatch):
    def stop(*_args, **_how):
        raise KeyboardInterrupt

    monkeypatch.setattr(register, "index_hazards", stop)
    before = AuditRow.objects.count()
    with pytest.raises(KeyboardInterrupt):
        run("import_hazards", str(FIXTURE))
    assert not Hazard.objects.exists() and AuditRow.objects.count() == before


def test_the_commands_ask_which_county_when_there_are_several(foreign):
    for command, args in (("import_hazards", [str(FIXTURE)]), ("export_hazards", [])):
        with pytest.raises(CommandError, match="--county"):
            run(command, *args)
    assert run("export_hazards", county="360902")[0] == []


def test_a_file_that_cannot_be_read_ends_the_command_with_its_sentence(cast, tmp_path):
    file = tmp_path / "台账.xlsx"
    file.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="PDF"):
        run("import_hazards", str(file))
    file.write_bytes(xlsx([TITLES]))
    with pytest.raises(CommandError):
        run("import_hazards", str(file))


def test_without_json_the_command_prints_lines(schools):
    out = io.StringIO()
    call_command("import_hazards", str(FIXTURE), stdout=out, stderr=io.StringIO())
    assert out.getvalue().endswith("209 created, 0 updated, 0 unchanged, 32 asked, 11 problems\n")


# What a row becomes.


def test_everything_that_stands_in_a_row_is_kept(cast):
    titles = [*TITLES, "资金", "序号"]
    full = row(
        完成时间="2026-09-10",
        整改情况="已销号",
        复查人="陈志强",
        备注="已拍照",
        隐患类别="食堂",
        排查人="县教体局督查组",
    )
    reading, outcome = bring_in(cast, [*full, "3000元", 1], titles=titles)
    assert (outcome.created, reading.problems) == (1, [])
    [note] = [str(one) for one in reading.table.notes]
    assert "资金" in note and "序号" not in note
    hazard = Hazard.objects.get()
    assert hazard.ledger == {
        "found_by": "县教体局督查组", "category": "食堂", "level": "一般", "measures": "更换", "responsible": "徐雪梅",
        "state": "已销号", "rechecked_by": "陈志强", "remark": "已拍照", "due": "2026-09-20", "done_on": "2026-09-10",
        "kept": "资金：3000元",
    }  # fmt: skip
    assert (hazard.status, hazard.holder, hazard.closed_by, hazard.category) == ("closed", None, None, "food")
    assert hazard.closed_at == datetime(2026, 9, 10, 12, tzinfo=NOW.tzinfo)
    assert (hazard.found_by_name, hazard.responsible_in_words) == ("县教体局督查组", "徐雪梅")
    assert (hazard.requirement, hazard.due_date) == ("更换", date(2026, 9, 20))


@pytest.mark.parametrize(
    ("words", "status", "holder", "given_back"),
    [
        ("未整改", "registered", "station", "未整改"),
        ("整改中", "ordered", "school", "整改中"),
        ("已上报待协调", "ordered", "school", "已上报待协调"),
        ("整改到位", "rectified", "station", "已整改"),
    ],
)
def test_each_state_of_the_ledger_is_a_state_here_with_its_holder(cast, words, status, holder, given_back):
    bring_in(cast, row(整改情况=words))
    hazard = Hazard.objects.get()
    assert (hazard.status, hazard.holder, hazard.imported_state) == (status, cast.organisations[holder], words)
    assert hazard.agency == cast.organisations["station"]
    assert [one["state"] for one in run("export_hazards")[0]] == [given_back]


def test_a_school_without_a_station_is_followed_by_the_bureau_or_by_nobody(cast):
    School.objects.filter(pk=cast.schools["school"].pk).update(station=None)
    bring_in(cast, row())
    assert Hazard.objects.get().agency == cast.organisations["bureau"]
    Organisation.objects.filter(pk=cast.organisations["bureau"].pk).update(kind="town")
    _reading, outcome = bring_in(cast, row(隐患描述="围墙开裂"))
    assert said(outcome.problems)[0][:2] == (2, "school") and Hazard.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "level", "stated", "asked"),
    [
        ("一般", "general", "", 0), ("一般隐患", "general", "", 0), ("重大隐患", "major", "", 0),
        ("较大", "", "较大", 1), ("二级", "", "二级", 1), ("/", "", "", 1),
    ],
)  # fmt: skip
def test_only_two_levels_exist_and_every_other_word_is_asked(cast, words, level, stated, asked):
    reading, _outcome = bring_in(cast, row(隐患等级=words))
    hazard = Hazard.objects.get()
    assert (hazard.level, hazard.stated_level, len(reading.table.asked)) == (level, stated, asked)
    assert all("一般" in str(one.reason) and "重大" in str(one.reason) for one in reading.table.asked if stated)
    assert run("export_hazards")[0][0]["level"] == {"general": "一般", "major": "重大", "": None}[level]


def test_majors_without_an_item_of_the_guide_and_missing_persons_are_counted_in_notes(cast):
    reading, _outcome = bring_in(cast, row(隐患等级="重大", 责任人="无"), row(隐患等级="重大", 隐患描述="围墙开裂"))
    notes = [str(note) for note in reading.notes]
    assert any(note.endswith("2、3") and "2 行" in note for note in notes)
    assert len(reading.remarks) == 3 and Hazard.objects.filter(guide_item="").count() == 2


@pytest.mark.parametrize(
    ("due", "stored", "at_once"),
    [
        ("立即", None, True), ("即查即改", None, True), ("/", None, False), ("", None, False), ("-", None, False),
        ("2026年9月20日", date(2026, 9, 20), False), ("2026.9.20", date(2026, 9, 20), False),
        (46285, date(2026, 9, 20), False), ("20260920", date(2026, 9, 20), False),
    ],
)  # fmt: skip
def test_deadlines_are_read_in_every_form(cast, due, stored, at_once):
    bring_in(cast, row(整改期限=due))
    hazard = Hazard.objects.get()
    assert (hazard.due_date, hazard.at_once) == (stored, at_once)


@pytest.mark.parametrize(
    ("title", "day", "found"),
    [
        ("2024年秋季学期隐患台账", "10月1日", date(2024, 10, 1)),
        ("2024年秋季学期隐患台账", "1月12日", date(2025, 1, 12)),
        ("2024年秋季学期隐患台账", "5月1日", None),
        ("隐患台账（2025年春季学期）", "3月5日", date(2025, 3, 5)),
        ("隐患台账（2025年春季学期）", "11.5", None),
        ("2024-2025学年第二学期台账", "3月5日", date(2025, 3, 5)),
        ("2024-2025学年台账", "3月5日", date(2025, 3, 5)),
        ("2025年度隐患台账", "12月5日", date(2025, 12, 5)),
        ("2025年度隐患台账", "2月29日", None),
        ("隐患台账", "10月1日", None),
    ],
)
def test_a_missing_year_comes_from_the_title_or_is_asked(cast, title, day, found):
    reading, _outcome = bring_in(cast, row(排查日期=day, 整改期限=""), title=title)
    if found is None:
        assert [(one.row, one.field) for one in reading.problems] == [(3, "found_on")] and not Hazard.objects.exists()
    else:
        assert (Hazard.objects.get().found_on, Hazard.objects.get().year_inferred) == (found, True)
        assert [(one.row, one.field) for one in reading.remarks] == [(3, "found_on")]


def test_titles_of_two_sheets_give_each_its_own_year_and_two_in_one_none(cast):
    dated = {"排查日期": "10月1日", "整改期限": ""}
    sheets = ([["2024年秋季学期"], TITLES, row(**dated)], [["2023年秋季学期"], TITLES, row(**dated)])
    reading = importing.read(xlsx(*sheets), cast.county)
    assert [one.found_on.year for one in reading.hazards] == [2024, 2023]
    both = importing.read(xlsx([["2024年秋季学期"], ["2023年秋季学期"], TITLES, row(**dated)]), cast.county)
    assert [one.field for one in both.problems] == ["found_on"]


def test_a_number_is_no_day_without_a_year(cast):
    reading = read(cast, row(排查日期=10.1), title="2024年秋季学期")
    assert [one.field for one in reading.problems] == ["found_on"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"排查日期": "2026-12-01"}, "found_on"),
        ({"排查日期": ""}, "found_on"),
        ({"整改情况": "差不多了"}, "state"),
        ({"整改情况": ""}, "state"),
        ({"整改情况": "已销号"}, "done_on"),
        ({"整改期限": "下周"}, "due"),
        ({"学校": "青溪镇中心小小"}, "school"),
        ({"隐患描述": "很" * 501}, "description"),
    ],
)
def test_what_cannot_be_understood_is_reported_and_nothing_of_the_row_comes_in(cast, changes, field):
    reading, outcome = bring_in(cast, row(**changes), row(隐患描述="围墙开裂"))
    assert [(one.row, one.field) for one in reading.problems] == [(2, field)]
    assert outcome.created == 1


def test_days_before_the_day_it_was_found_come_in_with_a_remark(cast):
    reading, _outcome = bring_in(cast, row(整改期限="2026-09-01", 完成时间="2026-09-02"))
    assert [(one.row, one.field) for one in reading.remarks] == [(2, "due"), (2, "done_on")]


@pytest.mark.parametrize(
    "name", ["青溪镇中心小学", "云溪县青溪镇中心小学", " 青溪镇 中心小学", "2136100007", "青溪镇（中心）小学"]
)
def test_a_school_is_found_under_its_name_however_it_is_typed(cast, name):
    _reading, outcome = bring_in(cast, row(学校=name))
    assert outcome.created == 1 and Hazard.objects.get().school == cast.schools["school"]


def test_a_misspelt_school_is_asked_with_the_likely_ones_and_corrected_by_the_error_sheet(cast):
    reading, outcome = bring_in(
        cast, row(学校="清溪镇中心小学", 排查日期="9月3日", 整改期限=""), title="2026年秋季学期"
    )
    [problem] = reading.problems
    assert problem.offered[0] == SCHOOL and SCHOOL in str(problem.reason) and outcome.created == 0
    book = openpyxl.load_workbook(io.BytesIO(reading.error_sheet()))
    sheet = book.active
    assert SCHOOL in sheet.cell(3, len(TITLES) + 2).value
    sheet.cell(3, 1).value = SCHOOL
    corrected = io.BytesIO()
    book.save(corrected)
    again = importing.read(corrected.getvalue(), cast.county)
    assert again.problems == [] and importing.apply(
        county=cast.county, reading=again, by=cast.reach("bureau"), now=NOW
    ).created == 1  # fmt: skip
    assert "kept" not in Hazard.objects.get().ledger


def test_two_schools_of_one_name_are_told_apart_by_the_code(cast):
    Organisation.objects.filter(pk=cast.organisations["far_school"].pk).update(name=SCHOOL)
    reading, _outcome = bring_in(cast, row())
    assert "3136100045" in said(reading.problems)[0][2]
    assert bring_in(cast, row(学校="3136100045"))[1].created == 1


def test_titles_notes_and_sums_around_the_table_are_no_hazards(cast):
    rows = [row(), ["合计", "1条"], ["说明：本表一式两份"]]
    reading, outcome = bring_in(cast, *rows, title="云溪县隐患台账")
    assert (outcome.created, reading.problems) == (1, [])


# The same hazard again.


def test_the_same_row_again_is_a_note_and_a_differing_one_a_problem(cast):
    reading, outcome = bring_in(cast, row(), row(), row(整改情况="已整改"))
    assert outcome.created == 1
    assert [(one.row, one.field) for one in reading.problems] == [(4, "description")]
    assert any("3" in str(note) and "2" in str(note) for note in reading.table.notes)


def test_a_later_ledger_changes_what_nobody_has_worked_on(cast):
    bring_in(cast, row())
    _reading, outcome = bring_in(cast, row(整改情况="已销号", 完成时间="2026-09-12", 隐患等级="重大"))
    assert (outcome.created, outcome.updated, outcome.problems) == (0, 1, [])
    [(name, changes)] = outcome.changes
    assert SCHOOL in name and any("整改中 → 已销号" in str(change) for change in changes)
    hazard = Hazard.objects.get()
    assert (hazard.status, hazard.level, hazard.holder) == ("closed", "major", None)
    _reading, back = bring_in(cast, row())
    assert (back.updated, Hazard.objects.get().closed_at) == (1, None)


def test_a_ledger_with_fewer_columns_takes_nothing_away(cast):
    bring_in(cast, row())
    titles = ["学校", "排查日期", "隐患描述", "整改情况"]
    _reading, outcome = bring_in(cast, [SCHOOL, "2026-09-03", "二楼灭火器过期", "整改中"], titles=titles)
    assert outcome.unchanged == 1 and Hazard.objects.get().requirement == "更换"


def test_a_hazard_somebody_works_on_here_is_left_and_said(cast):
    bring_in(cast, row())
    hazard = Hazard.objects.get()
    hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[photo()], by=cast.reach("safety"), now=NOW)
    _reading, same = bring_in(cast, row())
    assert (same.unchanged, same.problems) == (1, [])
    _reading, other = bring_in(cast, row(整改情况="未整改"))
    assert (other.updated, said(other.problems)[0][:2]) == (0, (2, "description"))
    assert hazard.number in said(other.problems)[0][2]
    assert Hazard.objects.get().status == "rectified"


def test_an_imported_hazard_goes_on_through_the_loop(cast):
    bring_in(cast, row())
    hazard, later = Hazard.objects.get(), NOW + timedelta(days=1)
    hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[photo()], by=cast.reach("safety"), now=NOW)
    closed = hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=later)
    assert (closed.status, closed.closed_by) == ("closed", cast.station)
    assert run("export_hazards")[0][0]["state"] == "已销号"


def test_a_hazard_found_here_is_never_touched(cast):
    found = hazard_at(cast, "ordered")
    _reading, outcome = bring_in(
        cast, row(排查日期=found.found_on.isoformat(), 隐患描述=found.description, 整改情况="未整改")
    )
    assert (outcome.created, outcome.updated) == (0, 0) and found.number in said(outcome.problems)[0][2]
    assert Hazard.objects.get().status == "ordered" and Hazard.objects.get().ledger == {}


# Who may, and who finds it.


@pytest.mark.parametrize("part", ["station", "head", "commander", "leader"])
def test_only_bureau_and_police_bring_ledgers_in(cast, part):
    with pytest.raises(Denied):
        bring_in(cast, row(), by=part)
    assert bring_in(cast, row(), by="police")[1].created == 1


def test_nobody_brings_a_ledger_into_another_county(cast, foreign):
    reading = read(cast, row())
    with pytest.raises(Denied):
        importing.apply(county=cast.county, reading=reading, by=foreign.reach("bureau"), now=NOW)


def test_what_came_in_is_found_and_audited_without_its_words(cast):
    bring_in(cast, row())
    hazard = Hazard.objects.get()
    assert SearchEntry.objects.filter(kind="hazard", object_code=hazard.code).exists()
    audited = AuditRow.objects.get(kind="hazard:import")
    assert (audited.target_code, audited.details) == (str(hazard.code), {})


def test_a_school_gone_since_reading_is_reported(cast):
    reading = read(cast, row())
    School.objects.filter(pk=cast.schools["school"].pk).update(county=County.objects.create(
        name="南岭县", adcode="360902", starts_on=date(2026, 9, 1)))  # fmt: skip
    outcome = register.apply_register(
        county=cast.county, rows=reading.hazards, by=system_reach(cast.county.pk), now=NOW
    )
    assert [one.field for one in outcome.problems] == ["school"] and not Hazard.objects.exists()


def test_thousands_of_rows_cost_a_few_statements_and_tell_how_far_they_are(cast, django_assert_max_num_queries):
    day, steps = date(2026, 9, 3), []
    many = [row(隐患描述=f"第{number}处灯不亮", 排查日期=day.isoformat()) for number in range(1_200)]
    reading = read(cast, *many)
    with django_assert_max_num_queries(20):
        importing.apply(
            county=cast.county, reading=reading, by=cast.reach("bureau"), now=NOW,
            progress=lambda done, total: steps.append((done, total)),
        )  # fmt: skip
    assert steps == [(1000, 1200), (1200, 1200)] and Hazard.objects.count() == 1200


@pytest.mark.parametrize("part", ["station", "safety", "teacher"])
def test_the_page_of_an_imported_hazard_shows_what_its_ledger_says(cast, sign_in, part):
    bring_in(cast, row(隐患等级="较大", 复查人="陈志强", 备注="已拍照"))
    client, hazard = sign_in(cast.users[part]), Hazard.objects.get()
    page = client.get(hazard.get_absolute_url()).content.decode()
    assert all(words in page for words in ("学校自查", "徐雪梅", "陈志强", "已拍照", "较大", "整改中"))
    listed = client.get(reverse("inspections:hazards")).content.decode()
    assert "较大" in listed and "徐雪梅" in listed
