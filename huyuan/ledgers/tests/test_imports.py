"""Bringing a workbook in by the pages: given, read, looked at, written or dropped; never half of it."""

import io
import json
import logging
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied
from huyuan.ledgers import tasks
from huyuan.ledgers.actions import imports as actions
from huyuan.ledgers.importing import (
    IMPORTERS,
    error_sheet_of,
    file_of,
    folder_of,
    read_progress,
    register_importer,
    write_progress,
)
from huyuan.ledgers.models import ImportRun
from huyuan.organisations.models import Organisation, School
from huyuan.people.models import User
from tests.sheets.making import ole, with_entries, xlsx, zipped

DATA = Path(__file__).resolve().parents[3] / "tests" / "data"
FIXTURE = (DATA / "schools.xlsx").read_bytes()
GIVE = "ledgers:give"
ASKS_AGAIN = "load delay:1s"
TITLES = ["学校名称", "标识码", "办学类型", "乡镇", "学生数", "经度", "纬度"]
RIGHT = ["新桥小学", "2136100099", "小学", "青溪镇", 300, 115.6, 28.9]
PEOPLE = xlsx(
    [["姓名", "手机号码", "单位", "岗位"], ["秦新", "13800000088", "教体局", "干部"], ["许错", "138", "教体局", "干部"]]
)


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def give(client, content, name="名册.xlsx", key="schools", **more):
    answer = client.post(reverse(GIVE, args=[key]), {"file": SimpleUploadedFile(name, content), **more})
    assert answer.status_code == 302, body(answer)
    return ImportRun.objects.latest("pk")


def read(run):
    """What the worker does."""
    tasks.read_import(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def write(client, run):
    assert client.post(reverse("ledgers:apply", args=[run.code])).status_code == 302
    tasks.apply_import(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def page_of(client, run, **asked):
    return body(client.get(run.get_absolute_url(), asked))


# The whole way.


def test_the_fixture_goes_through_the_pages(cast, sign_in):
    client = sign_in(cast.bureau)
    run = give(client, FIXTURE)
    assert ASKS_AGAIN in page_of(client, run)
    assert ProcrastinateJob.objects.get().task_name == "ledgers.read_import"
    run = read(run)
    page = page_of(client, run)
    assert (run.result["created"], run.result["updated"], len(run.result["problems"])) == (60, 3, 1)
    assert "79" in page and "226" in page and "GCJ-02" in page and ASKS_AGAIN not in page
    assert School.objects.count() == 3
    run = write(client, run)
    assert (run.status, School.objects.count()) == ("done", 63)
    assert reverse("web:schools") in page_of(client, run)
    assert AuditRow.objects.filter(kind__in=["import:begin", "import:apply"]).count() == 2


def test_the_preview_tells_old_from_new_and_keeps_nothing(cast, sign_in):
    client, school = sign_in(cast.bureau), cast.schools["school"]
    changed = [school.organisation.name, school.identifier, "小学", "青溪镇", 931, 115.55, 28.9]
    before = AuditRow.objects.count()
    run = read(give(client, xlsx([TITLES, RIGHT, changed]), datum="wgs84"))
    page = page_of(client, run)
    assert "924 → 931" in page and "青溪镇中心小学" in page
    assert (run.result["created"], run.result["updated"]) == (1, 1)
    assert School.objects.get(pk=school.pk).pupils == 924 and School.objects.count() == 3
    assert AuditRow.objects.count() == before + 1


def test_importing_again_by_the_page_changes_nothing(cast, sign_in):
    client = sign_in(cast.bureau)
    content = xlsx([TITLES, RIGHT])
    write(client, read(give(client, content)))
    run = read(give(client, content))
    assert run.result["unchanged"] == 1


def test_where_nothing_can_be_written_another_file_is_offered(cast, sign_in):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, [*RIGHT[:2], "水电站", *RIGHT[3:]]])))
    page = page_of(client, run)
    assert reverse("ledgers:apply", args=[run.code]) not in page
    assert f'class="btn btn-primary" href="{reverse(GIVE, args=["schools"])}"' in page


def test_the_choice_of_coordinates_moves_the_places(cast, sign_in):
    client = sign_in(cast.bureau)
    write(client, read(give(client, xlsx([TITLES, RIGHT]), datum="gcj02")))
    site = School.objects.get(identifier="2136100099").sites.get()
    assert 0.001 < abs(site.lon - 115.6) < 0.02
    write(client, read(give(client, xlsx([TITLES, RIGHT]), datum="wgs84")))
    assert School.objects.get(identifier="2136100099").sites.get().lon == 115.6


