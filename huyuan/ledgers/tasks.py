"""Background work of imports: reading, writing, forgetting files."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huyuan.ledgers.actions import imports as actions
from huyuan.ledgers.models import ImportRun


@app.task(name="ledgers.read_import")
def read_import(run_id: int) -> None:
    """Read a workbook that was uploaded."""
    actions.read_import(run=ImportRun.objects.get(pk=run_id), now=timezone.now())


@app.task(name="ledgers.apply_import")
def apply_import(run_id: int) -> None:
    """Write what a person has looked at."""
    actions.write_import(run=ImportRun.objects.get(pk=run_id), now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="ledgers.end_lost_imports")
def end_lost_imports(timestamp: int) -> None:
    """Tell those who wait for an import that will never end."""
    actions.end_lost_imports(now=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="ledgers.forget_imports")
def forget_imports(timestamp: int) -> None:
    """Keep of old imports only their counts."""
    actions.forget_old_imports(now=timezone.now())
