"""Sign-in rules of this product on top of django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.people.actions import accounts
from huyuan.people.models import User

# Sentences of allauth that say what the page shows anyway.
QUIET = frozenset({"account/messages/logged_in.txt", "account/messages/logged_out.txt"})


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are entered by their county or school; nobody signs up. Signing in, and failing to, is audited."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _(
            "Phone number and password do not fit. Check both; if you have no password yet, use your one-time code."
        ),
        "too_many_login_attempts": _(
            "Signing in failed too often. Wait five minutes, or ask your school or the education bureau for a one-time code."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account comes from an import or from a colleague."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Audit that somebody did not get in, without what they typed."""
        accounts.record_failed_sign_in(typed=str(credentials.get("username", "")), now=timezone.now())

    def post_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse:
        """Audit who came in."""
        accounts.record_sign_in(user=user, now=timezone.now())
        response: HttpResponse = super().post_login(request, user, **how)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own page."""
        return reverse("people:account")

    def set_password(self, user: User, password: str) -> None:
        """Through the action, so that it is audited."""
        accounts.change_password(user=user, password=password, now=timezone.now())

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: Any, **more: Any
    ) -> None:
        """Leave out what the page shows anyway."""
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *rest, **more)
