"""`bench import`: a roster's rows a second and peak memory, against django-import-export on the same file in the same run."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.conf import settings
from django.utils import timezone

from huyuan.common.reach import system_reach
from huyuan.config.bench.database import own_database, versions
from huyuan.organisations.actions.roster import apply_roster
from huyuan.organisations.models import County
from huyuan.organisations.roster import read_roster

TITLES = (
    "学校名称", "学校标识码", "办学类型", "所在乡镇", "在校学生数", "其中:寄宿生", "教职工数", "专职保安员数", "封闭化管理",
    "一键式报警(联网)", "视频监控联网", "护学岗", "辖区派出所", "经度", "纬度",
)  # fmt: skip
SIDES = ("huyuan", "import-export", "import-export bulk")
MIB = 1024


def write_roster(path: Path, rows: int) -> None:
    """A clean roster of so many schools."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("学校")
    sheet.write_row(0, 0, TITLES)
    for n in range(rows):
        sheet.write_row(n + 1, 0, (
            f"测试第{n}小学", f"21{n:08d}", "小学", f"第{n % 20}镇", 300 + n % 700, n % 100, 20 + n % 60, 2, "是", "是", "否", "√",
            f"第{n % 20}派出所", 115 + n % 500 / 1000, 28 + n % 400 / 1000,
        ))  # fmt: skip
    book.close()


def bring_in(side: str, path: Path) -> dict[str, Any]:
    """Import the file one way in this process: how long it took, and how much memory it and its children had at most."""
    county = County.objects.create(name="测试县", adcode="990099", starts_on=date(2026, 9, 1))
    start = time.perf_counter()
    if side == SIDES[0]:
        rows = apply_roster(
            county=county, rows=read_roster(path).schools, by=system_reach(county.pk), now=timezone.now()
        ).created
    else:
        rows = peer_import(county, path, bulk=side.endswith("bulk"))
    seconds = time.perf_counter() - start
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak = round((own + children) / MIB)
    return {"rows": rows, "seconds": round(seconds, 2), "rows_per_second": round(rows / seconds), "peak_mib": peak}


def peer_import(county: County, path: Path, *, bulk: bool) -> int:
    """Let django-import-export bring the same columns into the same tables."""
    from huyuan.config.bench import peer  # noqa: PLC0415 -- a development dependency, loaded only by this benchmark

    return peer.bring_in(county, path, bulk=bulk)


def run(rows: int, runs: int) -> dict[str, Any]:
    """Each side in a process of its own, in turn, on the same file, each time on an empty database."""
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in SIDES}
    with _roster(rows) as path:
        for _turn in range(runs):
            for side in SIDES:
                found[side].append(_apart(side, path))
        with own_database():
            described = versions()
    medians = {
        side: {key: statistics.median(one[key] for one in ones) for key in ("seconds", "rows_per_second", "peak_mib")}
        for side, ones in found.items()
    }
    ours = medians[SIDES[0]]["rows_per_second"]
    return {
        "bench": "import", "rows": rows, "n": runs, "versions": described, "medians": medians,
        "ratio": {side: round(ours / medians[side]["rows_per_second"], 1) for side in SIDES[1:]},
        "peak_mib_by_rows": {size: _peak(size) for size in (rows // 4, rows, rows * 2)},
    }  # fmt: skip


@contextmanager
def _roster(rows: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        write_roster(path, rows)
        yield path


def _peak(rows: int) -> int:
    with _roster(rows) as path:
        return int(_apart(SIDES[0], path)["peak_mib"])


def _apart(side: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "manage.py", "bench", "import", "--side", side, "--file", str(path)]
    done = subprocess.run(command, env=os.environ, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    one: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return one
