"""The burden meter: what filling in costs a school, or all schools together."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huyuan.common.effort import asked_twice
from huyuan.ledgers.declaration import Sort
from huyuan.ledgers.paging import page_of
from huyuan.organisations.models import OrganisationKind, School
from huyuan.people.http import PageRequest
from huyuan.policy.efforts.figures import burden_of, by_school, medians, month_of
from huyuan.policy.models import Effort
from huyuan.policy.permissions import check_can_read_burden, check_can_read_burden_of

BY_NAME = Sort("name", _("name"), ("organisation__sort_key", "organisation_id"))
SIZE = 50


@require_safe
def burden(request: PageRequest) -> HttpResponse:
    """Show the burden of one's own school, or the sum of the schools one has charge of; to the county each of them."""
    check_can_read_burden(request.reach)
    reach, today = request.reach, timezone.localdate()
    home = request.acting_post.organisation if request.acting_post else None
    efforts = Effort.objects.visible_to(reach).of_schools()
    context: dict[str, Any] = {"burden": burden_of(efforts, today), "of": home, "twice": asked_twice(), "today": today}
    if home is not None and home.kind != OrganisationKind.SCHOOL:
        context |= {"of": None, "own": month_of(Effort.objects.visible_to(reach).filter(organisation=home), today)}
    if reach.covers_county:
        schools = School.objects.visible_to(reach).select_related("organisation")
        page = page_of(schools, BY_NAME, request.GET.get("at", ""), SIZE)
        context |= {"kinds": medians(reach, today), "page": page, "schools": by_school(efforts, page.rows, today)}
    return render(request, "policy/burden.html", context)


@require_safe
def burden_of_school(request: PageRequest, code: UUID) -> HttpResponse:
    """Show the burden of one school."""
    schools = School.objects.visible_to(request.reach).select_related("organisation")
    school = get_object_or_404(schools, organisation__code=code)
    check_can_read_burden_of(request.reach, school)
    efforts, today = Effort.objects.visible_to(request.reach).filter(organisation=school.pk), timezone.localdate()
    context = {"burden": burden_of(efforts, today), "of": school.organisation, "twice": asked_twice(), "today": today}
    return render(request, "policy/burden.html", context)
