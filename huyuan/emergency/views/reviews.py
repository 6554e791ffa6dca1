"""The after-action review: prediction against measurement, findings, the end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huyuan.common.clock import database_now
from huyuan.common.reach import allowed
from huyuan.emergency.actions import review as actions
from huyuan.emergency.board import board_of
from huyuan.emergency.forms.room import FindingForm, HazardOfFindingForm, ReviewForm, TaskOfFindingForm
from huyuan.emergency.measuring import seconds_after
from huyuan.emergency.models import Finding, Incident, Review
from huyuan.emergency.permissions import check_can_export, check_can_finish_finding, check_can_review
from huyuan.emergency.views.rooms import visible_incident
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.http import PageRequest

OWNERS = (OrganisationKind.COMMAND_CENTRE, OrganisationKind.EDUCATION_BUREAU, OrganisationKind.SECURITY_BUREAU)


@require_http_methods(["GET", "POST"])
def review(request: PageRequest, code: UUID) -> HttpResponse:
    """Show the review, and close it."""
    found = visible_incident(request, code)
    check_can_review(request.reach, found)
    form = ReviewForm(request.POST or None)
    if form.is_valid():
        actions.close_review(incident=found, by=request.reach, now=database_now(), **form.cleaned_data)
        messages.success(request, _("The review is closed."))
        return redirect("emergency:review", found.code)
    return render(request, "emergency/review.html", _context(request, found, form))


def _context(request: PageRequest, found: Incident, form: ReviewForm) -> dict[str, Any]:
    board = board_of(found, request.reach, database_now())
    people = [person for tier in board.tiers for person in tier.people if person.call.user_id]
    findings = found.findings.select_related("hazard", "task_for", "found_by", "done_by")
    return {
        "incident": found, "board": board, "form": form, "finding_form": FindingForm(),
        "exports": allowed(check_can_export, request.reach, found),
        "review": Review.objects.filter(incident=found).select_related("written_by").first(),
        "findings": [(one, allowed(check_can_finish_finding, request.reach, one)) for one in findings],
        "open_findings": any(not one.hazard_id and not one.task_for_id for one in findings),
        "people": [person for person in people if person.call.arrived_at],
        "absent": [person for person in people if not person.call.arrived_at],
        "by_tier": _chart([(_tier_name(one.tier.minute), _seconds(found, one.tier.due_at), one.seconds) for one in board.tiers],
                          _("deadline")),
        "by_person": _chart([(one.name, one.call.predicted_seconds, one.seconds) for one in people if one.call.arrived_at],
                            _("predicted")),
    }  # fmt: skip


def _seconds(found: Incident, moment: Any) -> int | None:
    return seconds_after(found, moment)


def _tier_name(minute: int) -> str:
    return str(_("%(minute)s-minute tier") % {"minute": minute})


def _chart(rows: list[tuple[str, int | None, int | None]], expected: str) -> dict[str, Any] | None:
    """Expected against measured seconds, side by side."""
    if not rows:
        return None
    series = [{"name": expected, "colour": "--hy-edge"}, {"name": _("measured"), "colour": "--tblr-primary"}]
    return {"kind": "bar", "series": series, "rows": [(name, [wanted, came]) for name, wanted, came in rows]}


@require_POST
def add_finding(request: PageRequest, code: UUID) -> HttpResponse:
    """Write a finding down."""
    found = visible_incident(request, code)
    check_can_review(request.reach, found)
    form = FindingForm(request.POST)
    if form.is_valid():
        actions.add_finding(incident=found, by=request.reach, now=database_now(), **form.cleaned_data)
    else:
        messages.error(request, _("Write what was found."))
    return redirect("emergency:review", found.code)


def _visible_finding(request: PageRequest, code: UUID) -> Finding:
    seen = Finding.objects.visible_to(request.reach).select_related(
        "incident__school__organisation", "incident__school__station"
    )
    found: Finding = get_object_or_404(seen, code=code)
    return found


@require_http_methods(["GET", "POST"])
def finding_hazard(request: PageRequest, code: UUID) -> HttpResponse:
    """Let a finding become a hazard."""
    finding = _visible_finding(request, code)
    check_can_review(request.reach, finding.incident)
    form = HazardOfFindingForm(request.POST or None)
    if form.is_valid():
        actions.make_hazard(finding=finding, by=request.reach, now=database_now(), **form.cleaned_data)
        messages.success(
            request, _("Registered as a hazard. Whoever follows the school is asked to order what is required.")
        )
        return redirect("emergency:review", finding.incident.code)
    context = {
        "finding": finding,
        "form": form,
        "title": _("Make it a hazard of the school"),
        "submit": _("Register the hazard"),
    }
    return render(request, "emergency/finding.html", context)


@require_http_methods(["GET", "POST"])
def finding_task(request: PageRequest, code: UUID) -> HttpResponse:
    """Let a finding become a task."""
    finding = _visible_finding(request, code)
    check_can_review(request.reach, finding.incident)
    school = finding.incident.school
    near = Q(pk__in=[school.pk, school.station_id]) | Q(county_id=school.county_id, kind__in=OWNERS)
    form = TaskOfFindingForm(request.POST or None, organisations=Organisation.objects.filter(near).order_by("sort_key"))
    if form.is_valid():
        actions.give_task(finding=finding, by=request.reach, now=database_now(), **form.cleaned_data)
        messages.success(request, _("The task is given. It stands on their Today until it is done."))
        return redirect("emergency:review", finding.incident.code)
    context = {"finding": finding, "form": form, "title": _("Make it a task"), "submit": _("Give the task")}
    return render(request, "emergency/finding.html", context)


@require_POST
def finding_done(request: PageRequest, code: UUID) -> HttpResponse:
    """Say that the task of a finding is done."""
    finding = _visible_finding(request, code)
    actions.finish_task(finding=finding, by=request.reach, now=database_now())
    messages.success(request, _("Done."))
    return redirect("emergency:review", finding.incident.code)
