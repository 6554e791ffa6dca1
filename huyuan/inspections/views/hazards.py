"""The hazard's page and its acts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import Permission, allowed
from huyuan.inspections.actions import deadlines
from huyuan.inspections.actions import hazards as actions
from huyuan.inspections.forms import (
    CloseForm,
    DecisionForm,
    ExtensionForm,
    OrderForm,
    PauseForm,
    RectifyForm,
    RejectForm,
)
from huyuan.inspections.models import Extension, Hazard
from huyuan.inspections.permissions import (
    check_can_decide,
    check_can_order,
    check_can_pause,
    check_can_recheck,
    check_can_rectify,
)
from huyuan.inspections.presentation import hazard_acts, hazard_bar, seen_of
from huyuan.inspections.trail import trail_of
from huyuan.people.http import PageRequest
from huyuan.people.queries import speakers_for
from huyuan.policy.models import DayKind

DEFAULT_DAYS = 15


@require_safe
def hazard(request: PageRequest, code: UUID) -> HttpResponse:
    """Show a hazard: what it is, who holds it until when, every round with its photos."""
    thing = visible_hazard(request, code)
    extensions = list(thing.extensions.select_related("asked_by", "decided_by").order_by("pk"))
    involved = ("from_organisation", "to_organisation", "asked_by", "answered_by")
    handovers = list(thing.handovers.select_related(*involved))
    standing = [handover for handover in handovers if handover.is_open]
    acts = hazard_acts(request.reach, thing, standing)
    context = {
        "hazard": thing,
        "seen": seen_of(thing),
        "extensions": extensions,
        "may_decide": any(allowed(check_can_decide, request.reach, e) for e in extensions),
        "undecided": next((e for e in extensions if e.decision == Extension.Decision.PENDING), None),
        "handovers": handovers,
        "bar": hazard_bar(thing, standing),
        "acts": acts,
        "has_more": any(act.more for act in acts),
        "recurrences": thing.recurrences.visible_to(request.reach).order_by("pk"),
        "sees_school": request.reach.may(Permission.HAZARD_READ),
        "sees_check": request.reach.may(Permission.INSPECTION_READ),
        "trail": trail_of(request.reach, thing),
    }
    return render(request, "inspections/hazard.html", context)


@require_http_methods(["GET", "POST"])
def order(request: PageRequest, code: UUID) -> HttpResponse:
    """Order the school to put it right; what the checklist suggests is filled in."""
    thing = visible_hazard(request, code)
    check_can_order(request.reach, thing)
    people = speakers_for(thing.school_id, Permission.HAZARD_READ, timezone.localdate())
    initial = {
        "level": thing.level or Hazard.Level.GENERAL, "guide_item": thing.guide_item, "days": thing.suggested_days or DEFAULT_DAYS, "due_kind": DayKind.CALENDAR,
        "responsible": next((p.code for p in speakers_for(thing.school_id, Permission.HAZARD_RECTIFY, timezone.localdate())), None),
    }  # fmt: skip
    form = OrderForm(request.POST or None, people=people, initial=initial)
    if form.is_valid():
        actions.order_rectification(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Ordered. The school has been told."))
    return form_page(request, thing, form, _("Order rectification"), _("Order"))


@require_http_methods(["GET", "POST"])
def rectify(request: PageRequest, code: UUID) -> HttpResponse:
    """Report that it is put right, with photos."""
    thing = visible_hazard(request, code)
    check_can_rectify(request.reach, thing)
    form = RectifyForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        actions.rectify_hazard(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Reported. Somebody else will re-check."))
    return form_page(request, thing, form, _("Report the rectification"), _("Report"))


@require_http_methods(["GET", "POST"])
def close(request: PageRequest, code: UUID) -> HttpResponse:
    """Accept and close."""
    thing = visible_hazard(request, code)
    check_can_recheck(request.reach, thing)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        actions.close_hazard(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Closed."))
    return form_page(request, thing, form, _("Accept and close"), _("Close"))


@require_http_methods(["GET", "POST"])
def reject(request: PageRequest, code: UUID) -> HttpResponse:
    """Refuse the rectification; the next round begins."""
    thing = visible_hazard(request, code)
    check_can_recheck(request.reach, thing)
    form = RejectForm(request.POST or None)
    if form.is_valid():
        actions.reject_rectification(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Sent back. The next round has begun."))
    return form_page(request, thing, form, _("Not accepted"), _("Send back"))


@require_http_methods(["GET", "POST"])
def extend(request: PageRequest, code: UUID) -> HttpResponse:
    """Ask for more time."""
    thing = visible_hazard(request, code)
    check_can_rectify(request.reach, thing)
    form = ExtensionForm(request.POST or None)
    if form.is_valid():
        deadlines.ask_extension(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Asked. The ordering agency decides."))
    return form_page(request, thing, form, _("Ask for more time"), _("Ask"))


@require_POST
def decide(request: PageRequest, code: UUID) -> HttpResponse:
    """Grant or refuse the request that waits."""
    thing = visible_hazard(request, code)
    pending = get_object_or_404(thing.extensions.filter(decision=Extension.Decision.PENDING))
    check_can_decide(request.reach, pending)
    form = DecisionForm(request.POST)
    if form.is_valid():
        deadlines.decide_extension(extension=pending, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Decided. The school has been told."))
    messages.error(request, _("Choose grant or refuse."))
    return redirect(thing)


@require_http_methods(["GET", "POST"])
def pause(request: PageRequest, code: UUID) -> HttpResponse:
    """Pause the deadline with a reason."""
    thing = visible_hazard(request, code)
    check_can_pause(request.reach, thing)
    form = PauseForm(request.POST or None)
    if form.is_valid():
        deadlines.pause_deadline(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Paused. The days that remain will remain."))
    return form_page(request, thing, form, _("Pause the deadline"), _("Pause"))


@require_POST
def resume(request: PageRequest, code: UUID) -> HttpResponse:
    """Start the deadline again."""
    thing = visible_hazard(request, code)
    deadlines.resume_deadline(hazard=thing, by=request.reach, now=timezone.now())
    return done(request, thing, _("The deadline runs again."))


def visible_hazard(request: PageRequest, code: UUID) -> Hazard:
    """The hazard with what its pages show, if the reader may see it."""
    related = (
        "school__organisation",
        "holder",
        "responsible",
        "inspection",
        "found_by",
        "ordered_by",
        "county",
        "closed_by",
        "agency",
        "recurrence_of",
    )
    return get_object_or_404(Hazard.objects.visible_to(request.reach).select_related(*related), code=code)


def form_page(request: PageRequest, thing: Hazard, form: Form, title: str, submit: str) -> HttpResponse:
    """Show the form of an act on a hazard."""
    context: dict[str, Any] = {"hazard": thing, "form": form, "title": title, "submit": submit}
    if thing.status == Hazard.Status.RECTIFIED:
        context["seen"] = seen_of(thing)
    return render(request, "inspections/hazard_form.html", context)


def done(request: PageRequest, thing: Hazard, sentence: str) -> HttpResponse:
    """Say what was done, on the hazard's page."""
    messages.success(request, sentence)
    return redirect(thing)
