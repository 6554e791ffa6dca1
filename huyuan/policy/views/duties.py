"""An organisation's duties: all of them as its implementation plan, one of them with the records that prove it."""

from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import Permission, allowed
from huyuan.organisations.models import Organisation
from huyuan.people.http import PageRequest
from huyuan.people.models import User
from huyuan.people.queries import speakers_for
from huyuan.policy.actions import duties as actions
from huyuan.policy.forms import PersonForm, SupplementForm, WithdrawForm
from huyuan.policy.models import Adoption, Clause, Supplement
from huyuan.policy.permissions import (
    check_can_adopt,
    check_can_keep_duties,
    check_can_read_duties,
    check_can_read_plan,
    check_can_withdraw,
)
from huyuan.policy.queries import answering, duties_of, proof_of
from huyuan.policy.rulebook import plans_of
from huyuan.policy.scopes import within
from huyuan.policy.states import JUDGED, Stand, State

URGENCY = {State.MISSED: 0, State.AT_RISK: 1, State.NOT_YET_DUE: 2, State.MET: 3}


@require_safe
def mine(request: PageRequest) -> HttpResponse:
    """The duties of the organisation one acts from."""
    check_can_read_plan(request.reach)
    home = get_object_or_404(Organisation.objects.visible_to(request.reach), pk=request.reach.home)
    return redirect("policy:duties", code=home.code)


@require_safe
def duties(request: PageRequest, code: UUID) -> HttpResponse:
    """The implementation plan of an organisation: what it owes, until when, who answers, where it stands."""
    organisation = _organisation(request, code)
    owed = duties_of(organisation, request.user.county, timezone.localdate())
    judged = [stand for stand in owed if stand.state in JUDGED]
    people = answering(organisation)
    adoption = (
        Adoption.objects.visible_to(request.reach)
        .filter(organisation=organisation)
        .select_related("adopted_by")
        .first()
    )
    context = {
        "organisation": organisation, "plan": plans_of(request.reach.county_id).first(),
        "by_clause": _by_clause(request, owed, people),
        "figures": [(state, sum(one.state == state for one in judged)) for state in URGENCY],
        "urgent": sorted((one for one in judged if one.state in (State.MISSED, State.AT_RISK)), key=_urgency),
        "adoption": adoption,
        "may_adopt": allowed(check_can_adopt, request.reach, organisation),
        "may_keep": allowed(check_can_keep_duties, request.reach, organisation),
    }  # fmt: skip
    return render(request, "policy/duties.html", context)


@require_POST
def adopt(request: PageRequest, code: UUID) -> HttpResponse:
    """Adopt the implementation plan as it stands."""
    organisation = _organisation(request, code)
    actions.adopt_plan(organisation=organisation, by=request.reach, now=timezone.now())
    messages.success(request, _("Adopted. It is this organisation's implementation plan from today."))
    return redirect("policy:duties", code=code)


@require_safe
def duty(request: PageRequest, code: UUID, key: str) -> HttpResponse:
    """One duty: its rule and where it comes from, its state, the records behind it, and what was declared."""
    organisation = _organisation(request, code)
    stand = _stand(request, organisation, key)
    assignment = answering(organisation).get(stand.rule.version.obligation_id)
    keeps = allowed(check_can_keep_duties, request.reach, organisation)
    context = {
        "organisation": organisation, "stand": stand, "rule": stand.rule,
        "proof": proof_of(request.reach, stand.rule, organisation), "assignment": assignment,
        "person_form": PersonForm(people=_people(organisation), initial={"person": _code(assignment)}) if keeps else None,
        "may_keep": keeps, "may_declare": keeps and stand.state in JUDGED and stand.rule.may_be_declared,
        "may_withdraw": allowed(check_can_withdraw, request.reach, organisation),
    }  # fmt: skip
    return render(request, "policy/duty.html", context)


