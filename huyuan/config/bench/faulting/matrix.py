"""Every trouble of an installation with the acts in the middle of it, held against the outcomes that were written."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connections

from huyuan.config.bench.faulting import eyes
from huyuan.config.bench.faulting.children import Child, Wires, running
from huyuan.config.bench.faulting.eyes import Eyes
from huyuan.config.bench.faulting.installation import Installation
from huyuan.config.bench.faulting.judging import RECOVERY, Seen, judged
from huyuan.config.bench.faulting.lane import Lane, opened, said
from huyuan.config.bench.faulting.outcomes import OUTCOMES, Trouble
from huyuan.config.bench.faulting.people import panelling, phoning, tapping
from huyuan.config.bench.faulting.roles import drainer, engine, panels
from huyuan.config.bench.faulting.streaming import Streams
from huyuan.config.bench.faulting.troubles import MAKING, Making, Stage
from huyuan.config.bench.phones import Signed, send
from huyuan.emergency.models import Call, Incident

# A trouble that passes at once passes half a second after the acts.
AT_ONCE = 0.5
DUE_IN = 2.0
READY = 30.0
# Steps of other calls must not come in between; those of the one call are turned forward into the trouble.
PUT_OFF = "UPDATE emergency_step SET due_at = clock_timestamp() + interval '10 minutes' WHERE done_at IS NULL"
TURN_FORWARD = """
UPDATE emergency_step SET due_at = clock_timestamp() + make_interval(secs => %s) WHERE kind = 'follow' AND subject = %s
"""
HIGHEST, WITHDRAWABLE = "attack", "medical"
PRESSING, ANSWERING, SILENT, WITHDRAWING, PANELLING = range(5)


@dataclass
class Drama:
    """The acts of one trouble: each at a school of its own, so that none touches another."""

    pressing: Signed
    withdrawn: Signed
    call: Call
    silent: Call
    calls: int
    last: int
    children: dict[str, Child] = field(default_factory=dict)


def run_matrix(installation: Installation, troubles: Sequence[Trouble], seconds: float) -> dict[str, Any]:
    """One trouble after another; the sums and each cell."""
    cells: list[dict[str, Any]] = []
    for trouble in troubles:
        with running(partial(column, installation, trouble, seconds)) as [child]:
            while child.lives():
                child.listen()
                time.sleep(0.05)
            found = [word["cells"] for word in child.listen() if "cells" in word]
        if not found:
            raise AssertionError(f"{trouble} could not be tried:\n{said(installation)}")
        cells += found[0]
        # Whatever went wrong in a column, the next one begins with a database.
        installation.start()
    return {"cells": len(cells), "met": sum(cell["met"] for cell in cells), "seconds_down": seconds, "each": cells}


def column(installation: Installation, trouble: Trouble, seconds: float, wires: Wires) -> None:
    """One trouble from beginning to end."""
    making = MAKING[trouble]
    with opened(installation, f"matrix_{trouble.value}") as lane, ExitStack() as stack:
        stage = Stage(lane, seconds)
        if trouble is Trouble.STREAM_CUT:
            stage.streams = Streams.opened(lane, lane.phones[ANSWERING].post.user)
            stack.callback(stage.streams.kill)
        drama = set_scene(lane)
        making.before(stage)
        ports = enter(stage, making)
        seen = play(stage, making, drama, ports)
        seen.caught_up = stage.streams is None or stage.streams.caught_up
        wires.tell({"cells": [judged(trouble, act, outcome, seen) for act, outcome in OUTCOMES[trouble].items()]})


def set_scene(lane: Lane) -> Drama:
    """While all is well: two incidents with everybody called, a third that will be withdrawn at once."""
    web, port = lane.start_web()
    worker = lane.start(engine)
    until = time.monotonic() + READY
    for number in (ANSWERING, SILENT):
        press(lane, number, HIGHEST, port, until)
        if not lane.judge.wait(lambda: lane.judge.facts().whole(1), until):
            raise AssertionError(f"the scene cannot be set: {lane.judge.facts()}")
    lane.judge.connection.execute(PUT_OFF)
    withdrawn = press(lane, WITHDRAWING, WITHDRAWABLE, port, until)
    web.end()
    worker.end()
    answering, silent = (first_call(lane, number) for number in (ANSWERING, SILENT))
    ids = sorted(Call.objects.filter(incident=silent.incident).values_list("pk", flat=True))
    drama = Drama(
        lane.phones[PRESSING].press(HIGHEST), withdrawn, answering, silent, len(ids), ids[-1]
    )  # fmt: skip
    connections.close_all()
    return drama


def press(lane: Lane, number: int, alarm_class: str, port: int, until: float) -> Signed:
    """An alarm at one of the schools, stored."""
    signed = lane.phones[number].press(alarm_class)
    lane.judge.begin(signed.identity)
    if not send(signed, [port], lambda: time.monotonic() > until).stored:
        raise AssertionError("the scene cannot be set: a press was not stored")
    return signed


def first_call(lane: Lane, number: int) -> Call:
    """The call of the person with the phone."""
    phone = lane.phones[number]
    incident = Incident.objects.get(school=phone.school)
    return Call.objects.select_related("incident", "user").get(incident=incident, user_id=phone.post.user_id)


def enter(stage: Stage, making: Making) -> list[int]:
    """The processes that are in trouble: two web processes, an engine, the draining of journals, the receiver of panels.

    Gives the ports of the first two and of the last.
    """
    lane = stage.lane
    stage.first, first = lane.start_web(lambda act: making.around(act, stage))
    _second, second = lane.start_web(lambda act: making.around(act, stage))
    lane.start(making.around(engine, stage))
    lane.start(making.around(drainer, stage))
    receiver = lane.start(making.around(panels, stage))
    if not lane.judge.wait(lambda: bool(receiver.listen()), time.monotonic() + READY):
        raise AssertionError("the scene cannot be set: panels are not received")
    return [first, second, receiver.words[0]["port"]]


def play(stage: Stage, making: Making, drama: Drama, ports: Sequence[int]) -> Seen:
    """Begin the trouble, let the acts happen in it, end it, and watch."""
    lane = stage.lane
    lane.judge.connection.execute(TURN_FORWARD, [DUE_IN, str(drama.silent.code)])
    at = lane.judge.one("SELECT clock_timestamp()")
    due_at = time.monotonic() + DUE_IN
    making.begin(stage)
    began = time.monotonic()
    # Phone and panel are not in this trouble; the process that takes a tap is.
    *web, receiver = ports
    acts = {
        "press": phoning(drama.pressing, web),
        "close": phoning(lane.phones[WITHDRAWING].cancel(drama.withdrawn.identity, "误按"), web),
        "panel": panelling(lane.phones[PANELLING].school, receiver),
        "acknowledge": making.around(tapping(drama.call, lane.phones[ANSWERING].post), stage),
    }
    drama.children = {name: lane.start(act) for name, act in acts.items()}
    seen = Seen(began, max(began, due_at))
    watch(stage, making, seen, Eyes(lane.installation, lane.name), asked(drama, lane, at))
    for name, child in drama.children.items():
        seen.words[name] = child.listen()
        child.end()
    return seen


def asked(drama: Drama, lane: Lane, at: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """What is to become true, by name."""
    school = {"school": lane.phones[PRESSING].school.pk, "at": at, "press": drama.pressing.identity}
    panel = {"school": lane.phones[PANELLING].school.pk}
    silent = {"incident": drama.silent.incident_id, "calls": drama.calls, "last": drama.last}
    return {
        "pressed": (eyes.PRESSED, school), "press_paged": (eyes.PRESS_PAGED, school), "in_time": (eyes.IN_TIME, school),
        "panelled": (eyes.PANELLED, panel), "panel_paged": (eyes.PRESS_PAGED, panel),
        "seen": (eyes.SEEN, {"call": drama.call.code}), "called_next": (eyes.CALLED_NEXT, silent),
        "next_paged": (eyes.NEXT_PAGED, silent), "when_due": (eyes.FOLLOWED_WHEN_DUE, silent),
        "ended": (eyes.ENDED, {"press": drama.withdrawn.identity}),
    }  # fmt: skip


def watch(stage: Stage, making: Making, seen: Seen, eye: Eyes, wanted: dict[str, tuple[str, dict[str, Any]]]) -> None:
    """Look again and again, and let the trouble go on and end at its time."""
    lasting = AT_ONCE if not making.lasts else stage.seconds
    halved = False
    while seen.ended is None or time.monotonic() < seen.ended + RECOVERY:
        now = time.monotonic() - seen.began
        if not halved and now >= lasting / 2:
            making.half(stage)
            halved = True
        if seen.ended is None and now >= lasting:
            seen.ending = time.monotonic()
            making.end(stage)
            seen.ended = time.monotonic()
        for name, (statement, given) in wanted.items():
            if name not in seen.true_at and eye.see(statement, **given):
                seen.true_at[name] = time.monotonic()
        if seen.ended is not None and len(seen.true_at) == len(wanted):
            break
        time.sleep(0.1)
    # What is true must stay true: nothing may come a second time.
    time.sleep(1.0)
    seen.stays = {name: bool(eye.see(statement, **given)) for name, (statement, given) in wanted.items()}
    eye.close()
