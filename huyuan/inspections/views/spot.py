"""Fixed on the spot: the entry, and its confirmation by somebody else."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huyuan.inspections.actions import spot as actions
from huyuan.inspections.forms import SpotForm, UnconfirmedForm
from huyuan.inspections.models import Hazard, Inspection
from huyuan.inspections.permissions import check_can_begin, check_can_confirm
from huyuan.inspections.views.hazards import form_page, visible_hazard
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def spot(request: PageRequest) -> HttpResponse:
    """Record what was found and fixed at once."""
    check_can_begin(request.reach)
    initial = {"school": request.GET.get("school")}
    form = SpotForm(request.POST or None, request.FILES or None, reach=request.reach, initial=initial)
    if form.is_valid():
        hazard = actions.record_spot_fix(by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Recorded. Somebody else confirms it at the next check."))
        return _back(request, hazard)
    return render(request, "inspections/spot.html", {"form": form})


@require_POST
def confirm(request: PageRequest, code: UUID) -> HttpResponse:
    """Confirm that it is gone, and close."""
    hazard = visible_hazard(request, code)
    actions.confirm_spot_fix(hazard=hazard, by=request.reach, now=timezone.now())
    messages.success(request, _("Confirmed and closed."))
    return _back(request, hazard)


@require_http_methods(["GET", "POST"])
def unconfirmed(request: PageRequest, code: UUID) -> HttpResponse:
    """Find that it is not gone; it waits for an order."""
    hazard = visible_hazard(request, code)
    check_can_confirm(request.reach, hazard)
    form = UnconfirmedForm(request.POST or None)
    if form.is_valid():
        actions.refuse_spot_fix(hazard=hazard, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("It is a registered hazard now and waits for an order."))
        return _back(request, hazard)
    return form_page(request, hazard, form, _("It is not gone"), _("Send back"))


def _back(request: PageRequest, hazard: Hazard) -> HttpResponse:
    """To the check one came from, else to the hazard."""
    came_from = request.GET.get("check", "")
    checks = Inspection.objects.visible_to(request.reach).filter(school_id=hazard.school_id)
    check = next((check for check in checks.open() if str(check.code) == came_from), None)
    return redirect(check or hazard)
