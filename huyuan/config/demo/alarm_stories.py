"""Past alarms of the demo, second by second; people, words and times are invented."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from huyuan.config.demo.alarm_acts import (
    clear,
    come,
    count,
    hand_over,
    lock,
    note,
    open_room,
    raise_patrol,
    release,
    tick,
    withdraw,
)
from huyuan.config.demo.findings import Finding
from huyuan.emergency.models import Incident, Press
from huyuan.emergency.signs import Sign
from huyuan.inspections.categories import Category

HANDLED, OVER = Incident.Outcome.HANDLED, Incident.Outcome.EXERCISE_OVER


@dataclass(frozen=True)
class Coming:
    """Somebody called, by role at the school or by part of the call: seconds until seen and until there, 0 for never."""

    who: str
    seen: int
    there: int = 0
    number: int = 0
    declines: bool = False


@dataclass(frozen=True)
class Act:
    """What somebody does so many seconds after the press, and what it needs."""

    seconds: int
    who: str
    does: Callable[..., None]
    given: tuple[str | int, ...] = ()


@dataclass(frozen=True)
class Found:
    """A finding: what becomes of the hazard with its place, or whose task it is, due so many days from the day of loading."""

    text: str
    hazard: Finding | None = None
    category: str = ""
    place: str = ""
    fate: str = ""
    task_for: str = ""
    due_in: int = 0
    done_after: int = 0


@dataclass(frozen=True)
class Look:
    """The look back, so many working days later; without words it is still open."""

    days: int
    hour: int
    who: str
    found: tuple[Found, ...] = ()
    went_well: str = ""
    to_change: str = ""


@dataclass(frozen=True)
class Alarm:
    """One alarm of the past: working days before the day of loading, who pressed, who came, what was done, what followed."""

    school: str
    days_ago: int
    at: time
    sign: Sign
    alarm_class: str
    place: str
    by: str
    coming: tuple[Coming, ...]
    acts: tuple[Act, ...]
    look: Look
    source: Press.Source = Press.Source.PHONE
    announced: bool = False


MUFFLED = Finding(
    "教学楼后侧听不清广播，两个班晚了40秒才锁门",
    "后侧走廊加装音箱，逐班试听",
    "加装2只音箱，各班试听清楚",
    "corridor",
)
LOCKED = Finding("后门要找钥匙才能打开，疏散时耽误", "后门换成从里面一推就开的门锁", "已换推杆锁", "corridor")

ATTACK_EXERCISE = Alarm(
    "云城镇中心小学", 21, time(10, 5, 2), Sign.EXERCISE, "attack", "北门", "safety_officer", announced=True,
    coming=(
        Coming("guard", 4, 22), Coming("safety_officer", 6, 38), Coming("teacher", 9, 44), Coming("teacher", 11, 57, 1),
        Coming("school_head", 5, 63), Coming("volunteer", 10, 133), Coming("police", 8, 149), Coming("police", 12, 152, 1),
        Coming("neighbour", 13, declines=True), Coming("neighbour", 7, 171, 1), Coming("command", 6),
        Coming("patrol", 37, 262), Coming("patrol", 39, 268, 1),
    ),
    acts=(
        Act(9, "commander", open_room), Act(24, "guard", tick, ("guard", 1)),
        Act(31, "commander", raise_patrol), Act(35, "commander", note, ("已调巡逻一组从城东出发",)),
        Act(58, "safety_officer", tick, ("safety", 3)), Act(66, "school_head", tick, ("leader", 1)),
        Act(74, "teacher", lock, ("三（2）班",)), Act(81, "school_head", lock, ("五（3）班",)),
        Act(164, "station_officer", note, ("扮演者已在北门内侧被控制，无人“受伤”",)),
        Act(208, "teacher", count, ("三（2）班", 44)), Act(221, "school_head", count, ("五（3）班", 46)),
        Act(285, "guard", tick, ("guard", 5)),
        Act(395, "commander", clear, (OVER, "三个梯队都按时到场")),
    ),
    look=Look(
        1, 15, "school_head",
        (
            Found(MUFFLED.note, hazard=MUFFLED, category=Category.SECURITY, place="教学楼后侧走廊", fate="closed"),
            Found("学校对讲机与派出所频道不通，只能用手机转达", task_for="station", due_in=-8, done_after=6),
        ),
        "保安22秒到北门并关门，44秒三人到位；民警2分29秒到场，志愿者和邻园都来了人。",
        "广播死角加装音箱；与派出所统一对讲频道；邻园支援改走东侧小门，可再快半分钟。",
    ),
)  # fmt: skip
FIRE_EXERCISE = Alarm(
    "白石镇中心幼儿园", 12, time(9, 40, 11), Sign.EXERCISE, "fire", "厨房", "school_head",
    coming=(
        Coming("guard", 5, 31), Coming("safety_officer", 8, 42), Coming("teacher", 7, 36), Coming("teacher", 12, 47, 1),
        Coming("school_head", 4, 49), Coming("police", 21, 231), Coming("police", 13, 236, 1),
        Coming("neighbour", 12, 204, 1), Coming("command", 9), Coming("patrol", 55, 288), Coming("patrol", 58, 291, 1),
    ),
    acts=(
        Act(12, "commander", open_room), Act(40, "guard", tick, ("guard", 1)),
        Act(48, "commander", raise_patrol),
        Act(53, "school_head", tick, ("leader", 1)),
        Act(118, "teacher", count, ("大一班", 34)), Act(131, "school_head", count, ("小二班", 26)),
        Act(126, "safety_officer", tick, ("safety", 3)), Act(142, "school_head", note, ("全园到操场集合，用时2分11秒，清点无缺",)),
        Act(244, "station_officer", note, ("车辆在集市路口被堵约一分钟，步行赶到",)),
        Act(470, "commander", clear, (OVER, "三分钟梯队未按时到齐，列入复盘")),
    ),
    look=Look(
        2, 14, "school_head",
        (
            Found("出警路线经过集市被堵，三分钟梯队晚到51秒", task_for="station", due_in=6),
            Found("逢集日园门口道路被摊位占用，需会同镇里协调", task_for="bureau", due_in=12),
            Found(LOCKED.note, hazard=LOCKED, category=Category.FIRE, place="后门", fate="ordered"),
        ),
        "42秒三人到厨房，2分11秒全园到操场集合，清点无缺。",
        "三分钟梯队3分51秒才到齐：逢集日改走环镇路；后门换推杆锁；下学期再练一次。",
    ),
)  # fmt: skip
MISTAKE = Alarm(
    "云栖县第三中学", 9, time(17, 12, 5), Sign.REAL, "gate", "门卫值班室", "guard", source=Press.Source.DESK,
    coming=(Coming("safety_officer", 4), Coming("school_head", 6)),
    acts=(Act(7, "guard", withdraw, ("擦拭值班电脑时误按",)),),
    look=Look(1, 9, "school_head", (), "七秒内撤回并说明原因，被叫的人都收到解除消息。", "擦拭值班电脑前先锁定屏幕。"),
)  # fmt: skip
DRUNK = Alarm(
    "云栖县第二小学", 6, time(7, 38, 12), Sign.REAL, "gate", "东门", "guard",
    coming=(
        Coming("guard", 3, 21), Coming("safety_officer", 7, 46), Coming("teacher", 15, 58), Coming("school_head", 12, 69),
        Coming("police", 6, 174), Coming("police", 11, number=1),
    ),
    acts=(
        Act(14, "commander", open_room), Act(25, "guard", tick, ("guard", 1)),
        Act(50, "safety_officer", tick, ("safety", 1)),
        Act(62, "guard", note, ("一名醉酒男子坐在东门台阶上吵闹，没有器械，学生改走南门",)),
        Act(78, "teacher", tick, ("young_staff", 1)), Act(88, "guard", tick, ("guard", 3)), Act(95, "volunteer", come),
        Act(120, "commander", hand_over, ("民警即将到场，现场由派出所指挥",)),
        Act(190, "station_officer", note, ("已到场，正在劝离",)),
        Act(395, "station_officer", note, ("男子上警车，东门恢复通行",)),
        Act(640, "station_officer", clear, (HANDLED, "醉酒男子由派出所带离，无人受伤，上课未受影响")),
        Act(900, "school_head", release, ("今天7时40分左右，一名醉酒人员在学校东门滞留，民警已带离。学生改由南门入校，无人受伤，教学照常。",)),
    ),
    look=Look(
        1, 16, "school_head", (Found("东门台阶是监控死角，门卫室看不到", task_for="school", due_in=9),),
        "保安没有与人推搡，先把学生引到南门；民警2分54秒到场。", "东门摄像头调整角度；入校高峰东门增加一名护学人员。",
    ),
)  # fmt: skip
INJURED = Alarm(
    "云栖县第一小学", 2, time(10, 22, 40), Sign.REAL, "medical", "操场", "teacher",
    coming=(
        Coming("teacher", 4, 12), Coming("safety_officer", 6, 33), Coming("guard", 5, 40), Coming("counsellor", 9, 52),
        Coming("school_head", 11, 75), Coming("police", 9, 171), Coming("command", 8), Coming("patrol", 66, 281),
    ),
    acts=(
        Act(13, "commander", open_room), Act(20, "teacher", tick, ("class_teacher", 1)),
        Act(41, "safety_officer", note, ("一名学生体育课上摔伤，已拨120，不搬动，其他学生带离",)),
        Act(45, "guard", tick, ("guard", 1)), Act(58, "commander", raise_patrol),
        Act(62, "commander", note, ("已调巡逻车为救护车开道",)),
        Act(118, "counsellor", tick, ("young_staff", 1)), Act(423, "guard", note, ("救护车进东门，引导到操场",)),
        Act(560, "school_head", note, ("班主任陪同送医，家长已赶往医院",)),
        Act(705, "school_head", tick, ("leader", 3)),
        Act(765, "school_head", clear, (HANDLED, "已送医，有人陪同，家长已到")),
    ),
    look=Look(1, 9, "safety_officer", (Found("担架放在教学楼二楼，取用花了一分多钟"),)),
)  # fmt: skip
ALARMS = (ATTACK_EXERCISE, FIRE_EXERCISE, MISTAKE, DRUNK, INJURED)
