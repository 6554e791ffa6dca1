"""All cells over several lanes, and their sums."""

import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import product
from typing import Any

from huyuan.config.bench.faulting.cells import RECOVERY, SIDES, Cell, Side, described
from huyuan.config.bench.faulting.children import Child, Wires, running
from huyuan.config.bench.faulting.installation import Installation
from huyuan.config.bench.faulting.lane import opened, said
from huyuan.config.bench.faulting.points import Fault, Point

Task = tuple[Point, Fault]
# Tried again when its point was not met, because processes do things in another order each time.
ATTEMPTS = 3


def recorded(installation: Installation, side: Side) -> tuple[list[Point], int]:
    """The points of a side and the number of pages, from one run in which nothing fails."""
    points: list[Point] = []
    pages = 0

    def act(wires: Wires) -> None:
        with opened(installation, f"{side.name}_dry") as lane:
            side.prepare(lane)
            found = side.record(lane)
            wires.tell({"points": [[point.kind, point.name, point.number] for point in found], "pages": lane.pages})

    with running(act) as [child]:
        while child.lives():
            child.listen()
            time.sleep(0.02)
        for word in child.listen():
            points, pages = [Point(*one) for one in word["points"]], word["pages"]
    if not points:
        raise AssertionError(f"nothing was recorded for {side.name}:\n{said(installation)}")
    return points, pages


def lane_of(installation: Installation, side: Side, name: str, tasks: Sequence[Task], pages: int) -> Any:
    """A lane that tries its cells one after another and tells each."""

    def act(wires: Wires) -> None:
        with opened(installation, name) as lane:
            side.prepare(lane)
            for point, fault in tasks:
                cell = tried(side, lane, point, fault, pages)
                wires.tell({"cell": vars(cell)})

    return act


def tried(side: Side, lane: Any, point: Point, fault: Fault, pages: int) -> Cell:
    """One cell, again when its point was not met."""
    for _attempt in range(ATTEMPTS):
        cell = side.attempt(lane, point, fault, pages)
        if cell.outcome != "not reached":
            break
    return cell


def run_points(
    installation: Installation, sides: Sequence[str], faults: Sequence[Fault], every: int, lanes: int
) -> dict[str, Any]:
    """Every point of the chosen sides, or each `every`th, in each of the ways."""
    children: list[Child] = []
    points: dict[str, int] = {}
    with ExitStack() as stack:
        for side in (side for side in SIDES if side.name in sides):
            found, pages = recorded(installation, side)
            points[side.name] = len(found)
            tasks = list(product(found, faults))[::every]
            # What hangs takes longest; dealt out evenly.
            tasks.sort(key=lambda task: task[1] is not Fault.HANG)
            for number in range(lanes):
                act = lane_of(installation, side, f"{side.name}_{number}", tasks[number::lanes], pages)
                children += stack.enter_context(running(act))
        cells = gathered(installation, children)
    return summed(cells, points, every)


def gathered(installation: Installation, children: Sequence[Child]) -> list[Cell]:
    """The cells of all lanes once they have ended; a lane that failed fails the whole."""
    while any(child.lives() for child in children):
        for child in children:
            child.listen()
        time.sleep(0.1)
    if any(child.status for child in children):
        raise AssertionError("a lane ended before its cells were tried:\n" + said(installation))
    return [Cell(**word["cell"]) for child in children for word in child.listen() if "cell" in word]


def summed(cells: Sequence[Cell], points: dict[str, int], every: int) -> dict[str, Any]:
    """The sums, and each cell."""
    outcomes = Counter(cell.outcome for cell in cells)
    seconds = [cell.seconds for cell in cells if cell.seconds is not None]
    return {
        "n": len(cells), "points": points, "every": every, "within_seconds": RECOVERY,
        "sums": {
            "cells": len(cells), "recovered": outcomes["recovered"], "worst_seconds": max(seconds, default=None),
            "lost": outcomes["lost"], "duplicates": outcomes["duplicate"], "late": outcomes["late"],
            "acknowledged_too_early": outcomes["acknowledged before it was stored"], "not_reached": outcomes["not reached"],
        },
        "cells": [described(cell) for cell in cells],
    }  # fmt: skip
