"""Writes around ledgers: saved views."""

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach
from huyuan.ledgers.declaration import Ledger
from huyuan.ledgers.models import SavedView

MAX_VIEWS = 20


@transaction.atomic
def save_view(*, ledger: Ledger, name: str, query: str, by: Reach) -> SavedView:
    """Keep the present filters under a name; the same name again replaces them."""
    mine = SavedView.objects.visible_to(by).filter(ledger=ledger.key)
    if mine.count() >= MAX_VIEWS and not mine.filter(name=name).exists():
        raise Invalid(_("There are 20 views already. Remove one first."))
    view, _created = SavedView.objects.update_or_create(
        user_id=by.person, ledger=ledger.key, name=name, defaults={"query": query}
    )
    return view


@transaction.atomic
def remove_view(*, view: SavedView, by: Reach) -> None:
    """Forget a view of one's own."""
    SavedView.objects.visible_to(by).filter(pk=view.pk).delete()
