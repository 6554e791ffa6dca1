"""Found and fixed on the spot: one entry, two photos, no order, confirmed by another person."""

import pytest
from django.urls import reverse

from factories import NOW, begun_check, hazard_at, photo, spot_fix
from huyuan.attachments.models import Attachment
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.inspections.actions import hazards, spot
from huyuan.inspections.models import Hazard
from huyuan.notifications.models import Message
from huyuan.policy.models import DayKind
from huyuan.policy.worklist import tasks_for
from tests.access.scene import picture


@pytest.mark.parametrize("part", ["safety", "head", "station", "bureau", "police"])
def test_whoever_conducts_checks_records_it_in_one_entry(cast, part):
    hazard = spot_fix(cast, by=part)
    assert (hazard.origin, hazard.level, hazard.status) == ("spot", "general", "fixed")
    assert hazard.agency == hazard.holder == cast.organisations["station"]
    assert hazard.due_date is None and hazard.ordered_at is None
    assert hazard.rounds.get().report == "当场更换"
    places = Attachment.objects.filter(owner_code=hazard.code).order_by("pk").values_list("place", flat=True)
    assert list(places) == ["found", "round-1"]
    assert AuditRow.objects.filter(kind="hazard:spot", target_code=str(hazard.code)).exists()
    assert Message.objects.filter(kind="hazard:spot", recipient=cast.station2).exists()


@pytest.mark.parametrize("part", ["teacher", "town", "leader", "other_station", "health"])
def test_others_do_not_record_it(cast, part):
    with pytest.raises(Denied):
        spot_fix(cast, by=part)


@pytest.mark.parametrize("photos", [0, 1, 3])
def test_it_takes_exactly_two_photos(cast, photos):
    with pytest.raises(Invalid, match="两张照片"):
        spot_fix(cast, photos=[photo()] * photos)
    assert not Hazard.objects.exists()


def test_a_major_hazard_is_not_settled_on_the_spot(cast):
    with pytest.raises(Invalid, match="重大隐患不能即查即改"):
        spot_fix(cast, level="major")


def test_without_a_station_the_bureau_follows_it(cast):
    school = cast.schools["school"]
    school.station = None
    school.save()
    assert spot_fix(cast).agency == cast.organisations["bureau"]


def test_another_person_confirms_and_it_is_closed(cast):
    hazard = spot_fix(cast)
    with pytest.raises(Denied, match="其他人"):
        spot.confirm_spot_fix(hazard=hazard, by=cast.reach("safety"), now=NOW)
    for part in ("teacher", "town", "other_station"):
        with pytest.raises(Denied):
            spot.confirm_spot_fix(hazard=hazard, by=cast.reach(part), now=NOW)
    hazard = spot.confirm_spot_fix(hazard=hazard, by=cast.reach("head"), now=NOW)
    assert (hazard.status, hazard.holder, hazard.closed_by) == ("closed", None, cast.head)
    assert hazard.rounds.get().verdict == "accepted"
    with pytest.raises(Conflict):
        spot.confirm_spot_fix(hazard=hazard, by=cast.reach("station"), now=NOW)


def test_what_is_not_gone_is_registered_ordered_and_rectified_anew(cast):
    hazard = spot_fix(cast)
    with pytest.raises(Invalid):
        spot.refuse_spot_fix(hazard=hazard, reason="", by=cast.reach("station"), now=NOW)
    hazard = spot.refuse_spot_fix(hazard=hazard, reason="压力仍不足", by=cast.reach("station"), now=NOW)
    assert (hazard.status, hazard.round, hazard.holder) == ("registered", 2, cast.organisations["station"])
    assert Message.objects.filter(kind="hazard:refuse_spot", recipient=cast.safety).exists()
    hazards.order_rectification(
        hazard=hazard, requirement="更换", responsible=cast.safety, level="general", days=3, due_kind=DayKind.CALENDAR,
        by=cast.reach("station"), now=NOW,
    )  # fmt: skip
    hazards.rectify_hazard(hazard=hazard, report="换新", photos=[photo()], by=cast.reach("safety"), now=NOW)
    assert hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=NOW).status == "closed"
    assert [done.verdict for done in hazard.rounds.all()] == ["rejected", "accepted"]


def test_it_is_on_the_list_of_who_confirms_but_not_of_who_recorded_it(cast):
    spot_fix(cast, by="station")
    assert [str(task.wanted) for task in tasks_for(cast.reach("station2"), NOW.date())] == ["下次检查时确认"]
    assert tasks_for(cast.reach("station"), NOW.date()) == []


def test_the_page_records_it_and_leads_back_to_the_check(cast, sign_in):
    check = begun_check(cast)
    school = cast.organisations["school"]
    given = {
        "school": school.code, "category": "fire", "place": "食堂", "description": "安全出口堆纸箱", "report": "当场清走",
        "before": picture(), "after": picture(),
    }  # fmt: skip
    url = f"{reverse('inspections:spot')}?school={school.code}&check={check.code}"
    answer = sign_in(cast.safety).post(url, given)
    assert answer.headers["Location"] == check.get_absolute_url()
    assert "食堂" in sign_in(cast.station).get(check.get_absolute_url()).content.decode()
    hazard = Hazard.objects.get()
    confirm = f"{reverse('inspections:confirm', args=[hazard.code])}?check={check.code}"
    assert sign_in(cast.station).post(confirm).headers["Location"] == check.get_absolute_url()
    hazard.refresh_from_db()
    assert hazard.status == "closed"


def test_one_photo_on_the_page_is_asked_for_again(cast, sign_in):
    given = {
        "school": cast.organisations["school"].code, "category": "fire", "place": "食堂", "description": "堆纸箱",
        "report": "清走", "before": picture(),
    }  # fmt: skip
    page = sign_in(cast.safety).post(reverse("inspections:spot"), given)
    assert page.status_code == 200 and "after" in page.context["form"].errors


def test_who_recorded_it_is_offered_no_confirmation(cast, sign_in):
    hazard, check = spot_fix(cast), begun_check(cast)
    for page in (hazard, check):
        assert "确认已改好" not in sign_in(cast.safety).get(page.get_absolute_url()).content.decode()
        assert "确认已改好" in sign_in(cast.head).get(page.get_absolute_url()).content.decode()


def test_a_check_can_be_signed_while_something_waits_for_confirmation(cast):
    spot_fix(cast)
    assert hazard_at(cast, "registered").inspection.status == "signed"


def test_more_than_six_photos_are_refused_on_every_way_in(cast):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Invalid, match="6"):
        hazards.rectify_hazard(hazard=hazard, report="已改", photos=[photo()] * 7, by=cast.reach("safety"), now=NOW)
