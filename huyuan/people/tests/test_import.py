"""Bringing people in from a list."""

import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied
from huyuan.common.sheets import UnreadableFile
from huyuan.organisations.models import Organisation
from huyuan.people import importing
from huyuan.people.actions.codes import redeem_code
from huyuan.people.actions.posts import end_post
from huyuan.people.models import OneTimeCode, Post, User
from huyuan.search.models import SearchEntry

TITLES = ["序号", "姓 名", "联系电话（手机）", "工作单位", "职 务", "电子邮箱", "性别"]
MESSY = [
    [1, "张 三", "138 0000 0001", "县教体局", "安全股长", "zs@example.cn", "男"],
    [2, "李四", 13800000002, "云溪县公安局", "民警", None, "女"],
    [3, "王五", "１３８０００００００３", "县公安局指挥中心", "值班员", None, None],
    [4, "陈一", "+86-13800000004", "云溪县青溪镇中心小学", "园长", None, None],
    [5, "陈一", "13800000004", "青溪中心小学", "班主任", None, None],
    [6, "冯二", "13800000005", "县公安局青溪镇派出所", "所长", None, None],
    [7, "冯三", "13800000006", "青溪所", "法治副校长", None, None],
    [8, "褚四", "13800000007", "青溪镇人民政府", "分管副镇长", None, None],
    [9, "卫五", "13800000008", "3136100045", "保卫干部（兼）", None, None],
    [10, "蒋六", "13800000009", "卫健委", "联络员", None, None],
    [11, "陈一", "13800000004", "青溪镇中心小学", "校长", None, None],
]
WRONG = [
    ([12, "赵六", "13800000014", "青西中心小学", "校长", None, None], "organisation", "青溪镇中心小学"),
    ([13, "钱七", "1380000", "教体局", "干部", None, None], "phone", "1380000"),
    ([14, "周九", "13800000019", "卫健委", "校长", None, None], "post", "卫生健康委"),
    ([15, "吴十", "13800000020", "卫健委", "清洁工", None, None], "post", "清洁工"),
    ([16, "郑一", "13800000021", "青溪镇中心小学", "校长、班主任", None, None], "post", "校长、班主任"),
    ([17, "孙八", "13800000022", "教体局", "干部", "no-mail", None], "email", "no-mail"),
    ([18, "错名", "19900000001", "教体局", "干部", None, None], "phone", "罗建国"),
    ([19, None, "13800000024", "教体局", "干部", None, None], "name", ""),
]


def book(rows, titles=TITLES):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["云溪县校园安全人员花名册"])
    sheet.append(["填报单位：教体局", None, None, "2026年9月"])
    sheet.append(titles)
    for row in rows:
        sheet.append(row)
    sheet.append(["合计", len(rows)])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def bring_in(cast, content, by="bureau", **more):
    reading = importing.read(content, county=cast.county)
    outcome = importing.apply(county=cast.county, reading=reading, by=cast.reach(by), now=NOW, **more)
    return reading, outcome


def test_a_messy_list_is_read_without_guessing(cast):
    seen = []
    reading, outcome = bring_in(cast, book(MESSY), progress=lambda done, total: seen.append((done, total)))
    assert not reading.problems and not outcome.problems
    assert (outcome.created, outcome.updated, outcome.unchanged) == (9, 0, 0)
    assert seen == [(9, 9)]
    held = {
        (post.user.phone[-2:], post.organisation.name, post.role)
        for post in Post.objects.filter(user__in=outcome.newcomers).select_related("user", "organisation")
    }
    assert held == {
        ("01", "云溪县教育体育局", "bureau_officer"), ("02", "云溪县公安局", "police_officer"),
        ("03", "云溪县公安局指挥中心", "commander"), ("04", "青溪镇中心小学", "school_head"),
        ("04", "青溪镇中心小学", "teacher"), ("05", "青溪派出所", "station_officer"), ("06", "青溪派出所", "vice_principal"),
        ("07", "青溪镇", "town_officer"), ("08", "南浦中学", "safety_officer"), ("09", "云溪县卫生健康委", "department_officer"),
    }  # fmt: skip
    user = User.objects.get(phone="13800000001")
    assert user.email == "zs@example.cn" and not user.has_usable_password() and user.sort_key == "zhang1   san1"
    assert AuditRow.objects.filter(kind="person:create").count() == 9
    assert AuditRow.objects.filter(kind="post:begin").count() == 10
    assert SearchEntry.objects.filter(kind="person").count() == 9


