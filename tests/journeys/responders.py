"""What four people do while an alarm and an exercise run side by side, by the words on their screens."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from huyuan.emergency.models import Call, Incident
from huyuan.emergency.signs import Sign
from huyuan.people.models import User
from tests.journeys.test_called import tap
from tests.journeys.test_press import hold, light, stored
from tests.journeys.walking import heading, sees
from tests.journeys.witness import Witness, second

ALARM, CLASS, FIRST_TIER = "暴力袭击", "三（2）班", "1 分钟梯队"
# Both schools belong to one station: its desk, like the command centre, is called to both.
SCHOOL, DRILLED, STATION = "云栖县第一小学", "云栖县第二小学", "云城派出所"
LETTER = "各位家长：学生全部安全，请不要来校，等待下一次通知。"
SIGNS = (Sign.REAL, Sign.EXERCISE)


@dataclass(frozen=True)
class People:
    """The four, and who is at the school with them."""

    guard: User
    head: User
    safety: User
    station: User
    commander: User


@dataclass
class Story:
    """The screens of the four, and what was done on them."""

    people: People
    guard: Page
    head: Page
    station: Page
    centre: Page
    drill: Page
    witness: Witness

    def of(self, sign: Sign) -> Incident:
        school = SCHOOL if sign == Sign.REAL else DRILLED
        return Incident.objects.get(sign=sign, alarm_class="attack", school__organisation__name=school)


def fold(page: Page, name: str) -> Locator:
    """Open one of the small forms of the room."""
    page.locator(f"#fold-{name} > summary").click()
    return page.locator(f"#fold-{name}")


def shows_sign(page: Page, sign: Sign) -> None:
    """The page says what the alarm is, and nothing on it says that it is another kind."""
    for one in SIGNS:
        expect(page.locator(f".hy-band-{one}")).to_have_count(int(one == sign))


def called_to(page: Page, sign: Sign, school: str) -> None:
    """The bar on whatever page is open says that its reader is called, and leads to the call."""
    bar = page.locator(f"#called .hy-called-{sign}")
    expect(bar).to_contain_text("演练，你被呼叫：" if sign == Sign.EXERCISE else "你被呼叫：")
    expect(bar).to_contain_text(f"{ALARM} · {school}")
    bar.click()
    at_call(page, sign, school)


def at_call(page: Page, sign: Sign, school: str) -> None:
    heading(page, ALARM)
    sees(page, school)
    expect(page.locator(".hy-called-sign")).to_have_text("演练" if sign == Sign.EXERCISE else "真实报警")


def answers(story: Story, page: Page, user: User, sign: Sign, *taps: str) -> None:
    """Tap the answers to one's own call, one after the other; each is gone once the platform has it."""
    kinds = {"我看到了": "seen", "我出发了": "on_way", "我到了": "arrived"}
    for words in taps:
        with story.witness.deed(sign, kinds[words], user, user.name):
            tap(page, words)
            expect(page.get_by_role("button", name=words, exact=True)).to_have_count(0)


def confirms(story: Story, page: Page, user: User, colleague: User) -> None:
    """Somebody on the spot confirms that a colleague has arrived, on the page of the own call."""
    with story.witness.deed(Sign.REAL, "arrived", user, colleague.name):
        tap(page, f"他到了: {colleague.name}")
        expect(page.get_by_role("button", name=f"他到了: {colleague.name}", exact=True)).to_have_count(0)


def press(story: Story) -> None:
    """The guard holds for a second; the engine rings the receiving line and tells everybody."""
    line = light(story.guard, "接警方已收到")
    with story.witness.deed(Sign.REAL, "called", None, FIRST_TIER):
        with story.witness.deed(Sign.REAL, "press", story.people.guard):
            hold(story.guard, ALARM)
            stored(story.guard)
        expect(line).to_have_attribute("data-on", "")
    expect(line.locator("[data-time]")).to_have_text(second(story.of(Sign.REAL).line_accepted_at)[11:])
    expect(story.centre.locator(".hy-alarm-real")).to_contain_text(SCHOOL)
    shows_sign(story.centre, Sign.REAL)
    story.guard.get_by_role("link", name="打开处置页面").click()
    shows_sign(story.guard, Sign.REAL)


