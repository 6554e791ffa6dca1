"""`bench ledger`: every ledger page at two sizes and several numbers of schools, with the ratio between the sizes."""

import statistics
import time
from collections.abc import Sequence
from typing import Any

from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huyuan.config.bench.database import own_database, versions
from huyuan.config.bench.filling import RARE, READERS, fill_county, fill_hazards
from huyuan.inspections.models import Hazard
from huyuan.organisations.models import School
from huyuan.people.models import User


def pages(rows: int) -> dict[str, str]:
    """The addresses that are measured."""
    ledger = reverse("inspections:hazards")
    hazard = Hazard.objects.filter(school=School.objects.order_by("pk").first()).order_by("pk").first()
    if hazard is None:
        raise LookupError("no hazard at the first school")
    return {
        "list": ledger,
        "sorted by due date": f"{ledger}?sort=due",
        "oldest first": f"{ledger}?sort=oldest",
        "filter open": f"{ledger}?status=ordered",
        "filter major": f"{ledger}?level=major",
        "filter school": f"{ledger}?school={hazard.school.organisation.code}",
        "search rare": f"{ledger}?q={RARE[:4]}",
        "search common": f"{ledger}?q=灭火器",
        "search nothing": f"{ledger}?q=恐龙",
        "detail": hazard.get_absolute_url(),
        "today": reverse("web:today"),
        "school": hazard.school.get_absolute_url(),
        "search page": f"{reverse('web:search')}?q={RARE[:4]}",
    }


def measure(client: Client, address: str, runs: int) -> dict[str, Any]:
    """Queries, and the median and p95 of so many answers in milliseconds."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    count = len(queries)
    if answer.status_code != 200:
        raise AssertionError(f"{address}: {answer.status_code}")
    taken = []
    for _run in range(runs):
        start = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - start) * 1000)
    return {
        "queries": count,
        "median_ms": round(statistics.median(taken), 1),
        "p95_ms": round(sorted(taken)[int(len(taken) * 0.95) - 1], 1),
    }


def measure_all(rows: int, runs: int) -> dict[str, dict[str, Any]]:
    """Every page as every reader."""
    found = {}
    for reader, phone in READERS.items():
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(phone=phone))
        for name, address in pages(rows).items():
            found[f"{reader}: {name}"] = measure(client, address, runs)
    return found


def run(schools: Sequence[int], hazards: Sequence[int], runs: int) -> dict[str, Any]:
    """Fill and measure; the ratio is the largest size against the smallest, page by page."""
    results: list[dict[str, Any]] = []
    with own_database():
        described = versions()
    for count in schools:
        with own_database():
            county = fill_county(count)
            filled, sizes = 0, {}
            for size in sorted(hazards):
                fill_hazards(county, filled, size)
                filled = size
                sizes[size] = measure_all(size, runs)
            connections.close_all()
        small, large = sizes[min(sizes)], sizes[max(sizes)]
        results += [
            {"schools": count, "page": page, "rows": {size: pages[page] for size, pages in sizes.items()},
             "ratio": round(large[page]["median_ms"] / small[page]["median_ms"], 2)}
            for page in small
        ]  # fmt: skip
    worst = max(results, key=lambda entry: entry["ratio"])
    return {"bench": "ledger", "n": runs, "versions": described, "pages": results, "worst_ratio": worst}
