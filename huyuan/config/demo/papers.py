"""Papers and steps in the demo: notices for what was ordered, signed for or refused, and what overdue hazards led to."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from uuid import UUID

from huyuan.common.reach import Reach, system_reach
from huyuan.config.demo.aftermath import ORDERED
from huyuan.config.demo.timeline import ZONE, Timeline
from huyuan.inspections.actions import papers
from huyuan.inspections.actions.steps import step_up
from huyuan.inspections.models import Inspection, RectificationNotice
from huyuan.inspections.queries import hazards_to_put_on_paper
from huyuan.organisations.models import County

# Working days after the check: the notice, the number of the police, the signature of the school.
ISSUED, NUMBERED, ANSWERED = ORDERED + 1, ORDERED + 2, ORDERED + 3
RECHECK_AFTER = timedelta(days=16)
STEPS_FROM = 20
# The school that would not sign, and who saw it.
REFUSING = "桃源岭乡中心小学"
REFUSAL = {"reason": "校长认为应由乡里出资整改", "witness_name": "范德胜", "witness_organisation": "桃源岭乡人民政府"}


@dataclass(frozen=True)
class Paperwork:
    """The notice of one check, so many working days ago."""

    check: Inspection
    days_ago: int
    officer: Reach
    head: Reach
    timeline: Timeline

    def plan(self) -> None:
        """Put the notice on the timeline, if there is time left for it."""
        if self.days_ago > ISSUED:
            self.later(ISSUED, 16, self.issue)

    def later(self, days: int, hour: int, act: "partial[None] | object") -> None:
        """Plan a step so many working days after the check, at a fixed minute, as far as it lies before today."""
        if self.days_ago > days:
            day = self.timeline.days[self.days_ago - days - 1]
            self.timeline.plan(datetime.combine(day, time(hour, 25), ZONE), act)  # type: ignore[arg-type]  # an act

    def issue(self, now: datetime) -> None:
        """Put on paper what is ordered and not put right yet."""
        waiting = hazards_to_put_on_paper(self.officer, self.check.school_id).filter(inspection=self.check)
        if not waiting:
            return
        recheck = (now + RECHECK_AFTER).date()
        notice = papers.issue_notice(hazards=list(waiting), recheck_on=recheck, by=self.officer, now=now)
        if not notice.number:
            self.later(NUMBERED, 9, partial(self.number, notice.code))
        self.later(ANSWERED, 10, partial(self.answer, notice.code))

    def number(self, code: UUID, now: datetime) -> None:
        """Enter what the police case system gave."""
        notice = RectificationNotice.objects.get(code=code)
        number = f"云公治限改字〔{now.year}〕第{notice.pk + 30}号"
        papers.enter_number(notice=notice, number=number, dated_on=now.date(), by=self.officer, now=now)

    def answer(self, code: UUID, now: datetime) -> None:
        """Sign for it, or refuse before a witness."""
        notice = RectificationNotice.objects.get(code=code)
        if notice.school.organisation.name == REFUSING:
            papers.record_refusal(notice=notice, refused_on=now.date(), by=self.officer, now=now, **REFUSAL)
        else:
            papers.sign_for_notice(notice=notice, by=self.head, now=now)


def plan_steps(county: County, timeline: Timeline) -> None:
    """Let the steps be taken every morning."""
    for day in timeline.days[:STEPS_FROM]:
        timeline.plan(datetime.combine(day, time(7, 7), ZONE), partial(_step, county))


def _step(county: County, now: datetime) -> None:
    step_up(county=county, by=system_reach(county.pk), now=now)
