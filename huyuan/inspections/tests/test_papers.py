"""Notices to schools: numbered without gaps, whole on paper, received or refused before a witness."""

import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from docx import Document

from factories import NOW, hazard_at, make_county, signed_check
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import hazards, papers
from huyuan.inspections.models import Hazard, RectificationNotice
from huyuan.inspections.official_papers import paper_of
from huyuan.inspections.tests.test_at_once import at_once
from huyuan.notifications.models import Message
from huyuan.policy.models import DayKind
from huyuan.policy.worklist import tasks_for

RECHECK = date(2026, 9, 28)


def ordered(cast, by="bureau", count=1, check=None):
    """Hazards of one check, ordered by an agency."""
    check = check or signed_check(cast, count)
    return [
        hazards.order_rectification(
            hazard=hazard, requirement=f"更换第{n}处", responsible=cast.safety, level="general", days=10 + n,
            due_kind=DayKind.CALENDAR, by=cast.reach(by), now=NOW,
        )
        for n, hazard in enumerate(check.hazards.order_by("pk"), 1)
    ]  # fmt: skip


def issued(cast, by="bureau", count=1, now=NOW):
    return papers.issue_notice(hazards=ordered(cast, by, count), recheck_on=RECHECK, by=cast.reach(by), now=now)


def text_of(notice):
    paper = Document(io.BytesIO(paper_of(RectificationNotice.objects.get(pk=notice.pk))))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in paper.paragraphs] + cells)


def test_the_bureaus_notice_is_numbered_and_the_school_is_asked_to_sign(cast):
    notice = issued(cast, count=2)
    assert notice.number == "云溪教体安改〔2026〕1号"
    assert Message.objects.filter(kind="notice:issue", recipient=cast.head).exists()
    assert AuditRow.objects.filter(kind="notice:issue", actor_id=cast.bureau.pk).exists()
    assert any(str(task.wanted) == "签收整改通知书" for task in tasks_for(cast.reach("head"), NOW.date()))


def test_of_eight_who_issue_at_once_every_one_gets_a_number_without_gap_or_double(own_database):
    cast = make_county()
    chosen = [ordered(cast)[0] for _n in range(8)]
    by = cast.reach("bureau")
    ends = at_once([
        lambda hazard=hazard: papers.issue_notice(hazards=[hazard], recheck_on=RECHECK, by=by, now=NOW)
        for hazard in chosen
    ])  # fmt: skip
    assert ends == {"done": 8}
    assert sorted(RectificationNotice.objects.values_list("sequence", flat=True)) == list(range(1, 9))


def test_of_many_who_put_one_hazard_on_paper_one_does_and_no_number_is_lost(own_database):
    cast = make_county()
    [hazard] = ordered(cast)
    by = cast.reach("bureau")
    ends = at_once([lambda: papers.issue_notice(hazards=[hazard], recheck_on=RECHECK, by=by, now=NOW)] * 4)
    assert ends == {"done": 1, "conflict": 3}
    assert issued(cast).sequence == 2


def test_every_year_and_every_county_counts_from_one(cast, foreign):
    assert issued(cast).sequence == 1
    assert issued(cast).sequence == 2
    [hazard] = ordered(cast)
    new_year = NOW + timedelta(days=120)
    later = papers.issue_notice(hazards=[hazard], recheck_on=new_year.date(), by=cast.reach("bureau"), now=new_year)
    assert (later.year, later.sequence) == (2027, 1)
    assert issued(foreign).number == "南岭教体安改〔2026〕1号"


def test_the_bureau_decides_how_its_numbers_begin_and_the_count_goes_on(cast, sign_in):
    issued(cast)
    page = reverse("inspections:numbering")
    assert "云溪教体安改" in sign_in(cast.bureau).get(page).content.decode()
    assert sign_in(cast.bureau).post(page, {"beginning": "云溪教安"}).status_code == 302
    assert issued(cast).number == "云溪教安〔2026〕2号"
    assert sign_in(cast.bureau).post(page, {"beginning": "云溪〔2026〕"}).status_code == 400
    with pytest.raises(Denied):
        papers.set_numbering(prefix="云溪公安", by=cast.reach("police"), now=NOW)


