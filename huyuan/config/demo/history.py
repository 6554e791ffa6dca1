"""The demo's checks, walked through the real actions by the people whose work it is."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from huyuan.common.reach import Reach
from huyuan.config.demo import places
from huyuan.config.demo.aftermath import Aftermath, Hands
from huyuan.config.demo.findings import FINDINGS, Finding
from huyuan.config.demo.papers import Paperwork
from huyuan.config.demo.pictures import photo
from huyuan.config.demo.roster import Roster
from huyuan.config.demo.staffing import Staff
from huyuan.config.demo.story import BUREAU, POLICE, SCHOOL, VISITS, Visit
from huyuan.config.demo.timeline import Timeline
from huyuan.inspections.actions import checks
from huyuan.inspections.checklists import Checklist, Item, current_checklists
from huyuan.inspections.models import Hazard, Inspection
from huyuan.organisations.models import OrganisationKind, School
from huyuan.people.reaches import reach_of

CHECKLIST = "comprehensive"
PUPILS_BANDS = ((100, "small"), (1000, "medium"), (1500, "large"))
REQUIRED_FROM, ADVISED_FROM = 300, 100
COUNTY_LEADS = {
    BUREAU: (OrganisationKind.EDUCATION_BUREAU, "bureau_officer"),
    POLICE: (OrganisationKind.SECURITY_BUREAU, "police_officer"),
}
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
        self.checklist: Checklist = next(c for c in current_checklists(timeline.on) if c.code == CHECKLIST)
        self.with_bus = {place.name for place in places.SCHOOLS if place.bus}
        self.used: dict[str, int] = {}

    def plan(self) -> None:
        """Put every visit on the timeline."""
        for visit in VISITS:
            walk = Walk(self, visit)
            self.timeline.plan(self.timeline.at(visit.days_ago, 9), walk.begin)

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
        hands = Hands(boss, reach_of(officer.user, officer), officer.user)
        return Parties(school, head if visit.by == SCHOOL else boss, head, hands)

    def finding(self, item_key: str) -> Finding:
        """The next finding for an item: the same words do not come twice in a row."""
        number = self.used.get(item_key, 0)
        self.used[item_key] = number + 1
        return FINDINGS[item_key][number % len(FINDINGS[item_key])]


class Walk:
    """One visit: the check, and after both have signed the fate of each hazard."""

    def __init__(self, history: History, visit: Visit) -> None:
        self.history, self.visit, self.draw = history, visit, history.draw
        self.timeline = history.timeline
        self.parties = history.parties(visit)
        self.fates = dict(visit.findings())
        self.findings = {item: history.finding(item) for item in self.fates}

    def begin(self, now: datetime) -> None:
        """Walk round with the checklist, and sign or not as the story says."""
        by = self.parties.walker
        check = checks.begin_check(
            code=uuid.UUID(int=self.draw.getrandbits(128), version=4), school=self.parties.school,
            checklist=self.history.checklist, by=by, now=now,
        )  # fmt: skip
        if self.visit.ends == "cancelled":
            checks.cancel_check(inspection=check, reason=WRONG_SCHOOL, by=by, now=now + timedelta(minutes=4))
            return
        now = self.answer(check, now)
        if self.visit.ends == "open":
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
        items = list(self.history.checklist.items())
        for item in items[: len(items) * 2 // 3] if self.visit.ends == "open" else items:
            if item not in self.history.checklist.asked(answers):
                continue
            now += timedelta(seconds=self.draw.randint(40, 150))
            answers[item.key] = self.value(item)
            self.answer_item(check, item, answers[item.key], now)
        return now

    def answer_item(self, check: Inspection, item: Item, value: str, now: datetime) -> None:
        """Answer one item, with a note and a photo where something is wrong."""
        by, finding = self.parties.walker, self.findings.get(item.key)
        note = finding.note if finding else ""
        checks.answer_item(inspection=check, item_key=item.key, value=value, note=note, base_revision=0, by=by, now=now)
        if finding or item.key == "ones_photo":
            raw = photo(finding.scene if finding else "gate", fine=finding is None, at=now)
            checks.photograph_item(inspection=check, item_key=item.key, raw=raw, by=by, now=now)

    def value(self, item: Item) -> str:
        """The answer to an item: what the school is, what the story fails, or that it is in order."""
        pupils, fails = self.parties.school.pupils, item.key in self.fates
        if item.key == "guards_size":
            return next((band for limit, band in PUPILS_BANDS if pupils < limit), "very_large")
        if item.key == "ones_scope":
            return "required" if pupils >= REQUIRED_FROM else "advised" if pupils >= ADVISED_FROM else "small"
        if item.key == "bus_has":
            return "with_bus" if self.visit.school in self.history.with_bus else "without"
        if item.options:
            return next(option.key for option in item.options if option.fails == fails)
        if item.minimum is not None:
            return str(item.minimum - 1 if fails else item.minimum + self.draw.randrange(2))
        return "no" if fails else "yes"

    def sign(self, check: Inspection, by: Reach, now: datetime) -> None:
        """Sign for the other side; each finding is a hazard now and goes its way."""
        checks.sign_check(inspection=check, by=by, now=now)
        for hazard in Hazard.objects.filter(inspection=check).order_by("pk"):
            finding, fate = self.findings[hazard.item_key], self.fates[hazard.item_key]
            hands, timeline = self.parties.hands, self.timeline
            Aftermath(hazard, finding, self.visit.days_ago, hands, timeline, self.draw).plan(fate)
        Paperwork(check, self.visit.days_ago, self.parties.hands.boss, self.parties.head, self.timeline).plan()
