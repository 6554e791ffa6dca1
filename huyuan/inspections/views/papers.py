"""Notices to schools: made, downloaded, numbered, signed for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.errors import Conflict
from huyuan.common.reach import allowed
from huyuan.inspections.actions import papers as actions
from huyuan.inspections.forms import (
    NoticeForm,
    NoticeNumberForm,
    NumberingForm,
    ReceiptForm,
    RefusalForm,
    WithdrawNoticeForm,
)
from huyuan.inspections.models import Hazard, NoticeNumbering, RectificationNotice
from huyuan.inspections.official_papers import DOCX, file_name, paper_of
from huyuan.inspections.permissions import check_can_handle, check_can_issue, check_can_number, check_can_receive
from huyuan.inspections.queries import hazards_to_put_on_paper
from huyuan.organisations.calendar import working_days
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def make_notice(request: PageRequest, code: UUID) -> HttpResponse:
    """Choose what stands on a notice; the hazards of the same check are ticked."""
    hazards = Hazard.objects.visible_to(request.reach).select_related("school__organisation", "county")
    hazard = get_object_or_404(hazards, code=code)
    check_can_issue(request.reach, hazard)
    choice = hazards_to_put_on_paper(request.reach, hazard.school_id)
    if not choice.exists():
        raise Conflict(_("Every hazard that your agency ordered at this school stands on a notice already."))
    form = NoticeForm(request.POST or None, hazards=choice, initial=_suggested(hazard, choice))
    if form.is_valid():
        made = actions.issue_notice(by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Made. Download the paper to print it."))
        return redirect(made)
    context = {
        "form": form, "title": _("Make the notice"), "submit": _("Make it"), "about": hazard.school,
        "back": hazard.get_absolute_url(), "hint": _("The paper is in Chinese: it is an official paper."),
    }  # fmt: skip
    return render(request, "inspections/paper_form.html", context)


@require_safe
def notice(request: PageRequest, code: UUID) -> HttpResponse:
    """Show a notice: what stands on it, how it was received, what may be done with it."""
    paper = _visible(request, code)
    waits = paper.status == RectificationNotice.Status.ISSUED
    handles = allowed(check_can_handle, request.reach, paper)
    context = {
        "notice": paper,
        "items": paper.items.select_related("hazard"),
        "may_number": handles and paper.kind == RectificationNotice.Kind.POLICE
        and paper.status != RectificationNotice.Status.WITHDRAWN,
        "may_record": handles and waits and bool(paper.number),
        "may_withdraw": handles and waits,
        "may_sign": waits and bool(paper.number) and allowed(check_can_receive, request.reach, paper),
    }  # fmt: skip
    return render(request, "inspections/notice.html", context)


@require_safe
def download(request: PageRequest, code: UUID) -> HttpResponse:
    """Answer the notice as a DOCX."""
    paper = _visible(request, code)
    response = HttpResponse(paper_of(paper), content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name(paper)) or ""
    return response


@require_http_methods(["GET", "POST"])
def enter_number(request: PageRequest, code: UUID) -> HttpResponse:
    """Enter or correct the number that the police case system gave."""
    paper = _visible(request, code)
    check_can_handle(request.reach, paper)
    initial = {"number": paper.outside_number, "dated_on": paper.outside_on or timezone.localdate()}
    form = NoticeNumberForm(request.POST or None, corrects=bool(paper.outside_number), initial=initial)
    if form.is_valid():
        actions.enter_number(notice=paper, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return _done(request, paper, _("The number is entered."))
    return _form(request, paper, form, _("Number of the police paper"), _("Enter"))


@require_POST
def sign(request: PageRequest, code: UUID) -> HttpResponse:
    """Sign for a notice on behalf of the school."""
    paper = actions.sign_for_notice(notice=_visible(request, code), by=request.reach, now=timezone.now())
    return _done(request, paper, _("Signed. The agency has been told."))


@require_http_methods(["GET", "POST"])
def receipt(request: PageRequest, code: UUID) -> HttpResponse:
    """Record who signed the printed receipt."""
    paper = _visible(request, code)
    check_can_handle(request.reach, paper)
    form = ReceiptForm(request.POST or None, initial={"received_on": timezone.localdate()})
    if form.is_valid():
        actions.record_receipt(notice=paper, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return _done(request, paper, _("Recorded."))
    return _form(request, paper, form, _("Signed on paper"), _("Record"))


@require_http_methods(["GET", "POST"])
def refusal(request: PageRequest, code: UUID) -> HttpResponse:
    """Record that the school did not sign, with the witness."""
    paper = _visible(request, code)
    check_can_handle(request.reach, paper)
    form = RefusalForm(request.POST or None, initial={"refused_on": timezone.localdate()})
    if form.is_valid():
        actions.record_refusal(notice=paper, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return _done(request, paper, _("Recorded."))
    return _form(request, paper, form, _("The school refused to sign"), _("Record"))


@require_http_methods(["GET", "POST"])
def withdraw(request: PageRequest, code: UUID) -> HttpResponse:
    """Take a notice back before it is signed for."""
    paper = _visible(request, code)
    check_can_handle(request.reach, paper)
    form = WithdrawNoticeForm(request.POST or None)
    if form.is_valid():
        actions.withdraw_notice(notice=paper, by=request.reach, now=timezone.now(), **form.cleaned_data)
        return _done(request, paper, _("Withdrawn. Its number stays used."))
    return _form(request, paper, form, _("Withdraw the notice"), _("Withdraw"))


@require_http_methods(["GET", "POST"])
def numbering(request: PageRequest) -> HttpResponse:
    """Decide how the bureau's numbers begin."""
    check_can_number(request.reach)
    kept = NoticeNumbering.objects.visible_to(request.reach).first()
    agency = request.acting_post.organisation if request.acting_post else None
    prefix = kept.prefix if kept else actions.usual_prefix(agency) if agency else ""
    form = NumberingForm(request.POST or None, initial={"beginning": prefix})
    if form.is_valid():
        actions.set_numbering(prefix=form.cleaned_data["beginning"], by=request.reach, now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("inspections:notices")
    example = f"{prefix}〔{timezone.localdate().year}〕1号"
    context = {
        "form": form, "title": _("Numbers of notices"), "submit": _("Save"), "about": example,
        "hint": _("The year and the count follow; the count goes on when the beginning changes."),
    }  # fmt: skip
    return render(request, "inspections/paper_form.html", context)


def _visible(request: PageRequest, code: UUID) -> RectificationNotice:
    related = ("school__organisation", "agency", "inspection__agency", "issued_by", "answered_by")
    return get_object_or_404(RectificationNotice.objects.visible_to(request.reach).select_related(*related), code=code)


def _suggested(hazard: Hazard, choice: QuerySet[Hazard]) -> dict[str, Any]:
    same = choice.filter(inspection=hazard.inspection_id) if hazard.inspection_id else choice.filter(pk=hazard.pk)
    ticked = list(same) or list(choice)
    last = max((h.due_date for h in ticked if h.due_date), default=timezone.localdate())
    recheck = working_days(hazard.county).after(max(last, timezone.localdate()), 1)
    return {"hazards": [h.code for h in ticked], "recheck_on": recheck}


def _form(request: PageRequest, paper: RectificationNotice, form: Form, title: str, submit: str) -> HttpResponse:
    about = f"{paper.school} · {paper}"
    context = {"form": form, "title": title, "submit": submit, "about": about, "back": paper.get_absolute_url()}
    return render(request, "inspections/paper_form.html", context)


def _done(request: PageRequest, paper: RectificationNotice, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(paper)
