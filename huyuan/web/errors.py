"""Answers that are not the page asked for: refusals, and requests that never reached a view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_htmx.http import reswap, retarget


def asks_for_part(request: HttpRequest) -> bool:
    """Whether a page that stays where it is asks, and not the reader for a new page."""
    return request.headers.get("HX-Request") == "true"


def beside_the_page(request: HttpRequest, message: str | Promise, status: int) -> HttpResponse:
    """A sentence shown over the page that asked; what the reader was at stays there."""
    said = render(request, "errors/fragment.html", {"message": message}, status=status)
    return reswap(retarget(said, "#refusal"), "innerHTML")


def signed_out(request: HttpRequest) -> HttpResponse:
    """The session ended while the page was open."""
    return beside_the_page(
        request, _("You are signed out by now. Sign in again in another tab; what you entered here stays."), 401
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection ran out: say so and offer the way back. Not logged with the person's input."""
    message = _("This page was open for too long, so the form could not be taken. Go back, reload, and send it again.")
    if asks_for_part(request):
        return beside_the_page(request, message, 403)
    back = request.META.get("HTTP_REFERER", "/")
    return render(request, "errors/403.html", {"message": message, "back_url": back}, status=403)
