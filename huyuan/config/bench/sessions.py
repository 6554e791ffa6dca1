"""Sessions of people who are signed in, without their passwords."""

import uuid
from collections.abc import Iterable
from datetime import timedelta

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from huyuan.people.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def sessions_of(users: Iterable[User]) -> list[str]:
    """A session for each, valid for a day."""
    expires = timezone.now() + timedelta(days=1)
    rows = [
        Session(
            session_key=uuid.uuid4().hex, expire_date=expires,
            session_data=SessionStore().encode({
                SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: user.get_session_auth_hash(),
            }),
        )
        for user in users
    ]  # fmt: skip
    return [row.session_key for row in Session.objects.bulk_create(rows)]