def test_the_paper_names_every_hazard_with_requirement_person_and_deadline(cast):
    found = ordered(cast, count=3)
    Hazard.objects.filter(pk=found[0].pk).update(description="护栏 <b> & 缺口")
    words = text_of(papers.issue_notice(hazards=found, recheck_on=RECHECK, by=cast.reach("bureau"), now=NOW))
    for n, hazard in enumerate(Hazard.objects.order_by("pk"), 1):
        assert f"{n}．{hazard.description}" in words
        assert hazard.basis.rstrip("。；") in words
        assert f"更换第{n}处" in words
        assert f"2026年9月{25 + n}日前" in words
    assert "云溪县教育体育局" in words
    assert "整改责任人：" + cast.safety.name in words
    assert "2026年9月15日" in words
    assert "2026年9月28日" in words
    assert "送 达 回 执" in words


def test_the_paper_keeps_the_words_of_the_day_it_was_issued(cast):
    [hazard] = ordered(cast)
    notice = papers.issue_notice(hazards=[hazard], recheck_on=RECHECK, by=cast.reach("bureau"), now=NOW)
    Hazard.objects.filter(pk=hazard.pk).update(due_date=date(2026, 12, 1))
    assert "2026年9月26日前" in text_of(notice)


def test_the_draft_of_the_police_shows_no_number_until_the_officer_enters_one(cast, sign_in):
    notice = issued(cast, "station")
    assert (notice.kind, notice.number) == ("police", "")
    words = text_of(notice)
    assert "草稿，尚无文号" in words
    assert "第十六条第二项、第十九条" in words
    assert not Message.objects.filter(kind="notice:issue").exists()
    assert "草稿，尚无文号" in sign_in(cast.station).get(notice.get_absolute_url()).content.decode()
    with pytest.raises(Conflict, match="文号"):
        papers.sign_for_notice(notice=notice, by=cast.reach("head"), now=NOW)
    papers.enter_number(
        notice=notice, number="云公（青）限改字〔2026〕第12号", dated_on=NOW.date(), by=cast.reach("station"), now=NOW
    )
    words = text_of(notice)
    assert "云公（青）限改字〔2026〕第12号" in words
    assert "草稿" not in words
    assert AuditRow.objects.filter(kind="notice:number").exists()
    assert Message.objects.filter(kind="notice:issue", recipient=cast.head).count() == 1


def test_a_police_number_is_corrected_only_with_a_reason(cast):
    notice = issued(cast, "station")
    enter = {"notice": notice, "dated_on": NOW.date(), "by": cast.reach("station"), "now": NOW}
    papers.enter_number(number="第12号", **enter)
    with pytest.raises(Invalid):
        papers.enter_number(number="第21号", **enter)
    assert papers.enter_number(number="第21号", reason="录错", **enter).number == "第21号"
    assert AuditRow.objects.filter(kind="notice:correct_number").exists()


def test_the_bureaus_number_is_never_typed(cast):
    with pytest.raises(Conflict):
        papers.enter_number(notice=issued(cast), number="第1号", dated_on=NOW.date(), by=cast.reach("bureau"), now=NOW)


def test_a_police_number_dated_ahead_is_refused(cast):
    with pytest.raises(Invalid):
        papers.enter_number(
            notice=issued(cast, "station"), number="第1号", dated_on=NOW.date() + timedelta(days=1),
            by=cast.reach("station"), now=NOW,
        )  # fmt: skip


