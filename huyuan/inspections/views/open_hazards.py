"""What is open: the list that is driven to zero, on the page and on paper."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission
from huyuan.inspections.open_hazards import SHOWN_ALONE, OpenList, chart_of, open_list
from huyuan.people.http import PageRequest


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """Show what is open, by whose turn it is and how long."""
    found = open_list(_reader(request).reach, request.GET, timezone.localdate())
    context = {"list": found, "chart": chart_of(found), "query": _query(found)}
    return render(request, "inspections/open_hazards.html", context)


@require_safe
def paper(request: PageRequest) -> HttpResponse:
    """The same on paper, for a meeting."""
    found = open_list(_reader(request).reach, request.GET, timezone.localdate(), SHOWN_ALONE)
    context = {"list": found, "query": _query(found)}
    return render(request, "inspections/open_hazards_print.html", context)


def _reader(request: PageRequest) -> PageRequest:
    if not request.reach.may(Permission.HAZARD_READ):
        raise Denied(_("Your role does not read hazards."))
    return request


def _query(found: OpenList) -> str:
    return urlencode({choice.key: choice.value for choice in found.choices if choice.value})
