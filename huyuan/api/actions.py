"""Making and revoking tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.api.models import ApiToken
from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.people.models import User

MAX_DAYS = 365
PREFIX = "hy_"


def digest_of(token: str) -> str:
    """What is kept of a token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_token(*, name: str, scopes: Iterable[Permission], days: int, by: Reach, now: datetime) -> str:
    """Make a token for the acting post and answer it, once."""
    wanted = set(scopes)
    if by.user_id is None or by.post_id is None:
        raise Invalid(_("A token belongs to a post; you hold none now."))
    if not wanted or not wanted <= by.permissions:
        raise Invalid(_("Choose rights that your present post has."))
    if not 1 <= days <= MAX_DAYS:
        raise Invalid(_("A token is valid for 1 to 365 days."))
    owner = User.objects.get(pk=by.user_id)
    token = PREFIX + secrets.token_urlsafe(32)
    kept = ApiToken.objects.create(
        user_id=by.user_id, post_id=by.post_id, name=name, digest=digest_of(token),
        sign_in_hash=owner.get_session_auth_hash(), scopes=sorted(wanted),
        created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    audit.record("token:make", target=kept, by=by, now=now, scopes=kept.scopes, days=days)
    return token


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Reach, now: datetime) -> None:
    """End a token of one's own at once."""
    ApiToken.objects.visible_to(by).filter(pk=token.pk, revoked_at=None).update(revoked_at=now)
    audit.record("token:revoke", target=token, by=by, now=now)
