"""What comes again and again in the demo: the opening of term, a station's roving checks, the schools' own rounds."""

from dataclasses import replace
from datetime import date, datetime

from huyuan.config.demo.aftermath import JUDGED
from huyuan.config.demo.history import History, Walk
from huyuan.config.demo.story import (
    MORNING_FOUND,
    MORNINGS,
    OPENINGS,
    ROVING_DRAWN,
    ROVING_FOUND,
    ROVING_STATION,
    SCHOOL,
    STATION,
    Visit,
)
from huyuan.inspections.actions.roving import draw_plan
from huyuan.inspections.models import RovingVisit
from huyuan.organisations.queries import current_term

MORNING, FORENOON = 7, 9
MONDAY = 0
# How likely a round is left out on a Monday by those who are apt to, and on any day by anybody.
LEFT_OUT_MONDAYS, LEFT_OUT = 0.8, 0.06
RULES = {"per_school": 2, "per_week": 2, "gap_weeks": 3, "seed": 119}


class Rounds:
    """Plans them on the timeline of the history."""

    def __init__(self, history: History) -> None:
        self.history, self.timeline, self.draw = history, history.timeline, history.draw

    def plan(self) -> None:
        """Put all of them on the timeline."""
        self.plan_openings()
        self.timeline.plan(self.timeline.at(ROVING_DRAWN, 8), self.draw_roving)
        self.plan_mornings()

    def plan_openings(self) -> None:
        """The first school days of the term, unless they lie before the time that is told."""
        term = current_term(self.history.roster.county, self.timeline.on)
        began = [day for day in reversed(self.timeline.days) if term and day >= term.starts_on]
        if term is None or self.timeline.days[-1] > term.starts_on:
            return
        for visit in OPENINGS:
            if visit.days_ago <= len(began):
                self.walk(visit, began[visit.days_ago - 1])

    def draw_roving(self, now: datetime) -> None:
        """Let the station draw its plan; it makes the visits on their days, but for the latest."""
        county, stations = self.history.roster.county, self.history.roster.stations
        by = self.history.staff.reach(stations[ROVING_STATION].pk, "station_officer")
        term = current_term(county, self.timeline.on)
        if term is None or term.ends_on < now.date():
            return
        plan = draw_plan(term=term, checklist=self.history.lists["fire"], by=by, now=now, **RULES)
        past = plan.visits.filter(planned_on__lt=self.timeline.on).select_related("plan", "school__organisation")
        for number, roving in enumerate(list(past)[:-1]):
            failed = ROVING_FOUND[number % len(ROVING_FOUND)]
            visit = Visit(roving.school.organisation.name, 1, STATION, failed, checklist="fire")
            self.walk(visit, roving.planned_on, roving=roving)

    def plan_mornings(self) -> None:
        """The schools' own rounds, with the gaps that real schools have."""
        for school, since, leaves_out_mondays in MORNINGS:
            for days_ago in range(since, 0, -1):
                failed = MORNING_FOUND.get((school, days_ago), "")
                monday = self.timeline.days[days_ago - 1].weekday() == MONDAY and leaves_out_mondays
                left_out = self.draw.random() < (LEFT_OUT_MONDAYS if monday else LEFT_OUT)
                if failed or not left_out:
                    visit = Visit(school, days_ago, SCHOOL, failed, checklist="daily")
                    self.walk(visit, self.timeline.days[days_ago - 1], MORNING)

    def walk(self, visit: Visit, day: date, hour: int = FORENOON, roving: RovingVisit | None = None) -> None:
        """Let a check happen on a day; what it finds needs the days until it is judged."""
        days_ago = self.timeline.days.index(day) + 1
        told = days_ago > JUDGED or visit.failed.endswith(":found")
        dated = replace(visit, days_ago=days_ago, failed=visit.failed if told else "")
        self.timeline.plan(self.timeline.at(days_ago, hour), Walk(self.history, dated, roving).begin)
