"""The burden meter: what is entered raises the counters of the organisation it is entered from, and nothing else does."""

import json
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import NOW, begun_check, hazard_at, photo
from huyuan.api.actions import make_token
from huyuan.common.effort import Cost
from huyuan.common.reach import Permission
from huyuan.inspections.models import Hazard
from huyuan.ledgers.actions.imports import read_import
from huyuan.ledgers.models import ImportRun
from huyuan.policy import middleware
from huyuan.policy.efforts.recording import add_efforts
from huyuan.policy.models import Effort

BURDEN = reverse("policy:burden")
FIGURES = ("entries", "typed", "filled", "reused", "seconds")


def efforts(cast, key="school"):
    rows = Effort.objects.filter(organisation=cast.organisations[key])
    return {row.occasion: tuple(getattr(row, name) for name in FIGURES) for row in rows}


def rectify(client, hazard, **more):
    said = {"report": "已更换", "photos": SimpleUploadedFile("a.jpg", photo(), "image/jpeg")} | more
    return client.post(reverse("inspections:rectify", args=[hazard.code]), said)


def spend(cast, part, seconds, now=NOW, occasion="inspections.rectify", typed=2):
    add_efforts(costs=[Cost(occasion, typed=typed, seconds=seconds)], by=cast.reach(part), now=now)


def order_of(cast, hazard):
    """The form of the order as it is shown, sent back as it is with only the requirement typed."""
    page = sign_in_station(cast).get(reverse("inspections:order", args=[hazard.code])).context["form"]
    shown = {name: value for name in page.fields if (value := page[name].value()) is not None}
    return shown | {"requirement": "更换疏散指示灯"}


def sign_in_station(cast):
    client = Client(HTTP_HOST="localhost")
    client.force_login(cast.station)
    return client


def test_a_rectification_typed_by_the_safety_officer_raises_the_schools_counters(cast, sign_in, clock):
    hazard, client = hazard_at(cast, "ordered"), sign_in(cast.safety)
    page = client.get(reverse("inspections:rectify", args=[hazard.code])).content.decode()
    [shown_at] = re.findall(r'name="shown_at" value="(\d+)"', page)
    clock.set(NOW + timedelta(seconds=95))
    assert rectify(client, hazard, shown_at=shown_at).status_code == 302
    assert efforts(cast) == {"inspections.rectify": (1, 2, 0, 0, 95)}
    assert efforts(cast, "station") == {}


def test_what_is_left_as_suggested_was_filled_in_and_not_typed(cast, sign_in):
    hazard = hazard_at(cast, "registered")
    said = order_of(cast, hazard)
    assert sign_in(cast.station).post(reverse("inspections:order", args=[hazard.code]), said).status_code == 302
    assert efforts(cast, "station") == {"inspections.order": (1, 1, 4, 0, 0)}


def test_a_suggestion_that_was_changed_was_typed(cast, sign_in):
    hazard = hazard_at(cast, "registered")
    said = order_of(cast, hazard) | {"days": "3"}
    sign_in(cast.station).post(reverse("inspections:order", args=[hazard.code]), said)
    assert efforts(cast, "station") == {"inspections.order": (1, 2, 3, 0, 0)}


