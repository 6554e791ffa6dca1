"""Past alarms of the demo, played through the real actions: pressed, answered, ended, looked back at."""

import copy
import random
import uuid
from collections import Counter
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from huyuan.common.reach import Reach
from huyuan.config.demo.aftermath import Aftermath
from huyuan.config.demo.alarm_stories import ALARMS, Act, Alarm, Coming, Found
from huyuan.config.demo.history import History
from huyuan.config.demo.story import STATION, Visit
from huyuan.config.demo.timeline import ZONE
from huyuan.emergency.actions import exercises, intake, responding
from huyuan.emergency.actions import review as reviewing
from huyuan.emergency.models import Call, Finding, Incident
from huyuan.emergency.policies import Part, frozen, policy_of
from huyuan.emergency.replaying import replay
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import OrganisationKind
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of

CODES = uuid.UUID("0f0c7f1e-51a5-4d0b-8d0a-6a2b9f7e3c11")
# Between seeing a call and setting out.
SETS_OUT = 3
# Whoever the story does not name looks at the screen within so many seconds, and does not come.
LOOKS, STEP, SPREAD = 4, 2, 5
# After this nothing of an alarm is left for the engine to do.
SETTLED = timedelta(minutes=30)


def plan_alarms(history: History) -> None:
    """Put every alarm of the past on the timeline."""
    for alarm in ALARMS:
        Playing(alarm, history).plan()


