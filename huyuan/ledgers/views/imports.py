"""The pages of an import: give a workbook, look at what it would do, write it or drop it."""

from collections import Counter
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.effort import Cost, Counted, note
from huyuan.common.sheets.writing import XLSX
from huyuan.ledgers.actions import imports as actions
from huyuan.ledgers.forms import ImportForm
from huyuan.ledgers.importing import IMPORTERS, Importer, error_sheet_of, read_progress
from huyuan.ledgers.models import ImportRun
from huyuan.people.http import PageRequest

SHOWN_PROBLEMS = 300


def declared(key: str) -> Importer:
    """The importer with this key."""
    if key not in IMPORTERS:
        raise Http404
    return IMPORTERS[key]


@require_http_methods(["GET", "POST"])
def give(request: PageRequest, key: str) -> HttpResponse:
    """Take a workbook."""
    importer = declared(key)
    importer.check(request.reach)
    form = ImportForm(request.POST or None, request.FILES or None, datums=importer.datums)
    if form.is_valid():
        file = form.cleaned_data["file"]
        run = actions.begin_import(
            importer=importer, chunks=file.chunks(), file_name=file.name, datum=form.cleaned_data["datum"],
            by=request.reach, now=timezone.now(),
        )  # fmt: skip
        return redirect(run)
    runs = ImportRun.objects.visible_to(request.reach).filter(importer=key).order_by("-started_at")[:10]
    return render(request, "ledgers/import_give.html", {"importer": importer, "form": form, "runs": runs})


@require_safe
def template(request: PageRequest, key: str) -> HttpResponse:
    """Answer an empty table to fill in."""
    importer = declared(key)
    importer.check(request.reach)
    return _workbook(importer.template(), f"{key}-template.xlsx")


@require_safe
def import_run(request: PageRequest, code: UUID) -> HttpResponse:
    """Show where an import stands: being read, what it would do, being written, done. Asks again by itself."""
    run = _visible(request, code)
    done, total = read_progress(run.code)
    problems, chosen = run.result.get("problems", []), request.GET.get("field", "")
    shown = [problem for problem in problems if not chosen or problem["field"] == chosen]
    words, counts = IMPORTERS[run.importer].words, Counter(problem["field"] for problem in problems)
    context = {
        "run": run,
        "importer": IMPORTERS[run.importer],
        "problems": shown[:SHOWN_PROBLEMS],
        "not_shown": max(0, len(shown) - SHOWN_PROBLEMS),
        "problem_count": len(problems),
        "fields": [(name, words.get(name, name), count, name == chosen) for name, count in counts.most_common()],
        "ready": run.result.get("created", 0) + run.result.get("updated", 0),
        "done": done,
        "total": total,
        "waiting": run.status in {ImportRun.Status.READING, ImportRun.Status.APPLYING},
        "next_url": reverse(IMPORTERS[run.importer].next_page) if IMPORTERS[run.importer].next_page else "",
        "page_url": reverse(IMPORTERS[run.importer].page),
        "has_error_sheet": error_sheet_of(run.code).exists() and problems,
    }
    return render(request, "ledgers/import_state.html" if request.htmx else "ledgers/import_run.html", context)


@require_safe
def error_sheet(request: PageRequest, code: UUID) -> HttpResponse:
    """Answer the refused rows with their reasons."""
    run = _visible(request, code)
    path = error_sheet_of(run.code)
    if not path.exists():
        raise Http404
    return _workbook(path.read_bytes(), f"{run.importer}-problems.xlsx")


@require_POST
def apply(request: PageRequest, code: UUID) -> HttpResponse:
    """Write the rows that are right."""
    run = actions.apply_import(run=_visible(request, code), by=request.reach, now=timezone.now())
    rows = sum(run.result.get(name, 0) for name in actions.COUNTS)
    note(Counted(Cost(IMPORTERS[run.importer].occasion.key, entries=rows, filled=run.result.get("cells", 0))))
    return redirect(run)


@require_POST
def drop(request: PageRequest, code: UUID) -> HttpResponse:
    """Do nothing with it."""
    run = actions.drop_import(run=_visible(request, code), by=request.reach, now=timezone.now())
    messages.success(request, _("Dropped. Nothing was changed."))
    return redirect("ledgers:give", key=run.importer)


def _visible(request: PageRequest, code: UUID) -> ImportRun:
    run = get_object_or_404(ImportRun.objects.visible_to(request.reach).select_related("started_by"), code=code)
    IMPORTERS[run.importer].check(request.reach)
    return run


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
