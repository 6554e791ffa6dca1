"""CAP 1.2 on pages: the feed of incidents, and warnings that came in."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from huyuan.common.reach import allowed
from huyuan.emergency.actions import cap as actions
from huyuan.emergency.cap.trees import LARGEST
from huyuan.emergency.cap.writing import to_xml
from huyuan.emergency.cap_feed import ATOM, CAP, feed, incidents_of, message_of
from huyuan.emergency.forms.outside import NoticeFileForm
from huyuan.emergency.models import CapNotice
from huyuan.emergency.notices_in import shown
from huyuan.emergency.permissions import check_can_read_feed, check_can_take_notice
from huyuan.people.http import PageRequest

EARLIER = 30


@require_safe
def cap_feed(request: PageRequest) -> HttpResponse:
    """The incidents of the reader as an Atom feed of CAP messages."""
    check_can_read_feed(request.reach)
    written = feed(
        county=request.user.county,
        reach=request.reach,
        link=lambda identifier: request.build_absolute_uri(_address_of(identifier)),
        here=request.build_absolute_uri(),
        now=timezone.now(),
    )
    return HttpResponse(written, content_type=ATOM)


@require_safe
def cap_message(request: PageRequest, code: UUID, entry: int) -> HttpResponse:
    """One message of an incident."""
    check_can_read_feed(request.reach)
    message = message_of(get_object_or_404(incidents_of(request.reach), code=code), entry)
    if message is None:
        raise Http404
    return HttpResponse(to_xml(message), content_type=CAP)


@require_safe
def cap_notices(request: PageRequest) -> HttpResponse:
    """The warnings that came in: what holds, and what was before."""
    now = timezone.now()
    found = CapNotice.objects.visible_to(request.reach).prefetch_related("replaces")
    holding = list(found.shown(now))
    earlier = found.exclude(pk__in=[notice.pk for notice in holding]).order_by("-pk")[:EARLIER]
    context = {
        "holding": [shown(notice, now) for notice in holding],
        "earlier": [shown(notice, now) for notice in earlier],
        "may_take": allowed(check_can_take_notice, request.reach),
    }
    return render(request, "emergency/cap_notices.html", context)


@require_http_methods(["GET", "POST"])
def take_notice(request: PageRequest) -> HttpResponse:
    """Bring a warning in as a file."""
    check_can_take_notice(request.reach)
    form = NoticeFileForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        raw = form.cleaned_data["file"].read(LARGEST + 1)
        notice = actions.take_notice(raw=raw, by=request.reach, now=timezone.now())
        messages.success(request, _("Taken: %(notice)s") % {"notice": notice})
        return redirect("emergency:cap_notices")
    return render(request, "emergency/cap_take.html", {"form": form})


def _address_of(identifier: str) -> str:
    code, _dot, entry = identifier.rpartition(".")
    return reverse("emergency:cap_message", args=[code, entry])
