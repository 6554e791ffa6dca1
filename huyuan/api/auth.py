"""Who calls: a bearer token gives the reach of its post, cut to its rights."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from ninja.security import HttpBearer

from huyuan.api.actions import digest_of
from huyuan.api.models import ApiToken
from huyuan.common.errors import Denied, Refusal
from huyuan.common.reach import Permission, Reach
from huyuan.people.models import Post
from huyuan.people.reaches import reach_of


class Unauthorised(Refusal):
    """No token, or one that is no longer valid."""

    status = 401
    kind = "unauthorised"


class ApiRequest(HttpRequest):
    """A request with the reach of its token."""

    reach: Reach


class TokenAuth(HttpBearer):
    """`Authorization: Bearer hy_…`"""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The reach of the token; says in a sentence what is wrong with one that is no longer valid."""
        kept = ApiToken.objects.select_related("user", "post__organisation").filter(digest=digest_of(token)).first()
        if kept is None:
            raise Unauthorised(_("This token is not known. Make a new one under Me › API tokens."))
        check_valid(kept, timezone.now())
        reach = reach_of(kept.user, kept.post)
        request.reach = replace(reach, permissions=reach.permissions & {Permission(s) for s in kept.scopes})  # type: ignore[attr-defined]  # declared on ApiRequest
        return request.reach  # type: ignore[attr-defined]  # declared on ApiRequest


def check_valid(token: ApiToken, now: datetime) -> None:
    """A token ends with its day, with its revocation, and with the post it was made for."""
    if token.revoked_at is not None:
        raise Unauthorised(_("This token was revoked. Make a new one under Me › API tokens."))
    if token.expires_at <= now:
        raise Unauthorised(_("This token has expired. Make a new one under Me › API tokens."))
    if not constant_time_compare(token.sign_in_hash, token.user.get_session_auth_hash()):
        raise Unauthorised(
            _("The password was changed since this token was made. Make a new one under Me › API tokens.")
        )
    if not Post.objects.open_to(token.user_id, timezone.localdate(now)).filter(pk=token.post_id).exists():
        raise Unauthorised(_("The post this token was made for has ended."))


def check_scope(request: ApiRequest, permission: Permission) -> None:
    """The token must carry the right; that the post has it is not enough."""
    if not request.reach.may(permission):
        raise Denied(_("This token does not carry the right %(right)s.") % {"right": permission})
