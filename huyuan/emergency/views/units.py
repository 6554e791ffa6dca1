"""The smallest emergency unit of a school, the units of one's charge, and what volunteers offer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, allowed
from huyuan.emergency.actions import offers
from huyuan.emergency.actions import units as actions
from huyuan.emergency.forms.units import LeaveForm, MemberForm, SmallForm
from huyuan.emergency.models import HelpOffer, SmallSchool, UnitMember
from huyuan.emergency.permissions import check_can_edit_unit, check_can_offer_help
from huyuan.emergency.readiness import ORDER, units_in_charge
from huyuan.emergency.units import nearest_help, staff_of, unit_of_school
from huyuan.emergency.views.schools import school_of, siblings_of
from huyuan.organisations.models import Organisation, School
from huyuan.people.http import PageRequest


@require_safe
def unit(request: PageRequest) -> HttpResponse:
    """The unit of one school now; over several schools, whose unit is whole and whose is not."""
    _check_reads(request)
    school = school_of(request)
    if school is not None:
        return _page(request, school)
    units = units_in_charge(request.reach, request.user.county, timezone.now())
    counted = {state: sum(one.state == state for one in units) for state in ORDER}
    return render(request, "emergency/units.html", {"units": units, "counted": counted, "now": timezone.now()})


@require_POST
def add_member(request: PageRequest, code: UUID) -> HttpResponse:
    """Take somebody into the unit."""
    school = _school(request, code)
    check_can_edit_unit(request.reach, school)
    form = MemberForm(request.POST, staff=staff_of(school, timezone.localdate()))
    if not form.is_valid():
        return _page(request, school, member_form=form)
    made = actions.add_member(school=school, by=request.reach, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("%(name)s is in the unit and has been told.") % {"name": made.user.name})
    return redirect(_address(school))


@require_POST
def remove_member(request: PageRequest, code: UUID) -> HttpResponse:
    """Take somebody out of the unit."""
    school = _school(request, code)
    form = LeaveForm(request.POST)
    check_can_edit_unit(request.reach, school)
    wanted = form.cleaned_data["user"] if form.is_valid() else None
    member = get_object_or_404(
        UnitMember.objects.visible_to(request.reach).filter(school=school, until=None), user__code=wanted
    )
    actions.remove_member(member=member, by=request.reach, now=timezone.now())
    messages.success(request, _("%(name)s is not in the unit any more.") % {"name": member.user.name})
    return redirect(_address(school))


@require_POST
def declare_small(request: PageRequest, code: UUID) -> HttpResponse:
    """Say that there can be no whole unit, and who helps first."""
    school = _school(request, code)
    check_can_edit_unit(request.reach, school)
    form = SmallForm(request.POST, helpers=_helpers(request, school))
    if not form.is_valid():
        return _page(request, school, small_form=form)
    actions.declare_small(school=school, by=request.reach, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Arranged. In an alarm the helper is named first."))
    return redirect(_address(school))


@require_POST
def end_small(request: PageRequest, code: UUID) -> HttpResponse:
    """Say that the school has a whole unit again."""
    school = _school(request, code)
    small = get_object_or_404(SmallSchool.objects.visible_to(request.reach).standing(), school=school)
    actions.end_small(small=small, by=request.reach, now=timezone.now())
    messages.success(request, _("The arrangement has ended. The unit counts in full again."))
    return redirect(_address(school))


@require_http_methods(["GET", "POST"])
def offer(request: PageRequest) -> HttpResponse:
    """What a volunteer offers: to be called, or not. Nothing is compulsory."""
    check_can_offer_help(request.reach)
    if request.method == "POST":
        offers.offer_help(by=request.reach, now=timezone.now())
        messages.success(request, _("Thank you. You may be called when something happens near you."))
        return redirect("emergency:offer")
    standing = HelpOffer.objects.visible_to(request.reach).standing().filter(user=request.user)
    return render(request, "emergency/offer.html", {
        "offer": standing.select_related("organisation").first(),
        "home": get_object_or_404(Organisation, pk=request.reach.organisation_id),
    })  # fmt: skip


@require_POST
def withdraw_offer(request: PageRequest) -> HttpResponse:
    """Take back one's offer, with one tap and without a reason."""
    offers.withdraw_offer(by=request.reach, now=timezone.now())
    messages.success(request, _("You will not be called. You can offer again at any time."))
    return redirect("emergency:offer" if allowed(check_can_offer_help, request.reach) else "web:today")


def _page(request: PageRequest, school: School, **given: Any) -> HttpResponse:
    """The page of a unit, with forms that were filled in wrongly."""
    now = timezone.now()
    shown = unit_of_school(school, now)
    may_edit = allowed(check_can_edit_unit, request.reach, school)
    forms = {
        "member_form": MemberForm(staff=staff_of(school, timezone.localdate())),
        "small_form": SmallForm(helpers=_helpers(request, school)),
    } if may_edit else {}  # fmt: skip
    volunteers = HelpOffer.objects.visible_to(request.reach).standing().filter(organisation=school.organisation)
    return render(request, "emergency/unit.html", {
        "school": school, "unit": shown, "now": now, "may_edit": may_edit, "helps": nearest_help(shown, now),
        "siblings": siblings_of(request.reach, school), "offers": volunteers.count(), **forms, **given,
    })  # fmt: skip


def _check_reads(request: PageRequest) -> None:
    if not request.reach.may(Permission.UNIT_READ):
        raise Denied(_("Your role does not see emergency units."))


def _school(request: PageRequest, code: UUID) -> School:
    schools = School.objects.visible_to(request.reach).select_related("organisation", "county", "station")
    return get_object_or_404(schools, organisation__code=code)


def _helpers(request: PageRequest, school: School) -> Any:
    """Who can help: other schools, stations, towns and villages of the county."""
    found = Organisation.objects.visible_to(request.reach).filter(kind__in=actions.HELPERS).exclude(pk=school.pk)
    return found.order_by("kind", "sort_key")


def _address(school: School) -> str:
    return f"{reverse('emergency:unit')}?school={school.organisation.code}"
