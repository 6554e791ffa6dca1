"""The plan of the demo county: brought in on the first day, adopted by most, with what was done before it declared."""

from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from huyuan.common.reach import Reach
from huyuan.config.demo.roster import Roster
from huyuan.config.demo.staffing import Staff
from huyuan.config.demo.timeline import Timeline
from huyuan.organisations.models import County, Organisation, OrganisationKind
from huyuan.policy.actions import duties, plans
from huyuan.policy.judging import judge_all
from huyuan.policy.models import Obligation, Plan
from huyuan.policy.packs import Rhythm

CODE = "yunxi-2026"
TEXT = Path(__file__).with_name("plan.txt")
# A plan brought in this soon after the first day of a term counts from that day.
SOON = timedelta(days=21)
# How many working days ago the first and the last school adopted its plan; every sixth has not yet.
ADOPTED_FIRST, ADOPTED_LAST, NOT_YET = 52, 9, 6
ANSWERING = {
    "school-hazards-rectified": "safety_officer", "school-daily-self-check": "safety_officer",
    "school-responsibility": "school_head", "joint-check-school": "school_head",
}  # fmt: skip
RHYTHMS = {"station-vice-principals": Rhythm.YEARLY, "police-protection-guided": Rhythm.TERM}
DECLARED = (
    ("清渠中学", "joint-check-school", 12, "开学前派出所与学校全面检查一次，问题7处，均已整改", "安全档案盒2，第15页，保卫处"),
    ("双桥镇中心小学", "joint-check-school", 9, "暑期末联合检查，校舍、消防、安防无重大隐患", "校办档案柜，检查记录本"),
)  # fmt: skip


def bring_plan_in(roster: Roster, people: Staff, timeline: Timeline, now: datetime) -> None:
    """Import the text, install its pack and put on the timeline what people do with it."""
    bureau = people.reach(roster.standing[OrganisationKind.EDUCATION_BUREAU].pk, "bureau_officer")
    done = plans.import_plan(
        county=roster.county, code=CODE, text=TEXT.read_text(encoding="utf-8"), file_name="实施方案.txt",
        counts_from=counted_from(roster.county, now.date()), by=bureau, now=now,
    )  # fmt: skip
    plan = done.version.plan
    plans.install_packs(plan=plan, by=bureau, now=now)
    for number, (key, rhythm) in enumerate(RHYTHMS.items()):
        timeline.plan(timeline.at(40 - number, 15), partial(_set_rhythm, plan.obligations.get(key=key), rhythm, bureau))
    for place, key, days_before, what, proof in DECLARED:
        timeline.plan(
            timeline.at(45, 10), partial(_declare, plan, roster, people, place, key, days_before, what, proof)
        )
    _plan_adoptions(plan, roster, people, timeline)


def _set_rhythm(obligation: Obligation, rhythm: Rhythm, by: Reach, now: datetime) -> None:
    plans.set_rhythm(obligation=obligation, rhythm=rhythm, by=by, now=now)


def counted_from(county: County, founded_on: date) -> date:
    """The day the plan counts from: that of the term when it has just begun, else the day the county began."""
    terms = county.terms.filter(starts_on__gte=founded_on - SOON, starts_on__lte=founded_on + SOON)
    begun = terms.order_by("starts_on").first()
    return begun.starts_on if begun else founded_on


def stand_today(county: County, on: date) -> None:
    """Judge everybody for the day that begins, as the night's work does."""
    judge_all(county=county, today=on)


def _plan_adoptions(plan: Plan, roster: Roster, people: Staff, timeline: Timeline) -> None:
    """One organisation after the other names who answers and adopts its plan."""
    schools = [school.organisation for school in roster.schools_with_staff()]
    spread = ADOPTED_FIRST - ADOPTED_LAST
    for number, organisation in enumerate(schools):
        if number % NOT_YET != NOT_YET - 1:
            days_ago = ADOPTED_FIRST - number * spread // len(schools)
            timeline.plan(timeline.at(days_ago, 16), partial(_adopt, plan, people, organisation, "school_head"))
    stations = Organisation.objects.filter(county=roster.county, kind=OrganisationKind.STATION).order_by("pk")
    for number, station in enumerate(stations[1:]):
        timeline.plan(timeline.at(30 - number, 11), partial(_adopt, plan, people, station, "station_officer"))


def _adopt(plan: Plan, people: Staff, organisation: Organisation, role: str, now: datetime) -> None:
    by = people.reach(organisation.pk, role)
    for key, answering in ANSWERING.items():
        obligation = plan.obligations.filter(key=key, bearer=organisation.kind).first()
        if obligation is not None:
            person = people.post(organisation.pk, answering).user
            duties.assign_duty(obligation=obligation, organisation=organisation, person=person, by=by, now=now)
    duties.adopt_plan(organisation=organisation, by=by, now=now)


def _declare(
    plan: Plan,
    roster: Roster,
    people: Staff,
    place: str,
    key: str,
    days_before: int,
    what: str,
    proof: str,
    now: datetime,
) -> None:
    organisation = roster.schools[place].organisation
    by = people.reach(organisation.pk, "school_head")
    obligation = Obligation.objects.get(plan=plan, key=key)
    done_on = plan.counts_from - timedelta(days=days_before)
    duties.declare_supplement(
        obligation=obligation, organisation=organisation, done_on=done_on, what=what, proof=proof, by=by, now=now
    )
