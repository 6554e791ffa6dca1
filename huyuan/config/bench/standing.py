"""`bench standing`: judging everybody by every measure, one record's touch, and Today, at several numbers of schools."""

import statistics
import time
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huyuan.common.packs import Text
from huyuan.common.reach import system_reach
from huyuan.config.bench.database import own_database, versions
from huyuan.config.bench.filling import READERS, fill_county
from huyuan.config.bench.ledger import measure
from huyuan.inspections.actions.standing import OF_CHECKS, OF_HAZARDS
from huyuan.organisations.models import County, Organisation, OrganisationKind, Term
from huyuan.people.models import User
from huyuan.policy.actions import plans
from huyuan.policy.judging import judge, touch
from huyuan.policy.measuring import MEASURES
from huyuan.policy.models import Standing
from huyuan.policy.packs import ClauseEntry, ClauseKind, MeasureUse, ObligationRule, Passage, Period, PlanPack, Rhythm
from huyuan.policy.queries import tallies
from huyuan.policy.rulebook import rulebook

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
TEXT = "测试县校园安全实施方案\n一、措施\n（一）检查。共同检查；整改销号。\n"
PARAMETERS: dict[str, dict[str, Any]] = {
    "inspections.checks": {"wanted": 2}, "inspections.days_checked": {"wanted": 10, "checklists": ["daily"]},
    "inspections.items_passed": {"items": ["hundred_closed", "hundred_guards", "hundred_alarm", "hundred_video"]},
    "people.posts_held": {"roles": ["school_head", "safety_officer"]},
}  # fmt: skip
# A term of records a school: three checks by the station, twenty daily ones, nine hazards in all states. Answers are left
# out: a signed check has them all, and no measure reads them.
CHECKS, DAILY, HAZARDS = 3, 20, 9

FILL_CHECKS = """
INSERT INTO inspections_inspection (code, county_id, school_id, agency_id, checklist_code, checklist_version, status,
    started_by_id, started_at, signed_at, cancel_reason)
SELECT gen_random_uuid(), s.county_id, s.organisation_id, s.station_id, %(checklist)s, 1, 'signed', %(by)s,
    timestamptz '2026-09-02 09:00+08' + n * interval '3 days', timestamptz '2026-09-02 10:00+08' + n * interval '3 days', ''
FROM organisations_school AS s, generate_series(1, %(count)s) AS n
"""
FILL_HAZARDS = """
INSERT INTO inspections_hazard (code, county_id, school_id, item_key, description, basis, level, stated_level, guide_item,
    origin, category, place, ledger, status, agency_id, holder_id, round, found_on, year_inferred, due_kind, due_date, pause_reason,
    requirement, responsible_id, responsible_name, funding, contingency, at_once, ordered_at, ordered_by_id, closed_at,
    closed_by_id)
SELECT gen_random_uuid(), s.county_id, s.organisation_id, '', '疏散指示灯不亮', '', 'general', '', '', 'check', 'fire', '', '{}',
    state, s.station_id, CASE state WHEN 'closed' THEN NULL WHEN 'ordered' THEN s.organisation_id ELSE s.station_id END, 1,
    found, false, 'calendar', CASE WHEN state <> 'registered' THEN found + 20 END, '', '更换',
    CASE WHEN state <> 'registered' THEN %(by)s END, '', '', '', false, CASE WHEN state <> 'registered' THEN found + 1 END,
    CASE WHEN state <> 'registered' THEN %(by)s END, CASE state WHEN 'closed' THEN found + 15 END,
    CASE state WHEN 'closed' THEN %(by)s END
FROM organisations_school AS s, generate_series(1, %(count)s) AS n,
    LATERAL (SELECT CASE WHEN n <= 6 THEN 'closed' WHEN n = 7 THEN 'ordered' WHEN n = 8 THEN 'rectified' ELSE 'registered' END
        AS state, date '2026-09-10' + n * 7 AS found) AS drawn
"""
FILL_ROUNDS = """
INSERT INTO inspections_rectification (hazard_id, round, report, done_by_id, done_at, verdict, checked_by_id, checked_at,
    remark)
SELECT id, 1, '已更换', %(by)s, found_on + 10, CASE status WHEN 'closed' THEN 'accepted' ELSE 'pending' END,
    CASE status WHEN 'closed' THEN %(other)s END, CASE status WHEN 'closed' THEN found_on + 15 END, ''
FROM inspections_hazard WHERE status IN ('closed', 'rectified')
"""


