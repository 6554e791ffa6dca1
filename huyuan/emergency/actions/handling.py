"""What people do in the incident room: tasks, classes that report, words that are released."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.common.reach import Reach
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.models import Confirmation, Incident, RoleTask, Statement
from huyuan.emergency.permissions import check_can_handle, check_can_release
from huyuan.emergency.plan_reading import lines_of, statement_drafts

MAX_IN_CLASS = 500


def held(incident: Incident, *, running: bool = True) -> Incident:
    """The incident as it is now, held until the transaction ends; where it must still run, a cleared one is refused."""
    rows = Incident.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("school__organisation", "county", "command").get(pk=incident.pk)
    if running and found.status != Incident.Status.OPEN:
        raise Conflict(_("The all-clear has been given. What is left belongs into the review."))
    return found


@transaction.atomic
def lay_out_plan(*, incident: Incident, now: datetime) -> None:
    """Make the tasks and drafts of the plan that was frozen at the press, once: the engine does it after calling."""
    incident = held(incident, running=False)
    if incident.status != Incident.Status.OPEN or incident.statements.exists():
        return
    words = statement_drafts(incident, RECORD_LANGUAGE)
    Statement.objects.bulk_create(
        Statement(incident=incident, kind=kind, text=text, drafted_at=now) for kind, text in words.items()
    )
    RoleTask.objects.bulk_create(
        RoleTask(incident=incident, part=line.part[:20], minute=line.minute, text=line.text)
        for line in lines_of(incident.plan)
    )
    write_log("laid_out", incident=incident, now=now)


@transaction.atomic
def tick_task(*, task: RoleTask, by: Reach, now: datetime) -> RoleTask:
    """Note that a line of a role card is done; a second tick changes nothing."""
    incident = held(task.incident)
    check_can_handle(by, incident)
    task = RoleTask.objects.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
    if task.done_at is not None:
        return task
    task.done_at, task.done_by_id = now, by.person
    task.save(update_fields=["done_at", "done_by"])
    audit.record("incident:tick", target=task, by=by, now=now)
    write_log("task_done", incident=incident, now=now, by=by, task=_chinese(task.text))
    return task


@transaction.atomic
def confirm_lockdown(*, incident: Incident, group: str, by: Reach, now: datetime) -> Confirmation:
    """A class says that its door is locked."""
    return _confirm(incident, Confirmation.Kind.LOCKDOWN, group, by, now)


@transaction.atomic
def count_heads(
    *, incident: Incident, group: str, present: int, expected: int, by: Reach, now: datetime
) -> Confirmation:
    """A class says how many are here; the last count of a class is the one that holds."""
    if not (0 <= present <= MAX_IN_CLASS and 0 <= expected <= MAX_IN_CLASS):
        raise Invalid(_("So many are not in one class. Count again."))
    return _confirm(incident, Confirmation.Kind.HEADCOUNT, group, by, now, present=present, expected=expected)


def _confirm(
    incident: Incident, kind: Confirmation.Kind, group: str, by: Reach, now: datetime, **counted: int
) -> Confirmation:
    incident = held(incident)
    check_can_handle(by, incident)
    group = group.strip()
    if not group:
        raise Invalid(_("Say which class it is."))
    said = Confirmation.objects.create(
        incident=incident, kind=kind, group=group[:40], at=now, by_id=by.person, **counted
    )
    audit.record(f"incident:{kind.value}", target=incident, by=by, now=now, group=audit.digest(group), **counted)
    facts: dict[str, Any] = {"group": group[:40], **counted}
    write_log(kind.value, incident=incident, now=now, by=by, **facts)
    return said


@transaction.atomic
def note_down(*, incident: Incident, words: str, by: Reach, now: datetime) -> None:
    """Write words of one's own into the log."""
    incident = held(incident)
    check_can_handle(by, incident)
    if not words.strip():
        raise Invalid(_("Write what happened."))
    audit.record("incident:note", target=incident, by=by, now=now, words=audit.digest(words))
    write_log("note", incident=incident, now=now, by=by, words=words.strip())


@transaction.atomic
def release_statement(*, statement: Statement, text: str, by: Reach, now: datetime) -> Statement:
    """Release a text under one's name; nothing is sent, it may be copied and printed from now on."""
    incident = held(statement.incident, running=False)
    check_can_release(by, incident)
    statement = Statement.objects.select_for_update(of=("self",), no_key=True).get(pk=statement.pk)
    if statement.released_at is not None:
        raise Conflict(
            _("Somebody has released this text meanwhile. Read what was released; write another one if needed.")
        )
    if not text.strip():
        raise Invalid(_("Write the text that is to be released."))
    statement.text, statement.released_at, statement.released_by_id = text.strip(), now, by.person
    statement.save(update_fields=["text", "released_at", "released_by"])
    audit.record(
        "incident:release", target=statement, by=by, now=now, statement=statement.kind, text=audit.digest(text)
    )
    write_log(f"{statement.kind}_released", incident=incident, now=now, by=by)
    return statement


@transaction.atomic
def draft_statement(*, incident: Incident, kind: str, by: Reach, now: datetime) -> Statement:
    """Begin another text from the plan's words, such as the second notice to parents."""
    incident = held(incident, running=False)
    check_can_release(by, incident)
    waiting: Statement | None = incident.statements.filter(kind=kind, released_at=None).first()
    if waiting is not None:
        return waiting
    text = statement_drafts(incident, RECORD_LANGUAGE).get(kind, "")
    drafted = Statement.objects.create(incident=incident, kind=kind, text=text, drafted_at=now, drafted_by_id=by.person)
    audit.record("incident:draft", target=drafted, by=by, now=now, statement=kind)
    return drafted


def _chinese(text: dict[str, str]) -> str:
    return (text.get("zh") or text.get("en") or "")[:120]