def test_people_come_in_by_the_page_and_lead_to_their_codes(cast, sign_in):
    client = sign_in(cast.bureau)
    run = write(client, read(give(client, PEOPLE, key="people")))
    assert User.objects.filter(phone="13800000088", county=cast.county).exists()
    page = page_of(client, run)
    assert reverse("people:codes") in page and "138" in page


def test_a_dropped_import_changes_nothing_and_its_file_is_gone(cast, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, RIGHT])))
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("ledgers:drop", args=[run.code])).status_code == 302
    assert School.objects.count() == 3 and not folder_of(run.code).exists()
    assert client.post(reverse("ledgers:apply", args=[run.code])).status_code == 409
    assert ImportRun.objects.get().status == "dropped"


def test_files_are_private_and_deleted_once_written(cast, sign_in):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, RIGHT]), name="../../etc/名册.xlsx"))
    assert file_of(run.code).is_relative_to(settings.IMPORTS_ROOT)
    assert oct(folder_of(run.code).stat().st_mode)[-3:] == "700"
    write(client, run)
    assert not file_of(run.code).exists()


def test_a_job_that_runs_twice_does_its_work_once(cast, sign_in):
    client = sign_in(cast.bureau)
    run = write(client, read(give(client, xlsx([TITLES, RIGHT]))))
    rows = AuditRow.objects.count()
    tasks.apply_import(run.pk)
    tasks.read_import(run.pk)
    assert (ImportRun.objects.get().status, AuditRow.objects.count()) == ("done", rows)


def test_what_is_being_read_cannot_be_written_yet_and_only_once(cast, sign_in):
    client = sign_in(cast.bureau)
    run = give(client, xlsx([TITLES, RIGHT]))
    assert client.post(reverse("ledgers:apply", args=[run.code])).status_code == 409
    run = read(run)
    assert client.post(reverse("ledgers:apply", args=[run.code])).status_code == 302
    assert client.post(reverse("ledgers:apply", args=[run.code])).status_code == 409
    assert client.post(reverse("ledgers:drop", args=[run.code])).status_code == 409


# What is wrong.

WRONG = [
    ["错码小学", "99", "小学", "青溪镇", 300, 115.6, 28.9],
    ["错数小学", "2136100098", "小学", "青溪镇", "很多", 115.6, 28.9],
    ["无名", "2136100097", "小学", "青溪镇", "不少", 115.6, 28.9],
]  # fmt: skip


def test_problems_stand_row_by_row_and_can_be_seen_by_column(cast, sign_in):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, RIGHT, *WRONG])))
    assert [(p["row"], p["field"]) for p in run.result["problems"]] == [(3, "code"), (4, "pupils"), (5, "pupils")]
    assert "很多" in page_of(client, run)
    narrowed = page_of(client, run, field="code")
    assert "很多" not in narrowed and 'aria-current="true"' in narrowed


def test_the_error_sheet_has_the_wrong_rows_as_typed_with_reasons_and_can_be_given_again(cast, sign_in):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, RIGHT, *WRONG])))
    response = client.get(reverse("ledgers:error_sheet", args=[run.code]))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    text = json.dumps(lines, ensure_ascii=False)
    assert "很多" in text and "错码小学" in text and "新桥小学" not in text
    for line in sheet.iter_rows():
        for cell in line:
            if cell.value == "很多":
                sheet.cell(cell.row, cell.column).value = 200
    out = io.BytesIO()
    sheet.parent.save(out)
    again = read(give(client, out.getvalue()))
    assert again.result["created"] == 1
    assert write(client, again).status == "done"
    assert School.objects.get(identifier="2136100098").pupils == 200


def test_a_contradiction_with_what_is_known_is_in_the_error_sheet_too(cast, sign_in):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, RIGHT, ["青溪镇中心小学", "2136100096", *RIGHT[2:]]])))
    [problem] = run.result["problems"]
    assert (problem["row"], problem["field"]) == (3, "code") and "2136100007" in problem["reason"]
    book = openpyxl.load_workbook(io.BytesIO(error_sheet_of(run.code).read_bytes()))
    text = json.dumps([list(line) for line in book.active.iter_rows(values_only=True)], ensure_ascii=False)
    assert "2136100096" in text and "2136100007" in text and "新桥小学" not in text


