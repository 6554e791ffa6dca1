"""Background work of hazards: the steps that follow when nothing happens."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huyuan.inspections.actions.steps import FIRST_HOUR, step_up_everywhere


@app.periodic(cron="7 * * * *")
@app.task(name="inspections.step_up")
def step_up(timestamp: int) -> None:
    """Take the steps that are due, once people are up; after missed hours or days the next run takes what is due."""
    now = timezone.now()
    if timezone.localtime(now).hour >= FIRST_HOUR:
        step_up_everywhere(now=now)