def come(story: Story) -> None:
    """The school's unit, then the police and two neighbours: seen, on the way, there."""
    people, everything = story.people, ("我看到了", "我出发了", "我到了")
    story.guard.get_by_role("link", name="应答呼叫").click()
    at_call(story.guard, Sign.REAL, SCHOOL)
    answers(story, story.guard, people.guard, Sign.REAL, *everything)
    called_to(story.head, Sign.REAL, SCHOOL)
    answers(story, story.head, people.head, Sign.REAL, *everything)
    confirms(story, story.head, people.head, people.safety)
    called_to(story.station, Sign.REAL, SCHOOL)
    answers(story, story.station, people.station, Sign.REAL, *everything)
    story.centre.locator(".hy-alarm-real").get_by_role("link", name=ALARM).click()
    shows_sign(story.centre, Sign.REAL)
    story.centre.get_by_role("link", name="应答呼叫").click()
    at_call(story.centre, Sign.REAL, SCHOOL)
    answers(story, story.centre, people.commander, Sign.REAL, "我看到了")
    story.centre.goto(story.of(Sign.REAL).get_absolute_url())


def begin_exercise(story: Story) -> None:
    """The command centre begins an exercise at another school of the same station while the alarm runs."""
    page, commander = story.drill, story.people.commander
    page.goto(reverse("emergency:exercise"))
    page.get_by_label("学校").select_option(label=DRILLED)
    page.get_by_label("报警类别").select_option(label=ALARM)
    page.get_by_role("button", name="查看将呼叫谁").click()
    with story.witness.deed(Sign.EXERCISE, "called", None, FIRST_TIER):
        with story.witness.deed(Sign.EXERCISE, "press", commander):
            page.get_by_role("button", name="不通知直接开始").click()
            page.get_by_role("dialog").get_by_role("button", name="不通知直接开始").click()
            heading(page, ALARM)
        expect(page.locator(".hy-person", has_text=story.people.station.name)).to_be_visible()
    shows_sign(page, Sign.EXERCISE)


def play(story: Story) -> None:
    """The station answers the exercise; the command centre sees three of the school's unit arrive."""
    called_to(story.station, Sign.EXERCISE, DRILLED)
    answers(story, story.station, story.people.station, Sign.EXERCISE, "我看到了")
    unit = story.of(Sign.EXERCISE).calls.filter(part=Call.Part.UNIT).select_related("user").order_by("rank")
    for call in unit[:3]:
        row = story.drill.locator(f"#call-{call.pk}")
        with story.witness.deed(Sign.EXERCISE, "arrived", story.people.commander, call.user.name):
            row.get_by_role("button", name="确认到场").click()
            expect(row).to_contain_text("同事确认")
    expect(story.drill.locator(".hy-tier-whole")).to_have_count(1)


def neighbours_come(story: Story) -> None:
    """Two of the neighbouring schools' people are seen on the spot by the station's officer, back at the own call."""
    real, officer = story.of(Sign.REAL), story.people.station
    story.station.goto(reverse("emergency:call", args=[real.calls.get(user=officer).code]))
    at_call(story.station, Sign.REAL, SCHOOL)
    near = real.calls.filter(part=Call.Part.NEIGHBOUR).select_related("user").order_by("rank")
    for call in near[:2]:
        confirms(story, story.station, officer, call.user)
    for page in (story.head, story.station):
        expect(page.locator(".text-success", has_text="已到3人，需3人")).to_have_count(2)


def take_command(story: Story) -> None:
    """The station takes the command; the command centre sees it without touching anything."""
    page = story.station
    page.goto(story.of(Sign.REAL).get_absolute_url())
    shows_sign(page, Sign.REAL)
    with story.witness.deed(Sign.REAL, "handed_over", story.people.station, STATION):
        form = fold(page, "hand-over")
        form.get_by_label("移交给").select_option(label=STATION)
        form.get_by_label("当前情况").fill("嫌疑人已控制，一名保安员轻伤")
        form.get_by_role("button", name="移交", exact=True).click()
        sees(page, f"指挥：{STATION}")
    sees(story.centre, f"指挥：{STATION}")
    with story.witness.deed(Sign.REAL, "note", story.people.commander, "救护车已到东门"):
        story.centre.get_by_label("发生了什么").fill("救护车已到东门")
        story.centre.get_by_role("button", name="写入日志").click()
        expect(story.centre.locator(".hy-log")).to_contain_text("救护车已到东门")


