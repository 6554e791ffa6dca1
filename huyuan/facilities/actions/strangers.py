"""What is not taken: accounts nobody registered, other keys, wrong clocks. Counted, never a flood."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from huyuan.facilities.models import RefusedAccount

# Whoever tries account after account fills no table: what goes beyond is counted in one row.
MOST_ROWS = 1_000
BEYOND = "*"


@transaction.atomic
def note_refused(*, counted: Mapping[tuple[str, str], int], now: datetime) -> None:
    """Add up refused frames by account and reason."""
    known = set(
        RefusedAccount.objects.filter(account__in={a for a, _reason in counted}).values_list("account", "reason")
    )
    room = MOST_ROWS - RefusedAccount.objects.count()
    for (account, reason), count in sorted(counted.items()):
        if (account, reason) not in known:
            room -= 1
            account = account if room >= 0 else BEYOND
        row, made = RefusedAccount.objects.get_or_create(
            account=account, reason=reason, defaults={"count": count, "first_at": now, "last_at": now}
        )
        if not made:
            RefusedAccount.objects.filter(pk=row.pk).update(count=F("count") + count, last_at=now)
