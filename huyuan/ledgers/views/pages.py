"""The pages of every ledger: list, export, print, saved views."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huyuan.audit import actions as audit
from huyuan.common.effort import Cost, Counted, note
from huyuan.common.errors import Invalid
from huyuan.common.reach import Permission, allowed
from huyuan.common.sheets.writing import XLSX
from huyuan.ledgers.actions import views as actions
from huyuan.ledgers.declaration import LEDGERS, ColumnSet, Ledger
from huyuan.ledgers.engine import choices_of, filtered, show, sort_asked
from huyuan.ledgers.exports import export_occasion, workbook
from huyuan.ledgers.forms import SaveViewForm
from huyuan.ledgers.models import CountyColumnSet, SavedView
from huyuan.ledgers.paging import order_of
from huyuan.ledgers.permissions import check_can_export, check_can_read, check_can_shape
from huyuan.people.http import PageRequest

CODE = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EXPORT_CAP = 50_000
PRINT_SIZE = 500


def asked_of(request: HttpRequest) -> dict[str, str]:
    """The first value of every parameter of the address."""
    return {key: value for key, value in request.GET.items() if isinstance(value, str)}


def declared(key: str) -> Ledger:
    """The ledger with this key."""
    if key not in LEDGERS:
        raise Http404
    return LEDGERS[key]


@require_safe
def ledger(request: PageRequest, key: str) -> HttpResponse:
    """Show one page of a ledger."""
    declaration = declared(key)
    check_can_read(request.reach, declaration)
    context = {
        "shown": show(declaration, request.reach, asked_of(request)),
        "ledger": declaration,
        "views": SavedView.objects.visible_to(request.reach).filter(ledger=key).order_by("name"),
        "form": SaveViewForm(),
        "may_import": declaration.import_permission is not None and request.reach.may(declaration.import_permission),
        "links": [link for link in declaration.links if request.reach.may(link.permission)],
        "may_export": bool(declaration.column_sets) and request.reach.may(Permission.LEDGER_EXPORT),
        "county_sets": CountyColumnSet.objects.visible_to(request.reach).filter(ledger=key).settled().order_by("title"),
        "may_shape": bool(declaration.column_sets) and allowed(check_can_shape, request.reach, declaration),
        "may_create": declaration.create_permission is not None and request.reach.may(declaration.create_permission),
    }
    return render(request, "ledgers/ledger.html", context)


def columns_asked(request: PageRequest, declaration: Ledger, columns: str) -> ColumnSet:
    """The declared columns of this key, or those of the county with this code."""
    found = next((entry for entry in declaration.column_sets if entry.key == columns), None)
    if found is None and CODE.fullmatch(columns):
        own = CountyColumnSet.objects.visible_to(request.reach).settled()
        kept = own.filter(ledger=declaration.key, code=columns).first()
        found = kept.declared if kept else None
    if found is None:
        raise Http404
    return found


@require_safe
def export(request: PageRequest, key: str, columns: str) -> HttpResponse:
    """Answer the rows under the present filters as a workbook in an agency's columns."""
    declaration = declared(key)
    check_can_export(request.reach, declaration)
    column_set = columns_asked(request, declaration, columns)
    asked = asked_of(request)
    narrowed = filtered(declaration, request.reach, asked, choices_of(declaration, request.reach))
    if narrowed.cut:
        raise Invalid(_("These words are found too often to export. Add another word, or take the words away."))
    rows = column_set.only(narrowed.rows) if column_set.only else narrowed.rows
    ordered = rows.order_by(*order_of(sort_asked(declaration, asked)))
    if ordered[EXPORT_CAP : EXPORT_CAP + 1].exists():
        raise Invalid(
            _("More than %(count)s rows. Narrow the filters, for instance by term or town.") % {"count": EXPORT_CAP}
        )
    note(Counted(Cost(export_occasion(key, columns), reused=ordered.count() * len(column_set.columns))))
    prepared = declaration.prepare(ordered) if declaration.prepare else ordered
    content = workbook(declaration, column_set, prepared.iterator(chunk_size=2_000))
    audit.record_export(key, columns, by=request.reach, now=timezone.now())
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{key}-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


@require_safe
def print_ledger(request: PageRequest, key: str) -> HttpResponse:
    """Show the rows under the present filters as a plain sheet for the printer."""
    declaration = declared(key)
    check_can_read(request.reach, declaration)
    shown = show(declaration, request.reach, asked_of(request), size=PRINT_SIZE)
    return render(request, "ledgers/print.html", {"shown": shown, "ledger": declaration})


@require_POST
def save_view(request: PageRequest, key: str) -> HttpResponse:
    """Keep the present filters under a name."""
    declaration = declared(key)
    check_can_read(request.reach, declaration)
    form = SaveViewForm(request.POST)
    if form.is_valid():
        actions.save_view(ledger=declaration, by=request.reach, **form.cleaned_data)
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Not saved: give the view a name of at most 40 characters."))
    return redirect(f"{_page_of(declaration)}?{request.POST.get('query', '')}")


@require_POST
def remove_view(request: PageRequest, code: str) -> HttpResponse:
    """Forget a saved view."""
    view = get_object_or_404(SavedView.objects.visible_to(request.reach), code=code)
    actions.remove_view(view=view, by=request.reach)
    return redirect(_page_of(declared(view.ledger)))


def _page_of(declaration: Ledger) -> str:
    return reverse(declaration.page)
