"""Registering phones for raising alarms, and one's list of them.

`POST /emergency/press-key/` takes `{"public_key", "label"}` and answers the token of the phone; called again it renews.
"""

import json
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from huyuan.common.errors import Invalid
from huyuan.emergency.actions.press_keys import register_key, revoke_key
from huyuan.emergency.models import PressKey
from huyuan.emergency.tokens import LIFE
from huyuan.people.http import PageRequest
from huyuan.people.models import User


@never_cache
@require_POST
def press_key(request: PageRequest) -> JsonResponse:
    """Register the phone that asks, or renew its token."""
    try:
        said = json.loads(request.body)
        public_key, label = str(said["public_key"]), str(said.get("label", ""))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Invalid(_("This is not a key that a phone makes. Open the page again.")) from error
    made = register_key(public_key=public_key, name=label.replace("\0", ""), by=request.reach, now=timezone.now())
    holder = made.holder
    return JsonResponse({
        "key": holder.key, "token": made.token, "issued_at": holder.issued, "expires_at": holder.expires,
        "person": User.objects.get(pk=holder.person).name, "whole_county": holder.whole_county, "home": holder.home,
        "schools": [{"code": code, "name": name} for code, name in holder.schools.items()],
    })  # fmt: skip


@require_safe
def press_keys(request: PageRequest) -> HttpResponse:
    """One's phones that are registered for raising alarms."""
    keys = PressKey.objects.visible_to(request.reach).order_by(F("revoked_at").asc(nulls_first=True), "-renewed_at")
    now = timezone.now()
    listed = [(key, key.renewed_at + LIFE, key.revoked_at is None and key.renewed_at + LIFE > now) for key in keys]
    return render(request, "emergency/press_keys.html", {"keys": listed})


@require_POST
def revoke_press_key(request: PageRequest, code: UUID) -> HttpResponse:
    """End the registration of one of one's phones."""
    key = get_object_or_404(PressKey.objects.visible_to(request.reach), code=code)
    revoke_key(key=key, by=request.reach, now=timezone.now())
    messages.success(request, _("This phone raises no alarms any more."))
    return redirect("emergency:press_keys")