def test_importing_twice_changes_nothing(cast):
    bring_in(cast, book(MESSY))
    before = AuditRow.objects.count()
    reading, outcome = bring_in(cast, book(MESSY))
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 9)
    assert not reading.problems and AuditRow.objects.count() == before


@pytest.mark.parametrize(("row", "field", "said"), WRONG)
def test_a_wrong_row_is_reported_with_the_reason(cast, row, field, said):
    reading, outcome = bring_in(cast, book([*MESSY, row]))
    (problem,) = reading.problems
    assert (problem.row, problem.field) == (15, field)
    assert said in str(problem.reason)
    assert outcome.created == 9
    assert reading.error_sheet()[:2] == b"PK"


@pytest.mark.parametrize("name", ["/", "无", "待定", "张三、李四", "张三\n李四", "13800000009", "张三①", "张三(校长)"])
def test_what_is_no_name_of_one_person_is_reported(cast, name):
    reading, _outcome = bring_in(cast, book([[1, name, "13800000031", "教体局", "干部", None, None]]))
    assert [problem.field for problem in reading.problems] == ["name"]


@pytest.mark.parametrize("name", ["阿卜杜拉·买买提", "张 三", "Zhang San", "O’Neill", "教师12"])
def test_names_of_all_sorts_are_taken(cast, name):
    reading, _outcome = bring_in(cast, book([[1, name, "13800000031", "教体局", "干部", None, None]]))
    assert [row.name for row in reading.rows] == [name]


@pytest.mark.parametrize("post", ["校长（退休）", "校长（副）", "校长(拟免)", "班主任（已调离）"])
def test_a_post_that_is_not_held_is_not_given(cast, post):
    reading, _outcome = bring_in(cast, book([[1, "张三", "13800000031", "青溪镇中心小学", post, None, None]]))
    assert [problem.field for problem in reading.problems] == ["post"]


@pytest.mark.parametrize(("said", "post"), [
    ("青溪乡中心小学", "校长"), ("青溪街道中心小学", "校长"), ("青溪水上派出所", "民警"), ("邻县公安局青溪派出所", "民警"), ("青溪乡", "镇长"),
])  # fmt: skip
def test_one_word_for_a_place_is_not_taken_for_another(cast, said, post):
    reading, _outcome = bring_in(cast, book([[1, "张三", "13800000031", said, post, None, None]]))
    assert [problem.field for problem in reading.problems] == ["organisation"]


@pytest.mark.parametrize("nothing", ["/", "无", "—"])
def test_an_address_that_is_none_loses_no_row(cast, nothing):
    reading, _outcome = bring_in(cast, book([[1, "张三", "13800000031", "教体局", "干部", nothing, None]]))
    assert [row.email for row in reading.rows] == [""]


def test_every_table_of_a_sheet_is_read(cast):
    few, rows = ["姓名", "手机", "单位", "岗位"], [["张三", "13800000031", "教体局", "干部"], [], ["二、派出所"]]
    more = [[*few, "邮箱"], ["李四", "13800000032", "青溪派出所", "民警", "a@b.cn"]]
    reading, _outcome = bring_in(cast, book([*rows, *more], few))
    assert [row.name for row in reading.rows] == ["张三", "李四"]


def test_one_number_under_two_names_is_believed_to_neither(cast):
    rows = [MESSY[0], [2, "孙八", "13800000001", "教体局", "干部", None, None]]
    reading, outcome = bring_in(cast, book(rows))
    assert [problem.row for problem in reading.problems] == [4, 5]
    assert outcome.created == 0


