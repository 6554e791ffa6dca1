"""Pages by which one organisation hands a hazard, or a part of it, to another, and by which that one answers."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huyuan.inspections.actions import coordination, transfers
from huyuan.inspections.actions.handovers import refuse_handover
from huyuan.inspections.forms import CoordinationForm, PromiseForm, RefuseForm, ResultForm, TransferForm
from huyuan.inspections.models import HandOver
from huyuan.inspections.permissions import check_can_answer, check_can_ask_help, check_can_transfer
from huyuan.inspections.queries import addressees
from huyuan.inspections.views.hazards import done, form_page, visible_hazard
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def transfer(request: PageRequest, code: UUID) -> HttpResponse:
    """Ask another organisation to take the hazard over."""
    thing = visible_hazard(request, code)
    check_can_transfer(request.reach, thing)
    others = addressees(thing, HandOver.Kind.TRANSFER).exclude(pk=request.reach.home)
    form = TransferForm(request.POST or None, addressees=others)
    if form.is_valid():
        transfers.ask_transfer(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Asked. Until they accept, everything stays as it is."))
    return form_page(request, thing, form, _("Transfer to another organisation"), _("Ask"))


@require_http_methods(["GET", "POST"])
def coordinate(request: PageRequest, code: UUID) -> HttpResponse:
    """Ask an agency for help with what cannot be solved here."""
    thing = visible_hazard(request, code)
    check_can_ask_help(request.reach, thing)
    others = addressees(thing, HandOver.Kind.COORDINATION).exclude(pk=request.reach.home)
    form = CoordinationForm(request.POST or None, addressees=others)
    if form.is_valid():
        coordination.ask_coordination(hazard=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Asked. The deadline runs until they accept."))
    return form_page(request, thing, form, _("Ask an agency for help"), _("Ask"))


@require_http_methods(["GET", "POST"])
def accept(request: PageRequest, code: UUID) -> HttpResponse:
    """Take the hazard over, or promise help within a stated time."""
    asked = _visible(request, code)
    thing = visible_hazard(request, asked.hazard.code)
    if not asked.is_help:
        form = forms.Form(request.POST or None)
        if form.is_valid():
            transfers.accept_transfer(handover=asked, by=request.reach, now=timezone.now())
            return done(request, thing, _("You follow this hazard from now on."))
        return form_page(request, thing, form, _("Take it over"), _("Take it over"))
    promise = PromiseForm(request.POST or None)
    if promise.is_valid():
        coordination.accept_coordination(handover=asked, by=request.reach, now=timezone.now(), **promise.cleaned_data)
        return done(request, thing, _("Promised. So long the school's deadline stands still."))
    return form_page(request, thing, promise, _("Promise help"), _("Promise"))


@require_http_methods(["GET", "POST"])
def refuse(request: PageRequest, code: UUID) -> HttpResponse:
    """Turn down what was asked, with a reason; whoever no longer sees the hazard goes back to Today."""
    asked = _visible(request, code)
    form = RefuseForm(request.POST or None)
    if form.is_valid():
        refuse_handover(handover=asked, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Turned down. Whoever asked has been told."))
        still = HandOver.objects.visible_to(request.reach).filter(pk=asked.pk).exists()
        return redirect(asked.hazard) if still else redirect("web:today")
    return form_page(request, visible_hazard(request, asked.hazard.code), form, _("Turn it down"), _("Turn down"))


@require_http_methods(["GET", "POST"])
def finish(request: PageRequest, code: UUID) -> HttpResponse:
    """Report what came of the help."""
    asked = _visible(request, code)
    form = ResultForm(request.POST or None)
    thing = visible_hazard(request, asked.hazard.code)
    if form.is_valid():
        coordination.finish_coordination(handover=asked, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return done(request, thing, _("Reported. The deadline runs again."))
    return form_page(request, thing, form, _("Report what came of it"), _("Report"))


def _visible(request: PageRequest, code: UUID) -> HandOver:
    """The hand-over, for whoever may answer it."""
    rows = HandOver.objects.visible_to(request.reach).select_related("hazard", "to_organisation")
    handover = get_object_or_404(rows, code=code)
    check_can_answer(request.reach, handover)
    return handover
