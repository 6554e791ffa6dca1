"""Founding a county in an empty database."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Invalid
from huyuan.organisations.models import County, Organisation
from huyuan.people.actions.codes import redeem_code
from huyuan.people.actions.counties import found_county
from huyuan.people.models import Post
from huyuan.people.reaches import acting_post

FIXTURE = Path(__file__).resolve().parents[3] / "tests" / "data" / "schools.xlsx"
WANTED = {
    "name": "云溪县", "adcode": "360901", "starts_on": date(2026, 9, 1), "admin_name": "罗建国",
    "admin_phone": "139 0000 0001",
}  # fmt: skip


def test_an_empty_database_becomes_usable(db):
    founded = found_county(**WANTED, now=NOW)
    kinds = set(Organisation.objects.filter(county=founded.county).values_list("kind", flat=True))
    assert kinds == {
        "party_group", "leading_group", "education_bureau", "security_bureau", "command_centre", "culture_tourism",
        "health", "urban_management", "market_regulation",
    }  # fmt: skip
    assert [(term.year, term.number) for term in founded.county.terms.all()] == [(2026, 1), (2026, 2)]
    person = redeem_code(phone="13900000001", code=founded.code, password="gate-keeper-2026", now=NOW).user
    post, _posts = acting_post(person, None, NOW.date())
    assert (post.role, post.organisation.kind) == ("bureau_officer", "education_bureau")
    assert AuditRow.objects.filter(kind="county:found").count() == 1


def test_a_spring_start_lies_in_the_school_year_before(db):
    terms = found_county(**WANTED | {"starts_on": date(2027, 3, 1)}, now=NOW).county.terms.all()
    assert {term.year for term in terms} == {2026}


@pytest.mark.parametrize("wrong", [
    {"adcode": "36090"}, {"adcode": "36090x"}, {"adcode": "000000"}, {"admin_phone": "0791-1234567"}, {"name": " "}, {"admin_name": ""},
])  # fmt: skip
def test_what_cannot_be_is_refused(db, wrong):
    with pytest.raises(Invalid):
        found_county(**WANTED | wrong, now=NOW)
    assert not County.objects.exists()


def test_a_county_or_a_number_that_is_there_is_refused(cast):
    with pytest.raises(Conflict):
        found_county(**WANTED, now=NOW)
    with pytest.raises(Conflict):
        found_county(**WANTED | {"adcode": "360999", "admin_phone": cast.head.phone}, now=NOW)


def test_the_county_of_a_first_import_is_taken_over_with_its_schools(db):
    call_command("import_schools", str(FIXTURE), json=True, stdout=io.StringIO(), stderr=io.StringIO())
    founded = found_county(**WANTED, now=NOW)
    county = County.objects.get()
    assert (county, county.name, county.adcode, county.starts_on) == (
        founded.county,
        "云溪县",
        "360901",
        date(2026, 9, 1),
    )
    assert county.organisations.filter(kind="school").count() == 63
    assert county.organisations.get(kind="education_bureau").name == "云溪县教育体育局"
    assert county.terms.count() == 2


def test_a_county_without_a_name_stays_beside_others(db):
    County.objects.create(name="示例县", adcode="000000", starts_on=date(2026, 9, 1))
    County.objects.create(name="南浦县", adcode="360902", starts_on=date(2026, 9, 1))
    found_county(**WANTED, now=NOW)
    assert set(County.objects.values_list("adcode", flat=True)) == {"000000", "360902", "360901"}


def test_the_command_prints_how_to_sign_in(db):
    out = io.StringIO()
    arguments = ["--name", "云溪县", "--adcode", "360901", "--starts-on", "2026-09-01", "--admin-name", "罗建国"]
    call_command("create_county", *arguments, "--admin-phone", "13900000001", stdout=out)
    code = out.getvalue().split("code  ")[1].split()[0]
    assert redeem_code(phone="13900000001", code=code, password="gate-keeper-2026", now=NOW).user is not None
    assert Post.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("create_county", *arguments, "--admin-phone", "13900000001", stdout=out)