class Playing:
    """One alarm as it is played."""

    def __init__(self, alarm: Alarm, history: History) -> None:
        self.alarm, self.history, self.people = alarm, history, history.staff
        self.timeline, self.roster = history.timeline, history.roster
        self.school = history.roster.schools[alarm.school]
        self.code = uuid.uuid5(CODES, f"{alarm.school} {alarm.days_ago}")
        self.coming = {(one.who, one.number): one for one in alarm.coming}
        self.known: set[int] = set()
        self.counted: Counter[str] = Counter()
        self.reaches: dict[tuple[int, str], Reach] = {}
        self.incident = Incident()

    def plan(self) -> None:
        """Plan the press, and the announcement on the day before."""
        days = self.timeline.days
        pressed_at = datetime.combine(days[self.alarm.days_ago - 1], self.alarm.at, ZONE)
        if self.alarm.announced:
            self.timeline.plan(self.timeline_at(self.alarm.days_ago + 1, 16), self.announce)
        self.timeline.plan(pressed_at, self.press)

    def timeline_at(self, days_ago: int, hour: int) -> datetime:
        """An hour of a working day before the day of loading."""
        return datetime.combine(self.timeline.days[days_ago - 1], self.alarm.at.replace(hour=hour), ZONE)

    def reach(self, who: str) -> Reach:
        """Whoever acts: of the command centre, of the school's station, else of the school."""
        homes = {
            "commander": self.roster.standing[OrganisationKind.COMMAND_CENTRE].pk,
            "station_officer": self.school.station_id,
        }
        home = homes.get(who) or self.school.pk
        if (home, who) not in self.reaches:
            self.reaches[home, who] = self.people.reach(home, who)
        return self.reaches[home, who]

    def announce(self, now: datetime) -> None:
        """Say beforehand that an exercise is coming."""
        policy = policy_of(self.school.county.adcode, timezone.localdate(now))
        rules = frozen(policy, self.alarm.alarm_class)
        exercises.announce_exercise(school=self.school, rules=rules, by=self.reach(self.alarm.by), now=now)

    def press(self, now: datetime) -> None:
        """Press, and plan what people do from then on."""
        by, alarm = self.reach(self.alarm.by), self.alarm
        if alarm.sign == Sign.EXERCISE:
            self.incident = exercises.start_exercise(
                school=self.school, alarm_class=alarm.alarm_class, announced=alarm.announced, place=alarm.place,
                code=self.code, by=by, now=now,
            )  # fmt: skip
        else:
            press = intake.NewPress(
                code=self.code, school_id=self.school.pk, alarm_class=alarm.alarm_class, sign=alarm.sign,
                source=alarm.source, user_id=by.user_id, place=alarm.place,
            )  # fmt: skip
            taken = intake.take_press(press=press, by=by, now=now)
            self.incident = Incident.objects.get(presses=taken)
        self.keep_up(now)
        for act in alarm.acts:
            self.timeline.plan(now + timedelta(seconds=act.seconds), partial(self.act, act))
        self.timeline.plan(now + SETTLED, self.keep_up)
        self.timeline.plan(self.timeline_at(alarm.days_ago - alarm.look.days, alarm.look.hour), self.look_back)

    def keep_up(self, now: datetime) -> None:
        """Let the engine do what is due, and whoever has been called meanwhile answer."""
        replay(incident=self.incident, until=now)
        calls = self.incident.calls.exclude(pk__in=self.known).filter(user__isnull=False)
        for number, call in enumerate(calls.order_by("rank", "pk")):
            self.known.add(call.pk)
            seen = (now - self.incident.opened_at).seconds + LOOKS + STEP * (number % SPREAD)
            self.plan_answer(call, self.coming.get(self.key_of(call)) or Coming("", seen), now)

    def key_of(self, call: Call) -> tuple[str, int]:
        """As what the story knows somebody: by role at the school, else by the part of the call, and which of them."""
        if call.part == Part.UNIT:
            for (home, role), posts in self.people.posts.items():
                holders = [post.user_id for post in posts]
                if home == self.school.pk and call.user_id in holders:
                    return role, holders.index(call.user_id)
        self.counted[call.part] += 1
        return call.part, self.counted[call.part] - 1

    def plan_answer(self, call: Call, coming: Coming, now: datetime) -> None:
        """Plan when somebody sees the call, sets out and arrives."""
        post = Post.objects.select_related("user", "organisation").get(user=call.user, organisation=call.organisation)
        by = reach_of(post.user, post)
        seen = responding.decline if coming.declines else responding.mark_seen
        answers = [(coming.seen, partial(seen, call=call, by=by))]
        if coming.there:
            answers.append((coming.seen + SETS_OUT, partial(responding.set_out, call=call, by=by)))
            arrive = partial(responding.arrive, call=call, how=Call.Arrival.TAP, by=by)
            answers.append((coming.there, arrive))
        for seconds, answer in answers:
            at = max(now, self.incident.opened_at + timedelta(seconds=seconds))
            self.timeline.plan(at, partial(self.answer, answer))

    def answer(self, answer: "partial[Call]", now: datetime) -> None:
        """Answer while the alarm runs."""
        self.keep_up(now)
        if Incident.objects.open().filter(pk=self.incident.pk).exists():
            answer(now=now)

    def act(self, act: Act, now: datetime) -> None:
        """Do what the story says, after what the engine had to do."""
        self.keep_up(now)
        act.does(self.incident, self.reach(act.who), now, *act.given)
        self.keep_up(now)

    def look_back(self, now: datetime) -> None:
        """Write the findings down, decide on each, and close the review where the story does."""
        look, by = self.alarm.look, self.reach(self.alarm.look.who)
        for one in look.found:
            finding = reviewing.add_finding(incident=self.incident, text=one.text, by=by, now=now)
            if one.hazard:
                self.make_hazard(finding, one, by, now)
            elif one.task_for:
                self.give_task(finding, one, by, now)
        if look.went_well:
            reviewing.close_review(
                incident=self.incident, went_well=look.went_well, to_change=look.to_change, by=by, now=now
            )

    def make_hazard(self, finding: Finding, found: Found, by: Reach, now: datetime) -> None:
        """The finding becomes a hazard and goes its way, on dates that leave those of the others alone."""
        days_ago = self.alarm.days_ago - self.alarm.look.days
        made = reviewing.make_hazard(finding=finding, category=found.category, place=found.place, by=by, now=now)
        hands = self.history.parties(Visit(self.alarm.school, days_ago, STATION)).hands
        timeline = copy.copy(self.timeline)
        timeline.draw = random.Random(self.code.int)  # noqa: S311  # invents, keeps no secret
        if made.hazard and found.hazard:
            Aftermath(made.hazard, found.hazard, days_ago, hands, timeline, timeline.draw).plan(found.fate)

    def give_task(self, finding: Finding, found: Found, by: Reach, now: datetime) -> None:
        """The finding becomes somebody's task; what the story lets the station finish is done some days later."""
        owners = {
            "station": self.school.station, "school": self.school.organisation,
            "bureau": self.roster.standing[OrganisationKind.EDUCATION_BUREAU],
        }  # fmt: skip
        to, due = owners[found.task_for], self.timeline.on + timedelta(days=found.due_in)
        if to is None:
            raise LookupError(self.alarm.school)
        given = reviewing.give_task(finding=finding, to=to, due=due, by=by, now=now)
        if found.done_after:
            days_ago = self.alarm.days_ago - self.alarm.look.days - found.done_after
            self.timeline.plan(self.timeline_at(days_ago, 11), partial(self.finish, given))

    def finish(self, finding: Finding, now: datetime) -> None:
        """The station has done its task."""
        reviewing.finish_task(finding=finding, by=self.reach("station_officer"), now=now)
