"""The list of organisations: what the bureau adds and corrects, and who may not."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from factories import NOW
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.common.geo import Point, metres_between
from huyuan.organisations.actions.agencies import add_organisation, correct_organisation
from huyuan.organisations.models import Jurisdiction, Organisation


def added(cast, name="上坪村", kind="village", parent="town", by="bureau"):
    return add_organisation(
        county=cast.county, kind=kind, name=name, parent=cast.organisations[parent], phone="0791-8300000", seat=None,
        by=cast.reach(by), now=NOW,
    )  # fmt: skip


def test_the_bureau_adds_a_village_under_its_town_on_the_page(cast, sign_in):
    bureau, town = sign_in(cast.bureau), cast.organisations["town"]
    given = {"kind": "village", "name": "上坪村", "parent": town.code, "phone": ""}
    assert bureau.post(reverse("organisations:add"), given).url == reverse("web:organisations")
    village = Organisation.objects.get(name="上坪村")
    assert (village.county, village.parent) == (cast.county, town)
    assert Jurisdiction.objects.filter(overseer=village, subject=village).exists()
    assert "上坪村" in bureau.get(reverse("web:organisations")).content.decode()
    assert "上坪村" in bureau.get(town.get_absolute_url()).content.decode()
    assert AuditRow.objects.filter(kind="organisation:add", target_code=str(village.code)).exists()


def corrected(client, station, **given):
    data = {"name": station.name, "phone": station.phone} | given
    return client.post(station.get_absolute_url(), data)


def test_the_bureau_says_where_a_desk_is_in_the_figures_of_whichever_map(cast, sign_in):
    bureau, station = sign_in(cast.bureau), cast.organisations["station"]
    assert corrected(bureau, station, position="115.555000，28.901000", datum="wgs84").status_code == 302
    station.refresh_from_db()
    assert station.seat == Point(115.555, 28.901)
    page = bureau.get(station.get_absolute_url())
    assert page.context["form"]["position"].value() == "115.555, 28.901"
    assert page.context["points"] == [{"name": station.name, "lon": 115.555, "lat": 28.901}]
    # What was filled in may stay without saying again from which map it is; other figures may not.
    assert corrected(bureau, station, position="115.555, 28.901", phone="0793-1", datum="").status_code == 302
    assert list(corrected(bureau, station, position="115.556, 28.901", datum="").context["form"].errors) == ["datum"]
    station.refresh_from_db()
    assert (station.seat, station.phone) == (Point(115.555, 28.901), "0793-1")
    corrected(bureau, station, position="28.901, 115.555", datum="gcj02")
    station.refresh_from_db()
    assert 400 < metres_between(station.seat, Point(115.555, 28.901)) < 700
    corrected(bureau, station, position="", datum="")
    station.refresh_from_db()
    assert station.seat is None
    assert AuditRow.objects.filter(kind="organisation:correct", details__seat="115.555000, 28.901000").exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"position": "115.555, 28.901"}, "datum"),
        ({"position": "县城北边", "datum": "wgs84"}, "position"),
        ({"position": "2.35, 48.85", "datum": "wgs84"}, "position"),
        ({"position": "115.555, 28.901", "datum": "mars"}, "datum"),
    ],
)
def test_a_position_that_cannot_be_is_refused_and_stays_in_its_field(cast, sign_in, given, field):
    bureau, station = sign_in(cast.bureau), cast.organisations["station"]
    page = corrected(bureau, station, **given)
    assert list(page.context["form"].errors) == [field]
    assert page.context["form"]["position"].value() == given["position"]
    station.refresh_from_db()
    assert station.seat is None


def test_a_school_has_sites_and_no_seat(cast):
    with pytest.raises(IntegrityError, match="seat_on_earth"), transaction.atomic():
        Organisation.objects.filter(pk=cast.organisations["school"].pk).update(lon=115.5, lat=28.9)


@pytest.mark.parametrize("part", ["police", "station", "town", "head"])
def test_nobody_else_adds_or_corrects(cast, part):
    with pytest.raises(Denied):
        added(cast, by=part)
    with pytest.raises(Denied):
        correct_organisation(
            organisation=cast.organisations["town"], name="别的镇", phone="", seat=None, by=cast.reach(part), now=NOW
        )


def test_a_bureau_keeps_its_own_county_only(cast, foreign):
    with pytest.raises(Denied):
        correct_organisation(
            organisation=cast.organisations["town"],
            name="别的镇",
            phone="",
            seat=None,
            by=foreign.reach("bureau"),
            now=NOW,
        )
    with pytest.raises(Invalid):
        add_organisation(
            county=cast.county, kind="village", name="上坪村", parent=foreign.organisations["town"], phone="", seat=None,
            by=cast.reach("bureau"), now=NOW,
        )  # fmt: skip


def test_a_name_stands_once_and_everything_under_what_it_belongs_to(cast):
    added(cast)
    with pytest.raises(Conflict, match="上坪村"):
        added(cast)
    with pytest.raises(Invalid):
        added(cast, name="下坪村", parent="security")
    assert added(cast, name="河西派出所", kind="station", parent="security").parent == cast.organisations["security"]


def test_name_and_duty_phone_are_corrected_and_a_schools_are_not(cast, sign_in):
    town = cast.organisations["town"]
    answer = sign_in(cast.bureau).post(town.get_absolute_url(), {"name": "清溪镇", "phone": "0791-8300001"})
    assert answer.url == reverse("web:organisations")
    town.refresh_from_db()
    assert (town.name, town.phone, town.sort_key) == ("清溪镇", "0791-8300001", "qing1 xi1 zhen4")
    assert "0791-8300001" in sign_in(cast.head).get(town.get_absolute_url()).content.decode()
    with pytest.raises(Conflict):
        correct_organisation(
            organisation=cast.organisations["school"],
            name="别的小学",
            phone="",
            seat=None,
            by=cast.reach("bureau"),
            now=NOW,
        )