def handle(story: Story) -> None:
    """The principal's phone: a door locked, heads counted, a task done, a text released; all seen in the command centre."""
    page, head = story.head, story.people.head
    page.goto(story.of(Sign.REAL).get_absolute_url())
    shows_sign(page, Sign.REAL)
    with story.witness.deed(Sign.REAL, "lockdown", head, CLASS):
        form = fold(page, "lockdown")
        form.get_by_label("班级或房间").fill(CLASS)
        form.get_by_role("button", name="已锁门").click()
        expect(page.get_by_role("region", name="班级锁门情况").locator(".hy-said")).to_contain_text(CLASS)
    with story.witness.deed(Sign.REAL, "headcount", head, CLASS):
        form = fold(page, "heads")
        for label, value in (("班级或房间", CLASS), ("实到", "42"), ("应到", "42")):
            form.get_by_label(label).fill(value)
        form.get_by_role("button", name="报告人数").click()
        expect(page.get_by_role("region", name="清点人数").locator(".hy-said")).to_contain_text("42/42")
    task = page.locator(".hy-role-task").filter(has=page.get_by_role("button")).first
    task = page.locator(f"#{task.get_attribute('id')}")
    with story.witness.deed(Sign.REAL, "task_done", head):
        task.get_by_role("button", name="已完成").click()
        expect(task).to_contain_text(head.name)
    release(story, page, head)
    expect(story.centre.get_by_role("region", name="班级锁门情况")).to_contain_text(CLASS)
    expect(story.centre.get_by_role("region", name="清点人数")).to_contain_text("42/42")
    sees(story.centre, LETTER)


def release(story: Story, page: Page, head: User) -> None:
    draft = page.locator(".hy-statement", has_text="告家长通知")
    with story.witness.deed(Sign.REAL, "parents_released", head):
        draft.get_by_text("修改并发布").click()
        draft.get_by_label("正文").fill(LETTER)
        draft.get_by_role("button", name="以我的名义发布").click()
        expect(page.locator("p.hy-statement-text")).to_have_text(LETTER)


def end(story: Story, page: Page, user: User, sign: Sign, outcome: str) -> None:
    """Give the all-clear."""
    with story.witness.deed(sign, "cleared", user, outcome):
        form = fold(page, "clear")
        form.get_by_label(outcome).check()
        form.get_by_role("button", name="解除警报").click()
        page.get_by_role("dialog").get_by_role("button", name="解除警报", exact=True).click()
        expect(page.locator(".hy-room-ended")).to_contain_text(outcome)


def look_back(story: Story, page: Page, user: User, sign: Sign, finding: str = "") -> None:
    """Close the review; what it has shown becomes a task of the station."""
    page.goto(story.of(sign).get_absolute_url())
    page.get_by_role("link", name="复盘").click()
    shows_sign(page, sign)
    if finding:
        page.get_by_label("发现了什么问题").fill(finding)
        page.get_by_role("button", name="记下来").click()
        page.get_by_role("link", name="转为任务").click()
        page.get_by_label("责任单位").select_option(label=STATION)
        page.get_by_label("时限").fill((timezone.localdate() + timedelta(days=7)).isoformat())
        page.get_by_role("button", name="交办任务").click()
        sees(page, f"{STATION}的任务")
    with story.witness.deed(sign, "reviewed", user):
        page.get_by_label("做得好的").fill("到场快，锁门及时")
        page.get_by_label("需要改进的").fill("东门加派一人")
        page.get_by_role("button", name="结束复盘").click()
        sees(page, "复盘已结束。")
    shows_sign(page, sign)


def side_by_side(story: Story) -> None:
    """List and wall show both, the real alarm first, each with its own band and no other."""
    page = story.drill.context.new_page()
    for name, part in (("emergency:wall", ".hy-alarm"), ("emergency:incidents", ".hy-running")):
        page.goto(reverse(name))
        shown = page.locator(part)
        expect(shown).to_have_count(2)
        for one, sign, school in zip(shown.all(), SIGNS, (SCHOOL, DRILLED), strict=True):
            expect(one).to_contain_text(school)
            expect(one.locator(".hy-band")).to_have_count(1)
            expect(one.locator(f".hy-band-{sign}")).to_be_visible()
    page.close()
