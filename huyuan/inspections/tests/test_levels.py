"""Two levels; a major one rests on its item of the national guide and has its five in place."""

import pytest
from django.urls import reverse

from factories import IN_PLACE, NOW, hazard_at, spot_fix
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.common.packs import PackError
from huyuan.inspections.actions import hazards
from huyuan.inspections.actions.levels import set_level
from huyuan.inspections.guides import national_guide, read_guide
from huyuan.inspections.models import Hazard
from huyuan.notifications.models import Message
from huyuan.policy.models import DayKind


def order(cast, hazard, **words):
    given = {"requirement": "更换", "responsible": cast.safety, "days": 10, "due_kind": DayKind.CALENDAR}
    return hazards.order_rectification(hazard=hazard, by=cast.reach("station"), now=NOW, **given | words)


def decide(cast, hazard, level, by="station", **words):
    given = {"guide_item": "", "reason": ""}
    return set_level(hazard=hazard, level=level, by=cast.reach(by), now=NOW, **given | words)


def test_a_major_hazard_is_ordered_with_its_five_in_place(cast):
    hazard = order(cast, hazard_at(cast, "registered"), **IN_PLACE)
    assert (hazard.level, hazard.guide_item, hazard.is_unconfirmed) == ("major", "fire-alarm", False)
    assert hazard.funding and hazard.contingency


@pytest.mark.parametrize(
    ("missing", "said"),
    [("funding", "资金"), ("contingency", "预案"), ("guide_item", "国家指南条目"), ("requirement", "措施")],
)
def test_what_a_major_hazard_lacks_is_named(cast, missing, said):
    hazard = hazard_at(cast, "registered")
    with pytest.raises(Invalid, match=said):
        order(cast, hazard, **IN_PLACE | {missing: ""})
    hazard.refresh_from_db()
    assert hazard.status == "registered"


@pytest.mark.parametrize("level", ["", "较大", "serious"])
def test_there_is_no_third_level(cast, level):
    hazard = hazard_at(cast, "registered")
    with pytest.raises(Invalid, match="一般和重大"):
        order(cast, hazard, level=level)


@pytest.mark.parametrize("days", [0, -3, 366])
def test_an_order_without_a_deadline_is_refused(cast, days):
    hazard = hazard_at(cast, "registered")
    with pytest.raises(Invalid, match="整改期限"):
        order(cast, hazard, level="general", days=days)


def test_a_level_is_raised_with_the_item_and_lowered_with_a_reason(cast):
    hazard = decide(cast, hazard_at(cast, "registered"), "major", guide_item="fire-exits")
    with pytest.raises(Invalid, match="先写明理由"):
        order(cast, hazard, level="general")
    with pytest.raises(Invalid, match="不属于重大隐患的理由"):
        decide(cast, hazard, "general")
    hazard = decide(cast, hazard, "general", reason="出口宽度复核后符合要求")
    assert (hazard.level, hazard.guide_item) == ("general", "")
    assert Message.objects.filter(kind="hazard:lower", recipient=cast.head).exists()
    assert AuditRow.objects.filter(kind="hazard:lower").exists()
    assert order(cast, hazard, level="general").status == "ordered"


def test_raising_an_ordered_hazard_asks_for_what_is_not_in_place(cast):
    hazard = hazard_at(cast, "ordered")
    with pytest.raises(Invalid, match="资金 / 预案"):
        decide(cast, hazard, "major", guide_item="fire-exits")
    words = {"guide_item": "fire-exits", "funding": "县级资金", "contingency": "停用该楼层"}
    assert decide(cast, hazard, "major", **words).level == "major"


def test_a_level_is_decided_by_who_orders_and_only_while_open(cast):
    hazard, closed, fixed = hazard_at(cast, "registered"), hazard_at(cast, "closed"), spot_fix(cast)
    for part in ("head", "safety", "town", "leader", "health"):
        with pytest.raises(Denied):
            decide(cast, hazard, "major", by=part, guide_item="fire-exits")
    for other in (closed, fixed):
        with pytest.raises(Conflict, match="未销号"):
            decide(cast, other, "major", guide_item="fire-exits")
    with pytest.raises(Conflict, match="已经是"):
        decide(cast, hazard, "general")


def imported(cast, **changes):
    """A hazard as the import of an earlier ledger leaves it."""
    station = cast.organisations["station"]
    given = {
        "county": cast.county, "school": cast.schools["school"], "origin": "imported", "description": "围墙裂缝",
        "agency": station, "holder": station, "found_on": NOW.date(), "level": "", "stated_level": "较大",
    }  # fmt: skip
    return Hazard.objects.create(**given | changes)


def test_an_imported_level_stays_open_until_somebody_decides(cast, sign_in):
    hazard = imported(cast)
    client = sign_in(cast.station)
    for page in (hazard.get_absolute_url(), reverse("inspections:hazards")):
        assert "级别待定（原台账为“较大”）" in client.get(page).content.decode()
    client.post(reverse("inspections:level", args=[hazard.code]), {"level": "general"})
    hazard.refresh_from_db()
    assert hazard.level_words == "一般"


def test_a_major_hazard_without_its_item_is_unconfirmed_everywhere(cast, sign_in):
    hazard = imported(cast, level="major", stated_level="重大")
    client = sign_in(cast.station)
    for page in (hazard.get_absolute_url(), reverse("inspections:hazards")):
        assert "重大（待认定）" in client.get(page).content.decode()
    given = {"level": "major", "guide_item": "fire-alarm"}
    assert client.post(reverse("inspections:level", args=[hazard.code]), given).status_code == 302
    assert "重大（待认定）" not in client.get(hazard.get_absolute_url()).content.decode()


def test_the_forms_keep_what_was_typed_and_mark_what_is_missing(cast, sign_in):
    hazard = hazard_at(cast, "registered")
    given = {
        "level": "major",
        "requirement": "加装报警器",
        "responsible": cast.safety.code,
        "days": "10",
        "due_kind": "calendar",
    }
    page = sign_in(cast.station).post(reverse("inspections:order", args=[hazard.code]), given).content.decode()
    assert page.count("重大隐患必须填写") == 3
    assert "加装报警器" in page


def test_the_guide_names_its_fields_and_says_what_to_check(db):
    guide = national_guide()
    assert {field.key for field in guide.fields} == {
        "fire", "buildings", "food", "laboratory", "traffic", "stampede", "supply",
    }  # fmt: skip
    assert guide.item("fire-kindergarten-floor").judgement == "direct"
    assert "使用前请核对原文" in guide.item("building-grade-d").label
    assert "综合判定" in guide.item("stampede-events").label
    assert "核对" not in guide.item("fire-alarm").label


def test_a_guide_with_an_item_twice_or_a_wrong_key_is_refused(tmp_path, settings):
    text = (settings.PACKS / "guides" / "major-2024.yaml").read_text()
    for wrong, said in (("key: fire-duty", "stands twice"), ("key: Fire!", "is not written as")):
        path = tmp_path / "guide.yaml"
        path.write_text(text.replace("key: fire-alarm", wrong))
        with pytest.raises(PackError, match=said):
            read_guide(path)
