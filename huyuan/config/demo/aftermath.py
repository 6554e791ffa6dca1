"""What becomes of a hazard in the demo, step by step through the real actions."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from huyuan.common.reach import Reach
from huyuan.config.demo.findings import Finding
from huyuan.config.demo.pictures import photo
from huyuan.config.demo.story import MAJOR_FATES
from huyuan.config.demo.timeline import Timeline
from huyuan.inspections.actions import coordination, deadlines, hazards, supervision, transfers
from huyuan.inspections.actions.levels import set_level
from huyuan.inspections.models import Extension, HandOver, Hazard, Supervision
from huyuan.inspections.queries import possible_supervisors
from huyuan.organisations.models import Organisation
from huyuan.people.models import User
from huyuan.policy.models import DayKind

# Working days after the check on which the steps happen.
ORDERED, PAUSED, RIGHT, JUDGED, RIGHT_AGAIN, JUDGED_AGAIN, ASKED, GRANTED = 1, 5, 4, 6, 8, 10, 20, 22
HANDED, HELP_ASKED, HELP_PROMISED, HELP_DAYS = 1, 16, 18, 25
SECOND_PERIOD = 5
# How many working days after the day of loading a hazard falls due, below zero before it.
DUE_IN = {"soon": (0, 1), "late": (-4, -2), "asked": (1, 3), "longer": (-9, -7), "ordered": (3, 12), "helped": (2, 4),
          "proposed": (-9, -9), "listed": (-13, -13)}  # fmt: skip
USUAL_PERIODS = (7, 10, 15)
STILL_WRONG = ("现场看还没有整改到位，缺口还在", "只修了一处，另一处没有动", "照片和现场对不上，请继续整改")
RIGHT_NOW = ("现场复查，已整改到位", "复查通过", "已到校看过，可以销号", "")
PAUSE = "村道改道要等村里开会定线路，施工期先由村干部值守"
# Working days before the day of loading on which a leader lists, and what is in place for a major hazard.
LISTED, LISTED_FOR = 4, 20
IN_PLACE = {"level": Hazard.Level.MAJOR, "guide_item": "fire-windows", "funding": "公用经费1.2万元，县财政补助2万元",
            "contingency": "夜间值班教师每两小时巡查一次，备足破拆工具，停用四层寝室"}  # fmt: skip
NOT_IN_GUIDE = "不在国家判定指南所列情形，按一般隐患限期整改"
OUTSIDE = "校门外划线和停车秩序属城管职责，请接收办理"
HELP = {
    "asked": "协调财政增加1名保安员的经费", "reason": "学校公用经费不足，编制内无法解决",
    "interim": "由两名教师轮流到门卫室值守",
}  # fmt: skip
PROMISE = "已列入下次领导小组会议，财政局先行预拨"
MORE_TIME = ("施工队下周才能进场", "厂家配件还在路上", "保安公司正在招人")


@dataclass(frozen=True)
class Hands:
    """Who orders and judges, who puts right and answers for it, who helps, and who is asked to take over."""

    boss: Reach
    officer: Reach
    responsible: User
    helper: Reach
    department: Organisation


@dataclass
class Aftermath:
    """One hazard found so many working days ago."""

    hazard: Hazard
    finding: Finding
    days_ago: int
    hands: Hands
    timeline: Timeline
    draw: random.Random

    def plan(self, fate: str) -> None:
        """Put what happens on the timeline."""
        if fate == "found":
            return
        if fate == "handed":
            self.later(HANDED, 15, self.hand_over)
            return
        self.later(ORDERED, 10, partial(self.order, fate))
        if fate in {"closed", "again", "waiting", "back"}:
            self.later(RIGHT, 15, self.put_right)
        if fate in {"again", "back"}:
            self.later(JUDGED, 11, self.reject)
        if fate == "closed":
            self.later(JUDGED, 11, self.close)
        if fate == "again":
            self.later(RIGHT_AGAIN, 15, self.put_right)
            self.later(JUDGED_AGAIN, 11, self.close)
        if fate == "paused":
            self.later(PAUSED, 14, self.pause)
        if fate == "helped":
            self.later(HELP_ASKED, 10, self.ask_help)
            self.later(HELP_PROMISED, 15, self.promise_help)
        if fate == "longer":
            self.later(ASKED, 14, self.ask)
            self.later(GRANTED, 9, self.grant)
        if fate == "listed":
            self.later(self.days_ago - LISTED, 15, self.list_it)
        if fate == "asked":
            self.later(self.days_ago - 1, 16, self.ask)

    def later(self, days: int, hour: int, act: "partial[None] | object") -> None:
        """Plan a step so many working days after the check."""
        self.timeline.plan(self.timeline.at(self.days_ago - days, hour), act)  # type: ignore[arg-type]  # an act

    def order(self, fate: str, now: datetime) -> None:
        """Order rectification; what is still open is given the days that make it due when the story says.

        What the checklist calls major and the national guide does not is lowered first.
        """
        if fate in MAJOR_FATES:
            self.order_major(DUE_IN[fate][0], now)
            return
        if self.hazard.level == Hazard.Level.MAJOR:
            self.hazard = set_level(
                hazard=self.hazard,
                level=Hazard.Level.GENERAL,
                guide_item="",
                reason=NOT_IN_GUIDE,
                by=self.hands.boss,
                now=now,
            )
        elapsed = self.days_ago - ORDERED
        days = elapsed + self.draw.randint(*DUE_IN[fate]) if fate in DUE_IN else self.draw.choice(USUAL_PERIODS)
        hazards.order_rectification(
            hazard=self.hazard, requirement=self.finding.requirement, responsible=self.hands.responsible,
            level=self.hazard.level, days=max(1, days), due_kind=DayKind.WORKING, by=self.hands.boss, now=now,
        )  # fmt: skip

    def order_major(self, due_in: int, now: datetime) -> None:
        """Order what the guide calls major, with its five in place."""
        hazards.order_rectification(
            hazard=self.hazard, requirement=self.finding.requirement, responsible=self.hands.responsible,
            days=self.days_ago - ORDERED + due_in, due_kind=DayKind.WORKING, by=self.hands.boss, now=now, **IN_PLACE,
        )  # fmt: skip

    def list_it(self, now: datetime) -> None:
        """A leader lists what was proposed and says who supervises it."""
        proposed = Supervision.objects.get(hazard=self.hazard, status=Supervision.Status.PROPOSED)
        supervisor = possible_supervisors(self.hazard.county_id, now.date())[0]
        supervision.list_supervision(
            supervision=proposed, supervisor=supervisor, deadline=now.date() + timedelta(days=LISTED_FOR),
            by=self.hands.helper, now=now,
        )  # fmt: skip

    def put_right(self, now: datetime) -> None:
        """Report with a photo that shows it."""
        raw = photo(self.finding.scene, fine=True, at=now)
        hazards.rectify_hazard(
            hazard=self.hazard, report=self.finding.report, photos=[raw], by=self.hands.officer, now=now
        )

    def close(self, now: datetime) -> None:
        """Look at it and close."""
        hazards.close_hazard(hazard=self.hazard, remark=self.draw.choice(RIGHT_NOW), by=self.hands.boss, now=now)

    def reject(self, now: datetime) -> None:
        """Look at it and find that it is not done."""
        remark = self.draw.choice(STILL_WRONG)
        hazards.reject_rectification(hazard=self.hazard, remark=remark, days=SECOND_PERIOD, by=self.hands.boss, now=now)

    def pause(self, now: datetime) -> None:
        """Let the deadline stand still."""
        deadlines.pause_deadline(hazard=self.hazard, reason=PAUSE, by=self.hands.boss, now=now)

    def hand_over(self, now: datetime) -> None:
        """Ask the department that is competent to take it over."""
        transfers.ask_transfer(
            hazard=self.hazard, to=self.hands.department, reason=OUTSIDE, by=self.hands.boss, now=now
        )

    def ask_help(self, now: datetime) -> None:
        """Ask the leading group for what the school cannot pay."""
        leaders = Organisation.objects.get(pk=self.hands.helper.home)
        coordination.ask_coordination(hazard=self.hazard, to=leaders, by=self.hands.officer, now=now, **HELP)

    def promise_help(self, now: datetime) -> None:
        """Let the leading group promise it."""
        request = HandOver.objects.get(hazard=self.hazard)
        coordination.accept_coordination(
            handover=request, days=HELP_DAYS, answer=PROMISE, by=self.hands.helper, now=now
        )

    def ask(self, now: datetime) -> None:
        """Ask for two weeks more than today's plan allows."""
        due = Hazard.objects.get(pk=self.hazard.pk).due_date or self.timeline.on
        later = max(due, self.timeline.on) + timedelta(days=10)
        reason = self.draw.choice(MORE_TIME)
        deadlines.ask_extension(hazard=self.hazard, new_due_date=later, reason=reason, by=self.hands.officer, now=now)

    def grant(self, now: datetime) -> None:
        """Grant the time asked for."""
        extension = Extension.objects.get(hazard=self.hazard, decision=Extension.Decision.PENDING)
        deadlines.decide_extension(extension=extension, grant=True, by=self.hands.boss, now=now)
