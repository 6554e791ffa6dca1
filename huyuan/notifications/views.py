"""The inbox."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from huyuan.notifications import actions
from huyuan.notifications.kinds import sentence
from huyuan.notifications.models import Message
from huyuan.people.http import PageRequest

PAGE = 50


@require_safe
def inbox(request: PageRequest) -> HttpResponse:
    """List one's own messages, newest first."""
    found = list(Message.objects.visible_to(request.reach).order_by("-pk")[:PAGE])
    entries = [(message, sentence(message.kind, message.facts, request.user.language)) for message in found]
    return render(request, "notifications/inbox.html", {"entries": entries})


@require_safe
def badge(request: PageRequest) -> HttpResponse:
    """Answer the number of unread messages, for the bell."""
    return render(request, "notifications/badge.html", {})


@require_POST
def open_message(request: PageRequest, code: str) -> HttpResponse:
    """Mark a message as read and go where it points."""
    message = get_object_or_404(Message.objects.visible_to(request.reach), code=code)
    actions.mark_read(messages=[message], by=request.reach, now=timezone.now())
    return redirect(message.url or "notifications:inbox")


@require_POST
def read_all(request: PageRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_read(messages=Message.objects.visible_to(request.reach).unread(), by=request.reach, now=timezone.now())
    return redirect("notifications:inbox")
