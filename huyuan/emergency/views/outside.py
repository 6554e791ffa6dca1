"""Receivers outside: who they are, and how sending went."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huyuan.emergency.actions import outside as actions
from huyuan.emergency.forms.outside import ReceiverForm
from huyuan.emergency.models import OutsideReceiver
from huyuan.emergency.permissions import check_can_edit_receivers
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def receivers(request: PageRequest) -> HttpResponse:
    """List the receivers of the county, and set one up."""
    check_can_edit_receivers(request.reach)
    form = ReceiverForm(request.POST or None)
    if form.is_valid():
        actions.add_receiver(by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Real alarms go there from now on."))
        return redirect("emergency:receivers")
    found = OutsideReceiver.objects.visible_to(request.reach).filter(active=True).order_by("pk")
    found = found.annotate(
        taken=Count("pages", filter=Q(pages__status="accepted")),
        failed=Count("pages", filter=Q(pages__status="failed")),
        last_at=Max("pages__accepted_at"),
    )
    return render(request, "emergency/receivers.html", {"form": form, "receivers": found})


@require_POST
def remove_receiver(request: PageRequest, code: UUID) -> HttpResponse:
    """Stop telling a receiver."""
    receiver = get_object_or_404(OutsideReceiver.objects.visible_to(request.reach).filter(active=True), code=code)
    actions.remove_receiver(receiver=receiver, by=request.reach, now=timezone.now())
    messages.success(request, _("The receiver is no longer told."))
    return redirect("emergency:receivers")
