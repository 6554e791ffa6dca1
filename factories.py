"""The fixed cast and the things tests start from; everything is made the way the product makes it."""

import io
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

from huyuan.common.reach import Reach
from huyuan.emergency.actions import calling, contingency, intake
from huyuan.emergency.contingency import content_of
from huyuan.emergency.contingency_packs import AssemblyPoint
from huyuan.emergency.models import ContingencyPlan, Incident, Press
from huyuan.emergency.signs import Sign
from huyuan.inspections.actions import checks, coordination, hazards, papers, roving, spot, supervision, transfers
from huyuan.inspections.checklists import Checklist, current_checklists
from huyuan.inspections.models import Answer, HandOver, Hazard, Inspection, RectificationNotice, RovingPlan, Supervision
from huyuan.organisations.models import County, Jurisdiction, Line, Organisation, OrganisationKind, School, Site, Term
from huyuan.people.models import Post, User
from huyuan.people.reaches import reach_of
from huyuan.policy.models import DayKind

NOW = datetime(2026, 9, 15, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
STARTS_ON = date(2026, 9, 1)
PASSWORD = "guard-the-gate-1"

POSTS = {
    "bureau": ("bureau_officer", "bureau"),
    "police": ("police_officer", "security"),
    "commander": ("commander", "command"),
    "leader": ("leader", "leading"),
    "station": ("station_officer", "station"),
    "station2": ("station_officer", "station"),
    "other_station": ("station_officer", "far_station"),
    "vice_principal": ("vice_principal", "station"),
    "health": ("department_officer", "health"),
    "town": ("town_officer", "town"),
    "head": ("school_head", "school"),
    "safety": ("safety_officer", "school"),
    "guard": ("guard", "school"),
    "teacher": ("teacher", "school"),
    "counsellor": ("counsellor", "school"),
    "volunteer": ("volunteer", "school"),
    "other_head": ("school_head", "far_school"),
}
LANDLINES = {"station": "0793-5550110", "far_station": "0793-5550120", "command": "0793-5550000"}
NAMES = dict(zip(POSTS, [
    "罗建国", "王卫民", "赵振华", "周启明", "陈志强", "李海波", "马国平", "孙晓东", "何丽华", "黄文斌", "吴秀英", "刘永康",
    "郭建军", "杨春梅", "徐雪梅", "林爱民", "胡小红",
], strict=True))  # fmt: skip


@dataclass
class Cast:
    """One county with two schools under two stations, and one person for each part."""

    county: County
    organisations: dict[str, Organisation] = field(default_factory=dict)
    schools: dict[str, School] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)

    def reach(self, part: str) -> Reach:
        """The reach of a member of the cast."""
        user = self.users[part]
        return reach_of(user, Post.objects.select_related("organisation").filter(user=user).order_by("pk").first())

    def __getattr__(self, part: str) -> User:
        try:
            return self.__dict__["users"][part]
        except KeyError:
            raise AttributeError(part) from None


def make_county(name: str = "云溪县", adcode: str = "360901", phones: str = "199000") -> Cast:
    """A county with its cast; `phones` begins every phone number, so that two counties can stand side by side."""
    county = County.objects.create(name=name, adcode=adcode, starts_on=STARTS_ON)
    cast = Cast(county)
    kinds = OrganisationKind
    for key, kind, label in [
        ("bureau", kinds.EDUCATION_BUREAU, f"{name}教育体育局"), ("security", kinds.SECURITY_BUREAU, f"{name}公安局"),
        ("command", kinds.COMMAND_CENTRE, f"{name}公安局指挥中心"), ("leading", kinds.LEADING_GROUP, f"{name}校园安全领导小组"),
        ("station", kinds.STATION, "青溪派出所"), ("far_station", kinds.STATION, "南浦派出所"),
        ("health", kinds.HEALTH, f"{name}卫生健康委"), ("town", kinds.TOWN, "青溪镇"), ("far_town", kinds.TOWN, "南浦镇"),
        ("school", kinds.SCHOOL, "青溪镇中心小学"), ("point", kinds.SCHOOL, "青溪下屋教学点"),
        ("far_school", kinds.SCHOOL, "南浦中学"),
    ]:  # fmt: skip
        cast.organisations[key] = organisation = Organisation.named(county=county, kind=kind, name=label)
        organisation.phone = LANDLINES.get(key, "")
        organisation.save()
    _make_schools(cast)
    _make_reaches(cast)
    for number, (part, (role, where)) in enumerate(POSTS.items(), 1):
        user = User.objects.create_user(f"{phones}{number:05d}", NAMES[part], county, PASSWORD)
        Post.objects.create(user=user, organisation=cast.organisations[where], role=role, starts_on=STARTS_ON)
        cast.users[part] = user
    cast.users["nobody"] = User.objects.create_user(f"{phones}99999", "朱无岗", county, PASSWORD)
    Term.objects.create(county=county, year=2026, number=1, starts_on=STARTS_ON, ends_on=date(2027, 1, 22))
    return cast


