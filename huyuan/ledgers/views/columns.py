"""The pages of a county's own columns: give an empty sheet, say what stands in its columns, remove it."""

from pathlib import PurePath
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huyuan.ledgers.actions import columns as actions
from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.forms import ColumnSetForm, SheetForm
from huyuan.ledgers.models import CountyColumnSet
from huyuan.ledgers.permissions import check_can_shape
from huyuan.ledgers.views.pages import declared
from huyuan.people.http import PageRequest


@require_http_methods(["GET", "POST"])
def column_sets(request: PageRequest, key: str) -> HttpResponse:
    """Show the county's own columns for a ledger, and take an empty sheet."""
    ledger = declared(key)
    check_can_shape(request.reach, ledger)
    form = SheetForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        added = actions.add_column_set(
            ledger=ledger, sheet=file.read(), name=PurePath(file.name).stem, by=request.reach, now=timezone.now()
        )
        return redirect(added)
    sets = CountyColumnSet.objects.visible_to(request.reach).filter(ledger=key).order_by("title", "pk")
    return render(request, "ledgers/column_sets.html", {"ledger": ledger, "form": form, "column_sets": sets})


@require_http_methods(["GET", "POST"])
def column_set(request: PageRequest, code: UUID) -> HttpResponse:
    """Show what stands in each column and let it be chosen."""
    found = get_object_or_404(CountyColumnSet.objects.visible_to(request.reach), code=code)
    ledger = LEDGERS[found.ledger]
    check_can_shape(request.reach, ledger)
    form = ColumnSetForm(request.POST or None, columns=found.columns, ledger=ledger, initial={"title": found.title})
    if form.is_valid():
        actions.settle_column_set(
            column_set=found, title=form.cleaned_data["title"], keys=form.keys, by=request.reach, now=timezone.now()
        )
        messages.success(request, _("Saved. The columns stand in the export menu."))
        return redirect("ledgers:column_sets", key=found.ledger)
    unknown = [title for title, key in found.columns if title and not key]
    return render(
        request, "ledgers/column_set.html", {"column_set": found, "ledger": ledger, "form": form, "unknown": unknown}
    )


@require_POST
def remove_column_set(request: PageRequest, code: UUID) -> HttpResponse:
    """Forget columns of the county's own."""
    found = get_object_or_404(CountyColumnSet.objects.visible_to(request.reach), code=code)
    actions.remove_column_set(column_set=found, by=request.reach, now=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("ledgers:column_sets", key=found.ledger)
