"""Every ledger by the front door: list, filters, views, export, print."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from factories import NOW, hazard_at, notice_of, proposal, signed_check
from huyuan.audit.models import AuditRow
from huyuan.ledgers import engine
from huyuan.ledgers.declaration import LEDGERS, Ledger, register
from huyuan.ledgers.models import SavedView
from huyuan.organisations.actions.jurisdiction import index_schools
from huyuan.organisations.models import Organisation, OrganisationKind, School, Site

LIMIT = 12
PAGES = {
    "schools": "web:schools",
    "people": "web:people",
    "hazards": "inspections:hazards",
    "inspections": "inspections:inspections",
}


def body(response):
    assert response.status_code == 200
    return response.content.decode()


def rows_of(page):
    return page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""


def book(response):
    assert response.status_code == 200
    return [
        list(row) for row in openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    ]


@pytest.fixture
def full(cast):
    """A county with more than one page of schools and some hazards."""
    for number in range(60):
        one = Organisation.named(county=cast.county, kind=OrganisationKind.SCHOOL, name=f"第{number:02d}小学")
        one.save()
        school = School.objects.create(
            organisation=one, county=cast.county, identifier=f"21361001{number:02d}", kind="primary", pupils=number,
            town=cast.organisations["far_town"], station=cast.organisations["far_station"],
        )  # fmt: skip
        Site.objects.create(school=school, name="主校区", lon=115.5, lat=28.9)
    for status in ("registered", "ordered", "rectified"):
        hazard_at(cast, status)
    return cast


@pytest.mark.parametrize("key", PAGES)
def test_no_page_asks_the_database_more_than_twelve_times(full, sign_in, key):
    client = sign_in(full.bureau)
    SavedView.objects.create(user=full.bureau, ledger=key, name="我的", query="")
    for asked in ({}, {"q": "小学", "town": str(full.organisations["town"].code)}):
        with CaptureQueriesContext(connection) as queries:
            body(client.get(reverse(PAGES[key]), asked))
        ours = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert len(ours) <= LIMIT, "\n".join(ours)


def test_the_number_of_rows_does_not_change_the_number_of_questions(full, sign_in, monkeypatch):
    client, counts = sign_in(full.bureau), []
    for size in (5, 50):
        monkeypatch.setattr(engine, "PAGE_SIZE", size)
        with CaptureQueriesContext(connection) as queries:
            body(client.get(reverse("web:schools")))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_reader_leafs_through_all_schools_and_back(full, sign_in):
    client = sign_in(full.bureau)
    first = client.get(reverse("web:schools"))
    page = first.context["shown"].page
    assert len(page.rows) == 50 and 'rel="next"' in body(first) and 'rel="prev"' not in body(first)
    second = client.get(reverse("web:schools"), {"at": page.following})
    assert len(second.context["shown"].page.rows) == 13 and 'rel="prev"' in body(second)
    back = client.get(reverse("web:schools"), {"at": second.context["shown"].page.preceding})
    assert [s.pk for s in back.context["shown"].page.rows] == [s.pk for s in page.rows]


def test_each_reader_sees_the_schools_of_their_charge_and_no_other_countys(cast, foreign, sign_in):
    for part, count in (("bureau", 3), ("station", 2), ("other_station", 1), ("head", 2), ("town", 2), ("guard", 2)):
        shown = sign_in(cast.users[part]).get(reverse("web:schools")).context["shown"]
        assert len(shown.page.rows) == count, part
        assert {school.county_id for school in shown.page.rows} == {cast.county.pk}


def test_people_are_seen_with_their_phones_by_those_who_keep_them_only(cast, foreign, sign_in):
    page = body(sign_in(cast.head).get(reverse("web:people")))
    assert cast.teacher.phone in page and cast.other_head.phone not in page and foreign.teacher.phone not in page
    assert sign_in(cast.teacher).get(reverse("web:people")).status_code == 403
    assert sign_in(cast.station).get(reverse("web:people")).status_code == 403


def test_filters_narrow_together_and_unknown_values_are_no_filter(full, sign_in):
    client, url = sign_in(full.bureau), reverse("web:schools")
    town = str(full.organisations["far_town"].code)
    assert len(client.get(url, {"town": town, "kind": "junior_middle"}).context["shown"].page.rows) == 1
    for asked in ({"town": "x"}, {"kind": "castle"}, {"sort": "weight"}, {"kind": "prim\0ary"}):
        shown = client.get(url, asked).context["shown"]
        assert not shown.active and len(shown.page.rows) == 50


def test_another_countys_town_is_no_filter(cast, foreign, sign_in):
    town = str(foreign.organisations["town"].code)
    assert not sign_in(cast.bureau).get(reverse("web:schools"), {"town": town}).context["shown"].active


@pytest.mark.parametrize("day", ["gestern", "2026-13-45", "2026-02-30", "\0", "99999-01-01", ""])
def test_a_day_that_is_none_is_no_filter(cast, sign_in, day):
    signed_check(cast)
    shown = sign_in(cast.bureau).get(reverse("inspections:hazards"), {"since": day}).context["shown"]
    assert not shown.active and len(shown.page.rows) == 1


def test_a_day_filters(cast, sign_in):
    signed_check(cast)
    url, client = reverse("inspections:hazards"), sign_in(cast.bureau)
    assert len(client.get(url, {"since": str(NOW.date())}).context["shown"].page.rows) == 1
    assert not client.get(url, {"since": str(NOW.date() + timedelta(days=1))}).context["shown"].page.rows


def test_words_find_schools_in_the_ledger(cast, sign_in):
    index_schools(School.objects.filter(county=cast.county).select_related("organisation", "town"), today=NOW.date())
    client, url = sign_in(cast.bureau), reverse("web:schools")
    assert [str(s) for s in client.get(url, {"q": "南浦"}).context["shown"].page.rows] == ["南浦中学"]
    assert "没有" in body(client.get(url, {"q": "火星"}))
    assert client.get(url, {"q": "\0'\"%"}).status_code == 200


def test_words_found_too_often_say_so_and_are_not_exported_in_part(cast, sign_in, monkeypatch):
    index_schools(School.objects.filter(county=cast.county).select_related("organisation", "town"), today=NOW.date())
    monkeypatch.setattr("huyuan.search.queries.COLLECT", 1)
    client = sign_in(cast.bureau)
    shown = client.get(reverse("web:schools"), {"q": "青溪"})
    assert shown.context["shown"].cut and 'class="alert alert-warning"' in body(shown)
    export = client.get(reverse("ledgers:export", args=["schools", "education"]), {"q": "青溪"})
    assert export.status_code == 400


def test_badges_count_under_the_other_filters_and_keep_them(full, sign_in):
    client, url = sign_in(full.bureau), reverse("inspections:hazards")
    town = str(full.organisations["town"].code)
    shown = client.get(url, {"town": town, "status": "ordered"}).context["shown"]
    assert [(badge.count, badge.active) for badge in shown.badges][:4] == [
        (1, False), (0, False), (1, True), (1, False),
    ]  # fmt: skip
    assert all(f"town={town}" in badge.query for badge in shown.badges)
    assert "status=registered" in shown.badges[0].query and "status" not in shown.badges[2].query


def test_overdue_is_counted_beside_the_states_one_badge_at_a_time(full, sign_in, clock):
    clock.set(NOW + timedelta(days=60))
    client, url = sign_in(full.bureau), reverse("inspections:hazards")
    badge = client.get(url, {"status": "registered"}).context["shown"].badges[-1]
    assert (str(badge.title), badge.count, badge.query) == ("逾期", 1, "overdue=yes")
    shown = client.get(f"{url}?{badge.query}").context["shown"]
    assert [row.status for row in shown.page.rows] == ["ordered"] and shown.badges[-1].active


def test_each_filter_in_force_is_a_chip_that_takes_it_away(full, sign_in):
    client, url = sign_in(full.bureau), reverse("inspections:hazards")
    town = full.organisations["town"]
    answer = client.get(url, {"town": str(town.code), "status": "ordered", "since": "2026-09-01", "sort": "due"})
    chips = {str(chip.title): chip for chip in answer.context["shown"].chips}
    assert {title: str(chip.value) for title, chip in chips.items()} == {
        "状态": "整改中", "所在乡镇（街道）": "青溪镇", "发现日期从": "2026-09-01",
    }  # fmt: skip
    assert chips["所在乡镇（街道）"].query == "status=ordered&since=2026-09-01&sort=due"
    assert "筛选 (3)" in " ".join(body(answer).split())


def test_the_panel_of_filters_never_hides_the_rows(full, sign_in):
    page = body(sign_in(full.bureau).get(reverse("inspections:hazards"), {"status": "ordered"}))
    assert "<details open" not in page and 'id="filter-q"' in page


def test_the_order_of_rows_is_not_called_an_order_to_rectify(full, sign_in):
    assert '<label class="form-label" for="filter-sort">排序</label>' in body(
        sign_in(full.bureau).get(reverse("inspections:hazards"))
    )


def test_a_printed_sheet_says_dates_and_not_days_left(full, sign_in):
    client = sign_in(full.bureau)
    page = body(client.get(reverse("ledgers:print", args=["hazards"])))
    due = client.get(reverse("inspections:hazards"), {"status": "ordered"}).context["shown"].page.rows[0].due_date
    assert f"{due.year}年{due.month}月{due.day}日" in page and "还剩" not in page


def test_who_resets_people_finds_their_codes_on_the_ledger_of_people(cast, sign_in):
    for part, found in (("bureau", True), ("head", True), ("police", False)):
        assert (reverse("people:codes") in body(sign_in(cast.users[part]).get(reverse("web:people")))) is found


def test_a_school_alone_goes_straight_to_its_own_page(cast, sign_in):
    own = sign_in(cast.other_head).get(reverse("web:schools"))
    assert own.status_code == 302 and own.url == cast.schools["far_school"].get_absolute_url()
    assert sign_in(cast.other_station).get(reverse("web:schools")).status_code == 200


def test_each_of_the_four_hundreds_is_named(cast, sign_in):
    assert 'aria-hidden="true">封</span>' in body(sign_in(cast.bureau).get(reverse("web:schools")))


def test_large_counts_are_capped(full, sign_in, monkeypatch):
    monkeypatch.setattr(engine, "COUNT_CAP", 2)
    for _number in range(3):
        signed_check(full)
    page = body(sign_in(full.bureau).get(reverse("inspections:hazards")))
    assert "<strong>2+</strong>" in page


def test_the_head_of_a_column_sorts_by_it_and_turns_round(full, sign_in):
    client, url = sign_in(full.bureau), reverse("inspections:hazards")
    heads = {head.column.key: head for head in client.get(url).context["shown"].headers}
    assert (heads["found_on"].standing, heads["found_on"].query) == ("descending", "sort=oldest")
    assert (heads["due_date"].standing, heads["due_date"].query) == ("none", "sort=due")
    assert heads["school"].query is None
    turned = client.get(f"{url}?sort=oldest")
    assert 'aria-sort="ascending"' in body(turned)


def test_phones_get_cards_from_the_same_table(cast, sign_in):
    page = body(sign_in(cast.bureau).get(reverse("web:schools")))
    assert "hy-table" in page and 'data-label="' in rows_of(page) and 'class="hy-desk"' in rows_of(page)


def test_an_empty_ledger_says_where_rows_come_from(cast, sign_in):
    page = body(sign_in(cast.bureau).get(reverse("inspections:hazards")))
    assert "hy-empty" in page and "签字" in page


def test_names_are_shown_as_text(cast, sign_in):
    cast.organisations["school"].name = "<b>青溪</b>{{ x }}"
    cast.organisations["school"].save()
    rows = rows_of(body(sign_in(cast.bureau).get(reverse("web:schools"))))
    assert "&lt;b&gt;青溪" in rows and "<b>青溪" not in rows


# Saved views.


def test_a_view_is_saved_shown_replaced_and_removed_by_its_owner_alone(cast, sign_in):
    client, save = sign_in(cast.station), reverse("ledgers:save_view", args=["hazards"])
    answer = client.post(save, {"name": "等我复查的", "query": "status=ordered"})
    assert answer.url == reverse("inspections:hazards") + "?status=ordered"
    client.post(save, {"name": "等我复查的", "query": "status=registered"})
    view = SavedView.objects.get()
    assert (view.user, view.query) == (cast.station, "status=registered")
    assert "等我复查的" in body(client.get(reverse("inspections:hazards")))
    assert "等我复查的" not in body(sign_in(cast.bureau).get(reverse("inspections:hazards")))
    remove = reverse("ledgers:remove_view", args=[view.code])
    assert sign_in(cast.bureau).post(remove).status_code == 404
    assert client.post(remove).status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_needs_a_name_and_there_are_twenty_at_most(cast, sign_in):
    client, save = sign_in(cast.station), reverse("ledgers:save_view", args=["hazards"])
    client.post(save, {"name": "", "query": "status=ordered"})
    assert not SavedView.objects.exists()
    for number in range(20):
        client.post(save, {"name": f"{number}", "query": ""})
    assert client.post(save, {"name": "多", "query": ""}).status_code == 400
    assert client.post(save, {"name": "7", "query": "level=major"}).status_code == 302
    assert SavedView.objects.count() == 20


def test_a_view_leads_nowhere_but_to_its_ledger(cast, sign_in):
    save = reverse("ledgers:save_view", args=["hazards"])
    answer = sign_in(cast.station).post(save, {"name": "x", "query": "//evil.example/"})
    assert answer.url.startswith(reverse("inspections:hazards") + "?")


# Export and print.


def test_every_column_set_of_every_ledger_opens_with_its_own_titles(full, sign_in):
    client = sign_in(full.bureau)
    notice_of(full, "bureau")
    proposal(full)
    for ledger in LEDGERS.values():
        for columns in ledger.column_sets:
            lines = book(client.get(reverse("ledgers:export", args=[ledger.key, columns.key])))
            titles_at = 0 if columns.plain else 1
            assert lines[titles_at] == [title for title, _key in columns.columns]
            assert len(lines) > titles_at + 1 or columns.only, ledger.key


def test_the_bureaus_export_has_every_filtered_row_in_the_order_shown(full, sign_in):
    client, url = sign_in(full.bureau), reverse("ledgers:export", args=["schools", "education"])
    lines = book(client.get(url, {"town": str(full.organisations["far_town"].code), "sort": "code"}))
    assert len(lines) == 2 + 61
    codes = [line[0] for line in lines[2:]]
    assert codes == sorted(codes) and all(isinstance(code, str) for code in codes)
    assert lines[2][4] == 0 and lines[3][4] == 1


def test_newest_first_is_exported_newest_first(cast, sign_in):
    for number in range(3):
        signed_check(cast)
        hazards = apps.get_model("inspections", "Hazard").objects
        hazards.filter(pk=hazards.latest("pk").pk).update(found_on=NOW.date() - timedelta(days=number))
    lines = book(sign_in(cast.bureau).get(reverse("ledgers:export", args=["hazards", "education"])))
    days = [line[lines[1].index("排查日期")].date() for line in lines[2:]]
    assert days == sorted(days, reverse=True) and len(set(days)) == 3


def test_a_station_exports_its_own_rows_and_it_is_audited(full, sign_in):
    lines = book(sign_in(full.station).get(reverse("ledgers:export", args=["schools", "police"])))
    assert {line[0] for line in lines[2:]} == {"青溪镇中心小学", "青溪下屋教学点"}
    row = AuditRow.objects.get(kind="ledger:export")
    assert (row.actor_id, row.target_code, row.details) == (full.station.pk, "schools", {"columns": "police"})


def test_those_who_may_not_export_are_refused_and_unknown_columns_do_not_exist(cast, sign_in):
    url = reverse("ledgers:export", args=["hazards", "education"])
    assert sign_in(cast.teacher).get(url).status_code == 403
    assert "ledgers/hazards/export" not in body(sign_in(cast.teacher).get(reverse("inspections:hazards")))
    assert sign_in(cast.bureau).get(reverse("ledgers:export", args=["hazards", "army"])).status_code == 404
    assert sign_in(cast.bureau).get(reverse("ledgers:export", args=["people", "education"])).status_code == 404
    assert sign_in(cast.bureau).get(reverse("ledgers:export", args=["gold", "education"])).status_code == 404


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1+1", "-1", "@SUM(A1)", "\t=1", "http://x.example"])
def test_what_looks_like_a_formula_is_exported_as_text(cast, sign_in, text):
    cast.organisations["school"].name = text
    cast.organisations["school"].save()
    response = sign_in(cast.station).get(reverse("ledgers:export", args=["schools", "education"]))
    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows() for cell in row]
    [cell] = [cell for cell in cells if cell.value == text]
    assert cell.data_type == "s" and cell.hyperlink is None


def test_too_many_rows_are_not_exported_in_part(full, sign_in, monkeypatch):
    monkeypatch.setattr("huyuan.ledgers.views.pages.EXPORT_CAP", 10)
    url = reverse("ledgers:export", args=["schools", "education"])
    assert sign_in(full.bureau).get(url).status_code == 400
    assert sign_in(full.station).get(url).status_code == 200


@pytest.mark.parametrize("key", PAGES)
def test_every_ledger_prints(full, sign_in, key):
    page = body(sign_in(full.bureau).get(reverse("ledgers:print", args=[key])))
    assert "<tbody><tr>" in page.replace("\n", "") and "data-print" in page


def test_two_ledgers_of_one_name_are_a_mistake():
    with pytest.raises(ValueError, match="hazards"):
        register(LEDGERS["hazards"])
    assert isinstance(LEDGERS["hazards"], Ledger)
