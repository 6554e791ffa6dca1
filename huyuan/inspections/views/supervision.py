"""Listed supervision: proposed by an officer, decided and lifted by a leader."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import allowed
from huyuan.inspections.actions import supervision as actions
from huyuan.inspections.forms import DeclineForm, ListingForm, ProposeForm
from huyuan.inspections.models import Hazard, Supervision
from huyuan.inspections.permissions import check_can_propose, check_can_supervise
from huyuan.inspections.queries import possible_supervisors
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def propose(request: PageRequest, code: UUID) -> HttpResponse:
    """Propose a major hazard for listed supervision, with the reason."""
    hazards = Hazard.objects.visible_to(request.reach).select_related("school__organisation")
    hazard = get_object_or_404(hazards, code=code)
    check_can_propose(request.reach, hazard)
    form = ProposeForm(request.POST or None)
    if form.is_valid():
        actions.propose_supervision(hazard=hazard, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Proposed. A leader of the leading group decides."))
        return redirect(hazard)
    context = {
        "form": form, "title": _("Propose listed supervision"), "submit": _("Propose"),
        "about": f"{hazard.school} · {hazard.description}", "back": hazard.get_absolute_url(),
    }  # fmt: skip
    return render(request, "inspections/paper_form.html", context)


@require_safe
def supervision(request: PageRequest, code: UUID) -> HttpResponse:
    """Show a proposal or a listing with its hazard, and to a leader what to decide."""
    return _page(request, _visible(request, code))


@require_POST
def list_it(request: PageRequest, code: UUID) -> HttpResponse:
    """List a hazard: who supervises, until when."""
    one = _visible(request, code)
    check_can_supervise(request.reach, one)
    form = _listing_form(request, one)
    if form.is_valid():
        actions.list_supervision(supervision=one, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return _done(request, one, _("Listed. The school, the agency and the supervisor have been told."))
    return _page(request, one, listing=form)


@require_POST
def decline(request: PageRequest, code: UUID) -> HttpResponse:
    """Decide against a listing."""
    one = _visible(request, code)
    check_can_supervise(request.reach, one)
    form = DeclineForm(request.POST)
    if form.is_valid():
        actions.decline_supervision(supervision=one, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return _done(request, one, _("Not listed. The agency has been told."))
    return _page(request, one, declining=form)


@require_POST
def lift(request: PageRequest, code: UUID) -> HttpResponse:
    """Lift a supervision whose hazard is closed."""
    one = actions.lift_supervision(supervision=_visible(request, code), by=request.reach, now=timezone.now())
    return _done(request, one, _("Lifted."))


def _visible(request: PageRequest, code: UUID) -> Supervision:
    related = ("hazard__school__organisation", "hazard__agency", "supervisor", "decided_by", "proposed_by", "lifted_by")
    return get_object_or_404(Supervision.objects.visible_to(request.reach).select_related(*related), code=code)


def _listing_form(request: PageRequest, one: Supervision) -> ListingForm:
    people = possible_supervisors(one.county_id, timezone.localdate())
    return ListingForm(request.POST or None, people=people)


def _page(
    request: PageRequest, one: Supervision, listing: ListingForm | None = None, declining: DeclineForm | None = None
) -> HttpResponse:
    decides = allowed(check_can_supervise, request.reach, one)
    undecided = decides and one.status == Supervision.Status.PROPOSED
    context = {
        "supervision": one,
        "hazard": one.hazard,
        "undecided": undecided,
        "listing": listing or (_listing_form(request, one) if undecided else None),
        "declining": declining or DeclineForm(auto_id="decline_%s"),
        "may_lift": decides and one.status == Supervision.Status.LISTED and one.hazard.status == Hazard.Status.CLOSED,
    }
    return render(request, "inspections/supervision.html", context)


def _done(request: PageRequest, one: Supervision, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(one)
