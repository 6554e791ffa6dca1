"""The demo's checks, walked through the real actions by the people whose work it is."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from huyuan.common.reach import Reach
from huyuan.config.demo import places
from huyuan.config.demo.aftermath import Aftermath, Hands
from huyuan.config.demo.findings import FINDINGS, MAJOR, Finding
from huyuan.config.demo.papers import Paperwork
from huyuan.config.demo.pictures import photo
from huyuan.config.demo.roster import Roster
from huyuan.config.demo.staffing import Staff
from huyuan.config.demo.story import BUREAU, MAJOR_FATES, POLICE, SCHOOL, SPOTS, STATION, VISITS, Spot, Visit
from huyuan.config.demo.timeline import Timeline
from huyuan.inspections.actions import checks, spot
from huyuan.inspections.checklists import NOT_APPLICABLE, Item, ItemKind, current_checklists
from huyuan.inspections.models import Hazard, Inspection, RovingVisit
from huyuan.organisations.kinds import SchoolKind
from huyuan.organisations.models import OrganisationKind, School
from huyuan.people.reaches import reach_of

PUPILS_BANDS = ((100, "small"), (1000, "medium"), (1500, "large"))
# How long an answer takes, on the school's own round and on a joint check.
SECONDS = {False: (6, 20), True: (40, 150)}
REQUIRED_FROM, ADVISED_FROM = 300, 100
COUNTY_LEADS = {
    BUREAU: (OrganisationKind.EDUCATION_BUREAU, "bureau_officer"),
    POLICE: (OrganisationKind.SECURITY_BUREAU, "police_officer"),
}
# Who promises help, and who is asked to take over what lies outside the gate.
LEADERS, TRAFFIC_OUTSIDE = OrganisationKind.LEADING_GROUP, OrganisationKind.URBAN_MANAGEMENT
WRONG_SCHOOL = "开错了学校，改日再查"


@dataclass(frozen=True)
class Parties:
    """Who does what in one visit: who walks with the checklist, who signs for the two sides."""

    school: School
    walker: Reach
    head: Reach
    hands: Hands


class History:
    """Plans the visits of the story on a timeline."""

    def __init__(self, roster: Roster, staff: Staff, timeline: Timeline, draw: random.Random) -> None:
        self.roster, self.staff, self.timeline, self.draw = roster, staff, timeline, draw
        self.lists = {one.code: one for one in current_checklists(timeline.on)}
        self.with_bus = {place.name for place in places.SCHOOLS if place.bus}
        self.used: dict[str, int] = {}

    def plan(self) -> None:
        """Put every visit on the timeline."""
        for visit in VISITS:
            walk = Walk(self, visit)
            self.timeline.plan(self.timeline.at(visit.days_ago, 9), walk.begin)
        for trifle in SPOTS:
            self.timeline.plan(self.timeline.at(trifle.days_ago, 8), partial(self.fix, trifle))

    def fix(self, trifle: Spot, now: datetime) -> None:
        """Put a trifle right at once, with its two photos; the station confirms it later."""
        parties = self.parties(Visit(trifle.school, trifle.days_ago, STATION))
        pair = [photo(trifle.scene, fine=fine, at=now + timedelta(minutes=9 * fine)) for fine in (False, True)]
        hazard = spot.record_spot_fix(
            school=parties.school, category=trifle.category, place=trifle.place, description=trifle.description,
            report=trifle.report, photos=pair, by=parties.hands.officer, now=now,
        )  # fmt: skip
        if trifle.confirmed:
            seen = self.timeline.at(trifle.days_ago - trifle.confirmed, 10)
            self.timeline.plan(seen, partial(self.confirm, hazard, parties.hands.boss))

    def confirm(self, hazard: Hazard, by: Reach, now: datetime) -> None:
        """Look at what was fixed on the spot and close it."""
        spot.confirm_spot_fix(hazard=hazard, by=by, now=now)

    def parties(self, visit: Visit) -> Parties:
        """The people of a visit; for a teaching point its central school acts."""
        school = self.roster.schools[visit.school]
        staffed = school if school in self.roster.schools_with_staff() else school.central_school
        if staffed is None or school.station is None:
            raise LookupError(visit.school)
        head = self.staff.reach(staffed.pk, "school_head")
        if visit.by in COUNTY_LEADS:
            kind, role = COUNTY_LEADS[visit.by]
            boss = self.staff.reach(self.roster.standing[kind].pk, role)
        else:
            boss = self.staff.reach(school.station.pk, "station_officer")
        officer = self.staff.post(staffed.pk, "safety_officer")
        hands = Hands(
            boss, reach_of(officer.user, officer), officer.user, self.staff.reach(self.roster.standing[LEADERS].pk, "leader"),
            self.roster.standing[TRAFFIC_OUTSIDE],
        )  # fmt: skip
        return Parties(school, head if visit.by == SCHOOL else boss, head, hands)

    def finding(self, item_key: str) -> Finding:
        """The next finding for an item: the same words do not come twice in a row."""
        number = self.used.get(item_key, 0)
        self.used[item_key] = number + 1
        return FINDINGS[item_key][number % len(FINDINGS[item_key])]


class Walk:
    """One visit: the check, and after both have signed the fate of each hazard."""

    def __init__(self, history: History, visit: Visit, roving: RovingVisit | None = None) -> None:
        self.history, self.visit, self.draw, self.roving = history, visit, history.draw, roving
        self.checklist = history.lists[visit.checklist]
        self.timeline = history.timeline
        self.parties = history.parties(visit)
        self.walker = self.parties.walker if self.checklist.is_joint else self.parties.hands.officer
        self.fates = dict(visit.findings())
        self.findings = {
            item: history.finding(f"{item}{MAJOR}" if fate in MAJOR_FATES else item)
            for item, fate in self.fates.items()
        }

    def begin(self, now: datetime) -> None:
        """Walk round with the checklist, and sign or not as the story says."""
        by = self.walker
        check = checks.begin_check(
            code=uuid.UUID(int=self.draw.getrandbits(128), version=4), school=self.parties.school,
            checklist=self.checklist, visit=self.roving, by=by, now=now,
        )  # fmt: skip
        if self.visit.ends == "cancelled":
            checks.cancel_check(inspection=check, reason=WRONG_SCHOOL, by=by, now=now + timedelta(minutes=4))
            return
        now = self.answer(check, now)
        if self.visit.ends == "open":
            return
        if not self.checklist.is_joint:
            self.sign(check, by, now)
            return
        first, second = self.parties.hands.boss, self.parties.head
        if self.visit.ends == "school" or self.visit.by == SCHOOL:
            first, second = second, first
        checks.sign_check(inspection=check, by=first, now=now)
        if self.visit.ends == "signed":
            self.timeline.plan(now + timedelta(hours=1), partial(self.sign, check, second))

    def answer(self, check: Inspection, now: datetime) -> datetime:
        """Answer what is asked, in order; a check that stays open is left after two thirds."""
        answers: dict[str, str] = {}
        items = list(self.checklist.items())
        for item in items[: len(items) * 2 // 3] if self.visit.ends == "open" else items:
            if item not in self.checklist.asked(answers):
                continue
            now += timedelta(seconds=self.draw.randint(*SECONDS[self.checklist.is_joint]))
            answers[item.key] = self.value(item)
            self.answer_item(check, item, answers[item.key], now)
        return now

    def answer_item(self, check: Inspection, item: Item, value: str, now: datetime) -> None:
        """Answer one item, with a note and a photo where something is wrong."""
        by, finding = self.walker, self.findings.get(item.key)
        note = finding.note if finding else ""
        checks.answer_item(inspection=check, item_key=item.key, value=value, note=note, base_revision=0, by=by, now=now)
        if finding or item.kind is ItemKind.PHOTO:
            raw = photo(finding.scene if finding else "gate", fine=finding is None, at=now)
            checks.photograph_item(inspection=check, item_key=item.key, raw=raw, by=by, now=now)

    def value(self, item: Item) -> str:
        """The answer to an item: what the school is, what the story fails, or that it is in order."""
        pupils, fails = self.parties.school.pupils, item.key in self.fates
        if item.key == "guards_size":
            return next((band for limit, band in PUPILS_BANDS if pupils < limit), "very_large")
        if item.key == "ones_scope":
            return "required" if pupils >= REQUIRED_FROM else "advised" if pupils >= ADVISED_FROM else "small"
        if item.key in {"bus_has", "daily_bus", "opening_bus"}:
            has, without = ("with_bus", "without") if item.options else ("yes", NOT_APPLICABLE)
            return has if self.visit.school in self.history.with_bus else without
        if item.key == "fire_sleepers":
            return (
                "children"
                if self.parties.school.kind == SchoolKind.KINDERGARTEN
                else "boarders"
                if self.parties.school.boarders
                else "nobody"
            )
        if item.options:
            return next(option.key for option in item.options if option.fails == fails)
        if item.minimum is not None:
            return str(item.minimum - 1 if fails else item.minimum + self.draw.randrange(2))
        return "no" if fails else "yes"

    def sign(self, check: Inspection, by: Reach, now: datetime) -> None:
        """Sign for the side that is missing; each finding is a hazard now and goes its way."""
        checks.sign_check(inspection=check, by=by, now=now)
        for hazard in Hazard.objects.filter(inspection=check).order_by("pk"):
            finding, fate = self.findings[hazard.item_key], self.fates[hazard.item_key]
            hands, timeline = self.parties.hands, self.timeline
            Aftermath(hazard, finding, self.visit.days_ago, hands, timeline, self.draw).plan(fate)
        Paperwork(check, self.visit.days_ago, self.parties.hands.boss, self.parties.head, self.timeline).plan()
