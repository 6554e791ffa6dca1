"""A check on the phone: begin, walk the items, sign."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import retarget

from huyuan.attachments.models import Attachment
from huyuan.attachments.queries import photos_of
from huyuan.common.reach import allowed
from huyuan.inspections.actions import checks as actions
from huyuan.inspections.checklists import Item, Section
from huyuan.inspections.forms import AnswerForm, BeginForm, CancelForm, PhotoForm, ReopenForm
from huyuan.inspections.models import Answer, Hazard, Inspection
from huyuan.inspections.permissions import (
    check_can_begin,
    check_can_conduct,
    check_can_confirm,
    check_can_sign,
    check_can_use,
    signing_side,
)
from huyuan.inspections.presentation import answer_words, inspection_bar
from huyuan.inspections.queries import offered_checklists
from huyuan.inspections.trail import notices_of_check, without_notice
from huyuan.people.http import PageRequest

# From one item to the next; whoever takes longer is talking or on the way to another building.
LONGEST_WALK = 120


@dataclass(frozen=True)
class AskedItem:
    """An item as it stands on the page: the question, the answer so far, its photos."""

    item: Item
    answer: Answer | None
    photos: list[Attachment]

    @property
    def fails(self) -> bool:
        """Whether the answer is a finding."""
        return self.answer is not None and self.item.fails(self.answer.value)

    @property
    def done(self) -> bool:
        """Whether nothing is missing."""
        given = {self.item.key: self.answer.value} if self.answer else {}
        return self.item.is_done(given, {photo.place for photo in self.photos})


@dataclass(frozen=True)
class AskedSection:
    """A part of the checklist with what is answered of it."""

    section: Section
    items: list[AskedItem]

    @property
    def answered(self) -> int:
        """How many items are complete."""
        return sum(asked.done for asked in self.items)


@require_http_methods(["GET", "POST"])
def begin(request: PageRequest) -> HttpResponse:
    """Choose a school and a checklist, and begin."""
    check_can_begin(request.reach)
    lists = offered_checklists(request.reach, timezone.localdate())
    initial = {name: request.GET.get(name) for name in ("school", "checklist", "visit")}
    form = BeginForm(request.POST or None, reach=request.reach, checklists=lists, initial=initial)
    if form.is_valid():
        inspection = actions.begin_check(by=request.reach, now=timezone.now(), **form.cleaned_data)
        return redirect(inspection)
    return render(request, "inspections/begin.html", {"form": form})


@require_safe
def inspection(request: PageRequest, code: UUID) -> HttpResponse:
    """Show a check: its items, its answers, its signatures, its hazards."""
    check = _visible(request, code)
    sections = asked_sections(check)
    unsigned = check.status in {Inspection.Status.OPEN, Inspection.Status.SIGNING}
    can_sign = unsigned and allowed(signing_side, request.reach, check)
    may_sign_now = can_sign and allowed(check_can_sign, request.reach, check)
    signatures = list(check.signatures.select_related("signed_by").order_by("pk"))
    context = standing(sections) | {
        "inspection": check,
        "sections": sections,
        "editable": check.status == Inspection.Status.OPEN
        and allowed(check_can_use, request.reach, check.school, check.checklist),
        "can_sign": can_sign,
        "may_sign_now": may_sign_now,
        "has_signed": can_sign
        and check.signatures.filter(side=signing_side(request.reach, check), withdrawn_at=None).exists(),
        "signatures": signatures,
        "hazards": check.hazards.order_by("pk"),
        "spot_fixes": _to_confirm(request, check) if unsigned else [],
        "may_conduct": unsigned and allowed(check_can_conduct, request.reach, check.school),
        "bar": inspection_bar(check, signatures),
        "notices": notices_of_check(request.reach, check),
        "to_notice": without_notice(request.reach, check),
    }
    return render(request, "inspections/inspection.html", context)


@require_POST
def answer(request: PageRequest, code: UUID, item_key: str) -> HttpResponse:
    """Take one answer; answered meanwhile from another phone, show both and let the person choose."""
    check = _visible(request, code)
    form = _answer_form(request, check, item_key)
    theirs = None
    if form.is_valid():
        try:
            actions.answer_item(
                inspection=check, item_key=item_key, by=request.reach, now=timezone.now(), **form.cleaned_data
            )
        except actions.AnsweredMeanwhile as conflict:
            theirs = conflict.theirs
    return _item(request, check, item_key, mine=form, theirs=theirs)


@require_POST
def photograph(request: PageRequest, code: UUID, item_key: str) -> HttpResponse:
    """Take a photo of one item."""
    check = _visible(request, code)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        actions.photograph_item(
            inspection=check, item_key=item_key, raw=form.cleaned_data["photo"], by=request.reach, now=timezone.now()
        )
    return _item(request, check, item_key, photo_form=form)


@require_POST
def sign(request: PageRequest, code: UUID) -> HttpResponse:
    """Sign for one's side."""
    check = actions.sign_check(inspection=_visible(request, code), by=request.reach, now=timezone.now())
    if check.status == Inspection.Status.SIGNED and not check.checklist.is_joint:
        messages.success(request, _("Signed. Today's round is done."))
    elif check.status == Inspection.Status.SIGNED:
        messages.success(request, _("Both sides have signed. The failed items are hazards now."))
    else:
        messages.success(request, _("Signed. The other side has been asked to sign."))
    return redirect(check)