def _make_schools(cast: Cast) -> None:
    o = cast.organisations
    common = {"county": cast.county, "pupils": 924, "guards": 2, "closed_campus": True, "alarm_networked": True}
    cast.schools["school"] = School.objects.create(
        organisation=o["school"],
        identifier="2136100007",
        kind="primary",
        town=o["town"],
        station=o["station"],
        **common,
    )
    cast.schools["point"] = School.objects.create(
        organisation=o["point"], identifier="2136100014", kind="primary", town=o["town"], station=o["station"],
        central_school=cast.schools["school"], **common | {"pupils": 41},
    )  # fmt: skip
    cast.schools["far_school"] = School.objects.create(
        organisation=o["far_school"], identifier="3136100045", kind="junior_middle", town=o["far_town"],
        station=o["far_station"], **common,
    )  # fmt: skip
    for number, school in enumerate(cast.schools.values()):
        Site.objects.create(school=school, name="主校区", lon=115.55 + number / 50, lat=28.9 + number / 60)


def _make_reaches(cast: Cast) -> None:
    rows = [Jurisdiction(overseer=o, subject=o, line=Line.OWN) for o in cast.organisations.values()]
    for school in cast.schools.values():
        subject = school.organisation
        rows.append(Jurisdiction(overseer=school.station, subject=subject, line=Line.POLICE))
        rows.append(Jurisdiction(overseer=school.town, subject=subject, line=Line.TERRITORY))
        if school.central_school:
            rows.append(Jurisdiction(overseer=school.central_school.organisation, subject=subject, line=Line.EDUCATION))
    Jurisdiction.objects.bulk_create(rows)


def pressed(
    cast: Cast,
    by: str = "guard",
    school: str = "school",
    alarm_class: str = "attack",
    sign: Sign = Sign.REAL,
    now: datetime = NOW,
    **more: Any,
) -> Press:
    """A press of a phone, as the intake takes it; the incident hangs on it."""
    reach = cast.reach(by)
    given = {"code": uuid.uuid4(), "source": Press.Source.PHONE, "user_id": reach.user_id} | more
    press = intake.NewPress(school_id=cast.schools[school].pk, alarm_class=alarm_class, sign=sign, **given)
    return intake.take_press(press=press, by=reach, now=now)


def called_incident(cast: Cast, now: datetime = NOW, **more: Any) -> Incident:
    """An incident whose tiers have all been called."""
    incident = pressed(cast, now=now, **more).incident
    assert incident is not None
    calling.call_tiers(incident=incident, now=now)
    return incident


def contingency_draft(cast: Cast, kind: str = "violent_attack", now: datetime = NOW) -> ContingencyPlan:
    """A contingency plan with its leader and an assembly point named, ready to be approved."""
    head = cast.reach("head")
    plan = contingency.draft_plan(school=cast.schools["school"], kind=kind, by=head, now=now)
    content = content_of(plan)
    cards = tuple(
        card.model_copy(update={"people": (cast.head.pk,)}) if card.part == "leader" else card for card in content.cards
    )
    content = content.model_copy(update={"cards": cards, "assembly": (AssemblyPoint(name="操场"),)})
    return contingency.edit_plan(plan=plan, content=content, by=head, now=now)


