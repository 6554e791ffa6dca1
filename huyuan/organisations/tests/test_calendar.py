"""Terms, special days, and who sets them for whom."""

from datetime import date

import pytest
from django.urls import reverse

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.organisations.actions import calendar as actions
from huyuan.organisations.actions import jurisdiction
from huyuan.organisations.calendar import public_working_day, working_days
from huyuan.organisations.models import CalendarDay, School, Term

SATURDAY, MONDAY = date(2026, 9, 19), date(2026, 9, 21)
PAGE = "organisations:calendar"


def set_day(cast, part="bureau", school=None, day=SATURDAY, works=True):
    return actions.set_calendar_day(
        county=cast.county, school=school, day=day, works=works, reason="运动会", by=cast.reach(part), now=NOW
    )


def test_the_county_overrules_the_public_calendar_and_the_school_overrules_the_county(cast):
    school = cast.schools["school"]
    assert not working_days(cast.county).works(SATURDAY)
    set_day(cast)
    assert working_days(cast.county).works(SATURDAY)
    set_day(cast, "head", school, works=False)
    assert working_days(cast.county).works(SATURDAY)
    assert not working_days(cast.county, school).works(SATURDAY)
    assert working_days(cast.county, cast.schools["far_school"]).works(SATURDAY)


def test_the_day_after_the_last_working_day_is_found_over_a_weekend_and_a_day_off(cast):
    friday, saturday, monday, tuesday = (date(2026, 9, day) for day in (11, 12, 14, 15))
    set_day(cast, day=monday, works=False)
    days = working_days(cast.county)
    assert days.after(friday, 1) == tuesday
    assert days.after(saturday, 0) == tuesday
    assert days.between(friday, tuesday) == 1


def test_years_without_an_announcement_count_monday_to_friday():
    assert public_working_day(date(2090, 1, 2)) is True
    assert public_working_day(date(2090, 1, 1)) is False
    assert public_working_day(date(2025, 10, 1)) is False
    assert public_working_day(date(2025, 9, 28)) is True


def test_a_day_set_again_is_changed_and_audited(cast):
    set_day(cast)
    set_day(cast, works=False)
    assert CalendarDay.objects.get().works is False
    assert AuditRow.objects.filter(kind="calendar:set").count() == 2


def test_a_removed_day_is_public_again_and_audited(cast):
    entry = set_day(cast)
    with pytest.raises(Denied):
        actions.remove_calendar_day(entry=entry, by=cast.reach("head"), now=NOW)
    actions.remove_calendar_day(entry=entry, by=cast.reach("bureau"), now=NOW)
    assert not CalendarDay.objects.exists()
    assert AuditRow.objects.filter(kind="calendar:remove").count() == 1


@pytest.mark.parametrize("part", ["police", "station", "town", "head", "safety", "teacher"])
def test_only_the_bureau_sets_the_countys_days_and_terms(cast, part):
    with pytest.raises(Denied):
        set_day(cast, part)
    with pytest.raises(Denied):
        set_term(cast, part=part)


def test_a_school_sets_its_own_days_and_those_of_its_teaching_point_only(cast):
    set_day(cast, "head", cast.schools["school"])
    set_day(cast, "head", cast.schools["point"])
    with pytest.raises(Denied):
        set_day(cast, "head", cast.schools["far_school"])
    with pytest.raises(Denied):
        set_day(cast, "safety", cast.schools["school"])


def test_another_county_sets_nothing_here(cast, foreign):
    with pytest.raises(Denied):
        actions.set_calendar_day(
            county=cast.county, school=None, day=MONDAY, works=False, reason="x", by=foreign.reach("bureau"), now=NOW
        )
    with pytest.raises(Denied):
        set_day(cast, school=foreign.schools["school"])


def set_term(cast, part="bureau", year=2026, number=2, first=date(2027, 2, 24), last=date(2027, 7, 4)):
    return actions.set_term(
        county=cast.county, year=year, number=number, starts_on=first, ends_on=last, by=cast.reach(part), now=NOW
    )


def test_a_term_is_set_and_moved(cast):
    set_term(cast)
    set_term(cast, last=date(2027, 7, 9))
    assert Term.objects.get(number=2).ends_on == date(2027, 7, 9)
    assert AuditRow.objects.filter(kind="term:set").count() == 2


def test_a_term_ends_after_it_begins_and_shares_no_day(cast):
    with pytest.raises(Invalid):
        set_term(cast, last=date(2027, 2, 24))
    with pytest.raises(Conflict):
        set_term(cast, first=date(2027, 1, 20))


# Teaching points.