@require_POST
def reopen(request: PageRequest, code: UUID) -> HttpResponse:
    """Open a half-signed check again."""
    check, form = _visible(request, code), ReopenForm(request.POST)
    if form.is_valid():
        actions.reopen_check(inspection=check, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The check is open again. Both sides sign anew."))
    else:
        messages.error(request, _("Say why, in a sentence."))
    return redirect(check)


@require_POST
def cancel(request: PageRequest, code: UUID) -> HttpResponse:
    """Cancel a check begun by mistake."""
    check, form = _visible(request, code), CancelForm(request.POST)
    if form.is_valid():
        actions.cancel_check(inspection=check, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The check is cancelled. It stays in the ledger with its reason."))
    else:
        messages.error(request, _("Say why, in a sentence."))
    return redirect(check)


def _answer_form(request: PageRequest, check: Inspection, item_key: str) -> AnswerForm:
    """The answer that was sent, beside the one known before, with the time since the reader's last answer."""
    known = list(check.answers.all())
    last = max((one.answered_at for one in known if one.answered_by_id == request.user.pk), default=check.started_at)
    seconds = min(int((timezone.now() - last).total_seconds()), LONGEST_WALK)
    return AnswerForm(
        request.POST, before=next((one for one in known if one.item_key == item_key), None), seconds=seconds
    )


def asked_sections(check: Inspection) -> list[AskedSection]:
    """The checklist with the answers so far: only items that are asked, sections that have some."""
    answers = {answer.item_key: answer for answer in check.answers.select_related("answered_by")}
    photos: dict[str, list[Attachment]] = defaultdict(list)
    for photo in photos_of(actions.OWNER, check.code):
        photos[photo.place].append(photo)
    asked = {item.key for item in check.checklist.asked({key: answer.value for key, answer in answers.items()})}
    sections = [
        AskedSection(
            section, [AskedItem(i, answers.get(i.key), photos[i.key]) for i in section.items if i.key in asked]
        )
        for section in check.checklist.sections
    ]
    return [section for section in sections if section.items]


def standing(sections: list[AskedSection]) -> dict[str, Any]:
    """How far a check is, what is missing, and what failed so far."""
    asked = [asked for section in sections for asked in section.items]
    missing = [one.item for one in asked if one.answer is None]
    return {
        "total": len(asked),
        "answered": len(asked) - len(missing),
        "missing": missing,
        "failed": [one for one in asked if one.fails],
    }


def _item(
    request: PageRequest, check: Inspection, item_key: str, *, mine: AnswerForm | None = None,
    theirs: Answer | None = None, photo_form: PhotoForm | None = None,
) -> HttpResponse:  # fmt: skip
    sections = asked_sections(check)
    found = ((section, asked) for section in sections for asked in section.items if asked.item.key == item_key)
    section, asked = next(found, (None, None))
    if section is None or asked is None or not request.htmx:
        return redirect(check)
    context = standing(sections) | {
        "inspection": check, "section": section, "asked": asked, "editable": True, "mine": mine, "theirs": theirs,
        "photo_form": photo_form, "refresh": True,
    }  # fmt: skip
    if mine is not None and theirs is not None:
        context["my_words"] = answer_words(asked.item, mine.cleaned_data["value"])
        context["their_words"] = answer_words(asked.item, theirs.value)
    if theirs is None and check.checklist.decides(item_key):
        response = render(request, "inspections/section.html", context)
        return retarget(response, f"#section-{section.section.key}")
    return render(request, "inspections/item.html", context, status=409 if theirs else 200)


def _to_confirm(request: PageRequest, check: Inspection) -> list[Hazard]:
    """What was fixed on the spot at the school and the reader may confirm."""
    fixed = Hazard.objects.visible_to(request.reach).filter(school=check.school, status=Hazard.Status.FIXED)
    related = fixed.select_related("school__organisation").prefetch_related("rounds")
    return [hazard for hazard in related.order_by("pk") if allowed(check_can_confirm, request.reach, hazard)]


def _visible(request: PageRequest, code: UUID) -> Inspection:
    checks = Inspection.objects.visible_to(request.reach)
    return get_object_or_404(checks.select_related("school__organisation", "agency", "started_by"), code=code)