def test_reasons_and_names_from_the_file_are_shown_as_text(cast, sign_in):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, ["<b>x</b>", "99", "<i>", "青溪镇", "<script>", 1, 1]]), name="<b>.xlsx"))
    page = page_of(client, run)
    assert "<script>1" not in page and "<i>" not in page and "<b>" not in page


BAD_FILES = {
    "picture": (b"\x89PNG\r\n\x1a\n", "图片"),
    "pdf": (b"%PDF-1.7", "PDF"),
    "password": (ole(["EncryptedPackage", "EncryptionInfo"]), "密码"),
    "macros": (with_entries(xlsx([TITLES, RIGHT]), {"xl/vbaProject.bin": b"x"}), "宏"),
    "broken": (xlsx([TITLES, RIGHT])[:2_000], ""),
    "not a book": (zipped({"a.txt": b"x"}), ""),
    "bomb": (zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b" " * 300_000_000}), ""),
    "word": (ole(["WordDocument"]), ""),
    "garbage": (bytes(range(128, 256)) * 40, ""),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_file_that_cannot_be_read_gets_one_sentence_and_changes_nothing(cast, sign_in, kind):
    content, word = BAD_FILES[kind]
    client, before = sign_in(cast.bureau), Organisation.objects.count()
    run = read(give(client, content))
    page = page_of(client, run)
    if run.status == "read":  # read as text without the titles of a roster
        assert run.result["problems"][0]["row"] == 0 and "disabled" in page
    else:
        assert run.status == "refused" and run.message in page and word in run.message and "。" in run.message
        assert not folder_of(run.code).exists()
        assert reverse(GIVE, args=["schools"]) in page
    assert Organisation.objects.count() == before


def test_an_empty_file_and_no_file_are_refused_in_the_form(cast, sign_in):
    client, url = sign_in(cast.bureau), reverse(GIVE, args=["schools"])
    assert 'role="alert"' in body(client.post(url, {"file": SimpleUploadedFile("a.xlsx", b"")}))
    assert 'role="alert"' in body(client.post(url, {"datum": "wgs84"}))
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("megabytes", [21, 50])
def test_a_huge_file_gets_a_sentence_with_its_size(cast, sign_in, megabytes):
    client, url = sign_in(cast.bureau), reverse(GIVE, args=["schools"])
    page = body(client.post(url, {"file": SimpleUploadedFile("a.xlsx", b"PK" * megabytes * 512 * 1024)}))
    assert f"{megabytes} MB" in page and "20 MB" in page
    assert not ImportRun.objects.exists() and not settings.IMPORTS_ROOT.exists()


def test_coordinates_that_are_not_offered_are_refused(cast, sign_in):
    url = reverse(GIVE, args=["schools"])
    body(sign_in(cast.bureau).post(url, {"file": SimpleUploadedFile("a.xlsx", FIXTURE), "datum": "mars"}))
    assert not ImportRun.objects.exists()


def test_a_failure_while_writing_leaves_nothing_half_done(cast, sign_in, monkeypatch):
    client = sign_in(cast.bureau)
    run = read(give(client, FIXTURE))
    client.post(reverse("ledgers:apply", args=[run.code]))
    monkeypatch.setattr("huyuan.organisations.actions.roster.index_schools", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.apply_import(run.pk)
    assert (School.objects.count(), ImportRun.objects.get().status) == (3, "applying")
    monkeypatch.undo()
    assert file_of(run.code).exists()


# Work that never ends.


def job(run, status, **more):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = %s WHERE args->>'run_id' = %s", [status, str(run.pk)])


@pytest.mark.parametrize(("status", "lost"), [("todo", False), ("failed", True), ("aborted", True), ("doing", True)])
def test_an_import_whose_work_was_lost_is_given_up(cast, sign_in, clock, status, lost):
    client = sign_in(cast.bureau)
    run = give(client, FIXTURE)
    job(run, status)
    tasks.end_lost_imports(0)
    assert ImportRun.objects.get().status == "reading"
    clock.set(NOW + timedelta(minutes=3))
    tasks.end_lost_imports(0)
    run = ImportRun.objects.get()
    assert (run.status == "refused") is lost
    assert folder_of(run.code).exists() is not lost
    if lost:
        assert run.message in page_of(client, run)


def test_a_worker_that_lives_is_waited_for(cast, sign_in, clock):
    run = give(sign_in(cast.bureau), FIXTURE)
    later = NOW + timedelta(minutes=30)
    clock.set(later)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [later])
        worker = cursor.fetchone()[0]
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])
    tasks.end_lost_imports(0)
    assert ImportRun.objects.get(pk=run.pk).status == "reading"