def test_a_central_school_reaches_its_point_and_no_longer_when_taken_back(cast):
    school, point = cast.schools["school"], cast.schools["point"]
    jurisdiction.set_central_school(point=point, central=None, by=cast.reach("bureau"), now=NOW)
    assert not School.objects.visible_to(cast.reach("head")).contains(point)
    jurisdiction.set_central_school(point=point, central=school, by=cast.reach("bureau"), now=NOW)
    assert School.objects.visible_to(cast.reach("head")).contains(point)
    assert AuditRow.objects.filter(kind="school:set_central").count() == 2


def test_schools_stand_under_each_other_in_one_storey_within_one_county(cast, foreign):
    school, point, far = (cast.schools[key] for key in ("school", "point", "far_school"))
    for low, high in ((far, point), (school, school), (school, far), (far, foreign.schools["school"])):
        with pytest.raises(Invalid):
            jurisdiction.set_central_school(point=low, central=high, by=cast.reach("bureau"), now=NOW)
    with pytest.raises(Denied):
        jurisdiction.set_central_school(point=far, central=None, by=cast.reach("head"), now=NOW)
    with pytest.raises(Denied):
        jurisdiction.set_central_school(point=far, central=None, by=foreign.reach("bureau"), now=NOW)


def test_the_bureau_puts_a_point_under_a_school_of_its_town_on_a_page(cast, sign_in):
    cast.schools["point"].central_school = None
    cast.schools["point"].save()
    url = reverse("organisations:central_school", args=[cast.organisations["point"].code])
    page = sign_in(cast.bureau).get(url).content.decode()
    assert "青溪镇中心小学" in page and "南浦中学" not in page
    answer = sign_in(cast.bureau).post(url, {"central": cast.organisations["school"].code})
    assert answer.status_code == 302
    assert School.objects.get(pk=cast.schools["point"].pk).central_school == cast.schools["school"]


# The page.


def test_everybody_reads_the_calendar_and_those_who_set_it_get_forms(cast, sign_in):
    set_day(cast)
    for part, forms in (("bureau", 3), ("head", 1), ("teacher", 0), ("station", 0)):
        page = sign_in(cast.users[part]).get(reverse(PAGE)).content.decode()
        assert "运动会" in page and "2026–2027" in page
        main = page[page.index("<main") : page.index("</main>")]
        assert main.count('method="post"') == forms, part


def test_a_school_sees_its_own_days_and_no_other_schools(cast, sign_in):
    set_day(cast, "head", cast.schools["school"])
    assert "运动会" in sign_in(cast.safety).get(reverse(PAGE)).content.decode()
    assert "运动会" in sign_in(cast.station).get(reverse(PAGE)).content.decode()
    assert "运动会" not in sign_in(cast.other_head).get(reverse(PAGE)).content.decode()


def test_a_head_sets_and_removes_a_day_of_the_school(cast, sign_in):
    client, code = sign_in(cast.head), str(cast.organisations["school"].code)
    said = {"day": "2026-09-19", "works": "yes", "reason": "运动会", "school": code}
    assert client.post(reverse(PAGE), said).status_code == 302
    assert CalendarDay.objects.get().school == cast.schools["school"]
    gone = {"day": "2026-09-19", "school": code}
    assert sign_in(cast.other_head).post(reverse("organisations:remove_day"), gone).status_code == 404
    assert client.post(reverse("organisations:remove_day"), gone).status_code == 302
    assert not CalendarDay.objects.exists()


def test_a_head_does_not_reach_the_county_through_the_form(cast, sign_in):
    said = {"day": "2026-09-19", "works": "yes", "reason": "运动会"}
    assert sign_in(cast.head).post(reverse(PAGE), said | {"school": ""}).status_code == 200
    assert (
        sign_in(cast.head).post(reverse(PAGE), said | {"school": cast.organisations["far_school"].code}).status_code
        == 200
    )
    assert sign_in(cast.teacher).post(reverse(PAGE), said).status_code == 403
    assert not CalendarDay.objects.exists()


def test_the_bureau_sets_a_term_on_the_page_and_wrong_days_are_said(cast, sign_in):
    client = sign_in(cast.bureau)
    said = {"year": 2026, "number": 2, "starts_on": "2027-02-24", "ends_on": "2027-07-04"}
    assert client.post(reverse("organisations:set_term"), said).status_code == 302
    assert client.post(reverse("organisations:set_term"), said | {"ends_on": "2027-01-01"}).status_code == 400
    assert client.post(reverse("organisations:set_term"), said | {"ends_on": "morgen"}).status_code == 200
    assert Term.objects.count() == 2


def test_the_schools_page_leads_the_bureau_to_its_central_school_and_nobody_else(cast, sign_in):
    link = reverse("organisations:central_school", args=[cast.organisations["point"].code])
    page = reverse("web:school", args=[cast.organisations["point"].code])
    assert link in sign_in(cast.bureau).get(page).content.decode()
    assert link not in sign_in(cast.head).get(page).content.decode()
