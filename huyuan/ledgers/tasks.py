"""Background work of imports: reading, writing, forgetting files."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from huyuan.ledgers.actions import imports as actions
from huyuan.ledgers.importing import folder_of, forget
from huyuan.ledgers.models import ImportRun

KEEP = timedelta(days=30)


@app.task(name="ledgers.read_import")
def read_import(run_id: int) -> None:
    """Read a workbook that was uploaded."""
    actions.read_import(run=ImportRun.objects.get(pk=run_id), now=timezone.now())


@app.task(name="ledgers.apply_import")
def apply_import(run_id: int) -> None:
    """Write what a person has looked at."""
    actions.write_import(run=ImportRun.objects.get(pk=run_id), now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="ledgers.forget_imports")
def forget_imports(timestamp: int) -> None:
    """Delete the files of imports that are a month old."""
    old = ImportRun.objects.filter(started_at__lt=timezone.now() - KEEP)
    for run in old.only("code"):
        if folder_of(run.code).exists():
            forget(run.code)