def test_a_refused_form_counts_nothing(cast, sign_in):
    hazard, client = hazard_at(cast, "ordered"), sign_in(cast.safety)
    assert rectify(client, hazard, report="").status_code == 200
    assert rectify(client, hazard, photos=SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")).status_code == 400
    assert not Effort.objects.exists()


@pytest.mark.parametrize(("waited", "counted"), [(0, 1), (30, 30), (600, 600), (5000, 600), (100_000, 1)])
def test_minutes_end_after_ten_and_a_page_of_another_day_says_nothing(cast, sign_in, clock, waited, counted):
    hazard = hazard_at(cast, "ordered")
    clock.set(NOW + timedelta(seconds=waited))
    rectify(sign_in(cast.safety), hazard, shown_at=int(NOW.timestamp()))
    assert Effort.objects.get().seconds == counted


@pytest.mark.parametrize("said", ["", "soon", "９９", "-5", str(int(NOW.timestamp()) + 60), "9" * 40])
def test_nobody_can_say_a_time_that_has_not_been(cast, sign_in, said):
    rectify(sign_in(cast.safety), hazard_at(cast, "ordered"), shown_at=said)
    assert Effort.objects.get().seconds == 1


def test_a_form_shown_again_with_its_mistakes_keeps_the_time_it_was_first_shown(cast, sign_in, clock):
    hazard, client = hazard_at(cast, "ordered"), sign_in(cast.safety)
    first = str(int(NOW.timestamp()))
    clock.set(NOW + timedelta(seconds=40))
    page = rectify(client, hazard, report="", shown_at=first).content.decode()
    assert f'name="shown_at" value="{first}"' in page


def test_each_answer_of_a_check_is_one_typed_field_and_its_note_another(cast, sign_in, clock):
    check, client = begun_check(cast, by="safety"), sign_in(cast.safety)
    keys = [item.key for item in check.checklist.items() if item.kind == "yes_no" and item.only_if is None][:3]
    assert len(keys) == 3

    def answer(key, after, base=0, **said):
        clock.set(NOW + timedelta(seconds=after))
        address = reverse("inspections:answer", args=[check.code, key])
        return client.post(address, {"base_revision": base, **said}, headers={"HX-Request": "true"})

    answer(keys[0], 20, value="yes", note="")
    answer(keys[1], 50, value="no", note="二楼东侧")
    answer(keys[1], 60, base=1, value="no", note="二楼西侧")
    answer(keys[2], 4000, value="yes", note="")
    assert efforts(cast) == {"inspections.answer": (4, 5, 0, 0, 20 + 30 + 10 + 120)}


def test_an_answer_that_comes_too_late_counts_nothing(cast, sign_in):
    check = begun_check(cast)
    address = reverse("inspections:answer", args=[check.code, "facility_wall"])
    htmx = {"HX-Request": "true"}
    sign_in(cast.station).post(address, {"base_revision": 0, "value": "yes", "note": ""}, headers=htmx)
    late = sign_in(cast.safety).post(address, {"base_revision": 0, "value": "no", "note": ""}, headers=htmx)
    assert late.status_code == 409
    assert efforts(cast) == {}


def test_what_a_program_sends_was_typed_by_nobody(cast):
    hazard = hazard_at(cast, "ordered")
    token = make_token(name="采集", scopes=[Permission.HAZARD_RECTIFY, Permission.HAZARD_READ], days=3,
                       by=cast.reach("safety"), now=NOW)  # fmt: skip
    client = Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {token}"})
    body = json.dumps({"new_due_date": "2026-12-20", "reason": "等配件"})
    address = reverse("api-v1:ask_extension", args=[hazard.code])
    assert client.post(address, body, content_type="application/json").status_code == 200
    assert efforts(cast) == {"inspections.extend": (1, 0, 2, 0, 0)}
    refused = client.post(address, body, content_type="application/json")
    assert refused.status_code >= 400
    assert efforts(cast)["inspections.extend"][0] == 1


def test_the_cells_of_an_export_were_filled_from_records(cast, sign_in):
    for _ in range(3):
        hazard_at(cast, "ordered")
    client = sign_in(cast.safety)
    book = client.get(reverse("ledgers:export", kwargs={"key": "hazards", "columns": "police"}))
    assert book.status_code == 200
    [(occasion, figures)] = efforts(cast).items()
    assert occasion == "export.hazards.police"
    entries, typed, filled, reused, seconds = figures
    assert (entries, typed, filled, seconds) == (1, 0, 0, 0)
    assert reused % 3 == 0 and reused >= 3 * 5
    page = client.get(BURDEN)
    assert page.context["burden"].ledgers_of_month == 1
    assert [(line.title, line.month.reused) for line in page.context["burden"].ledgers] == [("隐患 · 公安", reused)]


def test_an_import_counts_its_rows_and_cells_and_nothing_typed(cast, sign_in):
    client = sign_in(cast.bureau)
    sheet = "姓名,手机号,单位,岗位\n周晓兰,19911110001,南浦中学,教师\n吴大力,19911110002,南浦中学,保安员\n"
    client.post(
        reverse("ledgers:give", args=["people"]), {"file": SimpleUploadedFile("人员.csv", sheet.encode("utf-8-sig"))}
    )
    run = read_import(run=ImportRun.objects.get(), now=NOW)
    client.post(reverse("ledgers:apply", args=[run.code]))
    assert efforts(cast, "bureau") == {"import.people": (2, 0, 8, 0, 0), "ledgers.give": (1, 0, 0, 0, 0)}


def test_a_month_is_counted_by_itself_and_the_page_shows_both(cast, sign_in, clock):
    spend(cast, "safety", 600)
    clock.set(NOW + timedelta(days=30))
    spend(cast, "head", 300, NOW + timedelta(days=30), typed=7)
    spend(cast, "head", 300, NOW + timedelta(days=30), typed=7)
    assert Effort.objects.count() == 2
    burden = sign_in(cast.head).get(BURDEN).context["burden"]
    assert [(month, one.minutes, one.typed) for month, one in burden.months] == [
        (date(2026, 9, 1), 10, 2), (date(2026, 10, 1), 10, 14),
    ]  # fmt: skip
    assert (burden.month.minutes, burden.year.minutes) == (10, 20)
    assert burden.chart["rows"] == [("9月", [10]), ("10月", [10])]


def test_what_is_older_than_twelve_months_is_not_shown(cast, sign_in, clock):
    spend(cast, "safety", 600)
    clock.set(NOW + timedelta(days=330))
    assert sign_in(cast.head).get(BURDEN).context["burden"].year.minutes == 10
    clock.set(NOW + timedelta(days=390))
    assert sign_in(cast.head).get(BURDEN).context["burden"].year.entries == 0


def test_the_numbers_on_the_page_are_those_of_the_rows(cast, sign_in):
    rectify(sign_in(cast.safety), hazard_at(cast, "ordered"), shown_at=int(NOW.timestamp()))
    spend(cast, "safety", 1234, typed=1500)
    rows = list(Effort.objects.filter(organisation=cast.organisations["school"]))
    answer = sign_in(cast.safety).get(BURDEN)
    month = answer.context["burden"].month
    assert {name: getattr(month, name) for name in FIGURES} == {
        n: sum(getattr(row, n) for row in rows) for n in FIGURES
    }
    assert '<span class="hy-figure-value">1502</span>' in answer.content.decode()


def test_another_school_and_another_county_see_nothing_of_it(cast, foreign, sign_in):
    spend(cast, "safety", 600)
    for reader in (cast.other_head, foreign.head, foreign.bureau):
        assert sign_in(reader).get(BURDEN).context["burden"].year.entries == 0
    code = cast.organisations["school"].code
    for reader in (cast.other_head, foreign.bureau):
        assert sign_in(reader).get(reverse("policy:burden_of_school", args=[code])).status_code == 404


def test_the_county_sees_all_schools_by_name_and_the_middle_of_each_kind(cast, sign_in):
    spend(cast, "safety", 600)
    spend(cast, "other_head", 6000, typed=9)
    spend(cast, "bureau", 60_000)
    context = sign_in(cast.bureau).get(BURDEN).context
    assert context["burden"].month.minutes == 110
    assert [(school.organisation.name, total.minutes) for school, total in context["schools"]] == [
        ("南浦中学", 100), ("青溪下屋教学点", 0), ("青溪镇中心小学", 10),
    ]  # fmt: skip
    assert {(one.schools, one.minutes, one.typed) for one in context["kinds"]} == {(1, 10, 2), (1, 100, 9)}
    assert context["own"].minutes == 1000
    one = sign_in(cast.bureau).get(reverse("policy:burden_of_school", args=[cast.organisations["school"].code]))
    assert one.context["burden"].month.minutes == 10


def test_a_station_and_a_town_see_the_sum_of_their_schools_and_no_list(cast, sign_in):
    spend(cast, "safety", 600)
    spend(cast, "other_head", 6000)
    spend(cast, "station", 1200)
    for part in ("station", "town"):
        context = sign_in(cast.users[part]).get(BURDEN).context
        assert context["burden"].month.minutes == 10
        assert "schools" not in context and "kinds" not in context
    code = cast.organisations["school"].code
    assert sign_in(cast.station).get(reverse("policy:burden_of_school", args=[code])).status_code == 403


@pytest.mark.parametrize("part", ["guard", "teacher", "counsellor", "health", "nobody"])
def test_who_keeps_no_ledgers_is_told_that_the_role_does_not_see_it(cast, sign_in, part):
    spend(cast, "safety", 600)
    answer = sign_in(cast.users[part]).get(BURDEN)
    assert answer.status_code == 403
    assert "您的岗位" in answer.content.decode()


def test_a_school_that_entered_nothing_reads_what_will_stand_here(cast, sign_in):
    page = sign_in(cast.head).get(BURDEN).content.decode()
    assert 'class="card hy-empty"' in page and "hy-figure-value" not in page


def test_the_page_says_that_nothing_is_asked_twice(cast, sign_in):
    spend(cast, "safety", 600)
    answer = sign_in(cast.head).get(BURDEN)
    assert answer.context["twice"] == {}
    assert (
        '<span class="hy-figure-value">0</span><span class="hy-figure-label">重复填报栏目</span>'
        in answer.content.decode()
    )


def test_today_of_a_school_has_one_quiet_line(cast, sign_in):
    assert BURDEN not in quiet_line(sign_in(cast.head))
    spend(cast, "safety", 5760, typed=214)
    assert "214" in quiet_line(sign_in(cast.safety)) and "96" in quiet_line(sign_in(cast.safety))
    for part in ("station", "bureau", "teacher"):
        assert sign_in(cast.users[part]).get("/").context["month"] is None


def quiet_line(client):
    page = client.get("/").content.decode()
    return "".join(re.findall(r'<p class="small text-secondary"><a [^>]*>.*?</p>', page, re.DOTALL))


def test_the_page_of_the_county_costs_the_same_with_more_entries(cast, sign_in):
    def queries():
        client = sign_in(cast.bureau)
        with CaptureQueriesContext(connection) as caught:
            client.get(BURDEN)
        return len(caught)

    spend(cast, "safety", 60)
    few = queries()
    for part in ("head", "other_head", "station"):
        for occasion in ("inspections.order", "inspections.answer"):
            spend(cast, part, 60, occasion=occasion)
    assert queries() == few <= 12


def test_a_count_that_fails_lets_the_entry_stand(cast, sign_in, monkeypatch):
    def fail(**_given):
        raise DatabaseError

    monkeypatch.setattr(middleware, "add_efforts", fail)
    hazard = hazard_at(cast, "ordered")
    assert rectify(sign_in(cast.safety), hazard).status_code == 302
    assert Hazard.objects.get(pk=hazard.pk).status == "rectified"
    assert not Effort.objects.exists()


def test_no_row_tells_who_entered_it():
    assert {field.name for field in Effort._meta.fields} == {
        "id",
        "county",
        "organisation",
        "month",
        "occasion",
        *FIGURES,
    }
