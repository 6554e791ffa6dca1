"""`bench cut`: two alarm engines, one of them stopped in the middle of its work, again and again (bar R9).

A stopped engine says nothing and lets go of nothing: its locks, its leases and its connections stay until the database or the
other engine takes them away. Counted is until the last receiver of every alarm of that turn was told.
"""

import asyncio
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connections

from huyuan.config.bench.alarm import (
    Run,
    Sinks,
    fill,
    milliseconds,
    ours,
    phone_of_commander,
    product,
    told_by_us,
    until_well,
)
from huyuan.config.bench.database import own_database, versions
from huyuan.config.bench.phones import Phone
from huyuan.config.bench.start import free_port
from huyuan.organisations.models import School

PRESSES = 6
SECONDS = 1.0
# After being let go it finishes what it was at, before the next turn begins.
AWAKE = 2.0


def run(receivers: int, turns: int) -> dict[str, Any]:
    """Cut one engine off in every turn; the first press of all warms up and is not counted."""
    sinks, port = Sinks(1), free_port()
    with tempfile.TemporaryDirectory(prefix="huyuan-cut-") as folder, own_database():
        var, described = Path(folder), versions()
        county = fill(turns * PRESSES + 1, receivers)
        phone = phone_of_commander(county, var / "keys" / "press")
        first, *schools = School.objects.filter(county=county).select_related("organisation").order_by("pk")
        connections.close_all()
        with product(var, port, f"http://127.0.0.1:{sinks.ports[0]}/", engines=2) as engines:
            asyncio.run(until_well(f"http://127.0.0.1:{port}/healthz"))
            asyncio.run(ours(phone, port, [first], 0))
            runs = [
                cut(engines[turn % 2], phone, port, schools[turn * PRESSES :][:PRESSES], turn / turns)
                for turn in range(turns)
            ]
        heard = sinks.heard()
        for one in runs:
            told_by_us(one, heard)
            one.told = {key: times for key, times in one.told.items() if key[0] in one.began}
        connections.close_all()
    found = [one.figures(receivers) for one in runs]
    return {
        "bench": "cut", "n": turns, "alarms": turns * PRESSES, "receivers": receivers, "lost": sum(one["lost"] for one in found),
        "said_again_with_the_same_key": sum(one["duplicates"] for one in found),
        "healed": milliseconds([one["max_ms"] / 1000 for one in found if one["max_ms"] is not None]), "versions": described,
    }  # fmt: skip


def cut(engine: "subprocess.Popen[bytes]", phone: Phone, port: int, schools: Sequence[School], share: float) -> Run:
    """Press, stop the engine while it works, wait until all have been told, and let it go on."""

    async def pressed() -> Run:
        pressing = asyncio.create_task(ours(phone, port, list(schools), SECONDS))
        await asyncio.sleep(share * SECONDS)
        engine.send_signal(signal.SIGSTOP)
        return await pressing

    try:
        return asyncio.run(pressed())
    finally:
        engine.send_signal(signal.SIGCONT)
        time.sleep(AWAKE)
