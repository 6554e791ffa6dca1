"""What engine and watchdog look up many times a second stays quick when years of alarms lie behind it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import pressed
from huyuan.common.clock import database_now
from huyuan.emergency import watching
from huyuan.emergency.actions.outbox import claim_pages, close_pages
from huyuan.emergency.actions.stepping import run_step
from huyuan.emergency.models import Step

DONE = 100_000
STEPS = """
INSERT INTO emergency_step (incident_id, kind, subject, due_at, done_at, claimed_by, attempts)
SELECT %s, 'follow', n::text, now() - n * interval '1 minute', now(), '', 1 FROM generate_series(1, %s) AS n
"""
PAGES = """
INSERT INTO emergency_page
    (code, incident_id, sign, channel, round, address, status, attempts, made_at, next_at, claimed_by, accepted_at, finished_at, reason)
SELECT gen_random_uuid(), %s, 'real', 'sms', 1, n::text, 'accepted', 1, now() - n * interval '1 minute',
    now() - n * interval '1 minute', '', now(), now(), '' FROM generate_series(1, %s) AS n
"""
LOOK_UPS = pytest.mark.parametrize(
    ("look_up", "indexes"),
    [
        (lambda: run_step(me="engine"), {"step_due"}),
        (lambda: claim_pages(me="engine", limit=100), {"page_due"}),
        (close_pages, {"page_due"}),
        (lambda: watching.overdue(database_now()), {"step_due", "page_due"}),
    ],
    ids=["steps", "pages", "pages of what is over", "overdue"],
)


@pytest.fixture
def years(cast):
    """All steps done and all pages accepted, so that nothing of them is due; one alarm still runs."""
    incident = pressed(cast).incident
    Step.objects.update(done_at=database_now())
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [incident.pk, DONE])
        cursor.execute(PAGES, [incident.pk, DONE])
        cursor.execute("ANALYZE emergency_step, emergency_page, emergency_incident")


def nodes(plan):
    """Every node of a plan."""
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def planned(look_up):
    """The nodes of the plans of everything that is asked about steps and pages."""
    with CaptureQueriesContext(connection) as captured:
        look_up()
    asked = [one["sql"] for one in captured if "emergency_step" in one["sql"] or "emergency_page" in one["sql"]]
    with connection.cursor() as cursor:
        for statement in asked:
            cursor.execute("EXPLAIN (FORMAT JSON) " + statement.replace("%", "%%"), [])
            said = cursor.fetchone()[0]
            (found,) = said if isinstance(said, list) else json.loads(said)
            yield from nodes(found["Plan"])


@LOOK_UPS
def test_a_look_up_of_what_is_due_reads_only_what_is_not_done(years, look_up, indexes):
    found = list(planned(look_up))
    assert indexes <= {node.get("Index Name") for node in found}
    whole = [node for node in found if node["Node Type"] == "Seq Scan"]
    assert not {node["Relation Name"] for node in whole} & {"emergency_step", "emergency_page"}
