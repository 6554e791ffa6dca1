"""Who is on duty: the week of an organisation, and all of one's charge at this moment."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import Permission, allowed
from huyuan.guardposts import actions
from huyuan.guardposts.forms import ShiftForm
from huyuan.guardposts.models import Shift
from huyuan.guardposts.permissions import check_can_enter_shifts
from huyuan.guardposts.queries import by_post, monday_of, on_duty, people_of, watches, week_of
from huyuan.organisations.models import Organisation
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def week(request: PageRequest) -> HttpResponse:
    """Show the week of an organisation, one's own when none is named, and enter a shift."""
    organisation, now = _organisation(request), timezone.now()
    monday = _monday(request)
    people = people_of(organisation, timezone.localdate())
    may_enter = allowed(check_can_enter_shifts, request.reach, organisation)
    day = max(monday, timezone.localdate())
    form = ShiftForm(request.POST or None, people=people, kind=organisation.kind, day=day)
    if request.method == "POST":
        check_can_enter_shifts(request.reach, organisation)
        if form.is_valid():
            made = actions.plan_shift(organisation=organisation, by=request.reach, now=now, **form.shift())
            messages.success(request, _("Entered: %(name)s.") % {"name": made[0].user.name})
            return redirect(_address(organisation, monday_of(timezone.localdate(made[0].starts_at))))
    current = on_duty([organisation.pk], now)[organisation.pk] if _reads(request, organisation) else []
    return render(request, "guardposts/week.html", {
        "organisation": organisation, "days": week_of(organisation, monday, request.reach, now), "monday": monday,
        "before": _address(organisation, monday - timedelta(days=7)),
        "after": _address(organisation, monday + timedelta(days=7)),
        "this_week": _address(organisation, monday_of(timezone.localdate())),
        "form": form if may_enter else None, "may_enter": may_enter, "now": now, "current": current,
        "asked": by_post(organisation, timezone.localdate()) if not current else [],
        "reads": _reads(request, organisation),
    })  # fmt: skip


@require_POST
def cancel(request: PageRequest, code: UUID) -> HttpResponse:
    """Take back a shift."""
    shift = get_object_or_404(Shift.objects.visible_to(request.reach).select_related("organisation"), code=code)
    actions.cancel_shift(shift=shift, by=request.reach, now=timezone.now())
    messages.success(request, _("The shift is cancelled."))
    return redirect(_address(shift.organisation, monday_of(timezone.localdate(shift.starts_at))))


@require_safe
def now(request: PageRequest) -> HttpResponse:
    """Who is on duty at this moment in one's charge."""
    if not request.reach.may(Permission.SHIFT_READ):
        return redirect("guardposts:week")
    found = watches(request.reach, timezone.now())
    return render(request, "guardposts/now.html", {
        "watches": found, "entered": sum(bool(one.shifts) for one in found), "now": timezone.now(),
    })  # fmt: skip


def _organisation(request: PageRequest) -> Organisation:
    """The organisation named, within one's charge; else one's own."""
    wanted = request.GET.get("organisation", "")
    within = Organisation.objects.within(request.reach)
    with suppress(ValueError):
        return get_object_or_404(within, code=UUID(wanted)) if wanted else _home(request)
    return _home(request)


def _home(request: PageRequest) -> Organisation:
    return get_object_or_404(Organisation, pk=request.reach.organisation_id)


def _monday(request: PageRequest) -> date:
    """The Monday of the week asked for, this week's when none is."""
    with suppress(ValueError):
        return monday_of(date.fromisoformat(request.GET.get("week", "")))
    return monday_of(timezone.localdate())


def _address(organisation: Organisation, monday: date) -> str:
    return f"{reverse('guardposts:week')}?organisation={organisation.code}&week={monday}"


def _reads(request: PageRequest, organisation: Organisation) -> bool:
    """Whether the reader sees everybody's shifts here, and not only their own."""
    return request.reach.may(Permission.SHIFT_READ) and organisation.county_id == request.reach.county_id
