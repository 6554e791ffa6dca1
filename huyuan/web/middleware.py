"""What every answer carries, and how refusals are answered."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from huyuan.audit.actions import record_refusal
from huyuan.common.errors import Refusal
from huyuan.common.reach import Reach
from huyuan.web.errors import asks_for_part, beside_the_page, signed_out

Answer = Callable[[HttpRequest], HttpResponse]


def tile_source() -> str:
    """Where the base map comes from; a host with a place to fill in stands for all the hosts beside it."""
    scheme, _, rest = settings.TILES.partition("//")
    host = rest.split("/")[0]
    if "}" in host:
        _, dot, parent = host.rpartition("}")[2].partition(".")
        host = f"*{dot}{parent}"
    return f"{scheme}//{host}" if host else ""


def policy() -> str:
    """The content security policy: our own files, the streams process, and the base map when there is one."""
    return (
        "default-src 'self'; script-src 'self'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors 'none'; img-src 'self' data: blob: {tile_source()}; connect-src 'self' {settings.STREAMS}"
    )


def content_security_policy(answer: Answer) -> Answer:
    """Say on every answer what a page may load."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", policy())
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response

    return respond


# The second step of signing in and the passkey's: their views ask for the first step themselves.
HALF_SIGNED_IN = frozenset({"mfa_authenticate", "mfa_login_webauthn"})


class LoginRequired(LoginRequiredMiddleware):
    """Signed in everywhere; the REST interface asks for its own tokens instead."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Send a stranger to the sign-in page; tell a page that stayed open that its reader is one by now."""
        match = request.resolver_match
        if match is not None and ("api-v1" in match.namespaces or match.url_name in HALF_SIGNED_IN):
            return None
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        return signed_out(request) if refused is not None and asks_for_part(request) else refused


class AnswerRefusals:
    """Answer what a rule refused: its status, its sentence, the way back; and audit that it was refused."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a Refusal into its page; anything else is not ours to cure."""
        if not isinstance(exception, Refusal):
            return None
        reach: Reach | None = getattr(request, "reach", None)
        if reach is not None:
            record_refusal(path=request.path, refusal=exception.kind, by=reach, now=timezone.now())
        if request.content_type == "application/json":
            said = {"error": exception.kind, "sentence": str(exception.message)}
            return JsonResponse(said, status=exception.status)
        if asks_for_part(request):
            return beside_the_page(request, exception.message, exception.status)
        context = {"message": exception.message, "back_url": request.META.get("HTTP_REFERER", "/")}
        return render(request, f"errors/{exception.status}.html", context, status=exception.status)