def test_a_number_of_another_county_is_not_taken(cast, foreign):
    reading, _outcome = bring_in(cast, book([[1, "某人", foreign.head.phone, "教体局", "干部", None, None]]))
    assert foreign.head.name not in str(reading.problems[0].reason)


def test_two_schools_of_one_name_are_told_apart_by_their_code(cast):
    town = Organisation.objects.get(name="南浦镇")
    twin = Organisation.named(county=cast.county, kind="school", name="青溪镇中心小学")
    twin.save()
    cast.schools["far_school"].__class__.objects.create(
        organisation=twin, county=cast.county, identifier="2136100099", kind="primary", town=town
    )
    reading, _outcome = bring_in(cast, book([[1, "某人", "13800000031", "青溪镇中心小学", "校长", None, None]]))
    assert "2136100099" in str(reading.problems[0].reason) and "2136100007" in str(reading.problems[0].reason)
    _reading, outcome = bring_in(cast, book([[1, "某人", "13800000031", "2136100099", "校长", None, None]]))
    assert outcome.newcomers[0].posts.get().organisation == twin


def test_a_new_post_and_a_new_address_update(cast):
    bring_in(cast, book(MESSY))
    rows = [
        [1, "李四", "13800000002", "指挥中心", "民警", None, None],
        [2, "王五", "13800000003", "指挥中心", "值班员", "w5@example.cn", None],
        [3, "张 三", "13800000001", "教体局", "干部", None, None],
    ]
    _reading, outcome = bring_in(cast, book(rows))
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 2, 1)
    assert outcome.changes == [("李四", ["post"]), ("王五", ["email"])]
    assert User.objects.get(phone="13800000001").email == "zs@example.cn"
    assert AuditRow.objects.filter(kind="person:update").count() == 2


def test_an_ended_post_begins_anew(cast):
    _reading, outcome = bring_in(cast, book(MESSY[:1]))
    post = outcome.newcomers[0].posts.get()
    Post.objects.filter(pk=post.pk).update(starts_on="2026-09-01")
    end_post(post=post, last_day=NOW.date().replace(day=14), by=cast.reach("bureau"), now=NOW)
    _reading, outcome = bring_in(cast, book(MESSY[:1]))
    assert outcome.updated == 1 and Post.objects.filter(user=post.user).count() == 2


def test_what_changed_since_reading_is_refused(cast):
    reading = importing.read(book(MESSY[:1]), county=cast.county)
    User.objects.create_user("13800000001", "别人", cast.county)
    outcome = importing.apply(reading=reading, county=cast.county, by=cast.reach("bureau"), now=NOW)
    assert outcome.created == 0 and outcome.problems[0].field == "phone"


def test_a_vanished_organisation_is_refused(cast, foreign):
    reading = importing.read(book(MESSY[:1]), county=foreign.county)
    outcome = importing.apply(reading=reading, county=cast.county, by=cast.reach("bureau"), now=NOW)
    assert outcome.problems[0].field == "organisation"


def test_the_page_of_the_import_is_open_to_the_bureau_alone(cast):
    importing.check(cast.reach("bureau"))
    with pytest.raises(Denied):
        importing.check(cast.reach("head"))


@pytest.mark.parametrize("part", ["police", "head", "station", "nobody"])
def test_only_the_bureau_imports(cast, part):
    with pytest.raises(Denied):
        bring_in(cast, book(MESSY), by=part)
    assert not User.objects.filter(phone="13800000001").exists()


def test_a_foreign_bureau_imports_nothing_here(cast, foreign):
    reading = importing.read(book(MESSY), county=cast.county)
    with pytest.raises(Denied):
        importing.apply(reading=reading, county=cast.county, by=foreign.reach("bureau"), now=NOW)


def test_a_file_that_is_no_table_is_refused_in_a_sentence(cast):
    with pytest.raises(UnreadableFile):
        importing.read(b"%PDF-1.7 nothing", county=cast.county)