def pack() -> PlanPack:
    """One obligation a measure and kind of bearer."""
    rules = [
        ObligationRule(
            key=f"{measure.key.replace('.', '-').replace('_', '-')}-{number}", title=Text(zh=measure.key, en=measure.key),
            bearer=bearer, source=Text(zh="测试", en="measured"),
            period=Period(rhythm=Rhythm.EVENT, within_days=3) if measure.events else Period(rhythm=Rhythm.TERM),
            measure=MeasureUse(key=measure.key, parameters=PARAMETERS.get(measure.key, {})),
        )
        for measure in sorted(MEASURES.values(), key=lambda measure: measure.key)
        for number, bearer in enumerate(sorted(measure.bearers & {OrganisationKind.SCHOOL, OrganisationKind.STATION}))
    ]  # fmt: skip
    text = Text(zh="测试", en="measured")
    duty = Passage(number=1, kind=ClauseKind.DUTY, obligations=tuple(rules))
    clauses = (
        ClauseEntry(number="1", kind=ClauseKind.GOAL),
        ClauseEntry(number="1.1", kind=ClauseKind.DUTY, passages=(duty, Passage(number=2, kind=ClauseKind.GOAL))),
    )
    return PlanPack(code="bench", version=1, effective_from=date(2026, 9, 1), title=text, source=text, clauses=clauses)


def fill_term(county: County) -> None:
    """A term of records for every school."""
    Term.objects.create(county=county, year=2026, number=1, starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 22))
    by, other = User.objects.order_by("pk").values_list("pk", flat=True)[:2]
    with connections["owner"].cursor() as cursor:
        for checklist, checks in (("comprehensive", CHECKS), ("daily", DAILY)):
            cursor.execute(FILL_CHECKS, {"checklist": checklist, "by": by, "count": checks})
        cursor.execute(FILL_HAZARDS, {"by": by, "count": HAZARDS})
        cursor.execute(FILL_ROUNDS, {"by": by, "other": other})
        cursor.execute("VACUUM ANALYZE")


def judged(county: County) -> dict[str, dict[str, Any]]:
    """Seconds and queries of each rule over all its bearers, the second time as the nightly work finds it."""
    found = {}
    for rule in rulebook(county, TODAY).rules:
        if rule.span is None:
            continue
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            judge(rule, rule.span)
            taken = time.perf_counter() - start
        found[f"{rule.version.measure} ({rule.bearer})"] = {"seconds": round(taken, 3), "queries": len(queries)}
    return found


def touched(county: County, runs: int) -> dict[str, Any]:
    """What one record adds to its own transaction."""
    schools = list(
        Organisation.objects.filter(county=county, kind=OrganisationKind.SCHOOL).select_related("school")[:runs]
    )
    taken, counts = [], []
    for organisation in schools:
        concerned = [organisation.pk, organisation.school.station_id or 0]
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            start = time.perf_counter()
            touch(county=county, measures=[*OF_CHECKS, *OF_HAZARDS], organisations=concerned, on=TODAY)
            taken.append((time.perf_counter() - start) * 1000)
        counts.append(len(queries))
    return {
        "median_ms": round(statistics.median(taken), 1), "max_ms": round(max(taken), 1), "queries": max(counts), "n": len(taken),
    }  # fmt: skip


def pages(runs: int) -> dict[str, Any]:
    """Today, the living plan and the duties of each reader."""
    found = {}
    for reader, phone in READERS.items():
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(phone=phone))
        home = reverse("policy:duties", args=[User.objects.get(phone=phone).posts.get().organisation.code])
        for name, address in (("today", reverse("web:today")), ("plan", reverse("policy:plan")), ("duties", home)):
            found[f"{reader}: {name}"] = measure(client, address, runs)
    return found


def run(schools: Sequence[int], runs: int) -> dict[str, Any]:
    """Fill, judge, touch and read at every size."""
    results = []
    for count in schools:
        with own_database():
            described = versions()
            county = fill_county(count)
            fill_term(county)
            by = system_reach(county.pk)
            done = plans.import_plan(
                county=county,
                code="bench",
                text=TEXT,
                file_name="bench.txt",
                counts_from=date(2026, 9, 1),
                by=by,
                now=NOW,
            )
            start = time.perf_counter()
            plans.install_pack(plan=done.version.plan, pack=pack(), by=by, now=NOW)
            first = time.perf_counter() - start
            rules = judged(county)
            start = time.perf_counter()
            tallies(county, Organisation.objects.filter(county=county), TODAY)
            counted = (time.perf_counter() - start) * 1000
            results.append({
                "schools": count, "records": CHECKS + DAILY + HAZARDS, "first_time_seconds": round(first, 2),
                "measures": rules, "all_seconds": round(sum(rule["seconds"] for rule in rules.values()), 2),
                "all_queries": sum(rule["queries"] for rule in rules.values()), "standings": Standing.objects.count(),
                "touch": touched(county, runs), "tallies_ms": round(counted, 1), "pages": pages(runs),
            })  # fmt: skip
            connections.close_all()
    return {"bench": "standing", "n": runs, "versions": described, "day": str(TODAY), "sizes": results}
