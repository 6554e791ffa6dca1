"""How ready the demo county is: units, contingency plans, who is on duty this week, what volunteers offer."""

from datetime import datetime, time, timedelta
from functools import partial

from huyuan.config.demo.roster import Roster
from huyuan.config.demo.staffing import Staff
from huyuan.config.demo.timeline import ZONE, Timeline
from huyuan.emergency.actions import contingency, offers, units
from huyuan.emergency.contingency import content_of
from huyuan.emergency.contingency_packs import AssemblyPoint, PlanContent
from huyuan.guardposts.actions import plan_shift
from huyuan.guardposts.models import Shift
from huyuan.guardposts.queries import monday_of
from huyuan.organisations.models import Organisation, OrganisationKind, School, Site
from huyuan.people.models import Post

KINDS = ("violent_attack", "extreme_act", "fire", "earthquake", "stampede", "abuse")
# Some schools are behind: a plan not approved yet, one of the young staff not named, nobody entered at the gate.
UNAPPROVED, UNNAMED, UNENTERED = 7, 9, 8
PARTS = (
    ("school_head", 0, "leader"), ("guard", 0, "guard"), ("safety_officer", 0, "safety"), ("teacher", 0, "young_staff"),
)  # fmt: skip
# How many working days ago the volunteers offered their help.
OFFERED = 28
WHY_SMALL = "教学点只有几名教职工，组不成完整单元"
# How far the playground lies from the middle of a school, in degrees.
ASIDE = 0.0004


def plan_readiness(roster: Roster, people: Staff, timeline: Timeline) -> None:
    """Put on the timeline who is named, what is approved and who is entered."""
    for number, school in enumerate(roster.schools_with_staff()):
        timeline.plan(_at(timeline, 45 - number, 9), partial(_name_unit, school, number, people))
        timeline.plan(_at(timeline, 40 - number, 15), partial(_approve_plans, school, number, people))
    points = [school for school in roster.schools.values() if school.central_school_id]
    for number, point in enumerate(points):
        timeline.plan(_at(timeline, 30 - number, 10), partial(_arrange_help, point, people))
    for post in Post.objects.filter(organisation__county=roster.county, role="volunteer").order_by("pk"):
        timeline.plan(_at(timeline, OFFERED, 19), partial(_offer, post, people))
    monday = monday_of(timeline.on)
    entered = datetime.combine(monday - timedelta(days=1), time(18), ZONE)
    timeline.plan(entered, partial(_enter_schools, roster, people))
    timeline.plan(entered, partial(_enter_desks, roster, people))


def _at(timeline: Timeline, days_ago: int, hour: int) -> datetime:
    return datetime.combine(timeline.days[days_ago - 1], time(hour), ZONE)


def _name_unit(school: School, number: int, people: Staff, now: datetime) -> None:
    young = ("counsellor", 0) if people.posts.get((school.pk, "counsellor")) else ("teacher", 1)
    second = () if number % UNNAMED == UNNAMED - 1 else ((*young, "young_staff"),)
    head = people.reach(school.pk, "school_head")
    for role, which, part in (*PARTS, *second):
        user = people.post(school.pk, role, number=which).user
        units.add_member(school=school, user=user, part=part, stand_in=False, by=head, now=now)


def _approve_plans(school: School, number: int, people: Staff, now: datetime) -> None:
    safety, head = people.reach(school.pk, "safety_officer"), people.reach(school.pk, "school_head")
    for kind in KINDS:
        plan = contingency.draft_plan(school=school, kind=kind, by=safety, now=now)
        adapted = _adapted(content_of(plan), school, head.person)
        plan = contingency.edit_plan(plan=plan, content=adapted, by=safety, now=now)
        if kind == KINDS[-1] and number % UNAPPROVED == UNAPPROVED - 1:
            return
        contingency.approve_plan(plan=plan, by=head, now=now)


def _adapted(content: PlanContent, school: School, spokesperson: int) -> PlanContent:
    """The template with the school's playground and its spokesperson."""
    site = Site.objects.get(school=school, is_main=True)
    point = AssemblyPoint(name="操场", lon=round(site.lon + ASIDE, 6), lat=round(site.lat + ASIDE, 6))
    return content.model_copy(update={"assembly": (point,), "spokesperson": spokesperson})


def _arrange_help(point: School, people: Staff, now: datetime) -> None:
    central = point.central_school
    assert central is not None
    head = people.reach(central.pk, "school_head")
    units.declare_small(school=point, helper=central.organisation, reason=WHY_SMALL, by=head, now=now)


def _offer(post: Post, people: Staff, now: datetime) -> None:
    offers.offer_help(by=people.reach(post.organisation_id, "volunteer"), now=now)


def _enter_schools(roster: Roster, people: Staff, now: datetime) -> None:
    """The gate and the leader on duty of the five days after `now`; in some schools nobody has entered the gate."""
    for number, school in enumerate(roster.schools_with_staff()):
        home = school.organisation
        for day in range(5):
            if number % UNENTERED != UNENTERED - 1:
                _enter(home, people, ("guard",), 0, Shift.Duty.GATE, day, 7, 11, now)
            _enter(home, people, ("school_head", "safety_officer"), day, Shift.Duty.LEADER, day, 7, 12, now)


def _enter_desks(roster: Roster, people: Staff, now: datetime) -> None:
    """Somebody at the desk of every station and of the command centre, round the clock."""
    desks = [(station, "station_officer") for station in roster.stations.values()]
    desks.append((roster.standing[OrganisationKind.COMMAND_CENTRE], "commander"))
    for home, role in desks:
        for day in range(7):
            _enter(home, people, (role,), day, Shift.Duty.DESK, day, 8, 24, now)


def _enter(
    home: Organisation, people: Staff, roles: tuple[str, ...], turn: int, duty: str, day: int, hour: int, hours: int,
    now: datetime,
) -> None:  # fmt: skip
    """One shift, `day` days after the Monday that follows `now`."""
    starts_at = datetime.combine(now.date() + timedelta(days=day + 1), time(hour), ZONE)
    plan_shift(
        organisation=home, user=people.post(home.pk, *roles, number=turn).user, duty=duty, starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=hours), weeks=1, by=people.reach(home.pk, "safety_officer", *roles), now=now,
    )  # fmt: skip
