"""The steps of incidents: each done once, at its time, by whichever engine gets it. All times are the database's."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection, transaction

from huyuan.emergency.actions.calling import call_tiers, follow_silent, judge_tier
from huyuan.emergency.actions.handling import lay_out_plan
from huyuan.emergency.actions.outbox import Claimed, pages_of
from huyuan.emergency.models import Call, Incident, Step, Tier

# An engine that is cut off in the middle of a step is thrown out by the database, and another one does the step.
CUT_OFF_MS = 4000
TOGETHER = 50
# The incident first: a row that is passed over for the second lock keeps the first one.
TAKE = f"""
SELECT s.id, s.incident_id, s.kind, s.subject, s.attempts, clock_timestamp(),
    set_config('idle_in_transaction_session_timeout', '{CUT_OFF_MS}', true)
FROM emergency_step AS s JOIN emergency_incident AS i ON i.id = s.incident_id
WHERE s.done_at IS NULL AND s.due_at <= clock_timestamp()
    AND (s.lease_until IS NULL OR s.lease_until <= clock_timestamp())
ORDER BY s.urgency, s.due_at, s.id LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED FOR UPDATE OF s SKIP LOCKED
"""
# Who stays silent is mostly not alone. What has failed before is tried by itself.
ALONG = f"""
SELECT id, subject FROM emergency_step
WHERE incident_id = %s AND kind = 'follow' AND id <> %s AND done_at IS NULL AND due_at <= %s AND attempts = 0
ORDER BY due_at, id LIMIT {TOGETHER} FOR UPDATE SKIP LOCKED
"""
FINISH = """
UPDATE emergency_step SET done_at = clock_timestamp(), claimed_by = %s, attempts = attempts + 1, lease_until = NULL
WHERE id = ANY(%s)
"""
POSTPONE = """
UPDATE emergency_step SET claimed_by = %s, attempts = attempts + 1,
    lease_until = clock_timestamp() + make_interval(secs => least(0.25 * 2 ^ least(attempts, 10), 5.0))
WHERE id = ANY(%s) AND done_at IS NULL
"""


def run_step(*, me: str) -> list[Claimed] | None:
    """Do the next due step, whose pages are this engine's from the start; None when nothing is due.

    Step and incident are locked while it is worked on: who dies lets go of them at once. Steps of an incident that
    somebody else holds are passed over and not waited for, else an engine that is cut off in the middle of one alarm would
    hold up all others. A step that fails is put off a little, so that it holds up no other, and its error goes on to the
    caller.
    """
    failing: list[int] = []
    try:
        with transaction.atomic():
            taken = _take()
            if taken is None:
                return None
            step, now = taken
            failing.append(step.pk)
            steps = [step, *_along(step, now)]
            failing[:] = [one.pk for one in steps]
            ACTS[Step.Kind(step.kind)](steps, now, me)
            with connection.cursor() as cursor:
                cursor.execute(FINISH, [me, failing])
            claimed = pages_of(incident_id=step.incident_id, me=me, now=now)
        failing.clear()
        return claimed
    finally:
        if failing:
            _postpone(failing, me)


def _take() -> tuple[Step, datetime] | None:
    with connection.cursor() as cursor:
        cursor.execute(TAKE)
        row = cursor.fetchone()
    return (Step(pk=row[0], incident_id=row[1], kind=row[2], subject=row[3], attempts=row[4]), row[5]) if row else None


def _along(step: Step, now: datetime) -> list[Step]:
    """The steps that are done together with one: of the same incident, whose people are silent as well."""
    if step.kind != Step.Kind.FOLLOW or step.attempts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ALONG, [step.incident_id, step.pk, now])
        rows = cursor.fetchall()
    return [Step(pk=row[0], incident_id=step.incident_id, kind=step.kind, subject=row[1]) for row in rows]


def _postpone(step_ids: list[int], me: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(POSTPONE, [me, step_ids])


def _call(steps: Sequence[Step], now: datetime, me: str) -> None:
    (step,) = steps
    call_tiers(incident=Incident(pk=step.incident_id), now=now, me=me)


def _follow(steps: Sequence[Step], now: datetime, me: str) -> None:
    codes = [step.subject for step in steps]
    calls = Call.objects.filter(incident_id=steps[0].incident_id, code__in=codes).select_related("incident")
    follow_silent(calls=list(calls.order_by("pk")), now=now, me=me)


def _judge(steps: Sequence[Step], now: datetime, me: str) -> None:
    (step,) = steps
    tier = Tier.objects.select_related("incident").get(incident_id=step.incident_id, minute=int(step.subject))
    judge_tier(tier=tier, now=now, me=me)


def _lay_out(steps: Sequence[Step], now: datetime, _me: str) -> None:
    (step,) = steps
    lay_out_plan(incident=Incident(pk=step.incident_id), now=now)


ACTS: dict[Step.Kind, Callable[[Sequence[Step], datetime, str], None]] = {
    Step.Kind.CALL: _call, Step.Kind.FOLLOW: _follow, Step.Kind.JUDGE: _judge,
    Step.Kind.LAY_OUT: _lay_out,
}  # fmt: skip