def test_after_a_month_only_the_counts_stay(cast, sign_in, clock):
    run = read(give(sign_in(cast.bureau), PEOPLE, key="people"))
    assert run.result["problems"] and folder_of(run.code).exists()
    clock.set(NOW + timedelta(days=29))
    tasks.forget_imports(0)
    assert ImportRun.objects.get().result["problems"]
    clock.set(NOW + timedelta(days=31))
    tasks.forget_imports(0)
    assert ImportRun.objects.get().result == {"created": 1, "updated": 0, "unchanged": 0}
    assert not folder_of(run.code).exists()


def test_nothing_personal_is_logged_or_audited(cast, sign_in, caplog):
    caplog.set_level(logging.DEBUG)
    client = sign_in(cast.bureau)
    write(client, read(give(client, PEOPLE, key="people")))
    said = caplog.text + json.dumps(list(AuditRow.objects.values_list("kind", "details")), default=str)
    assert "13800000088" not in said and "秦新" not in said


# Progress, templates, permission.


def test_progress_is_shown_while_writing(cast, sign_in):
    client = sign_in(cast.bureau)
    run = read(give(client, xlsx([TITLES, RIGHT])))
    assert read_progress(run.code) == (0, 0)
    client.post(reverse("ledgers:apply", args=[run.code]))
    write_progress(run.code, 3_000, 20_000)
    fragment = body(client.get(run.get_absolute_url(), headers={"HX-Request": "true"}))
    assert 'value="3000"' in fragment and 'max="20000"' in fragment
    assert 'aria-live="polite"' in fragment and "<html" not in fragment


@pytest.mark.parametrize("key", ["schools", "people"])
def test_the_empty_template_opens_and_reads_as_an_empty_table(cast, sign_in, key):
    client = sign_in(cast.bureau)
    response = client.get(reverse("ledgers:template", args=[key]))
    assert response["Content-Disposition"].startswith("attachment")
    assert openpyxl.load_workbook(io.BytesIO(response.content)).active.max_column > 3
    run = read(give(client, response.content, key=key))
    assert run.status == "read" and run.result["created"] == 0


def test_only_the_bureau_imports_and_sees_imports(cast, foreign, sign_in):
    run = read(give(sign_in(cast.bureau), FIXTURE))
    for part in ("police", "station", "head", "teacher"):
        client = sign_in(cast.users[part])
        assert client.get(reverse(GIVE, args=["schools"])).status_code == 403
        assert (
            client.post(reverse(GIVE, args=["schools"]), {"file": SimpleUploadedFile("a.xlsx", FIXTURE)}).status_code
            == 403
        )
        assert client.get(run.get_absolute_url()).status_code == 404
    stranger = sign_in(foreign.bureau)
    for name in ("import_run", "error_sheet"):
        assert stranger.get(reverse(f"ledgers:{name}", args=[run.code])).status_code == 404
    for name in ("apply", "drop"):
        assert stranger.post(reverse(f"ledgers:{name}", args=[run.code])).status_code == 404
    assert ImportRun.objects.count() == 1
    assert sign_in(cast.bureau).get(reverse(GIVE, args=["gold"])).status_code == 404


def test_the_actions_check_for_themselves(cast):
    importer = IMPORTERS["schools"]
    with pytest.raises(Denied):
        actions.begin_import(importer=importer, chunks=[b"x"], file_name="x", datum="", by=cast.reach("head"), now=NOW)
    run = actions.begin_import(
        importer=importer, chunks=[b"x"], file_name="x", datum="", by=cast.reach("bureau"), now=NOW
    )
    for act in (actions.apply_import, actions.drop_import):
        with pytest.raises(Denied):
            act(run=run, by=cast.reach("head"), now=NOW)
        with pytest.raises(Conflict):
            act(run=run, by=cast.reach("bureau"), now=NOW)


def test_two_bureaus_import_the_same_codes_side_by_side(cast, foreign, sign_in):
    for county in (cast, foreign):
        client = sign_in(county.bureau)
        write(client, read(give(client, xlsx([TITLES, RIGHT]))))
    assert School.objects.filter(identifier="2136100099").count() == 2
    shown = sign_in(foreign.bureau).get(reverse("web:schools")).context["shown"].page.rows
    assert len(shown) == 4 and {school.county_id for school in shown} == {foreign.county.pk}


def test_two_importers_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="schools"):
        register_importer(IMPORTERS["schools"])
