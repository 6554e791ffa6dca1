"""Pages around the REST interface: one's tokens, and what the interface offers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.api import actions
from huyuan.api.forms import RIGHT_NAMES, TokenForm
from huyuan.api.models import ApiToken
from huyuan.api.root import api
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def tokens(request: PageRequest) -> HttpResponse:
    """List one's tokens; make one and show it this once."""
    form, made = TokenForm(request.POST or None, reach=request.reach), None
    if form.is_valid():
        made = actions.make_token(by=request.reach, now=timezone.now(), **form.cleaned_data)
        form = TokenForm(reach=request.reach)
    mine = ApiToken.objects.visible_to(request.reach).select_related("post__organisation").order_by("-pk")
    named = [(token, [RIGHT_NAMES[right] for right in RIGHT_NAMES if right in token.scopes]) for token in mine]
    context = {"form": form, "made": made, "tokens": named, "now": timezone.now()}
    response = render(request, "api/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def revoke(request: PageRequest, code: UUID) -> HttpResponse:
    """End one of one's tokens."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.reach), code=code)
    actions.revoke_token(token=token, by=request.reach, now=timezone.now())
    messages.success(request, _("The token is revoked."))
    return redirect("api:tokens")


def said(operation: dict[str, Any]) -> str:
    """What an operation says of itself, in the reader's language."""
    sentence: str = operation["description"]
    return _(sentence)


@require_safe
def description(request: PageRequest) -> HttpResponse:
    """Show the operations of the interface, read from its OpenAPI description."""
    schema: dict[str, Any] = api.get_openapi_schema()
    operations = [
        {"method": method.upper(), "path": path, "summary": operation.get("summary", ""),
         "text": said(operation), "tag": ", ".join(operation.get("tags", [])),
         "parameters": operation.get("parameters", [])}
        for path, methods in schema["paths"].items() for method, operation in methods.items()
    ]  # fmt: skip
    return render(request, "api/description.html", {"operations": operations, "info": schema["info"]})
