"""`bench memory`: what every process of the product holds of the machine's memory, with its database, after some use."""

from collections import defaultdict
from typing import Any

import psutil

from huyuan.config import embedded_postgres, processes, programs
from huyuan.config.bench.database import own_database, versions
from huyuan.config.bench.start import Served, get, hold_everything, own_folder, sign_in

PAGES = (
    "/",
    "/schools/",
    "/map/",
    "/agencies/",
    "/search/?q=1",
    "/emergency/",
    "/emergency/wall/",
    "/devices/",
    "/shifts/",
)
ROUNDS = 5
MIB = 1024 * 1024


def run(streams: int) -> dict[str, Any]:
    """Start the demo county, use it a little, and weigh it. Shared pages are counted once, in parts (PSS)."""
    with own_folder() as var:
        served = Served(var)
        served.ready()
        open_pages(served)
        held = hold_everything(served, streams)
        weighed = weigh(served)
        for one in held:
            one.close()
        served.end()
    with own_database():
        described = versions()
    return {
        "bench": "memory", "n": ROUNDS * len(PAGES), "streams_open": streams, "versions": described, "mib": weighed,
        "total_mib": round(sum(weighed.values()), 1),
    }  # fmt: skip


def open_pages(served: Served) -> None:
    """Let both web processes show the pages that people use most."""
    session = sign_in(served)
    for _round in range(ROUNDS):
        for path in PAGES:
            get(served.port, path, {"Cookie": f"sessionid={session}"}).close()


def weigh(served: Served) -> dict[str, float]:
    """Mebibytes of each part of the product; the supervisor is one of them."""
    found: defaultdict[str, float] = defaultdict(float)
    for process in processes.processes_of(served.var):
        found[programs.name_of(processes.describe(process))] += weight(process)
    found["supervisor"] = weight(psutil.Process(served.process.pid))
    data = embedded_postgres.data_folder(served.var).resolve()
    server = embedded_postgres.server_process(data)
    if server is None:
        raise AssertionError("the database is not there")
    found["database"] = sum(weight(one) for one in (server, *server.children(recursive=True)))
    return {name: round(value, 1) for name, value in sorted(found.items())}


def weight(process: psutil.Process) -> float:
    """What a process holds, of shared pages its part."""
    held: int = process.memory_full_info().pss
    return held / MIB
