"""A real alarm in the demo county from the press to the signed review, on four people's screens, and an exercise beside it.

The alarm engine and the streams run as processes of their own; what leaves goes to a gateway and a receiver of the test.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from docx import Document
from playwright.sync_api import Page, expect

from huyuan.common.clock import database_now
from huyuan.config.demo import loading
from huyuan.config.demo.staffing import PASSWORD, Staff
from huyuan.emergency.actions.outside import add_receiver
from huyuan.emergency.cap.vocabulary import Kind, Status
from huyuan.emergency.models import FakeSend, Incident
from huyuan.emergency.models import Page as Message
from huyuan.emergency.signs import Sign
from huyuan.guardposts.actions import plan_shift
from huyuan.guardposts.models import Shift
from huyuan.organisations.models import County, Organisation
from tests.browser import PHONE, Visitors
from tests.engine.serving import granian
from tests.journeys.around import OUTSIDE, Around, alarms, listening
from tests.journeys.responders import (
    DRILLED,
    SCHOOL,
    STATION,
    People,
    Story,
    begin_exercise,
    come,
    end,
    handle,
    look_back,
    neighbours_come,
    play,
    press,
    shows_sign,
    side_by_side,
    take_command,
)
from tests.journeys.test_press import PRESS
from tests.journeys.walking import sees, sign_in
from tests.journeys.witness import (
    Timeline,
    Witness,
    check_log_and_rows,
    check_quorum,
    check_screen,
    check_timeline,
    second,
    timeline_of,
)

CENTRE = "command_centre"
ON_DUTY = {
    "guard": (Shift.Duty.GATE, "school_head"),
    "station_officer": (Shift.Duty.DESK, "station_officer"),
    "commander": (Shift.Duty.DESK, "commander"),
}
LINES = ("duty_line", "command_line", "police", "command")
MARKS = {Sign.REAL: "【实警】", Sign.EXERCISE: "【演练】非真实警情"}
NAMES = {Sign.REAL: "处置经过时间线-", Sign.EXERCISE: "演练-处置经过时间线-"}

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def clock() -> None:
    """The real time: engine and database live in it."""


@pytest.fixture
def around(settings) -> Iterator[Around]:
    settings.INSIDE_RECEIVERS = ["127.0.0.0/8"]
    with listening() as found:
        yield found


@pytest.fixture
def people(own_database, around) -> People:
    """The demo county of today, which tells a receiver outside of every real alarm."""
    assert loading.load(timezone.localdate())
    staff, now = Staff(County.objects.get().pk), database_now()
    put_on_duty(staff, now)
    school, station, centre = (
        Organisation.objects.get(**named).pk for named in ({"name": SCHOOL}, {"name": STATION}, {"kind": CENTRE})
    )
    url, by = around.url(OUTSIDE), staff.reach(centre, "commander")
    add_receiver(name="市局接警平台", kind="cap", url=url, secret="sixteen-signs-or-more", by=by, now=now)
    at_school = [staff.post(school, role).user for role in ("guard", "school_head", "safety_officer")]
    return People(*at_school, staff.post(station, "station_officer").user, staff.post(centre, "commander").user)


def put_on_duty(staff: Staff, now: datetime) -> None:
    """Whatever the hour and the day of the test, a guard is at every gate and an officer at every desk."""
    Shift.objects.filter(ends_at__gt=now).update(cancelled_at=now)
    for (organisation_id, role), (post, *_others) in staff.posts.items():
        if role in ON_DUTY:
            duty, enters = ON_DUTY[role]
            plan_shift(
                organisation=post.organisation, user=post.user, duty=duty, starts_at=now - timedelta(hours=1),
                ends_at=now + timedelta(hours=12), weeks=1, by=staff.reach(organisation_id, enters), now=now,
            )  # fmt: skip


@pytest.fixture
def live(people, own_database, around, visitors, settings) -> Iterator[Visitors]:
    """Browsers at the product with its streams and its alarm engine."""
    with granian(own_database, "asgi", "huyuan.config.asgi:application") as port, alarms(own_database, around):
        settings.STREAMS = f"http://localhost:{port}"
        visitors.expected.add(f"asks {settings.STREAMS}/streams/")
        yield visitors
        for context in visitors.browser.contexts:
            context.close()


@pytest.fixture
def story(live, people) -> Story:
    """Everybody signed in: the guard at the page for raising alarms, the wall screen quiet, the others at Today."""
    pages = [live.phone(), live.phone(), live.desk(), live.desk()]
    users = [people.guard, people.head, people.station, people.commander]
    for page, user in zip(pages, users, strict=True):
        sign_in(page, user.phone, PASSWORD)
    assert pages[0].viewport_size == pages[1].viewport_size == PHONE and PHONE["width"] == 360
    guard, _head, _station, centre = pages
    guard.goto(PRESS)
    expect(guard.locator("#press[data-ready]")).to_be_visible()
    centre.goto(reverse("emergency:wall"))
    sees(centre, "一切平稳")
    return Story(people, *pages, centre.context.new_page(), Witness())


def test_a_real_alarm_from_press_to_review_and_an_exercise_beside_it(story: Story, around: Around):
    people = story.people
    press(story)
    come(story)
    begin_exercise(story)
    play(story)
    neighbours_come(story)
    side_by_side(story)
    take_command(story)
    handle(story)
    end(story, story.station, people.station, Sign.REAL, "已办结")
    sees(story.guard, "警报已解除")
    end(story, story.drill, people.commander, Sign.EXERCISE, "演练（测试）结束")
    look_back(story, story.head, people.head, Sign.REAL, "东门的报警按钮被花盆挡住")
    look_back(story, story.drill, people.commander, Sign.EXERCISE)

    for sign, whole in ((Sign.REAL, {1, 3}), (Sign.EXERCISE, {1})):
        incident = story.of(sign)
        assert incident.status == Incident.Status.REVIEWED
        check_log_and_rows(incident)
        check_quorum(incident, whole)
        check_timeline(incident, exported(story, incident), story.witness.of(incident))
        check_screen(story.centre, incident)
    check_three_things(story)
    check_paper(story)
    check_nothing_of_the_exercise_left(story, around)


def saved(page: Page, link: str) -> tuple[str, bytes]:
    """The name and the content of a file that a link of the page gives."""
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).click()
    return coming.value.suggested_filename, Path(coming.value.path()).read_bytes()


def exported(story: Story, incident: Incident) -> Timeline:
    """The timeline as the command centre takes it out of the room: it says what it is in its name and above its lines."""
    story.centre.goto(incident.get_absolute_url())
    shows_sign(story.centre, Sign(incident.sign))
    name, content = saved(story.centre, "时间线（XLSX）")
    timeline = timeline_of(content)
    assert name.startswith(NAMES[Sign(incident.sign)])
    assert timeline.heads["性质"] == MARKS[Sign(incident.sign)]
    assert timeline.heads["学校"] == (SCHOOL if incident.sign == Sign.REAL else DRILLED)
    return timeline


def check_three_things(story: Story) -> None:
    """Stored, taken by the line and answered are the times of the press, of the first ring taken and of the first answer."""
    real, (pressed, *_others) = story.of(Sign.REAL), story.witness.deeds
    rings = real.pages.filter(Q(channel__in=("voice", "sms"), call__part__in=LINES) | Q(channel="outside"))
    taken = rings.filter(accepted_at__isnull=False).values_list("accepted_at", flat=True)
    assert pressed.before <= real.opened_at <= pressed.after
    assert real.opened_at <= min(taken) <= real.line_accepted_at
    assert real.answered_at == min(real.calls.filter(seen_at__isnull=False).values_list("seen_at", flat=True))
    shown = story.centre
    shown.goto(real.get_absolute_url())
    times = shown.locator(".hy-thing time").all_text_contents()
    assert times == [second(at)[11:] for at in (real.opened_at, real.line_accepted_at, real.answered_at)]


def check_paper(story: Story) -> None:
    """The papers that the principal takes out of the review bear the sign of a real alarm on every page."""
    story.head.goto(reverse("emergency:review", args=[story.of(Sign.REAL).code]))
    for link in ("时间线（DOCX）", "ICS 214"):
        _name, content = saved(story.head, link)
        assert MARKS[Sign.REAL] in Document(BytesIO(content)).sections[0].header.paragraphs[0].text


def check_nothing_of_the_exercise_left(story: Story, around: Around) -> None:
    """Outside heard the real alarm's four messages and nothing else; every message to a person bears its alarm's sign."""
    real, exercise = story.of(Sign.REAL), story.of(Sign.EXERCISE)
    told = list(around.alerts(4).values())
    assert {(alert.incidents, alert.status) for alert in told} == {(str(real.code), Status.ACTUAL)}
    assert [alert.kind for alert in told] == [Kind.ALERT, Kind.UPDATE, Kind.UPDATE, Kind.UPDATE]
    assert DRILLED not in str(told) and "演练" not in str(told)
    assert not FakeSend.objects.filter(
        page__in=Message.objects.filter(incident__in=(real, exercise)).values("code")
    ).exists()
    assert not exercise.pages.filter(channel=Message.Channel.OUTSIDE).exists()
    assert not exercise.calls.filter(organisation__name=SCHOOL).exists()
    letters = {letter["page"]: letter for letter in around.letters}
    for incident in (real, exercise):
        assert set(incident.pages.values_list("sign", flat=True)) == {incident.sign}
        assert set(incident.presses.values_list("sign", flat=True)) == {incident.sign}
        taken = incident.pages.filter(channel__in=("sms", "voice"), status=Message.Status.ACCEPTED)
        mine = [letters[str(code)] for code in taken.values_list("code", flat=True)]
        assert mine and {letter["sign"] for letter in mine} == {incident.sign}
        marked = [letter["text"].startswith("【演练】") and letter["text"].endswith("【演练】") for letter in mine]
        assert set(marked) == {incident.sign == Sign.EXERCISE}
    assert all("【演练】" in text for text in exercise.statements.values_list("text", flat=True))
    assert not any("演练" in text for text in real.statements.values_list("text", flat=True))