@require_http_methods(["GET", "POST"])
def declare(request: PageRequest, code: UUID, key: str) -> HttpResponse:
    """Declare what was done before the plan counted here."""
    organisation = _organisation(request, code)
    check_can_keep_duties(request.reach, organisation)
    stand = _stand(request, organisation, key)
    form = SupplementForm(request.POST or None)
    if form.is_valid():
        actions.declare_supplement(
            obligation=stand.rule.version.obligation, organisation=organisation, by=request.reach, now=timezone.now(),
            **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("Declared. It counts, and is marked as declared wherever it is shown."))
        return redirect("policy:duty", code=code, key=key)
    back = reverse("policy:duty", args=[code, key])
    return _form(request, form, _("Declare what was done earlier"), stand.rule.entry.title, back, _("Declare"))


@require_POST
def assign(request: PageRequest, code: UUID, key: str) -> HttpResponse:
    """Say who answers for a duty."""
    organisation = _organisation(request, code)
    check_can_keep_duties(request.reach, organisation)
    stand = _stand(request, organisation, key)
    form = PersonForm(request.POST, people=_people(organisation))
    if form.is_valid():
        actions.assign_duty(
            obligation=stand.rule.version.obligation, organisation=organisation, by=request.reach, now=timezone.now(),
            **form.cleaned_data,
        )  # fmt: skip
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose one of the people of this organisation."))
    return redirect("policy:duty", code=code, key=key)


@require_http_methods(["GET", "POST"])
def withdraw(request: PageRequest, code: UUID) -> HttpResponse:
    """Take a declaration back with the reason."""
    found = Supplement.objects.visible_to(request.reach).select_related("organisation", "obligation")
    supplement = get_object_or_404(found, code=code)
    check_can_withdraw(request.reach, supplement.organisation)
    form = WithdrawForm(request.POST or None)
    back = reverse("policy:duty", args=[supplement.organisation.code, supplement.obligation.key])
    if form.is_valid():
        actions.withdraw_supplement(supplement=supplement, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Taken back. It stays readable and counts no more."))
        return redirect(back)
    return _form(request, form, _("Take the declaration back"), supplement.what, back, _("Take back"))


def _organisation(request: PageRequest, code: UUID) -> Organisation:
    found = Organisation.objects.visible_to(request.reach).select_related("school", "county")
    organisation = get_object_or_404(found, code=code)
    if not within(request.reach).filter(pk=organisation.pk).exists() and not request.reach.speaks_for & {
        organisation.pk
    }:
        raise Http404
    check_can_read_duties(request.reach, organisation)
    return organisation


def _stand(request: PageRequest, organisation: Organisation, key: str) -> Stand:
    owed = duties_of(organisation, request.user.county, timezone.localdate())
    stand = next((one for one in owed if one.rule.entry.key == key), None)
    if stand is None:
        raise Http404
    return stand


def _people(organisation: Organisation) -> list[User]:
    return speakers_for(organisation.pk, Permission.SCHOOL_READ, timezone.localdate())


def _code(assignment: Any) -> str:
    return str(assignment.person.code) if assignment else ""


def _urgency(stand: Stand) -> tuple[int, int]:
    return URGENCY[stand.state], stand.days_left if stand.days_left is not None else 0


def _by_clause(request: PageRequest, owed: list[Stand], people: dict[int, Any]) -> list[tuple[str, str, list[Any]]]:
    """The duties under the clause they come from, each with who answers for it."""
    headings = dict(Clause.objects.visible_to(request.reach).order_by("version__number").values_list("number", "title"))
    shown = [stand for stand in owed if stand.state != State.NOT_APPLICABLE]
    return [
        (clause, headings.get(clause, ""), [(one, people.get(one.rule.version.obligation_id)) for one in group])
        for clause, group in groupby(shown, key=lambda one: one.rule.version.clause)
    ]


def _form(request: PageRequest, form: Form, title: str, about: Any, back: str, submit: str) -> HttpResponse:
    context = {"form": form, "title": title, "about": about, "back": back, "submit": submit}
    return render(request, "policy/form.html", context)
