"""The inbox, and the group robots of an organisation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import allowed
from huyuan.notifications import actions
from huyuan.notifications.forms import ChannelForm
from huyuan.notifications.kinds import sentence
from huyuan.notifications.models import Channel, Message
from huyuan.notifications.permissions import check_can_edit_channels
from huyuan.people.http import PageRequest

PAGE = 50


@require_safe
def inbox(request: PageRequest) -> HttpResponse:
    """List one's own messages, newest first."""
    found = list(Message.objects.visible_to(request.reach).order_by("-pk")[:PAGE])
    entries = [(message, sentence(message.kind, message.facts, request.user.language)) for message in found]
    return render(
        request,
        "notifications/inbox.html",
        {"entries": entries, "may_edit_channels": allowed(check_can_edit_channels, request.reach)},
    )


@require_safe
def badge(request: PageRequest) -> HttpResponse:
    """Answer the number of unread messages, for the bell."""
    return render(request, "notifications/badge.html", {})


@require_POST
def open_message(request: PageRequest, code: UUID) -> HttpResponse:
    """Mark a message as read and go where it points."""
    message = get_object_or_404(Message.objects.visible_to(request.reach), code=code)
    actions.mark_read(messages=[message], by=request.reach, now=timezone.now())
    return redirect(message.url or "notifications:inbox")


@require_POST
def read_all(request: PageRequest) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_read(messages=Message.objects.visible_to(request.reach).unread(), by=request.reach, now=timezone.now())
    return redirect("notifications:inbox")


@require_http_methods(["GET", "POST"])
def channels(request: PageRequest) -> HttpResponse:
    """List the group robots of one's organisation, and add one."""
    check_can_edit_channels(request.reach)
    form = ChannelForm(request.POST or None)
    if form.is_valid():
        actions.add_channel(by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The group is told from now on."))
        return redirect("notifications:channels")
    mine = Channel.objects.visible_to(request.reach).filter(active=True).order_by("pk")
    return render(request, "notifications/channels.html", {"form": form, "channels": mine})


@require_POST
def remove_channel(request: PageRequest, code: UUID) -> HttpResponse:
    """Stop telling a group."""
    channel = get_object_or_404(Channel.objects.visible_to(request.reach).filter(active=True), code=code)
    actions.remove_channel(channel=channel, by=request.reach, now=timezone.now())
    messages.success(request, _("The group is no longer told."))
    return redirect("notifications:channels")
