"""Alerts made up from a number: the same number gives the same alert; for the check against the schema and for tests."""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from random import Random

from huyuan.emergency.cap import vocabulary as words
from huyuan.emergency.cap.alert import Alert, Area, Circle, Info, Pair, Point, Reference, Resource
from huyuan.emergency.cap.vocabulary import Kind, Scope

BEGIN = datetime(2026, 9, 1, 8, 0, 0, tzinfo=timezone(timedelta(hours=8)))
OFFSETS = (480, 480, 480, 0, -210, 345)
EVENTS = (
    "暴雨橙色预警",
    "山洪灾害",
    "校门口突发事件",
    "Fire drill",
    "雷电 <黄色> & 大风",
    "Überflutung",
    "停课通知 🚸",
    "دخان",
)
PLACES = ("云溪县青溪镇", "云溪县南浦镇下屋村", "Yunxi county, north of the river", "云溪县“一河两岸”片区")
SENTENCES = (
    "请沿教学楼东侧疏散。",
    "Stay indoors; teachers count heads.",
    "远离河道、低洼处 & 山脚。\n等候下一步通知。",
    "ÄÖÜ ñ ç — 「校园」",
)


def alerts(count: int, seed: int = 1) -> Iterator[Alert]:
    """So many alerts; about a third begin a chain that updates continue and a cancel may end."""
    dice, chain = Random(seed), list[Reference]()  # noqa: S311 -- the same alerts every time are wanted, no secret
    status = words.Status.ACTUAL
    for number in range(count):
        going_on = bool(chain) and dice.random() < 0.66
        if not going_on:
            chain, status = [], dice.choice(list(words.Status))
        kind = dice.choices((Kind.UPDATE, Kind.CANCEL), (3, 1))[0] if going_on else Kind.ALERT
        alert = _alert(dice, number, kind, status, tuple(chain[-1:] if dice.random() < 0.5 else chain))
        chain.append(alert.reference)
        if kind is Kind.CANCEL:
            chain = []
        yield alert


def _alert(dice: Random, number: int, kind: Kind, status: words.Status, earlier: tuple[Reference, ...]) -> Alert:
    sent = (BEGIN + timedelta(seconds=37 * number)).astimezone(timezone(timedelta(minutes=dice.choice(OFFSETS))))
    scope = dice.choice(list(Scope))
    return Alert(
        identifier=f"hy-sample-{number}", sender="360901@huyuan.example", sent=sent, status=status, kind=kind, scope=scope,
        source=dice.choice(("", "值班室")), restriction="限县教体局、公安局使用" if scope is Scope.RESTRICTED else "",
        addresses='"青溪镇 中心小学" station-1' if scope is Scope.PRIVATE else "",
        codes=tuple(f"码{one}" for one in range(dice.randrange(3))), note=dice.choice(("", *SENTENCES)),
        references=earlier, incidents=dice.choice(("", f"incident-{number // 3}")),
        infos=tuple(_info(dice, sent, language) for language in ("zh-CN", "en-US", "")[: dice.randrange(4)]),
    )  # fmt: skip


def _info(dice: Random, sent: datetime, language: str) -> Info:
    expires = sent + timedelta(minutes=dice.randrange(30, 3000)) if dice.random() < 0.8 else None
    return Info(
        language=language, categories=tuple(dice.sample(list(words.Category), dice.randrange(1, 4))),
        event=dice.choice(EVENTS), responses=tuple(dice.sample(list(words.Response), dice.randrange(3))),
        urgency=dice.choice(list(words.Urgency)), severity=dice.choice(list(words.Severity)),
        certainty=dice.choice(list(words.Certainty)), audience=dice.choice(("", "全县师生")),
        event_codes=(Pair("huyuan:class", "attack"),) * dice.randrange(3),
        effective=sent if expires else None, onset=sent + timedelta(minutes=5) if expires else None, expires=expires,
        sender_name=dice.choice(("", "云溪县教育体育局")), headline=dice.choice(("", *EVENTS)),
        description=dice.choice(("", *SENTENCES)), instruction=dice.choice(("", *SENTENCES)),
        web=dice.choice(("", "https://huyuan.example/a?b=1&c=2")), contact=dice.choice(("", "0791-0000000")),
        parameters=(Pair("layer:值", dice.choice(("", "1"))),) * dice.randrange(2),
        resources=(Resource("示意图", "image/png", dice.randrange(10**6), "https://huyuan.example/m.png"),) * dice.randrange(2),
        areas=tuple(_area(dice) for _ in range(dice.randrange(3))),
    )  # fmt: skip


def _area(dice: Random) -> Area:
    corners = tuple(_point(dice) for _ in range(dice.randrange(3, 9)))
    high = Decimal(dice.randrange(3000)) if dice.random() < 0.3 else None
    return Area(
        dice.choice(PLACES),
        polygons=((*corners, corners[0]),) * dice.randrange(2),
        circles=(Circle(_point(dice), Decimal(dice.randrange(200)) / 10),) * dice.randrange(2),
        geocodes=(Pair("GB/T 2260", "360901"),) * dice.randrange(2),
        altitude=high,
        ceiling=high,
    )


def _point(dice: Random) -> Point:
    return Point(
        Decimal(dice.randrange(280_000, 300_000)) / 10_000, Decimal(dice.randrange(1_150_000, 1_160_000)) / 10_000
    )
