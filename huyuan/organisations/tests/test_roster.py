"""Bringing a county's roster in: by the command, by the action; nothing half done, nothing twice."""

import dataclasses
import io
import json
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied
from huyuan.common.reach import system_reach
from huyuan.organisations.actions.roster import apply_roster
from huyuan.organisations.models import County, Jurisdiction, Line, Organisation, OrganisationKind, School, Site
from huyuan.organisations.roster import SchoolRow, read_roster, station_key
from huyuan.search.models import SearchEntry

DATA = Path(__file__).resolve().parents[3] / "tests" / "data"
FIXTURE = DATA / "schools.xlsx"
TRUTH = json.loads((DATA / "truth.json").read_text())["schools"]
FLAGS = ("closed_campus", "alarm_networked", "video_networked", "guard_post")
FIELDS = {f.name for f in dataclasses.fields(SchoolRow)}


def run(command, *args, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command(command, *args, stdout=out, stderr=err, **options)
    return json.loads(out.getvalue()), err.getvalue()


def row(**changes):
    said = {
        "row": 3, "sheet": "学校", "name": "新桥小学", "code": "2136100099", "kind": "primary", "town": "青溪镇", "pupils": 300,
        "boarders": 0, "staff": 20, "guards": 2, "closed_campus": True, "alarm_networked": True, "video_networked": True,
        "guard_post": True, "station": "青溪派出所", "head_name": "", "head_phone": "", "lon": 115.6, "lat": 28.9, "remark": "",
        "given": frozenset(FIELDS),
    }  # fmt: skip
    return SchoolRow(**said | changes)


def bring_in(cast, *rows, by="bureau"):
    return apply_roster(county=cast.county, rows=list(rows), by=cast.reach(by), now=NOW)


def changes_of(outcome):
    return [(name, [str(change) for change in changes]) for name, changes in outcome.changes]


# The fixture, end to end, by the two commands and nothing else.


def test_an_empty_database_takes_the_fixture_in_and_gives_it_back(db):
    said, warning = run("import_schools", str(FIXTURE), json=True)
    assert (said["created"], said["updated"], said["unchanged"]) == (63, 0, 0)
    [problem] = said["problems"]
    assert (problem["row"], problem["field"]) == (79, "pupils")
    assert set(problem) == {"row", "field", "reason"}
    assert "示例县" in warning
    exported, _warning = run("export_schools", json=True)
    facts = {
        one["code"]: {name: one[name] for name in ("name", "code", "kind", "town", "pupils", "boarders", "guards")}
        | {"flags": [one[name] for name in FLAGS], "station": station_key(one["station"])}
        for one in exported
    }
    assert facts == {one["code"]: one for one in TRUTH}
    assert list(exported[0]) == [
        "name", "code", "kind", "town", "pupils", "boarders", "guards", *FLAGS, "station", "lon", "lat"
    ]  # fmt: skip


def test_the_stations_of_the_fixture_stand_once_each_under_their_full_name(db):
    run("import_schools", str(FIXTURE), json=True)
    names = list(Organisation.objects.filter(kind=OrganisationKind.STATION).values_list("name", flat=True))
    assert len(names) == len({one["station"] for one in TRUTH})
    assert all(name.endswith("派出所") for name in names)


def test_importing_twice_changes_nothing(db):
    run("import_schools", str(FIXTURE), json=True)
    before, rows = run("export_schools", json=True)[0], AuditRow.objects.count()
    said, _warning = run("import_schools", str(FIXTURE), json=True)
    assert (said["created"], said["updated"], said["unchanged"]) == (0, 0, 63)
    assert len(said["problems"]) == 1
    assert run("export_schools", json=True)[0] == before
    assert AuditRow.objects.count() == rows + 1


def test_a_dry_run_says_the_same_and_changes_nothing(db):
    said, warning = run("import_schools", str(FIXTURE), json=True, dry_run=True)
    assert (said["created"], len(said["problems"])) == (63, 1)
    assert "create_county" not in warning
    assert not County.objects.exists() and not Organisation.objects.exists() and not AuditRow.objects.exists()
    assert run("export_schools", json=True)[0] == []


def test_an_older_roster_with_fewer_columns_takes_nothing_away(db):
    run("import_schools", str(FIXTURE), json=True)
    before = School.objects.get(identifier=TRUTH[0]["code"])
    book = openpyxl.Workbook()
    book.active.append(["学校名称", "标识码", "办学类型", "乡镇", "学生数"])
    truth = TRUTH[0]
    book.active.append([truth["name"], truth["code"], truth["kind"], truth["town"], truth["pupils"] + 1])
    file = io.BytesIO()
    book.save(file)
    county = County.objects.get()
    read = read_roster(file.getvalue())
    outcome = apply_roster(county=county, rows=read.schools, by=system_reach(county.pk), now=NOW)
    [(name, [change])] = changes_of(outcome)
    assert name == truth["name"] and f"{truth['pupils']} → {truth['pupils'] + 1}" in change
    after = School.objects.get(pk=before.pk)
    assert (after.guards, after.station, after.guard_post) == (before.guards, before.station, before.guard_post)
    assert School.objects.count() == 63


@pytest.mark.parametrize("command", ["import_schools", "export_schools"])
def test_the_commands_ask_which_county_when_there_are_several(foreign, command):
    args = [str(FIXTURE)] if command == "import_schools" else []
    with pytest.raises(CommandError, match="--county"):
        call_command(command, *args, json=True)
    with pytest.raises(CommandError, match="--county"):
        call_command(command, *args, json=True, county="111111")
    assert run(command, *args, json=True, county="360902")


def test_a_file_that_cannot_be_read_ends_the_command_with_its_sentence_alone(db, tmp_path):
    picture = tmp_path / "名册.xlsx"
    picture.write_bytes(b"\x89PNG\r\n")
    with pytest.raises(CommandError, match="图片"):
        call_command("import_schools", str(picture), json=True)
    with pytest.raises(CommandError, match="没有"):
        call_command("import_schools", str(tmp_path / "gone.xlsx"), json=True)
    assert not County.objects.exists()


HEADINGS = "学校名称,学校标识码,办学类型,所在乡镇,在校学生数"


@pytest.mark.parametrize(
    "content",
    [
        HEADINGS,
        "\ufeff",
        "你好\n",
        "姓名,电话\n张三,1\n",
        HEADINGS.replace("学校标识码,", "") + "\n新桥小学,小学,青溪镇,10\n",
    ],
)
def test_a_file_of_which_no_row_is_read_ends_the_command(db, tmp_path, content):
    file = tmp_path / "名册.csv"
    file.write_text(content)
    with pytest.raises(CommandError):
        call_command("import_schools", str(file), json=True, stdout=io.StringIO(), stderr=io.StringIO())
    assert not County.objects.exists()


def test_what_was_not_used_is_said_beside_the_answer(cast, tmp_path):
    file = tmp_path / "名册.csv"
    file.write_text(f"{HEADINGS},保安人数（含兼职）\n新桥小学,2136100099,小学,青溪镇,10,3\n")
    _said, warning = run("import_schools", str(file), json=True)
    assert "保安人数(含兼职)" in warning


def test_a_problem_names_its_sheet_when_several_were_read(cast, tmp_path):
    book = openpyxl.Workbook()
    for title, pupils in (("小学", 10), ("中学", "很多")):
        sheet = book.create_sheet(title)
        sheet.append(HEADINGS.split(","))
        sheet.append([f"新桥{title}", f"9136100{pupils}" if pupils == 10 else "9136100098", "小学", "青溪镇", pupils])
    book.save(tmp_path / "名册.xlsx")
    said, _warning = run("import_schools", str(tmp_path / "名册.xlsx"), json=True)
    assert [problem["reason"][:3] for problem in said["problems"] if problem["field"] == "pupils"] == ["中学:"]


def test_the_words_for_people_say_row_and_reason(db):
    out = io.StringIO()
    call_command("import_schools", str(FIXTURE), stdout=out, stderr=io.StringIO())
    assert "row 79" in out.getvalue() and "63 created" in out.getvalue()


# One row at a time, by the action.


def test_a_new_school_is_reached_found_placed_and_audited(cast):
    outcome = bring_in(cast, row())
    school = School.objects.get(identifier="2136100099")
    assert outcome.created == 1
    lines = set(Jurisdiction.objects.filter(subject=school.organisation).values_list("overseer", "line"))
    assert lines == {
        (school.pk, Line.OWN), (cast.organisations["town"].pk, Line.TERRITORY), (cast.organisations["station"].pk, Line.POLICE)
    }  # fmt: skip
    assert (Site.objects.get(school=school).lon, Site.objects.get(school=school).lat) == (115.6, 28.9)
    assert SearchEntry.objects.filter(kind="school", object_code=school.organisation.code).exists()
    audited = AuditRow.objects.filter(kind="school:create", target_code=str(school.organisation.code))
    assert audited.get().actor_id == cast.bureau.pk
    assert school.organisation.sort_key.startswith("xin")
    assert School.objects.visible_to(cast.reach("station")).contains(school)
    assert not School.objects.visible_to(cast.reach("other_station")).contains(school)


def test_known_towns_and_stations_are_met_in_other_spellings(cast):
    before = Organisation.objects.count()
    bring_in(cast, row(town="青溪镇人民政府", station="云溪县公安局青溪镇派出所"))
    school = School.objects.get(identifier="2136100099")
    assert (school.town, school.station) == (cast.organisations["town"], cast.organisations["station"])
    assert Organisation.objects.count() == before + 1


def test_towns_and_stations_that_are_new_are_made_once(cast):
    bring_in(
        cast,
        row(town="石桥乡", station="石桥派出所"),
        row(code="2136100098", name="石桥小学", town="石桥乡", station="石桥派出所"),
    )
    made = Organisation.objects.filter(name__startswith="石桥").exclude(kind=OrganisationKind.SCHOOL)
    assert sorted(made.values_list("kind", "name")) == [("station", "石桥派出所"), ("town", "石桥乡")]
    assert Jurisdiction.objects.filter(overseer__in=made, line=Line.OWN).count() == 2


def test_a_town_and_a_township_of_one_name_stay_two_places(cast):
    township = row(code="2136100098", town="石桥乡", station="石桥乡派出所")
    bring_in(cast, row(town="石桥镇", station="石桥镇派出所"), township)
    schools = School.objects.filter(organisation__name="新桥小学").order_by("identifier")
    assert [(one.town.name, one.station.name) for one in schools] == [
        ("石桥乡", "石桥乡派出所"),
        ("石桥镇", "石桥镇派出所"),
    ]
    outcome = bring_in(cast, row(code="2136100097", name="石桥小学", town="石桥"))
    assert [problem.field for problem in outcome.problems] == ["town"]


def test_a_known_school_does_not_move_to_a_misspelling_of_where_it_is(cast):
    school = cast.schools["school"]
    outcome = bring_in(
        cast, row(code=school.identifier, name=school.organisation.name, town="青漠镇", station="青漠派出所")
    )
    assert [(problem.field, problem.value) for problem in outcome.problems] == [
        ("town", "青漠镇"),
        ("station", "青漠派出所"),
    ]
    assert not Organisation.objects.filter(name__startswith="青漠").exists()
    outcome = bring_in(cast, row(code=school.identifier, name=school.organisation.name, station="北山派出所"))
    assert (outcome.problems, outcome.updated) == ([], 1)


def test_the_command_reads_names_against_those_known(cast, tmp_path):
    file = tmp_path / "名册.csv"
    file.write_text(
        "学校名称,标识码,办学类型,乡镇,学生数,派出所\n新桥小学,2136100099,小学,清溪镇,10,清溪派出所\n"
        "石桥小学,2136100098,小学,石桥乡,10,青溪\n"
    )
    said, _warning = run("import_schools", str(file), json=True)
    assert said["created"] == 1
    assert [(problem["row"], problem["field"]) for problem in said["problems"]] == [(2, "station"), (2, "town")]
    assert School.objects.get(identifier="2136100098").station == cast.organisations["station"]


def test_a_school_renamed_in_the_file_keeps_its_records_and_its_page(cast):
    school = cast.schools["school"]
    outcome = bring_in(cast, row(code=school.identifier, name="青溪第一小学"))
    after = School.objects.get(pk=school.pk)
    assert (outcome.created, outcome.updated) == (0, 1)
    assert after.organisation.name == "青溪第一小学"
    assert after.organisation.sort_key.startswith("qing")
    assert after.organisation.code == school.organisation.code
    assert SearchEntry.objects.get(object_code=school.organisation.code).title == "青溪第一小学"


def test_two_schools_may_change_names_with_each_other(cast):
    first, second = cast.schools["school"], cast.schools["point"]
    outcome = bring_in(
        cast,
        row(code=first.identifier, name=second.organisation.name),
        row(row=4, code=second.identifier, name=first.organisation.name),
    )
    assert (outcome.updated, outcome.problems) == (2, [])


def test_what_changed_is_said_from_old_to_new(cast):
    school = cast.schools["school"]
    outcome = bring_in(
        cast,
        row(
            code=school.identifier,
            name=school.organisation.name,
            pupils=930,
            video_networked=True,
            station="南浦派出所",
        ),
    )
    [(name, changes)] = changes_of(outcome)
    assert name == "青溪镇中心小学"
    assert any("924 → 930" in change for change in changes)
    assert any("青溪派出所 → 南浦派出所" in change for change in changes)
    assert any("否 → 是" in change for change in changes)


def test_a_school_that_changes_its_station_leaves_the_old_ones_reach(cast):
    school = cast.schools["school"]
    assert School.objects.visible_to(cast.reach("station")).contains(school)
    bring_in(cast, row(code=school.identifier, name=school.organisation.name, station="南浦派出所"))
    assert not School.objects.visible_to(cast.reach("station")).contains(school)
    assert School.objects.visible_to(cast.reach("other_station")).contains(school)


def test_a_moved_school_moves_its_one_main_site(cast):
    school = cast.schools["school"]
    same = {name: getattr(school, name) for name in (*FLAGS, "pupils", "staff", "guards")}
    first = bring_in(cast, row(code=school.identifier, name=school.organisation.name, lon=115.7, lat=28.8, **same))
    [(_name, changes)] = changes_of(first)
    assert len(changes) == 1 and "115.70000, 28.80000" in changes[0]
    assert [(site.lon, site.lat) for site in Site.objects.filter(school=school)] == [(115.7, 28.8)]
    again = bring_in(cast, row(code=school.identifier, name=school.organisation.name, lon=115.7, lat=28.8, **same))
    assert (again.updated, again.unchanged) == (0, 1)


def test_a_row_without_a_place_leaves_the_school_where_it_is(cast):
    school = cast.schools["school"]
    site = Site.objects.get(school=school)
    bring_in(cast, row(code=school.identifier, name=school.organisation.name, lon=None, lat=None))
    assert Site.objects.get(school=school).lon == site.lon


def test_a_known_school_under_another_code_is_reported_not_guessed(cast):
    outcome = bring_in(cast, row(row=12, name="青溪镇中心小学"))
    [problem] = outcome.problems
    assert (problem.row, problem.field, problem.value, problem.sheet) == (12, "code", "2136100099", "学校")
    assert "2136100007" in str(problem.reason)
    assert not School.objects.filter(identifier="2136100099").exists()


def test_a_central_schools_reach_over_its_point_survives_an_import(cast):
    point = cast.schools["point"]
    bring_in(cast, row(code=point.identifier, name=point.organisation.name, pupils=44))
    assert School.objects.visible_to(cast.reach("head")).contains(point)


@pytest.mark.parametrize("part", ["police", "leader", "station", "town", "head", "nobody"])
def test_only_the_bureau_brings_a_roster_in(cast, part):
    with pytest.raises(Denied):
        apply_roster(
            county=cast.county, rows=[row()], by=cast.reach(part) if part != "nobody" else nobody(cast), now=NOW
        )
    assert School.objects.count() == 3


def nobody(cast):
    return dataclasses.replace(cast.reach("bureau"), permissions=frozenset())


def test_a_bureau_brings_nothing_into_another_county(cast, foreign):
    with pytest.raises(Denied):
        apply_roster(county=foreign.county, rows=[row()], by=cast.reach("bureau"), now=NOW)


def test_the_same_code_in_two_counties_is_two_schools(cast, foreign):
    bring_in(cast, row())
    bring_in(foreign, row(pupils=7))
    assert sorted(School.objects.filter(identifier="2136100099").values_list("county", "pupils")) == sorted(
        [(cast.county.pk, 300), (foreign.county.pk, 7)]
    )


def test_an_import_that_breaks_leaves_nothing_behind(cast):
    organisations = Organisation.objects.count()
    with pytest.raises(ZeroDivisionError):
        apply_roster(
            county=cast.county, rows=[row(), row(row=4, code="2136100098", name="石桥小学", town="石桥乡")],
            by=cast.reach("bureau"), now=NOW, progress=lambda done, total: 1 / 0,
        )  # fmt: skip
    assert Organisation.objects.count() == organisations
    assert School.objects.count() == 3


def statements(cast, count, start=0):
    rows = [
        row(
            row=n,
            code=f"21361{n:05d}",
            name=f"第{n}小学",
            town=f"{n % 30}号镇",
            station=f"{n % 30}号派出所",
            pupils=100 + start,
        )
        for n in range(20_000, 20_000 + count)
    ]
    with CaptureQueriesContext(connection) as queries:
        bring_in(cast, *rows)
    return len(queries)


def test_statements_do_not_grow_with_the_rows(cast):
    assert statements(cast, 100) <= 31
    assert statements(cast, 400) <= 31
    assert statements(cast, 400, start=1) <= 31
