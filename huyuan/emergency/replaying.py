"""The engine's work in given time, for the past of a demo: the same steps, and every page to the fake gateway."""

from datetime import datetime, timedelta

from django.db import transaction

from huyuan.emergency.actions.outbox import mark_accepted, pages_of
from huyuan.emergency.actions.paging import LEASE_SECONDS
from huyuan.emergency.actions.stepping import ACTS
from huyuan.emergency.channels import fake
from huyuan.emergency.models import Incident, Page, Step
from huyuan.emergency.sending import FAKED, letter_of

ME = "demo"
# So long the fake gateway takes to accept.
TAKEN = timedelta(seconds=1)


@transaction.atomic
def replay(*, incident: Incident, until: datetime) -> None:
    """Do the steps that are due by a moment, each as if at its own, and hand what they page to the fake gateway."""
    due = Step.objects.filter(incident=incident, done_at=None, due_at__lte=until).order_by("due_at", "pk")
    while step := due.first():
        ACTS[Step.Kind(step.kind)]([step], step.due_at, ME)
        step.done_at, step.claimed_by, step.attempts = step.due_at, ME, 1
        step.save(update_fields=["done_at", "claimed_by", "attempts"])
    _hand_over(incident)


def _hand_over(incident: Incident) -> None:
    """Let the fake gateway take what waits; what people's acts have paged is claimed first, as an engine does."""
    waiting = Page.objects.filter(incident=incident, channel__in=FAKED)
    for page in waiting.filter(status=Page.Status.WAITING):
        page.status, page.claimed_by, page.attempts = Page.Status.CLAIMED, ME, 1
        page.lease_until = page.made_at + timedelta(seconds=LEASE_SECONDS)
        page.save(update_fields=["status", "claimed_by", "attempts", "lease_until"])
    claimed = waiting.filter(status=Page.Status.CLAIMED, claimed_by=ME)
    for made_at in claimed.order_by("made_at").values_list("made_at", flat=True).distinct():
        pages, at = pages_of(incident_id=incident.pk, me=ME, now=made_at), made_at + TAKEN
        for page in pages:
            fake.take(letter_of(page), channel=page.channel, county_id=page.county_id, at=at)
        mark_accepted(pages=pages, at=at)
