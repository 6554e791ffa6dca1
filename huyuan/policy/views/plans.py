"""The living plan: its text with the state beside every clause, how it came in, and what the county sets."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import Permission
from huyuan.people.http import PageRequest
from huyuan.policy.actions import plans as actions
from huyuan.policy.forms import PlanForm, RhythmForm
from huyuan.policy.models import Obligation, PlanVersion
from huyuan.policy.permissions import check_can_keep_plan, check_can_read_plan
from huyuan.policy.plantext import read_plan
from huyuan.policy.presentation import choices_of, listed, living, standing_of, unjudged
from huyuan.policy.queries import organisations_standing, tallies
from huyuan.policy.rulebook import plans_of, rulebook
from huyuan.policy.scopes import scope_for, scopes_of
from huyuan.policy.states import State

PAGE = 50


@require_safe
def plan(request: PageRequest) -> HttpResponse:
    """The newest text with the state of the chosen scope beside each clause."""
    check_can_read_plan(request.reach)
    plan = plans_of(request.reach.county_id).first()
    if plan is None:
        return render(request, "policy/no_plan.html", {"may_keep": request.reach.may(Permission.PLAN_KEEP)})
    scope = scope_for(request.reach, request.user.county, request.GET.get("of", ""))
    found = tallies(request.user.county, scope.organisations, timezone.localdate())
    version = plan.versions.select_related("plan").prefetch_related("clauses").latest("number")
    shown = asked if (asked := request.GET.get("show", "")) in State.values else ""
    context = {
        "plan": plan, "version": version, "scope": scope, "scopes": scopes_of(request.reach, request.user.county),
        "clauses": living(version, plan, found, scope, shown), "choices": choices_of(found), "shown": shown,
        "unjudged": unjudged(found), "may_keep": request.reach.may(Permission.PLAN_KEEP),
        "defaults": sum(tally.rule.version.is_default for tally in found),
    }  # fmt: skip
    return render(request, "policy/plan.html", context)


@require_safe
def obligation(request: PageRequest, key: str) -> HttpResponse:
    """Which organisations of the scope stand where with one obligation, by name."""
    check_can_read_plan(request.reach)
    thing = get_object_or_404(Obligation.objects.visible_to(request.reach).in_force(), key=key)
    county, today = request.user.county, timezone.localdate()
    scope = scope_for(request.reach, county, request.GET.get("of", ""))
    rule = next(r for r in rulebook(county, today, thing.bearer).rules if r.version.obligation_id == thing.pk)
    page = organisations_standing(
        rule, scope.organisations, today, unmet="unmet" in request.GET, after=request.GET.get("after", ""), limit=PAGE
    )
    context = {"rule": rule, "scope": scope, "page": page, "unmet": "unmet" in request.GET}
    return render(request, "policy/obligation.html", context)


@require_http_methods(["GET", "POST"])
def bring_in(request: PageRequest) -> HttpResponse:
    """Bring a plan's text in; where a pack of its code is installed its duties become obligations."""
    check_can_keep_plan(request.reach)
    form = PlanForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        done = actions.import_plan(
            county=request.user.county, code=form.cleaned_data["code"], text=read_plan(file.read(), file.name),
            file_name=file.name, counts_from=form.cleaned_data["counts_from"], by=request.reach, now=timezone.now(),
        )  # fmt: skip
        installed = actions.install_packs(plan=done.version.plan, by=request.reach, now=timezone.now())
        messages.success(request, said_of(done, installed))
        if installed.misfits:
            messages.warning(
                request,
                _("The pack does not fit the text of the plan: %(what)s") % {"what": "; ".join(installed.misfits[:5])},
            )
        if done.replaced is not None:
            messages.warning(
                request,
                _("It is in force instead of “%(title)s” (%(code)s). To go back, bring that one in again.")
                % {"title": done.replaced.title, "code": done.replaced.code},
            )
        return redirect("policy:plan")
    return render(request, "policy/import.html", {"form": form, "plan": plans_of(request.reach.county_id).first()})


def said_of(done: actions.Imported, installed: actions.Installed) -> str:
    """What an import did, in one sentence."""
    counts = {"clauses": len(done.parsed.clauses), "rules": done.version.plan.obligations.in_force().count()}
    if installed.misfits:
        return _("%(clauses)s clauses are in.") % counts
    if installed.changed is None:
        return _("%(clauses)s clauses are in. No pack has this code yet, so nobody is obliged by them here.") % counts
    return _("%(clauses)s clauses are in; they oblige to %(rules)s things.") % counts


@require_safe
def version(request: PageRequest, code: UUID) -> HttpResponse:
    """One version of a plan's text exactly as it came in, and the versions around it."""
    check_can_read_plan(request.reach)
    found = PlanVersion.objects.visible_to(request.reach).select_related("plan", "imported_by")
    thing = get_object_or_404(found, code=code)
    context = {"version": thing, "others": thing.plan.versions.select_related("imported_by")}
    return render(request, "policy/version.html", context)


@require_safe
def rhythms(request: PageRequest) -> HttpResponse:
    """What the plan calls "regularly": the default, and what the county has set."""
    check_can_keep_plan(request.reach)
    book = rulebook(request.user.county, timezone.localdate())
    rows = [(rule, RhythmForm(initial={"rhythm": standing_of(rule)}, auto_id=f"id_{rule.entry.key}_%s"))
            for rule in listed(book.rules)]  # fmt: skip
    return render(request, "policy/rhythms.html", {"rows": rows})


@require_POST
def set_rhythm(request: PageRequest, key: str) -> HttpResponse:
    """Set how often one of them is owed."""
    thing = get_object_or_404(Obligation.objects.visible_to(request.reach).in_force(), key=key)
    check_can_keep_plan(request.reach)
    form = RhythmForm(request.POST)
    if form.is_valid():
        actions.set_rhythm(obligation=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Set. It begins with the next such period."))
    else:
        messages.error(request, _("Choose a rhythm: monthly, quarterly, every term or yearly."))
    return redirect("policy:rhythms")
