"""Contingency plans: what a school has and lacks, one version, adapting, approving, printing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach, allowed
from huyuan.emergency.actions import contingency as actions
from huyuan.emergency.contingency import changes_between, content_of, kinds_of, named_cards, phone_tree
from huyuan.emergency.contingency_packs import PlanContent, templates, title_of
from huyuan.emergency.forms.contingency import PlanForm
from huyuan.emergency.models import ContingencyPlan
from huyuan.emergency.permissions import check_can_approve_plan, check_can_edit_plan
from huyuan.emergency.readiness import plan_gaps
from huyuan.emergency.units import staff_of
from huyuan.emergency.views.schools import school_of, siblings_of
from huyuan.organisations.models import School, Site
from huyuan.people.http import PageRequest


@require_safe
def plans(request: PageRequest) -> HttpResponse:
    """The plans of one school by kind of emergency; over several schools, which of them lack what."""
    if not request.reach.may(Permission.CONTINGENCY_READ):
        raise Denied(_("Your role does not read contingency plans."))
    today, school = timezone.localdate(), school_of(request)
    if school is None:
        return render(request, "emergency/plans_of_schools.html", {"gaps": plan_gaps(request.reach, today)})
    kinds = kinds_of(ContingencyPlan.objects.visible_to(request.reach).filter(school=school), today)
    return render(request, "emergency/plans.html", {
        "school": school, "siblings": siblings_of(request.reach, school), "today": today,
        "expected": [kind for kind in kinds if kind.template.expected],
        "others": [kind for kind in kinds if not kind.template.expected],
        "figures": {state: sum(kind.state == state for kind in kinds) for state in ("ok", "review", "missing")},
        "may_edit": allowed(check_can_edit_plan, request.reach, school),
    })  # fmt: skip


@require_POST
def draft(request: PageRequest, code: UUID, kind: str) -> HttpResponse:
    """Begin a plan from its template, or a new version of the one in force."""
    school = get_object_or_404(School.objects.visible_to(request.reach), organisation__code=code)
    plan = actions.draft_plan(school=school, kind=kind, by=request.reach, now=timezone.now())
    return redirect("emergency:edit_plan", code=plan.code)


@require_safe
def plan(request: PageRequest, code: UUID) -> HttpResponse:
    """One version of a plan: cards, phone tree, assembly points, notices; compared with another when one is named."""
    shown = _visible(request.reach, code)
    content = content_of(shown)
    versions = list(
        ContingencyPlan.objects.visible_to(request.reach)
        .filter(school=shown.school, kind=shown.kind).select_related("approved_by").order_by("-version")
    )  # fmt: skip
    other = next((one for one in versions if str(one.version) == request.GET.get("with", "")), None)
    return render(request, "emergency/plan.html", _words(shown, content) | {
        "versions": versions, "other": other,
        "changes": changes_between(content_of(other), content) if other else [],
        "may_edit": allowed(check_can_edit_plan, request.reach, shown.school),
        "may_approve": allowed(check_can_approve_plan, request.reach, shown.school),
        "overdue": bool(shown.review_by and shown.review_by < timezone.localdate()),
    })  # fmt: skip


@require_safe
def print_plan(request: PageRequest, code: UUID) -> HttpResponse:
    """The role cards for paper: one sheet for each."""
    shown = _visible(request.reach, code)
    words = _words(shown, content_of(shown))
    numbers = [line for line in words["tree"] if line.number]
    return render(request, "emergency/plan_print.html", words | {"numbers": numbers})


@require_http_methods(["GET", "POST"])
def edit(request: PageRequest, code: UUID) -> HttpResponse:
    """Adapt a draft: cards and names, phone tree, assembly points, notices."""
    draft = _visible(request.reach, code)
    check_can_edit_plan(request.reach, draft.school)
    template = templates(timezone.localdate()).get(draft.kind)
    form = PlanForm(
        request.POST or None, content=content_of(draft), staff=staff_of(draft.school, timezone.localdate()),
        callees=template.plan.calls if template else (),
    )  # fmt: skip
    if form.is_valid():
        actions.edit_plan(plan=draft, content=form.content(), by=request.reach, now=timezone.now())
        messages.success(request, _("The plan is saved. It comes into force when the head of school approves it."))
        return redirect(draft)
    site = Site.objects.filter(school=draft.school, is_main=True).first()
    return render(request, "emergency/plan_edit.html", {
        "plan": draft, "form": form, "title": title_of(draft.kind, timezone.localdate()), "site": site,
    })  # fmt: skip


@require_POST
def approve(request: PageRequest, code: UUID) -> HttpResponse:
    """Put a draft in force."""
    plan = actions.approve_plan(plan=_visible(request.reach, code), by=request.reach, now=timezone.now())
    messages.success(request, _("The plan is in force. Whoever has a card in it has been told."))
    return redirect(plan)


@require_POST
def drop(request: PageRequest, code: UUID) -> HttpResponse:
    """Give up a draft."""
    plan = actions.drop_draft(plan=_visible(request.reach, code), by=request.reach, now=timezone.now())
    messages.success(request, _("The draft is given up. The version in force stays."))
    return redirect(plan)


@require_POST
def review(request: PageRequest, code: UUID) -> HttpResponse:
    """Say that the version in force was reviewed and stays."""
    plan = actions.confirm_review(plan=_visible(request.reach, code), by=request.reach, now=timezone.now())
    messages.success(request, _("Reviewed. The next review is noted."))
    return redirect(plan)


def _visible(reach: Reach, code: UUID) -> ContingencyPlan:
    plans = ContingencyPlan.objects.visible_to(reach).select_related(
        "school__organisation", "school__county", "school__station", "school__town", "approved_by", "drafted_by"
    )
    return get_object_or_404(plans, code=code)


def _words(plan: ContingencyPlan, content: PlanContent) -> dict[str, Any]:
    """What a plan says, as its page and its sheets show it."""
    today = timezone.localdate()
    site = Site.objects.filter(school=plan.school, is_main=True).first()
    points = [{"name": one.name, "lon": one.lon, "lat": one.lat} for one in content.assembly if one.lon is not None]
    here = [{"name": str(plan.school), "lon": site.lon, "lat": site.lat}] if site else []
    return {
        "plan": plan, "content": content, "cards": named_cards(content), "tree": phone_tree(plan.school, content),
        "title": title_of(plan.kind, today), "template": templates(today).get(plan.kind),
        "points": here + points if points else [], "spokesperson": _spokesperson(content, plan),
    }  # fmt: skip


def _spokesperson(content: PlanContent, plan: ContingencyPlan) -> str:
    named = [content.spokesperson] if content.spokesperson else []
    found = staff_of(plan.school, timezone.localdate()).filter(pk__in=named).first()
    return found.name if found else ""