def contingency_in_force(cast: Cast, kind: str = "violent_attack", now: datetime = NOW) -> ContingencyPlan:
    """A contingency plan that the head of school approved."""
    draft = contingency_draft(cast, kind, now)
    return contingency.approve_plan(plan=draft, by=cast.reach("head"), now=now)


def photo(text: str = "现场", taken: str | None = None) -> bytes:
    """A small JPEG, with the time taken in its EXIF when given."""
    image = Image.new("RGB", (640, 480), (90, 130, 150))
    ImageDraw.Draw(image).rectangle((200, 150, 440, 330), fill=(200, 190, 170))
    exif = image.getexif()
    exif[0x010F] = "PhoneMaker"
    if taken:
        exif.get_ifd(0x8769)[36867] = taken
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def checklist(code: str = "comprehensive") -> Checklist:
    """A checklist in force; the comprehensive check when nothing else is said."""
    return next(entry for entry in current_checklists(NOW.date()) if entry.code == code)


def begun_check(
    cast: Cast, school: str = "school", by: str = "station", entry: Checklist | None = None, now: datetime = NOW
) -> Inspection:
    """A check that has just begun."""
    return checks.begin_check(
        code=uuid.uuid4(), school=cast.schools[school], checklist=entry or checklist(), by=cast.reach(by), now=now
    )


def answered_check(cast: Cast, failing: int = 1) -> Inspection:
    """A check with every item that is asked answered, the first `failing` yes-no items with no."""
    return answer_everything(cast, begun_check(cast), failing)


def answer_everything(cast: Cast, check: Inspection, failing: int = 0, by: str = "station") -> Inspection:
    """Answer every item that is asked, the first `failing` yes-no items with no."""
    given: dict[str, str] = {}
    left = failing
    for item in check.checklist.items():
        if item not in check.checklist.asked(given):
            continue
        value = item.options[0].key if item.options else str(item.minimum or 0) if item.kind == "number" else "yes"
        if left and value == "yes" and item.kind == "yes_no" and item.only_if is None:
            value, left = "no", left - 1
        given[item.key] = value
    Answer.objects.bulk_create(
        Answer(
            inspection=check, item_key=key, value=value, note="二楼东侧" if value == "no" else "",
            answered_by=cast.users[by], answered_at=NOW,
        )
        for key, value in given.items()
    )  # fmt: skip
    for item in check.checklist.items():
        if item.kind == "photo":
            checks.photograph_item(inspection=check, item_key=item.key, raw=photo(), by=cast.reach(by), now=NOW)
    return check


def signed_check(cast: Cast, failing: int = 1) -> Inspection:
    """A check signed by both sides; its failed items are hazards."""
    check = answered_check(cast, failing)
    checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
    return checks.sign_check(inspection=check, by=cast.reach("head"), now=NOW)


def drawn_plan(cast: Cast, by: str = "station", now: datetime = NOW, **rules: int | None) -> RovingPlan:
    """The roving checks of the term, as an agency drew them."""
    given: dict[str, Any] = {"per_school": 2, "per_week": 3, "gap_weeks": 4, "seed": 7}
    term = Term.objects.select_related("county").get(county=cast.county)
    return roving.draw_plan(term=term, checklist=checklist(), by=cast.reach(by), now=now, **given | rules)


IN_PLACE = {"level": "major", "guide_item": "fire-alarm", "funding": "公用经费2万元", "contingency": "每两小时巡查一次"}


