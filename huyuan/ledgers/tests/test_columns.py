"""Columns of a county's own: an empty sheet goes in, exports look like it; and the columns that apps declare."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from factories import NOW, hazard_at
from huyuan.audit.models import AuditRow
from huyuan.ledgers.declaration import LEDGERS, ColumnSet, Ledger, register
from huyuan.ledgers.models import CountyColumnSet
from tests.sheets.making import xlsx

TITLES = ["序号", "单位", "发现时间", "隐患内容", "等级", "整改时限", "责任人", "网格员"]
HEADING = "青溪街道安全隐患排查治理台账"
SHEET = xlsx([[HEADING], ["填报单位：", "", "填报时间："], TITLES], merged=["A1:H1"])
LIST = "ledgers:column_sets"


def body(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def give(client, content, ledger="hazards", name="街道.xlsx", status=302):
    answer = client.post(reverse(LIST, args=[ledger]), {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == status, body(answer, answer.status_code)
    return answer


def settled(client, content=SHEET, **chosen):
    """A sheet given, looked through and saved as it was recognised, but for what is chosen."""
    give(client, content)
    kept = CountyColumnSet.objects.latest("pk")
    said = {f"column-{place}": key for place, (title, key) in enumerate(kept.columns) if title}
    answer = client.post(kept.get_absolute_url(), {"title": kept.title, **said, **chosen})
    assert answer.status_code == 302
    return CountyColumnSet.objects.get(pk=kept.pk)


def exported(client, columns, ledger="hazards"):
    answer = client.get(reverse("ledgers:export", args=[ledger, columns]))
    assert answer.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    return sheet, [list(row) for row in sheet.iter_rows(values_only=True)]


def test_each_title_is_matched_by_its_meaning_and_the_others_are_shown(cast, sign_in):
    client = sign_in(cast.bureau)
    answer = give(client, SHEET)
    page = body(client.get(answer.url))
    kept = CountyColumnSet.objects.get()
    assert [key for _title, key in kept.columns] == [
        "line", "school", "found_on", "description", "level", "due", "responsible", "",
    ]  # fmt: skip
    assert kept.title == HEADING and "网格员" in page and "alert-warning" in page
    assert kept.settled_at is None and HEADING not in body(client.get(reverse("inspections:hazards")))
    assert client.get(reverse("ledgers:export", args=["hazards", kept.code])).status_code == 404


def test_the_export_looks_like_the_sheet_and_is_filled_with_what_was_chosen(cast, sign_in):
    hazard = hazard_at(cast, "ordered")
    client = sign_in(cast.bureau)
    kept = settled(client, **{"column-7": "agency", "title": "街道台账"})
    assert "街道台账" in body(client.get(reverse("inspections:hazards")))
    sheet, lines = exported(client, kept.code)
    assert lines[0][0] == HEADING and lines[1][0] == "填报单位：" and lines[2] == TITLES
    assert [str(area) for area in sheet.merged_cells.ranges] == ["A1:H1"]
    row = lines[3]
    assert row[:2] == [1, "青溪镇中心小学"] and row[2].date() == NOW.date()
    assert row[3:5] == [hazard.description, "一般"] and row[5].date() == hazard.due_date
    assert row[6:] == [cast.safety.name, "青溪派出所"]


def test_titles_over_two_rows_and_merged_cells_come_back_as_they_were(cast, sign_in):
    rows = [["台账", "", "", ""], ["学校", "隐患", "整改", ""], ["", "", "期限", "责任人"]]
    hazard_at(cast, "ordered")
    client = sign_in(cast.police)
    kept = settled(client, xlsx(rows, merged=["A1:D1", "A2:A3", "B2:B3", "C2:D2"]))
    assert [title for title, _key in kept.columns] == ["学校", "隐患", "整改/期限", "整改/责任人"]
    assert [key for _title, key in kept.columns] == ["school", "description", "due", "responsible"]
    sheet, lines = exported(client, kept.code)
    assert lines[:3] == [[cell or None for cell in row] for row in rows] and lines[3][0] == "青溪镇中心小学"
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:D1", "A2:A3", "B2:B3", "C2:D2"}


def test_a_sheet_of_unknown_titles_is_matched_by_hand(cast, sign_in):
    client = sign_in(cast.bureau)
    kept = settled(client, xlsx([["甲方", "乙方", "丙方"]]), **{"column-1": "school"})
    assert kept.title == "街道" and [key for _title, key in kept.columns] == ["", "school", ""]


@pytest.mark.parametrize("ledger", [key for key, ledger in LEDGERS.items() if ledger.column_sets])
def test_a_sheet_with_the_titles_of_a_ledger_is_recognised_whole(cast, sign_in, ledger):
    client = sign_in(cast.bureau)
    for columns in LEDGERS[ledger].column_sets:
        give(client, xlsx([[title for title, _key in columns.columns]]), ledger)
        assert all(key for _title, key in CountyColumnSet.objects.latest("pk").columns), columns.key


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (xlsx([["备忘"], ["请于周五前上报"]]), "30"),
        (xlsx([["学校", "隐患描述", "整改时限", "整改时限"]]), "整改时限"),
        (xlsx([["学校", "隐患描述", *(f"第{number}项" for number in range(60))]]), "62"),
        ("学校,隐患描述,整改期限\n".encode(), ".xlsx"),
        (b"%PDF-1.7", "PDF"),
        (b"", ""),
    ],
)
def test_bad_sheets_are_refused_in_a_sentence_and_nothing_is_kept(cast, sign_in, content, words):
    answer = sign_in(cast.bureau).post(
        reverse(LIST, args=["hazards"]), {"file": SimpleUploadedFile("表.xlsx", content)}
    )
    assert answer.status_code in (200, 400) and words in answer.content.decode()
    assert not CountyColumnSet.objects.exists()


def test_no_more_than_thirty_sets_are_kept(cast, sign_in):
    for number in range(30):
        CountyColumnSet.objects.create(
            county=cast.county, ledger="hazards", title=f"第{number}套", columns=[], layout={}, added_by=cast.bureau,
            added_at=NOW,
        )  # fmt: skip
    give(sign_in(cast.bureau), SHEET, status=400)


def test_a_set_in_which_every_column_is_empty_is_refused(cast, sign_in):
    client = sign_in(cast.bureau)
    give(client, SHEET)
    kept = CountyColumnSet.objects.get()
    assert client.post(kept.get_absolute_url(), {"title": "空"}).status_code == 400
    assert client.post(kept.get_absolute_url(), {"title": ""}).status_code == 200
    assert CountyColumnSet.objects.get().settled_at is None


def test_a_set_is_renamed_and_removed_and_all_of_it_is_audited(cast, sign_in):
    client = sign_in(cast.bureau)
    kept = settled(client)
    kinds = ["columns:add", "columns:settle", "columns:settle", "columns:remove"]
    assert client.post(kept.get_absolute_url(), {"title": "新名", "column-1": "school"}).status_code == 302
    assert "新名" in body(client.get(reverse(LIST, args=["hazards"])))
    assert client.post(reverse("ledgers:remove_column_set", args=[kept.code])).status_code == 302
    assert not CountyColumnSet.objects.exists()
    rows = AuditRow.objects.filter(kind__startswith="columns:").order_by("pk")
    assert [row.kind for row in rows] == kinds and all(row.details == {"ledger": "hazards"} for row in rows)


def test_everybody_of_the_county_who_exports_may_use_them_and_nobody_else(cast, foreign, sign_in):
    hazard_at(cast, "ordered")
    kept = settled(sign_in(cast.bureau))
    _sheet, lines = exported(sign_in(cast.head), kept.code)
    assert len(lines) == 4
    url = reverse("ledgers:export", args=["hazards", kept.code])
    assert sign_in(cast.teacher).get(url).status_code == 403
    assert sign_in(foreign.bureau).get(url).status_code == 404
    assert sign_in(cast.head).get(reverse("ledgers:export", args=["schools", kept.code])).status_code == 404
    page = body(sign_in(cast.head).get(reverse("inspections:hazards")))
    assert HEADING in page and reverse(LIST, args=["hazards"]) not in page


def test_a_field_that_is_gone_leaves_its_column_empty(cast, sign_in):
    hazard_at(cast, "ordered")
    kept = settled(sign_in(cast.bureau))
    CountyColumnSet.objects.update(columns=[["单位", "school"], ["旧栏", "no_longer_there"]])
    _sheet, lines = exported(sign_in(cast.bureau), kept.code)
    assert lines[3][:2] == ["青溪镇中心小学", ""]


def test_a_declared_column_needs_a_field_of_its_ledger():
    known = LEDGERS["hazards"]
    wrong = Ledger(
        key="wrong", title="x", model=known.model, rows=known.rows, columns=[], sorts=known.sorts, read=known.read,
        column_sets=[ColumnSet("army", "x", [("坦克", "tanks")])],
    )  # fmt: skip
    with pytest.raises(ValueError, match="tanks"):
        register(wrong)
    assert "wrong" not in LEDGERS
