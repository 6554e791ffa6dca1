"""Background work of standings: new periods, and whatever changed without a record of ours saying so."""

from django.utils import timezone
from procrastinate.contrib.django import app

from huyuan.organisations.models import County
from huyuan.policy.judging import judge_all


@app.periodic(cron="5 0,6 * * *")
@app.task(name="policy.judge_all")
def judge_counties(timestamp: int) -> None:
    """Judge every county for the day that begins."""
    for county in County.objects.filter(plans__isnull=False).distinct():
        judge_all(county=county, today=timezone.localdate())
