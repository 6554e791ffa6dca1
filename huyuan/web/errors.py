"""Answers to requests that never reached a view."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's protection ran out: say so and offer the way back. Not logged with the person's input."""
    message = _("This page was open for too long, so the form could not be taken. Go back, reload, and send it again.")
    back = request.META.get("HTTP_REFERER", "/")
    return render(request, "errors/403.html", {"message": message, "back_url": back}, status=403)