def hazard_at(cast: Cast, status: str, major: bool = False) -> Hazard:
    """A hazard walked by the real actions to a state; ordered as a major one where that is wanted."""
    hazard = signed_check(cast).hazards.get()
    if status == Hazard.Status.REGISTERED:
        return hazard
    hazard = hazards.order_rectification(
        hazard=hazard, requirement="更换损坏的疏散指示灯", responsible=cast.safety, days=10,
        due_kind=DayKind.WORKING, by=cast.reach("station"), now=NOW, **(IN_PLACE if major else {"level": "general"}),
    )  # fmt: skip
    if status == Hazard.Status.ORDERED:
        return hazard
    later = NOW + timedelta(days=2)
    hazards.rectify_hazard(hazard=hazard, report="已更换", photos=[photo()], by=cast.reach("safety"), now=later)
    if status == Hazard.Status.RECTIFIED:
        return Hazard.objects.get(pk=hazard.pk)
    return hazards.close_hazard(hazard=hazard, remark="", by=cast.reach("station"), now=later)


def spot_fix(cast: Cast, by: str = "safety", **changes: Any) -> Hazard:
    """Something found and fixed on the spot, waiting for somebody else to confirm it."""
    words: dict[str, Any] = {
        "category": "fire", "place": "二楼东侧楼梯口", "description": "灭火器压力不足", "report": "当场更换",
        "photos": [photo("前"), photo("后")],
    }  # fmt: skip
    return spot.record_spot_fix(school=cast.schools["school"], by=cast.reach(by), now=NOW, **words | changes)


def handed_over(cast: Cast, kind: str, to: str = "health", hazard: Hazard | None = None) -> HandOver:
    """A transfer asked by the station, or help asked by the school, waiting for an answer."""
    hazard = hazard or hazard_at(cast, "ordered")
    if kind == HandOver.Kind.TRANSFER:
        return transfers.ask_transfer(
            hazard=hazard, to=cast.organisations[to], reason="属卫生健康部门职责", by=cast.reach("station"), now=NOW
        )
    return coordination.ask_coordination(
        hazard=hazard, to=cast.organisations[to], asked="协调迁移校门口的变压器", reason="产权不属学校",
        interim="设围挡，专人看护", by=cast.reach("head"), now=NOW,
    )  # fmt: skip


def notice_of(cast: Cast, by: str, failing: int = 1) -> RectificationNotice:
    """A notice about every hazard of a check, ordered by an agency."""
    found = [
        hazards.order_rectification(
            hazard=hazard, requirement="更换损坏的疏散指示灯", responsible=cast.safety, level="general", days=10,
            due_kind=DayKind.WORKING, by=cast.reach(by), now=NOW,
        )
        for hazard in signed_check(cast, failing).hazards.all()
    ]  # fmt: skip
    recheck_on = (NOW + timedelta(days=20)).date()
    return papers.issue_notice(hazards=found, recheck_on=recheck_on, by=cast.reach(by), now=NOW)


def major_at(cast: Cast, status: str) -> Hazard:
    """A major hazard with its five in place."""
    hazard = hazard_at(cast, status)
    hazard.level, hazard.guide_item, hazard.funding, hazard.contingency = "major", "fire-exits", "公用经费", "专人看守"
    hazard.save()
    return hazard


def proposal(cast: Cast) -> Supervision:
    """A major hazard proposed for listed supervision by the station."""
    return supervision.propose_supervision(
        hazard=major_at(cast, "ordered"), reason="多次催办未动", by=cast.reach("station"), now=NOW
    )


def list_for(cast: Cast, one: Supervision, *, then_close: bool = False) -> Supervision:
    """List it, under a police officer; then its hazard is put right and closed."""
    deadline = (NOW + timedelta(days=20)).date()
    supervision.list_supervision(
        supervision=one, supervisor=cast.police, deadline=deadline, by=cast.reach("leader"), now=NOW
    )
    if then_close:
        safety, station = cast.reach("safety"), cast.reach("station")
        hazards.rectify_hazard(hazard=one.hazard, report="已更换", photos=[photo()], by=safety, now=NOW)
        hazards.close_hazard(hazard=one.hazard, remark="", by=station, now=NOW)
    return Supervision.objects.get(pk=one.pk)
