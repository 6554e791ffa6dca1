"""Web push: a browser begins and ends to take alarms for a person."""

from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach
from huyuan.emergency.models import PushSubscription
from huyuan.people.models import User

# Our engine sends to the address that a browser gives, so it may only be one of those that browsers really use.
PUSH_SERVICES = (
    "fcm.googleapis.com", "push.services.mozilla.com", "notify.windows.com", "push.apple.com",
)  # fmt: skip


def is_push_service(endpoint: str) -> bool:
    """Whether an address belongs to the push service of a browser."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    known = any(host == name or host.endswith(f".{name}") for name in PUSH_SERVICES)
    return parts.scheme == "https" and parts.netloc == host and known


@transaction.atomic
def subscribe(*, endpoint: str, p256dh: str, auth: str, by: Reach, now: datetime) -> PushSubscription:
    """Let a browser take alarms for the person; the same browser again is theirs from now on."""
    if not is_push_service(endpoint):
        raise Invalid(_("This browser's push service is not known here. The other ways to reach you stay."))
    person = User.objects.get(pk=by.person)
    kept, _made = PushSubscription.objects.update_or_create(
        endpoint=endpoint, defaults={"user": person, "p256dh": p256dh, "auth": auth, "made_at": now}
    )
    audit.record("push:subscribe", target=person, by=by, now=now, endpoint=audit.digest(endpoint))
    return kept


@transaction.atomic
def unsubscribe_all(*, user: User, by: Reach, now: datetime) -> None:
    """No browser takes alarms any more for somebody who is reset; whether `by` may was checked by the reset."""
    gone, _each = PushSubscription.objects.filter(user=user).delete()
    if gone:
        audit.record("push:unsubscribe_all", target=user, by=by, now=now, count=gone)


@transaction.atomic
def unsubscribe(*, endpoint: str, by: Reach, now: datetime) -> bool:
    """Let a browser take no more alarms for the person; says whether it did before."""
    person = User.objects.get(pk=by.person)
    gone, _each = PushSubscription.objects.filter(user=person, endpoint=endpoint).delete()
    if gone:
        audit.record("push:unsubscribe", target=person, by=by, now=now, endpoint=audit.digest(endpoint))
    return bool(gone)
