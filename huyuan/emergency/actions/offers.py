"""Volunteers offer to be called to a school; one tap withdraws, nobody is asked why."""

from datetime import datetime

from django.db import transaction

from huyuan.audit import actions as audit
from huyuan.common.reach import Reach
from huyuan.emergency.models import HelpOffer
from huyuan.emergency.permissions import check_can_offer_help


@transaction.atomic
def offer_help(*, by: Reach, now: datetime) -> HelpOffer:
    """Agree to be called to alarms at the school, or in the village, of one's own post; offering twice changes nothing."""
    check_can_offer_help(by)
    offer, made = HelpOffer.objects.get_or_create(
        user_id=by.person, organisation_id=by.home, withdrawn_at=None, defaults={"offered_at": now}
    )
    if made:
        audit.record("offer:make", target=offer, by=by, now=now)
    return offer


@transaction.atomic
def withdraw_offer(*, by: Reach, now: datetime) -> int:
    """Take back one's own offers: from now on one is not called as a volunteer."""
    offers = list(HelpOffer.objects.select_for_update().filter(user_id=by.person, withdrawn_at=None))
    for offer in offers:
        offer.withdrawn_at = now
        offer.save(update_fields=["withdrawn_at"])
        audit.record("offer:withdraw", target=offer, by=by, now=now)
    return len(offers)
