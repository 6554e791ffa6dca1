"""The account of an incident as files: every act in order, to the second, the sign on every page."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from factories import NOW, called_incident
from huyuan.audit.models import AuditRow
from huyuan.emergency.actions import responding
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.board import board_of
from huyuan.emergency.models import Call, LogEntry
from huyuan.emergency.signs import Sign
from huyuan.emergency.timeline import account_of
from huyuan.people.reaches import reach_of

ADDRESSES = ("timeline_docx", "timeline_xlsx", "ics214_docx")
MARKS = {Sign.REAL: "【实警】", Sign.EXERCISE: "【演练】非真实警情", Sign.TEST: "【测试】非真实警情"}


def answered(cast, **more):
    """An incident with one person on the spot after 47 seconds."""
    incident = called_incident(cast, **more)
    call = incident.calls.get(user=cast.guard)
    responding.mark_seen(call=call, by=cast.reach("guard"), now=NOW + timedelta(seconds=12))
    responding.arrive(call=call, how=Call.Arrival.TAP, by=cast.reach("guard"), now=NOW + timedelta(seconds=47))
    return incident


def file_of(client, name, incident):
    answer = client.get(reverse(f"emergency:{name}", args=[incident.code]))
    assert answer.status_code == 200
    return answer


def words_of(paper):
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def test_every_act_stands_in_order_and_to_the_second(cast):
    lines = account_of(answered(cast)).lines
    assert [line.number for line in lines] == list(range(1, LogEntry.objects.count() + 1))
    assert (lines[0].at, lines[0].after, lines[0].text) == ("2026-09-15 09:00:00", "+00:00", "启动报警（手机）")
    assert (lines[-1].after, lines[-1].actor) == ("+00:47", cast.guard.name)


def test_room_and_paper_count_the_same_whole_seconds(cast):
    incident = called_incident(cast)
    for user, milliseconds in ((cast.guard, 7_600), (cast.safety, 31_999), (cast.head, 32_000)):
        at = NOW + timedelta(milliseconds=milliseconds)
        call = incident.calls.get(user=user)
        responding.arrive(call=call, how=Call.Arrival.TAP, by=reach_of(user, user.posts.get()), now=at)
    board = board_of(incident, cast.reach("commander"), NOW + timedelta(seconds=40))
    shown = [said.seconds for said in board.log if said.entry.kind == "arrived"]
    people = {person.name: person.seconds for person in board.tiers[0].people}
    papers = [line.after for line in account_of(incident).lines if "已到场" in line.text]
    assert shown == [7, 31, 32] == [people[user.name] for user in (cast.guard, cast.safety, cast.head)]
    assert papers == ["+00:07", "+00:31", "+00:32"]
    assert incident.log.get(kind="tier_reached").facts["seconds"] == 32 == board.tiers[0].seconds


@pytest.mark.parametrize("sign", Sign)
def test_the_papers_bear_the_sign_on_every_page(cast, sign_in, sign):
    incident = answered(cast, sign=sign)
    client = sign_in(cast.commander)
    for name in ("timeline_docx", "ics214_docx"):
        answer = file_of(client, name, incident)
        paper = Document(io.BytesIO(answer.content))
        assert MARKS[sign] in paper.sections[0].header.paragraphs[0].text
        said = words_of(paper)
        assert "2026-09-15 09:00:47" in said
        assert "{" not in said
    book = load_workbook(io.BytesIO(file_of(client, "timeline_xlsx", incident).content))
    assert MARKS[sign] in str(book.active.oddHeader.center.text)
    assert book.active["B1"].value == MARKS[sign]


def test_an_exercise_says_so_in_the_name_of_its_file(cast, sign_in):
    incident = answered(cast, sign=Sign.EXERCISE)
    named = file_of(sign_in(cast.commander), "timeline_docx", incident)["Content-Disposition"]
    assert "%E6%BC%94%E7%BB%83" in named


def test_the_activity_log_names_who_was_there(cast, sign_in):
    answer = file_of(sign_in(cast.commander), "ics214_docx", answered(cast))
    said = words_of(Document(io.BytesIO(answer.content)))
    assert cast.guard.name in said
    assert "Incident name" in said
    assert cast.organisations["command"].name in said


def test_what_people_typed_is_text_and_breaks_no_file(cast, sign_in):
    incident = answered(cast, place="=1+1<b>&楼")
    write_log("remark", incident=incident, now=NOW, words="{{ 7*7 }} <w:br/> & \x0b=2+2", by=cast.reach("guard"))
    client = sign_in(cast.commander)
    said = words_of(Document(io.BytesIO(file_of(client, "timeline_docx", incident).content)))
    assert "{{ 7*7 }} <w:br/> & =2+2" in said
    content = file_of(client, "timeline_xlsx", incident).content
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")


def test_taking_an_account_out_is_written_down(cast, sign_in):
    incident = answered(cast)
    file_of(sign_in(cast.head), "timeline_xlsx", incident)
    row = AuditRow.objects.get(kind="incident:export", target_code=str(incident.code))
    assert row.details == {"form": "timeline.xlsx"}


def test_who_was_called_but_takes_no_ledgers_out_is_refused(cast, sign_in):
    incident = answered(cast)
    for name in ADDRESSES:
        address = reverse(f"emergency:{name}", args=[incident.code])
        assert sign_in(cast.guard).get(address).status_code == 403
        assert sign_in(cast.other_station).get(address).status_code == 404
    assert not AuditRow.objects.filter(kind="incident:export").exists()
