"""Bringing a workbook in: given, read, looked at by a person, written or dropped."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app

from huyuan.audit import actions as audit
from huyuan.common.errors import Refusal
from huyuan.common.reach import Reach
from huyuan.common.sheets import RowProblem
from huyuan.ledgers.importing import (
    IMPORTERS,
    Importer,
    Outcome,
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
    app.configure_task("ledgers.read_import").defer(run_id=run.pk)
    return run


def read_import(*, run: ImportRun, now: datetime) -> ImportRun:
    """Read the workbook and try it out without keeping anything, so that a person can see what it would do."""
    importer, by = IMPORTERS[run.importer], _reach(run)
    with translation.override(run.started_by.language):
        try:
            reading = importer.read(file_of(run.code), run.county, run.datum)
            outcome = _tried(importer, reading, run, by, now)
        except Refusal as refusal:
            return _refuse(run, str(refusal.message), now)
        error_sheet_of(run.code).write_bytes(reading.error_sheet())
        result = _result(outcome, [*reading.problems, *outcome.problems]) | {"notes": [str(n) for n in reading.notes]}
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        run.move_to(ImportRun.Status.READ)
        run.result = result
        run.save(update_fields=["status", "result"])
    return run


@transaction.atomic
def apply_import(*, run: ImportRun, by: Reach, now: datetime) -> ImportRun:
    """Let what was read be written; the job begins when this is committed."""
    IMPORTERS[run.importer].check(by)
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    run.move_to(ImportRun.Status.APPLYING)
    run.save(update_fields=["status"])
    audit.record("import:apply", target=run, by=by, now=now)
    app.configure_task("ledgers.apply_import").defer(run_id=run.pk)
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
    importer, by = IMPORTERS[run.importer], _reach(run)
    with translation.override(run.started_by.language):
        try:
            reading = importer.read(file_of(run.code), run.county, run.datum)
            with transaction.atomic():
                outcome = importer.apply(
                    county=run.county, reading=reading, by=by, now=now,
                    progress=lambda done, total: write_progress(run.code, done, total),
                )  # fmt: skip
                problems = [*reading.problems, *outcome.problems]
                run = ImportRun.objects.select_for_update().get(pk=run.pk)
                run.move_to(ImportRun.Status.DONE)
                run.result, run.finished_at = _result(outcome, problems) | {"notes": run.result.get("notes", [])}, now
                run.save(update_fields=["status", "result", "finished_at"])
        except Refusal as refusal:
            return _refuse(run, str(refusal.message), now)
    file_of(run.code).unlink(missing_ok=True)
    return run


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


def _result(outcome: Outcome, problems: list[RowProblem]) -> dict[str, Any]:
    ordered = sorted(problems, key=lambda problem: (problem.sheet, problem.row))
    return {
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "changes": [[name, fields] for name, fields in getattr(outcome, "changes", [])[:SHOWN_CHANGES]],
        "problems": [
            {"row": p.row, "sheet": p.sheet, "field": p.field, "value": p.value, "reason": str(p.reason)} for p in ordered
        ],
    }


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

