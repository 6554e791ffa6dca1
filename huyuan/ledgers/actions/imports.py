"""Bringing a workbook in: given, read, looked at by a person, written or dropped."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from huyuan.audit import actions as audit
from huyuan.common.errors import Refusal
from huyuan.common.reach import Reach
from huyuan.common.sheets import RowProblem
from huyuan.common.sheets.outcomes import Outcome
from huyuan.ledgers.importing import (
    IMPORTERS,
    Importer,
    Reading,
    error_sheet_of,
    file_of,
    folder_of,
    forget,
    write_progress,
)
from huyuan.ledgers.models import ImportRun
from huyuan.people.reaches import reach_of

SHOWN_CHANGES = 200
READ_JOB, WRITE_JOB = "ledgers.read_import", "ledgers.apply_import"
UNDER_WAY = (ImportRun.Status.READING, ImportRun.Status.APPLYING)
SILENT = timedelta(minutes=2)  # a living worker says every ten seconds that it lives
KEPT = timedelta(days=30)
COUNTS = ("created", "updated", "unchanged")


@transaction.atomic
def begin_import(
    *, importer: Importer, chunks: Iterable[bytes], file_name: str, datum: str, by: Reach, now: datetime
) -> ImportRun:
    """Keep a workbook and have it read in the background."""
    importer.check(by)
    code = uuid.uuid4()
    folder_of(code).mkdir(parents=True, mode=0o700)
    with file_of(code).open("wb") as file:
        file.writelines(chunks)
    run = ImportRun.objects.create(
        code=code, county_id=by.county_id, organisation_id=by.home, importer=importer.key, datum=datum,
        file_name=file_name[:200], started_by_id=by.person, post_id=by.seat, started_at=now,
    )  # fmt: skip
    audit.record("import:begin", target=run, by=by, now=now, importer=importer.key)
    app.configure_task(READ_JOB).defer(run_id=run.pk)
    return run


def read_import(*, run: ImportRun, now: datetime) -> ImportRun:
    """Read the workbook and try it out without keeping anything, so that a person can see what it would do."""
    if run.status != ImportRun.Status.READING:
        return run
    importer, by = IMPORTERS[run.importer], _reach(run)
    with translation.override(run.started_by.language):
        try:
            reading = importer.read(file_of(run.code), run.county, run.datum)
            outcome = _tried(importer, reading, run, by, now)
            _refuse_rows(reading, outcome)
        except Refusal as refusal:
            return _refuse(run, str(refusal.message), now)
        error_sheet_of(run.code).write_bytes(reading.error_sheet())
        result = _result(importer, reading, outcome)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        run.move_to(ImportRun.Status.READ)
        run.result = result
        run.save(update_fields=["status", "result"])
    return run


@transaction.atomic
def apply_import(*, run: ImportRun, by: Reach, now: datetime) -> ImportRun:
    """Let what was read be written, by whoever says so; the job begins when this is committed."""
    IMPORTERS[run.importer].check(by)
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    run.move_to(ImportRun.Status.APPLYING)
    run.started_by_id, run.post_id = by.person, by.seat
    run.save(update_fields=["status", "started_by", "post"])
    audit.record("import:apply", target=run, by=by, now=now)
    app.configure_task(WRITE_JOB).defer(run_id=run.pk)
    return run


@transaction.atomic
def drop_import(*, run: ImportRun, by: Reach, now: datetime) -> ImportRun:
    """Do nothing with what was read, and delete the file."""
    IMPORTERS[run.importer].check(by)
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    run.move_to(ImportRun.Status.DROPPED)
    run.finished_at = now
    run.save(update_fields=["status", "finished_at"])
    audit.record("import:drop", target=run, by=by, now=now)
    transaction.on_commit(lambda: forget(run.code))
    return run


def write_import(*, run: ImportRun, now: datetime) -> ImportRun:
    """Write the rows that are right, all of them in one transaction; run again after a crash it changes nothing twice."""
    if run.status != ImportRun.Status.APPLYING:
        return run
    importer, by = IMPORTERS[run.importer], _reach(run)
    with translation.override(run.started_by.language):
        try:
            reading = importer.read(file_of(run.code), run.county, run.datum)
            with transaction.atomic():
                outcome = importer.apply(
                    county=run.county, reading=reading, by=by, now=now,
                    progress=lambda done, total: write_progress(run.code, done, total),
                )  # fmt: skip
                _refuse_rows(reading, outcome)
                run = ImportRun.objects.select_for_update().get(pk=run.pk)
                run.move_to(ImportRun.Status.DONE)
                run.result, run.finished_at = _result(importer, reading, outcome), now
                run.save(update_fields=["status", "result", "finished_at"])
        except Refusal as refusal:
            return _refuse(run, str(refusal.message), now)
        error_sheet_of(run.code).write_bytes(reading.error_sheet())
    file_of(run.code).unlink(missing_ok=True)
    return run


def end_lost_imports(*, now: datetime) -> int:
    """Refuse the imports whose job ended without an answer or whose worker died, so that nobody waits for ever."""
    waiting = list(ImportRun.objects.filter(status__in=UNDER_WAY, started_at__lt=now - SILENT))
    at_work = Q(status="todo") | Q(status="doing", worker__last_heartbeat__gt=now - SILENT)
    jobs = ProcrastinateJob.objects.filter(at_work, task_name__in=[READ_JOB, WRITE_JOB])
    alive = set(jobs.values_list("args__run_id", flat=True))
    lost = [run for run in waiting if run.pk not in alive]
    return sum(_give_up(run, now) for run in lost)


@transaction.atomic
def _give_up(run: ImportRun, now: datetime) -> bool:
    still = ImportRun.objects.select_for_update().filter(pk=run.pk, status__in=UNDER_WAY).first()
    if still is None:
        return False
    with translation.override(still.started_by.language):
        _refuse(still, _("The work stopped half-way on our side. Give the file again; if it stops again, tell whoever runs this installation."), now)  # fmt: skip
    return True


def forget_old_imports(*, now: datetime) -> int:
    """Delete the files of imports that are a month old, and what their rows said; the counts stay."""
    old = ImportRun.objects.filter(started_at__lt=now - KEPT, result__has_key="problems")
    for run in old:
        forget(run.code)
        run.result = {name: run.result[name] for name in COUNTS}
        run.save(update_fields=["result"])
    return len(old)


class _TakenBack(Exception):
    """Ends the trial."""


def _tried(importer: Importer, reading: Reading, run: ImportRun, by: Reach, now: datetime) -> Outcome:
    found: list[Outcome] = []
    try:
        with transaction.atomic():
            found.append(importer.apply(county=run.county, reading=reading, by=by, now=now))
            raise _TakenBack
    except _TakenBack:
        return found[0]


def _refuse_rows(reading: Reading, outcome: Outcome) -> None:
    """Put what only the writing found beside the rows themselves, so that the error sheet holds every refused row."""
    rows = {(row.sheet, row.number): row for row in reading.table.rows} if outcome.problems else {}
    for problem in outcome.problems:
        rows[problem.sheet, problem.row].refuse(problem.field, problem.reason, problem.value)


def _result(importer: Importer, reading: Reading, outcome: Outcome) -> dict[str, Any]:
    """What the page shows, in the language of the person who waits for it."""
    ordered = sorted(reading.problems, key=lambda problem: (problem.sheet, problem.row))
    return {
        **{name: getattr(outcome, name) for name in COUNTS},
        "cells": sum(cell != "" for row in reading.table.rows if not row.problems for cell in row.cells),
        "changes": [
            [name, [str(importer.words.get(str(change), change)) for change in changes]]
            for name, changes in outcome.changes[:SHOWN_CHANGES]
        ],
        "problems": [_as_shown(problem) for problem in ordered],
        "asked": [_as_shown(question) for question in reading.table.asked],
        "notes": [str(note) for note in reading.notes],
    }


def _as_shown(problem: RowProblem) -> dict[str, Any]:
    return {
        "row": problem.row, "sheet": problem.sheet, "field": problem.field, "value": problem.value,
        "reason": str(problem.reason), "offered": list(problem.offered),
    }  # fmt: skip


def _refuse(run: ImportRun, message: str, now: datetime) -> ImportRun:
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        run.move_to(ImportRun.Status.REFUSED)
        run.message, run.finished_at = message, now
        run.save(update_fields=["status", "message", "finished_at"])
    forget(run.code)
    return run


def _reach(run: ImportRun) -> Reach:
    return reach_of(run.started_by, run.post)
