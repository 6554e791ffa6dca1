"""Columns of a county's own: added from an agency's empty sheet, looked through, renamed, removed."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach
from huyuan.common.sheets import Source
from huyuan.ledgers.declaration import LEDGERS, LINE, Ledger
from huyuan.ledgers.models import CountyColumnSet
from huyuan.ledgers.permissions import check_can_shape
from huyuan.ledgers.shaping import read_shape

MOST_SETS = 30


@transaction.atomic
def add_column_set(*, ledger: Ledger, sheet: Source, name: str, by: Reach, now: datetime) -> CountyColumnSet:
    """Read an empty sheet and keep its columns; they can be exported in once somebody has looked through them."""
    check_can_shape(by, ledger)
    if CountyColumnSet.objects.visible_to(by).filter(ledger=ledger.key).count() >= MOST_SETS:
        raise Invalid(_("There are 30 sets of columns already. Remove one first."))
    shape = read_shape(sheet, ledger, name)
    column_set = CountyColumnSet.objects.create(
        county_id=by.county_id, ledger=ledger.key, title=shape.title, columns=shape.columns,
        layout=asdict(shape.layout), added_by_id=by.person, added_at=now,
    )  # fmt: skip
    audit.record("columns:add", target=column_set, by=by, now=now, ledger=ledger.key)
    return column_set


@transaction.atomic
def settle_column_set(
    *, column_set: CountyColumnSet, title: str, keys: Mapping[int, str], by: Reach, now: datetime
) -> CountyColumnSet:
    """Say what stands in each column and what the set is called; from then on it can be exported in."""
    column_set = CountyColumnSet.objects.select_for_update().get(pk=column_set.pk)
    ledger = LEDGERS[column_set.ledger]
    check_can_shape(by, ledger)
    if not any(key == LINE or key in ledger.fields for key in keys.values()):
        raise Invalid(_("Every column would be empty. Choose for at least one what stands in it."))
    column_set.title, column_set.settled_at = title, now
    column_set.columns = [[printed, keys.get(place, "")] for place, (printed, _key) in enumerate(column_set.columns)]
    column_set.save(update_fields=["title", "columns", "settled_at"])
    audit.record("columns:settle", target=column_set, by=by, now=now, ledger=ledger.key)
    return column_set


@transaction.atomic
def remove_column_set(*, column_set: CountyColumnSet, by: Reach, now: datetime) -> None:
    """Forget columns of the county's own; what was exported in them stays with whoever has it."""
    column_set = CountyColumnSet.objects.select_for_update().get(pk=column_set.pk)
    check_can_shape(by, LEDGERS[column_set.ledger])
    audit.record("columns:remove", target=column_set, by=by, now=now, ledger=column_set.ledger)
    column_set.delete()
