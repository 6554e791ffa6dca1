"""Taking the account of an incident out of the product."""

from datetime import datetime

from django.db import transaction

from huyuan.audit import actions as audit
from huyuan.common.reach import Reach
from huyuan.emergency.models import Incident
from huyuan.emergency.permissions import check_can_export


@transaction.atomic
def record_account(*, incident: Incident, form: str, by: Reach, now: datetime) -> None:
    """Write down who takes the account out, and in which form."""
    check_can_export(by, incident)
    audit.record("incident:export", target=incident, by=by, now=now, form=form)