def test_the_school_signs_once_and_the_agency_is_told(cast, sign_in):
    notice = issued(cast)
    assert sign_in(cast.head).post(reverse("inspections:notice_sign", args=[notice.code])).status_code == 302
    notice.refresh_from_db()
    assert (notice.status, notice.receiver_name) == ("received", cast.head.name)
    assert Message.objects.filter(kind="notice:sign", recipient=cast.bureau).exists()
    assert cast.head.name in text_of(notice)
    with pytest.raises(Conflict):
        papers.sign_for_notice(notice=notice, by=cast.reach("safety"), now=NOW)


@pytest.mark.parametrize("part", ["bureau", "station", "town", "leader", "other_head"])
def test_who_is_not_of_the_school_does_not_sign(cast, part):
    with pytest.raises(Denied):
        papers.sign_for_notice(notice=issued(cast), by=cast.reach(part), now=NOW)


def test_an_officer_records_who_signed_on_paper_not_before_it_was_issued(cast):
    notice = issued(cast)
    receipt = {"notice": notice, "receiver_name": "钱门卫", "by": cast.reach("bureau"), "now": NOW}
    for day in (NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1)):
        with pytest.raises(Invalid):
            papers.record_receipt(received_on=day, **receipt)
    with pytest.raises(Invalid):
        papers.record_receipt(received_on=NOW.date(), **receipt | {"receiver_name": ""})
    assert papers.record_receipt(received_on=NOW.date(), **receipt).status == "received"
    assert "钱门卫" in text_of(notice)


def refuse(cast, notice, **changes):
    words = {
        "reason": "校长不在",
        "witness_name": "孙村长",
        "witness_organisation": "青溪村委会",
        "refused_on": NOW.date(),
    }
    return papers.record_refusal(notice=notice, by=cast.reach("bureau"), now=NOW, **words | changes)


def test_a_refusal_without_a_witness_is_refused(cast):
    notice = issued(cast)
    for missing in ({"witness_name": ""}, {"witness_organisation": ""}, {"reason": ""}):
        with pytest.raises(Invalid):
            refuse(cast, notice, **missing)
    with pytest.raises(Invalid, match="见证"):
        refuse(cast, notice, witness_name=cast.bureau.name)
    assert refuse(cast, notice).status == "refused"
    assert "孙村长（青溪村委会）" in text_of(notice)
    assert Message.objects.filter(kind="notice:refuse", recipient=cast.head).exists()


def test_a_notice_ends_in_one_state(cast):
    notice = issued(cast)
    refuse(cast, notice)
    with pytest.raises(Conflict):
        papers.sign_for_notice(notice=notice, by=cast.reach("head"), now=NOW)
    with pytest.raises(Conflict):
        papers.withdraw_notice(notice=notice, reason="错", by=cast.reach("bureau"), now=NOW)


def test_a_withdrawn_notice_keeps_its_number_and_frees_its_hazards(cast):
    found = ordered(cast)
    issue = {"hazards": found, "recheck_on": RECHECK, "by": cast.reach("bureau"), "now": NOW}
    first = papers.issue_notice(**issue)
    with pytest.raises(Conflict):
        papers.issue_notice(**issue)
    papers.withdraw_notice(notice=first, reason="期限写错", by=cast.reach("bureau"), now=NOW)
    assert "已撤回" in text_of(first)
    assert papers.issue_notice(**issue).sequence == 2


def test_a_notice_is_about_ordered_hazards_of_one_school_and_of_ones_own_agency(cast):
    issue = {"recheck_on": RECHECK, "now": NOW}
    with pytest.raises(Invalid):
        papers.issue_notice(hazards=[], by=cast.reach("bureau"), **issue)
    with pytest.raises(Conflict):
        papers.issue_notice(hazards=[hazard_at(cast, "registered")], by=cast.reach("station"), **issue)
    with pytest.raises(Denied):
        papers.issue_notice(hazards=ordered(cast), by=cast.reach("station"), **issue)
    with pytest.raises(Denied):
        papers.issue_notice(hazards=ordered(cast), by=cast.reach("head"), **issue)
    with pytest.raises(Invalid):
        papers.issue_notice(
            hazards=ordered(cast), recheck_on=NOW.date() - timedelta(days=1), by=cast.reach("bureau"), now=NOW
        )


