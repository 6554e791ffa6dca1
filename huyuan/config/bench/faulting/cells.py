"""One cell: one point of the path fails in one way, everything else is well and goes on."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from huyuan.config.bench.faulting.children import Child, trapped
from huyuan.config.bench.faulting.lane import Lane
from huyuan.config.bench.faulting.points import Fault, Point
from huyuan.config.bench.faulting.roles import drainer, engine
from huyuan.config.bench.faulting.verdict import Facts
from huyuan.config.bench.phones import Heard, Signed, send

ALARM = "attack"
RECOVERY = 15.0
# So long a fault may keep us waiting until it strikes; some points come round only when there is nothing to do.
STRIKES_WITHIN = 6.0
# So long a process that wakes from a hang has to do harm before we count once more.
WOKEN = 1.0
RECORDING = 3.0


@dataclass
class Cell:
    """What became of one fault at one point."""

    side: str
    point: str
    fault: str
    outcome: str
    seconds: float | None
    answers: list[tuple[float, int, str]]
    facts: dict[str, int]


@dataclass
class Side:
    """One half of the path: how it is recorded and how one cell of it is tried."""

    name: str
    prepare: Callable[[Lane], None]
    record: Callable[[Lane], list[Point]]
    attempt: Callable[[Lane, Point, Fault, int], Cell]


def judged(
    side: str, point: Point, fault: Fault, *, lane: Lane, pages: int, hit: float | None, whole_at: float | None, heard: Heard,
    early: bool,
) -> Cell:  # fmt: skip
    """The outcome in one word, with what it rests on."""
    facts = lane.judge.facts()
    seconds = None if whole_at is None or hit is None else round(max(0.0, whole_at - hit), 2)
    outcome = word(facts, pages, reached=hit is not None, in_time=whole_at is not None, early=early)
    return Cell(side, point.label, fault.value, outcome, seconds, heard.answers, asdict(facts))


def word(facts: Facts, pages: int, *, reached: bool, in_time: bool, early: bool) -> str:
    """The outcome: the worst of what can be said."""
    if early:
        return "acknowledged before it was stored"
    if facts.duplicates:
        return "duplicate"
    if facts.lost:
        return "lost"
    if not in_time or not facts.whole(pages):
        return "late"
    return "recovered" if reached else "not reached"


def lift(victim: Child, fault: Fault) -> None:
    """Let a process that hangs wake up and do what it was about to do."""
    if fault is Fault.HANG and victim.lives():
        victim.lift()
        time.sleep(WOKEN)


# Press to committed


def prepare_press(lane: Lane) -> None:
    """The rest of the installation: a second web process, an engine, the draining of journals."""
    _web, lane.port = lane.start_web()
    lane.start(engine)
    lane.start(drainer)


def press(lane: Lane, ports: list[int], until: float) -> tuple[Signed, Heard, bool]:
    """Press and repeat until it is acknowledged; whether that was said before it was true."""
    signed = lane.phones[0].press(ALARM)
    lane.judge.begin(signed.identity)
    heard = send(signed, ports, lambda: time.monotonic() > until)
    return signed, heard, heard.stored and not lane.judge.stored()


def record_press(lane: Lane) -> list[Point]:
    """Everything that a web process does for one press; the journal's folder is there by then."""
    press(lane, [lane.port], time.monotonic() + RECOVERY)
    lane.judge.close()
    victim, port = lane.start_web(lambda act: trapped(act, None, None))
    press(lane, [port], time.monotonic() + RECORDING)
    lane.judge.wait(lambda: lane.judge.facts().whole(1), time.monotonic() + RECORDING)
    points = met(victim)
    lane.pages = lane.judge.facts().pages
    victim.end()
    lane.judge.close()
    return points


def attempt_press(lane: Lane, point: Point, fault: Fault, pages: int) -> Cell:
    """Press at a process that fails; the phone repeats at one that is well."""
    victim, port = lane.start_web(lambda act: trapped(act, point, fault))
    began = time.monotonic()
    _signed, heard, early = press(lane, [port, lane.port], began + RECOVERY)
    hit = victim.hit()
    whole = lane.judge.wait(lambda: lane.judge.facts().whole(pages), (hit or began) + RECOVERY)
    at = time.monotonic() if whole else None
    lift(victim, fault)
    victim.end()
    cell = judged(
        "press", point, fault, lane=lane, pages=pages, hit=hit, whole_at=at, heard=heard, early=early
    )  # fmt: skip
    lane.judge.close()
    return cell


# Committed to accepted


def prepare_pages(lane: Lane) -> None:
    """A web process that stores presses; engines come and go with each cell."""
    _web, lane.port = lane.start_web()


def record_pages(lane: Lane) -> list[Point]:
    """Everything that an engine does until every page of one press is accepted."""
    press(lane, [lane.port], time.monotonic() + RECORDING)
    victim = lane.start(trapped(engine, None, None))
    if not lane.judge.wait(lambda: lane.judge.facts().whole(1), time.monotonic() + RECOVERY):
        raise AssertionError(f"the healthy path does not work: {lane.judge.facts()}")
    points = met(victim)
    lane.pages = lane.judge.facts().pages
    victim.end()
    lane.judge.close()
    return points


def attempt_pages(lane: Lane, point: Point, fault: Fault, pages: int) -> Cell:
    """An engine fails with a stored press before it; another one that is well is there from that moment on."""
    _signed, heard, early = press(lane, [lane.port], time.monotonic() + RECOVERY)
    began = time.monotonic()
    victim = lane.start(trapped(engine, point, fault))
    lane.judge.wait(lambda: victim.hit() is not None, began + STRIKES_WITHIN)
    hit = victim.hit()
    healthy = lane.start(engine)
    whole = lane.judge.wait(lambda: lane.judge.facts().whole(pages), (hit or began) + RECOVERY)
    at = time.monotonic() if whole else None
    lift(victim, fault)
    victim.end()
    healthy.end()
    cell = judged(
        "pages", point, fault, lane=lane, pages=pages, hit=hit, whole_at=at, heard=heard, early=early
    )  # fmt: skip
    lane.judge.close()
    return cell


def met(victim: Child) -> list[Point]:
    """The points that a recording process has told, in their order."""
    return [Point(*found["point"]) for found in victim.listen() if "point" in found]


def described(cell: Cell) -> dict[str, Any]:
    """A cell as it is printed: the facts only where something is wrong."""
    said = asdict(cell)
    if cell.outcome in ("recovered", "not reached"):
        del said["facts"]
        said["answers"] = [f"{status} {name}".strip() for _at, status, name in cell.answers]
    return said


SIDES = (
    Side("press", prepare_press, record_press, attempt_press),
    Side("page", prepare_pages, record_pages, attempt_pages),
)