def test_missing_columns_are_named(cast):
    reading = importing.read(book([["张三", "13800000001", "教体局"]], ["姓名", "手机", "单位"]), county=cast.county)
    assert [problem.field for problem in reading.problems] == ["post"] and not reading.rows


def test_english_titles_and_roles_are_read(cast):
    titles = ["Name", "Mobile number", "School or organisation", "Post", "E-mail"]
    rows = [
        ["Zhang San", "13800000001", "2136100007", "head of school", ""],
        ["Li Si", "13800000002", "青溪派出所", "station_officer", ""],
    ]
    _reading, outcome = bring_in(cast, book(rows, titles))
    assert {post.role for user in outcome.newcomers for post in user.posts.all()} == {"school_head", "station_officer"}


def test_the_template_can_be_filled_in_and_imported(cast):
    workbook = openpyxl.load_workbook(io.BytesIO(importing.template()))
    sheet = workbook.worksheets[0]
    sheet.append(["张三", "13800000001", "教体局", "教体局干部", "zs@example.cn"])
    out = io.BytesIO()
    workbook.save(out)
    reading, outcome = bring_in(cast, out.getvalue())
    assert not reading.problems and outcome.created == 1


def run(*arguments):
    out = io.StringIO()
    call_command("import_people", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(cast, tmp_path):
    path = tmp_path / "people.xlsx"
    path.write_bytes(book([*MESSY, WRONG[1][0]]))
    return path


def test_the_command_prints_one_object(cast, file):
    said = json.loads(run(str(file), "--json"))
    assert {key: said[key] for key in ("created", "updated", "unchanged")} == {
        "created": 9,
        "updated": 0,
        "unchanged": 0,
    }
    assert [(problem["row"], problem["field"]) for problem in said["problems"]] == [(15, "phone")]
    assert json.loads(run(str(file), "--json"))["unchanged"] == 9
    assert not OneTimeCode.objects.exists()


def test_a_dry_run_changes_nothing(cast, file, tmp_path):
    said = run(str(file), "--dry-run", "--codes", str(tmp_path / "codes.xlsx"))
    assert "9 created" in said and not (tmp_path / "codes.xlsx").exists()
    assert not User.objects.filter(phone="13800000001").exists()


def test_codes_of_new_people_go_to_the_sheet_and_only_there(cast, file, tmp_path):
    target = tmp_path / "codes.xlsx"
    said = run(str(file), "--codes", str(target))
    rows = list(openpyxl.load_workbook(target).active.values)[1:]
    assert len(rows) == 9 and not any(row[4] in said for row in rows)
    assert target.stat().st_mode & 0o077 == 0
    _place, _post, name, phone, code, *_rest = rows[0]
    assert redeem_code(phone=phone, code=code, password="gate-keeper-2026", now=NOW).user.name == name
    with pytest.raises(CommandError):
        run(str(file), "--codes", str(target))


def test_codes_that_cannot_be_written_stop_the_import(cast, file, tmp_path):
    with pytest.raises(CommandError):
        run(str(file), "--codes", str(tmp_path / "nowhere" / "codes.xlsx"))
    assert not User.objects.filter(phone="13800000001").exists()


def test_the_command_asks_which_county(cast, file, foreign):
    with pytest.raises(CommandError, match="several"):
        run(str(file))
    with pytest.raises(CommandError, match="no such"):
        run(str(file), "--county", "000000")
    assert json.loads(run(str(file), "--county", "360901", "--json"))["created"] == 9


def test_a_list_of_which_no_row_is_read_ends_the_command(cast, tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("姓名,手机,单位,岗位\n")
    with pytest.raises(CommandError):
        run(str(path), "--json")


def test_what_was_not_used_is_said_beside_the_answer(cast, file):
    said = io.StringIO()
    call_command("import_people", str(file), "--json", stdout=io.StringIO(), stderr=said)
    assert "性别" in said.getvalue()


def test_a_broken_file_is_one_sentence(cast, tmp_path):
    with pytest.raises(CommandError):
        run(str(tmp_path / "missing.xlsx"))
