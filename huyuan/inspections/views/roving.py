"""The plan of roving checks: week by week, drawn, moved, left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huyuan.inspections.actions import roving as actions
from huyuan.inspections.checklists import current_checklists
from huyuan.inspections.forms import DrawForm, DropForm, MoveForm
from huyuan.inspections.models import RovingPlan, RovingVisit
from huyuan.inspections.permissions import check_can_change_visit, check_can_plan
from huyuan.inspections.roving import monday, usual_visits
from huyuan.organisations.models import School, Term
from huyuan.people.http import PageRequest

Status = RovingVisit.Status
# What one officer manages beside everything else; the county's to set with each draw.
PER_WEEK, GAP_WEEKS = 3, 4


@dataclass(frozen=True)
class Week:
    """One week of the plan. `open` weeks are unfolded: this one, and those with visits that are late."""

    number: int
    begins_on: date
    visits: list[RovingVisit]
    today: date

    @property
    def ends_on(self) -> date:
        """Its Sunday."""
        return self.begins_on + timedelta(days=6)

    @property
    def standing(self) -> list[RovingVisit]:
        """The visits that were made or will be."""
        return [visit for visit in self.visits if visit.status in {Status.PLANNED, Status.DONE}]

    @property
    def done(self) -> int:
        """How many were made."""
        return sum(visit.status == Status.DONE for visit in self.visits)

    @property
    def is_now(self) -> bool:
        """Whether it is this week."""
        return self.begins_on <= self.today <= self.ends_on

    @property
    def late(self) -> bool:
        """Whether it is over and something in it was not done."""
        return self.ends_on < self.today and any(visit.status == Status.PLANNED for visit in self.visits)

    @property
    def open(self) -> bool:
        """Whether it is shown unfolded."""
        return self.late or (self.begins_on <= self.today + timedelta(days=7) and self.ends_on >= self.today)


@dataclass(frozen=True)
class Sheet:
    """A plan as it is read."""

    plan: RovingPlan
    weeks: list[Week] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)


@require_safe
def plan(request: PageRequest) -> HttpResponse:
    """Show the term's plan of one's agency; police and bureau of the county look at those of others too."""
    check_can_plan(request.reach)
    term = _term(request)
    plans = list(
        RovingPlan.objects.visible_to(request.reach).filter(term=term).select_related("organisation", "made_by", "term")
    )
    wanted = request.GET.get("agency", "")
    own = next((one for one in plans if one.organisation_id == request.reach.organisation_id), None)
    shown = next((one for one in plans if str(one.organisation.code) == wanted), own)
    context = {
        "term": term, "others": [one for one in plans if one is not shown], "own": shown is own,
        "sheet": _sheet(request, shown) if shown else None,
    }  # fmt: skip
    return render(request, "inspections/roving.html", context)


@require_http_methods(["GET", "POST"])
def draw(request: PageRequest) -> HttpResponse:
    """Draw the plan of the term, or draw again what has not happened yet."""
    check_can_plan(request.reach)
    term, today = _term(request), timezone.localdate()
    standing = RovingPlan.objects.filter(organisation_id=request.reach.home, term=term).first()
    joint = [one for one in current_checklists(today) if one.is_joint]
    initial = {
        "checklist": standing.checklist_code if standing else "comprehensive",
        "per_week": standing.per_week if standing else PER_WEEK,
        "per_school": standing.per_school if standing else None,
        "gap_weeks": standing.gap_weeks if standing else GAP_WEEKS,
    }
    form = DrawForm(request.POST or None, checklists=joint, initial=initial)
    if term is not None and form.is_valid():
        given = form.cleaned_data | {"per_school": form.cleaned_data["per_school"] or _usual(request, term, form)}
        actions.draw_plan(term=term, by=request.reach, now=timezone.now(), **given)
        messages.success(request, _("The plan is drawn. Schools do not see the visits to come."))
        return redirect("inspections:roving")
    return render(request, "inspections/roving_form.html", {
        "form": form if term else None, "term": term, "title": _("Draw the plan again") if standing else _("Draw the plan"),
        "text": _("Every school is visited once before any a second time, with as many visits each week. What was done, moved or left out stays."),
        "submit": _("Draw"),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def move(request: PageRequest, code: UUID) -> HttpResponse:
    """Move a visit to another day."""
    visit = _visible(request, code)
    form = MoveForm(request.POST or None)
    if form.is_valid():
        actions.move_visit(visit=visit, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The visit is moved."))
        return redirect("inspections:roving")
    return _visit_form(request, visit, form, _("Move the visit"), _("Move"))


@require_http_methods(["GET", "POST"])
def drop(request: PageRequest, code: UUID) -> HttpResponse:
    """Leave a visit out."""
    visit = _visible(request, code)
    form = DropForm(request.POST or None)
    if form.is_valid():
        actions.drop_visit(visit=visit, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The visit is left out. The plan keeps the reason."))
        return redirect("inspections:roving")
    return _visit_form(request, visit, form, _("Leave the visit out"), _("Leave out"))


def _term(request: PageRequest) -> Term | None:
    """The term that is running, or the next one."""
    terms = request.user.county.terms.filter(ends_on__gte=timezone.localdate())
    return terms.select_related("county").order_by("starts_on").first()


def _usual(request: PageRequest, term: Term, form: DrawForm) -> int:
    days = actions.school_days(term, timezone.localdate())
    schools = School.objects.visible_to(request.reach).count()
    return usual_visits(schools, len({monday(day) for day in days}), form.cleaned_data["per_week"])


def _sheet(request: PageRequest, shown: RovingPlan) -> Sheet:
    today = timezone.localdate()
    visits = list(
        RovingVisit.objects.visible_to(request.reach).filter(plan=shown)
        .select_related("plan", "school__organisation", "inspection", "moved_to")
    )  # fmt: skip
    weeks = _weeks(shown, visits, today)
    counted = {
        "planned": sum(len(week.standing) for week in weeks),
        "done": sum(week.done for week in weeks),
        "late": sum(visit.status == Status.PLANNED and visit.week_ends_on < today for visit in visits),
    }
    return Sheet(shown, weeks, counted)


def _weeks(shown: RovingPlan, visits: Sequence[RovingVisit], today: date) -> list[Week]:
    first = monday(shown.term.starts_on)
    return [
        Week((begins_on - first).days // 7 + 1, begins_on, list(found), today)
        for begins_on, found in groupby(visits, key=lambda visit: monday(visit.planned_on))
    ]


def _visible(request: PageRequest, code: UUID) -> RovingVisit:
    visits = RovingVisit.objects.visible_to(request.reach).select_related("plan", "school__organisation")
    visit = get_object_or_404(visits, code=code)
    check_can_change_visit(request.reach, visit)
    return visit


def _visit_form(request: PageRequest, visit: RovingVisit, form: Form, title: str, submit: str) -> HttpResponse:
    context: dict[str, Any] = {"visit": visit, "form": form, "title": title, "submit": submit}
    return render(request, "inspections/roving_form.html", context)
