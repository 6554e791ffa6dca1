"""Warnings that come in: kept once, shown to the whole county, replaced, withdrawn and over by themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Denied, Invalid
from huyuan.emergency.actions.cap import take_notice
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.vocabulary import Kind, Severity, Status
from huyuan.emergency.cap.writing import to_xml
from huyuan.emergency.models import CapNotice
from huyuan.emergency.tests.test_cap_alerts import HOSTILE, PLAIN

FIRST = read_alert(PLAIN.encode())
RAIN = replace(
    FIRST,
    infos=(replace(FIRST.infos[0], headline="云溪县气象台发布暴雨橙色预警", description="今天白天有暴雨。"),),
)


def later(kind, *earlier, minutes=10, **changes):
    given = {"identifier": f"wx-{minutes}", "sent": RAIN.sent + timedelta(minutes=minutes)} | changes
    return replace(RAIN, kind=kind, references=tuple(one.reference for one in earlier), **given)


@pytest.fixture
def take(cast):
    """Bring a message in as the bureau."""

    def given(alert, now=NOW, by="bureau"):
        return take_notice(raw=to_xml(alert), by=cast.reach(by), now=now)

    return given


def holding(cast, now=NOW):
    return [notice.identifier for notice in CapNotice.objects.visible_to(cast.reach("guard")).shown(now)]


def test_a_warning_is_kept_with_what_it_says(cast, take):
    notice = take(RAIN)
    assert str(notice) == "云溪县气象台发布暴雨橙色预警"
    assert (notice.severity, notice.area, notice.status) == ("Severe", "云溪县", "Actual")
    assert notice.given_by == cast.organisations["bureau"]
    assert AuditRow.objects.filter(kind="notice:take", target_code=str(notice.code)).count() == 1


def test_the_same_message_twice_is_one_notice(take):
    assert take(RAIN).pk == take(RAIN, by="commander").pk
    assert CapNotice.objects.count() == 1
    assert AuditRow.objects.filter(kind="notice:take").count() == 1


def test_the_chinese_part_is_chosen(take):
    english = replace(RAIN.infos[0], language="en-US", headline="Orange rainstorm warning")
    chinese = replace(RAIN.infos[0], language="zh-CN")
    assert str(take(replace(RAIN, infos=(english, chinese)))) == "云溪县气象台发布暴雨橙色预警"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_updates_and_cancels_resolve_in_whatever_order_they_come(cast, take, order):
    update = later(Kind.UPDATE, RAIN)
    chain = [RAIN, update, later(Kind.CANCEL, RAIN, update, minutes=20)]
    for place in order[:2]:
        take(chain[place])
    take(chain[order[2]])
    assert holding(cast) == []
    assert CapNotice.objects.count() == 3


def test_an_update_takes_the_place_of_the_warning(cast, take):
    first = take(RAIN)
    update = take(later(Kind.UPDATE, RAIN))
    assert holding(cast) == ["wx-10"]
    first.refresh_from_db()
    assert first.replaced_by == update
    assert first.withdrawn_at is None


def test_the_offset_a_reference_is_written_with_does_not_matter(cast, take):
    raw = to_xml(later(Kind.UPDATE, RAIN)).replace(b"wx-1,2026-09-15T08:30:00+08:00", b"wx-1,2026-09-15T00:30:00-00:00")
    take(RAIN)
    take_notice(raw=raw, by=cast.reach("bureau"), now=NOW)
    assert holding(cast) == ["wx-10"]


def test_the_cancel_of_an_unknown_warning_is_kept_and_shown_as_such(cast, take, sign_in):
    take(later(Kind.CANCEL, RAIN))
    assert holding(cast) == []
    client = sign_in(cast.bureau)
    assert "撤回的预警这里没有生效" in client.get(reverse("emergency:cap_notices")).content.decode()


def test_somebody_else_cannot_withdraw_a_warning(cast, take):
    take(RAIN)
    take(later(Kind.CANCEL, RAIN, sender="somebody@else.example"))
    take(later(Kind.CANCEL, RAIN, minutes=12, status=Status.EXERCISE))
    assert holding(cast) == ["wx-1"]


def test_a_warning_is_over_by_itself(cast, take):
    take(RAIN)
    ends = RAIN.infos[0].expires
    assert holding(cast, ends - timedelta(seconds=1)) == ["wx-1"]
    assert holding(cast, ends) == []


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST])
def test_an_exercise_or_test_never_looks_real(cast, take, sign_in, clock, status):
    take(replace(RAIN, status=status))
    client = sign_in(cast.guard)
    for address in ("web:today", "emergency:cap_notices"):
        page = client.get(reverse(address)).content.decode()
        assert ("演练，非真实" if status is Status.EXERCISE else "测试，非真实") in page
        assert "bg-red-lt" not in page


@pytest.mark.parametrize("status", [Status.SYSTEM, Status.DRAFT])
def test_drafts_and_system_messages_stand_on_no_page_of_warnings(cast, take, status):
    take(replace(RAIN, status=status))
    assert holding(cast) == []


def test_every_reader_of_the_county_sees_it_on_today_and_nobody_else(cast, foreign, take, sign_in, clock):
    take(replace(RAIN, infos=(replace(RAIN.infos[0], severity=Severity.EXTREME),)))
    for user in (cast.guard, cast.volunteer, cast.nobody, cast.leader):
        assert "暴雨橙色预警" in sign_in(user).get(reverse("web:today")).content.decode()
    assert "暴雨橙色预警" not in sign_in(foreign.guard).get(reverse("web:today")).content.decode()


def test_what_it_says_is_text_and_never_markup(cast, take, sign_in, clock):
    take(replace(RAIN, infos=(replace(RAIN.infos[0], headline="<script>alert(1)</script>", description="<b>x</b>"),)))
    page = sign_in(cast.guard).get(reverse("emergency:cap_notices")).content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_leaves_nothing_behind(cast, name):
    with pytest.raises(Invalid):
        take_notice(raw=HOSTILE[name][0].encode(), by=cast.reach("bureau"), now=NOW)
    assert not CapNotice.objects.exists()


def test_a_school_brings_no_warnings_in(cast):
    with pytest.raises(Denied):
        take_notice(raw=PLAIN.encode(), by=cast.reach("head"), now=NOW)


def test_a_file_is_brought_in_on_the_page(cast, sign_in):
    file = SimpleUploadedFile("rain.xml", to_xml(RAIN), "application/xml")
    answer = sign_in(cast.commander).post(reverse("emergency:take_notice"), {"file": file}, follow=True)
    assert "暴雨橙色预警" in answer.content.decode()
    assert sign_in(cast.head).get(reverse("emergency:take_notice")).status_code == 403


@pytest.mark.parametrize("name", ["billion laughs", "ten megabytes", "version 1.1", "nothing"])
def test_a_hostile_file_is_answered_with_a_sentence(cast, sign_in, name):
    file = SimpleUploadedFile("rain.xml", HOSTILE[name][0].encode(), "application/xml")
    assert sign_in(cast.commander).post(reverse("emergency:take_notice"), {"file": file}).status_code in (200, 400)
    assert not CapNotice.objects.exists()