def test_another_agency_does_not_handle_a_notice(cast):
    notice = issued(cast)
    with pytest.raises(Denied):
        papers.withdraw_notice(notice=notice, reason="错", by=cast.reach("police"), now=NOW)
    with pytest.raises(Denied):
        papers.withdraw_notice(notice=notice, reason="错", by=cast.reach("head"), now=NOW)


def test_the_next_round_goes_on_a_new_paper(cast):
    hazard = hazard_at(cast, "ordered")
    issue = {"recheck_on": RECHECK, "by": cast.reach("station"), "now": NOW}
    papers.issue_notice(hazards=[hazard], **issue)
    Hazard.objects.filter(pk=hazard.pk).update(round=2)
    assert papers.issue_notice(hazards=[Hazard.objects.get(pk=hazard.pk)], **issue).items.get().round == 2


def test_the_page_ticks_the_hazards_of_the_check_and_makes_the_notice(cast, sign_in):
    found = ordered(cast, count=2)
    others = ordered(cast)
    page = reverse("inspections:make_notice", args=[found[0].code])
    client = sign_in(cast.bureau)
    html = client.get(page).content.decode()
    assert html.count("checked") == 2
    assert all(str(hazard.code) in html for hazard in [*found, *others])
    check = client.get(found[0].inspection.get_absolute_url()).content.decode()
    assert page in check
    answer = client.post(page, {"hazards": [str(h.code) for h in found], "recheck_on": "2026-09-28"})
    notice = RectificationNotice.objects.get()
    assert answer.url == notice.get_absolute_url()
    assert notice.items.count() == 2
    assert notice.number in client.get(found[0].inspection.get_absolute_url()).content.decode()
    assert notice.number in client.get(found[1].get_absolute_url()).content.decode()
    paper = client.get(reverse("inspections:notice_paper", args=[notice.code]))
    assert paper["Content-Type"].endswith("wordprocessingml.document")
    assert Document(io.BytesIO(paper.content)).paragraphs


def test_in_english_the_paper_stays_chinese(cast, sign_in):
    notice = issued(cast)
    cast.bureau.language = "en"
    cast.bureau.save()
    paper = sign_in(cast.bureau).get(reverse("inspections:notice_paper", args=[notice.code]))
    assert "一般隐患" in "\n".join(p.text for p in Document(io.BytesIO(paper.content)).paragraphs)


def test_a_county_may_replace_the_template_and_a_broken_one_is_named(cast, settings, tmp_path):
    settings.VAR = tmp_path
    notice = issued(cast)
    own = Document()
    own.add_paragraph("本县格式 {{ number }}")
    (tmp_path / "papers").mkdir()
    own.save(tmp_path / "papers" / "education.docx")
    assert text_of(notice) == f"本县格式 {notice.number}"
    own.add_paragraph("{% if %}")
    own.save(tmp_path / "papers" / "education.docx")
    with pytest.raises(Invalid, match=r"education\.docx"):
        text_of(notice)


def test_another_county_and_another_school_see_no_notice(cast, foreign):
    issued(cast)
    assert RectificationNotice.objects.visible_to(cast.reach("head")).count() == 1
    for reach in (foreign.reach("bureau"), foreign.reach("leader"), cast.reach("other_head"), cast.reach("guard")):
        assert not RectificationNotice.objects.visible_to(reach).exists()


def test_the_database_refuses_a_second_paper_of_one_number(cast):
    first, second = issued(cast), issued(cast)
    with pytest.raises(Exception, match="notice_number_once"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE inspections_rectificationnotice SET sequence = %s WHERE id = %s", [first.sequence, second.pk]
        )
