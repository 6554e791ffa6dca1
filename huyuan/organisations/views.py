"""The pages of organisations, of the calendar, and of what a school stands under."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huyuan.common.errors import Invalid
from huyuan.common.reach import Permission, Reach, allowed
from huyuan.organisations.actions import agencies, jurisdiction
from huyuan.organisations.actions import calendar as actions
from huyuan.organisations.calendar import working_days
from huyuan.organisations.forms import AddForm, CentralSchoolForm, DayForm, OrganisationForm, RemoveDayForm, TermForm
from huyuan.organisations.models import CalendarDay, County, Organisation, School
from huyuan.organisations.permissions import (
    check_can_edit_calendar,
    check_can_edit_some_calendar,
    check_can_import_schools,
    check_can_keep_organisations,
)

SHOWN_DAYS = 200
DAY = timedelta(days=1)


class ReachRequest(HttpRequest):
    """A request of somebody signed in; who that is, this layer does not know."""

    reach: Reach


@require_http_methods(["GET", "POST"])
def calendar(request: ReachRequest) -> HttpResponse:
    """Show the terms and special days of the county and of one's own schools, and set a day."""
    form = _day_form(request)
    if request.method == "POST":
        check_can_edit_some_calendar(request.reach)
        if form.is_valid():
            actions.set_calendar_day(county=_county(request), by=request.reach, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Saved. Deadlines set from now on count by it."))
            return redirect("organisations:calendar")
    return _page(request, day_form=form)


@require_POST
def set_term(request: ReachRequest) -> HttpResponse:
    """Set the first and last day of a term."""
    county, form = _county(request), TermForm(request.POST)
    check_can_edit_calendar(request.reach, county, None)
    if form.is_valid():
        actions.set_term(county=county, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The term is saved."))
        return redirect("organisations:calendar")
    return _page(request, term_form=form)


@require_POST
def remove_day(request: ReachRequest) -> HttpResponse:
    """Return a day to the public calendar."""
    check_can_edit_some_calendar(request.reach)
    form = RemoveDayForm(request.POST)
    if not form.is_valid():
        raise Invalid(_("Choose the day on the calendar's page."))
    entry = get_object_or_404(
        _days(request), day=form.cleaned_data["day"], school__organisation__code=form.cleaned_data["school"]
    )
    actions.remove_calendar_day(entry=entry, by=request.reach, now=timezone.now())
    messages.success(request, _("The public calendar holds again on this day."))
    return redirect("organisations:calendar")


@require_http_methods(["GET", "POST"])
def central_school(request: ReachRequest, code: UUID) -> HttpResponse:
    """Put a teaching point under its central school, or let it act for itself."""
    visible = School.objects.visible_to(request.reach).select_related("organisation", "central_school__organisation")
    school = get_object_or_404(visible, organisation__code=code)
    check_can_import_schools(request.reach, school.county)
    others = (
        visible.filter(central_school=None, town=school.town).exclude(pk=school.pk).order_by("organisation__sort_key")
    )
    now_under = school.central_school.organisation.code if school.central_school else ""
    form = CentralSchoolForm(request.POST or None, schools=list(others), initial={"central": now_under})
    if form.is_valid():
        jurisdiction.set_central_school(
            point=school, central=form.cleaned_data["central"], by=request.reach, now=timezone.now()
        )
        messages.success(request, _("Saved."))
        return redirect(school)
    return render(request, "organisations/central_school.html", {"school": school, "form": form})


@require_http_methods(["GET", "POST"])
def add(request: ReachRequest) -> HttpResponse:
    """Add a village or a police station."""
    check_can_keep_organisations(request.reach)
    form = AddForm(request.POST or None, reach=request.reach)
    if form.is_valid():
        agencies.add_organisation(county=_county(request), by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Added. People can be imported for it now."))
        return redirect("web:organisations")
    return render(request, "organisations/organisation_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
def organisation(request: ReachRequest, code: UUID) -> HttpResponse:
    """Show an organisation and what stands under it; the bureau corrects its name, duty phone and seat."""
    found = Organisation.objects.visible_to(request.reach).agencies().select_related("parent", "county")
    thing = get_object_or_404(found, code=code)
    keeps = allowed(check_can_keep_organisations, request.reach, thing.county)
    if request.method == "POST":
        check_can_keep_organisations(request.reach, thing.county)
    form = OrganisationForm(request.POST or None, initial=present(thing))
    if form.is_valid():
        agencies.correct_organisation(organisation=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("web:organisations")
    under = thing.children.order_by("kind", "sort_key")
    context = {
        "organisation": thing, "under": under, "form": form if keeps else None, "outline": thing.county.outline,
        "points": [{"name": thing.name, "lon": thing.lon, "lat": thing.lat}] if thing.seat else [],
    }  # fmt: skip
    return render(request, "organisations/organisation.html", context)


def present(thing: Organisation) -> dict[str, str]:
    """What the form begins with."""
    placed = {"position": f"{thing.lon}, {thing.lat}"} if thing.seat else {}
    return {"name": thing.name, "phone": thing.phone} | placed


def _county(request: ReachRequest) -> County:
    return get_object_or_404(County, pk=request.reach.county_id)


def _own_schools(request: ReachRequest) -> list[School]:
    """The schools whose days the acting post sets: none for the bureau, which sets the county's."""
    if request.reach.covers_county or not request.reach.may(Permission.CALENDAR_EDIT):
        return []
    return list(
        School.objects.visible_to(request.reach).select_related("organisation").order_by("organisation__sort_key")
    )


def _day_form(request: ReachRequest) -> DayForm:
    return DayForm(
        request.POST if request.method == "POST" else None,
        schools=_own_schools(request), whole_county=request.reach.covers_county,
    )  # fmt: skip


def _page(request: ReachRequest, *, day_form: DayForm | None = None, term_form: TermForm | None = None) -> HttpResponse:
    county, reach = _county(request), request.reach
    may_edit = reach.may(Permission.CALENDAR_EDIT)
    days, public = _days(request).order_by("-day", "school_id")[:SHOWN_DAYS], working_days(county)
    context = {
        "terms": [(term, public.between(term.starts_on - DAY, term.ends_on)) for term in county.terms.order_by("-starts_on")[:8]],
        "days": [(day, may_edit and reach.covers_county is (day.school_id is None)) for day in days],
        "day_form": (day_form or DayForm(schools=_own_schools(request), whole_county=reach.covers_county)) if may_edit else None,
        "term_form": (term_form or TermForm()) if may_edit and reach.covers_county else None,
    }  # fmt: skip
    return render(request, "organisations/calendar.html", context)


def _days(request: ReachRequest) -> QuerySet[CalendarDay]:
    """The county's days, and those of the schools the reader has charge of."""
    days = CalendarDay.objects.filter(county_id=request.reach.county_id).select_related("school__organisation")
    return days.filter(school=None) | days.filter(school__in=School.objects.visible_to(request.reach))
