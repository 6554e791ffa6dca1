"""The account of an incident as a file."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from huyuan.common.sheets.writing import XLSX
from huyuan.emergency.actions.accounts import record_account
from huyuan.emergency.models import Incident
from huyuan.emergency.timeline import DOCX, account_of, activity_log, file_name, timeline_paper, timeline_sheet
from huyuan.people.http import PageRequest


@require_safe
def timeline_docx(request: PageRequest, code: UUID) -> HttpResponse:
    """The handling timeline as a paper."""
    return _file(request, code, "timeline", "docx", timeline_paper)


@require_safe
def timeline_xlsx(request: PageRequest, code: UUID) -> HttpResponse:
    """The handling timeline as a sheet."""
    return _file(request, code, "timeline", "xlsx", timeline_sheet)


@require_safe
def ics214_docx(request: PageRequest, code: UUID) -> HttpResponse:
    """The activity log in the shape of ICS 214."""
    return _file(request, code, "ics214", "docx", activity_log)


def _file(request: PageRequest, code: UUID, form: str, kind: str, write: Callable[..., bytes]) -> HttpResponse:
    now = timezone.now()
    related = ("school__organisation", "county", "command", "cleared_by")
    incident = get_object_or_404(Incident.objects.visible_to(request.reach).select_related(*related), code=code)
    record_account(incident=incident, form=f"{form}.{kind}", by=request.reach, now=now)
    content = write(account_of(incident), by=request.user.name, now=now)
    answer = HttpResponse(content, content_type=DOCX if kind == "docx" else XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, file_name(incident, form, kind))
    return answer
