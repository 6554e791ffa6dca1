"""The incident room: one page, kept up to date by its stream, and the small acts in it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from huyuan.common.clock import database_now
from huyuan.common.forms import Form
from huyuan.common.reach import allowed
from huyuan.emergency.actions import command, handling, responding
from huyuan.emergency.board import Board, board_of, deliveries_of, newest_of, points_of
from huyuan.emergency.forms.room import AllClearForm, HandOverForm, HeadcountForm, LockdownForm, NoteForm, ReleaseForm
from huyuan.emergency.models import Call, Incident, RoleTask, Statement
from huyuan.emergency.permissions import (
    check_can_command,
    check_can_confirm,
    check_can_export,
    check_can_handle,
    check_can_release,
    check_can_review,
)
from huyuan.emergency.watching import late
from huyuan.organisations.models import Organisation
from huyuan.people.http import PageRequest

# Whether a page shows the warning that alarms are not worked on in time, as it says so itself.
WARNED = {True: "yes", False: "no"}


def visible_incident(request: PageRequest, code: UUID) -> Incident:
    """The incident, for who may see it."""
    seen = Incident.objects.visible_to(request.reach).select_related(
        "school__organisation", "school__station", "county", "command", "cleared_by"
    )
    return get_object_or_404(seen, code=code)


def _commanders(incident: Incident) -> Any:
    others = [one.pk for one in command.commanders_of(incident) if one.pk != incident.command_id]
    return Organisation.objects.filter(pk__in=others).order_by("sort_key")


def _context(request: PageRequest, incident: Incident) -> dict[str, Any]:
    reach, now = request.reach, database_now()
    board: Board = board_of(incident, reach, now)
    commands = board.running and allowed(check_can_command, reach, incident)
    releases = allowed(check_can_release, reach, incident)
    handles = board.running and allowed(check_can_handle, reach, incident)
    return {
        "incident": incident, "board": board, "now": now, "late": late(now), "handles": handles, "commands": commands, "releases": releases,
        "confirms": board.running and allowed(check_can_confirm, reach, incident),
        "reviews": allowed(check_can_review, reach, incident), "exports": allowed(check_can_export, reach, incident),
        "lockdown_form": LockdownForm(auto_id="lockdown-%s"), "headcount_form": HeadcountForm(auto_id="heads-%s"),
        "note_form": NoteForm(auto_id="note-%s"),
        "hand_over_form": HandOverForm(auto_id="to-%s", organisations=_commanders(incident)) if commands else None,
        "clear_form": AllClearForm(auto_id="clear-%s", incident=incident) if commands else None,
        "statements": [(one, _release_form(one) if releases else None) for one in board.statements],
        "further_drafts": _further_drafts(board) if releases else [],
        "points": points_of(incident, [person for clock in board.tiers for person in clock.people]),
        "own_call": f"{reverse('emergency:incidents')}calls/{board.own.code}/" if board.own else "",
    }  # fmt: skip


def _further_drafts(board: Board) -> list[tuple[str, str]]:
    """The kinds of text of which no draft waits."""
    waiting = {one.kind for one in board.statements if one.released_at is None}
    kinds = [(kind, label) for kind, label in Statement.Kind.choices if kind not in waiting]
    return [(reverse(f"emergency:draft_{kind}", args=[board.incident.code]), str(label)) for kind, label in kinds]


def _release_form(statement: Statement) -> ReleaseForm | None:
    if statement.released_at is not None:
        return None
    return ReleaseForm(auto_id=f"text-{statement.pk}-%s", initial={"text": statement.text})


@require_safe
def incident(request: PageRequest, code: UUID) -> HttpResponse:
    """Show the room."""
    found = visible_incident(request, code)
    return render(request, "emergency/room.html", _context(request, found) | {"outline": found.county.outline})


@require_safe
def parts(request: PageRequest, code: UUID) -> HttpResponse:
    """The room as it is now, without its frame; nothing when the page knows its entries, deliveries and warning already."""
    found = visible_incident(request, code)
    known = request.GET.get("after"), request.GET.get("delivered"), request.GET.get("warned")
    if known == (str(newest_of(found)), str(deliveries_of(found)), WARNED[late(database_now()) is not None]):
        return HttpResponse(status=204)
    return render(request, "emergency/room_board.html", _context(request, found))


def take(
    request: PageRequest,
    found: Incident,
    form: Form,
    act: Callable[..., Any],
    said: str,
    submit: str,
) -> HttpResponse:
    """Take one small form: do what it asks for, or show it again with what is wrong."""
    if form.is_valid():
        act(by=request.reach, now=database_now(), **form.cleaned_data)
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Trigger": "room"})
        messages.success(request, said)
        return redirect(found)
    template = "emergency/small_form.html" if request.htmx else "emergency/small_form_page.html"
    return render(request, template, {"form": form, "action": request.path, "submit": submit, "incident": found})


def done(request: PageRequest, found: Incident, said: str) -> HttpResponse:
    """Answer an act of one press of a button."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": "room"})
    messages.success(request, said)
    return redirect(found)


@require_POST
def tick(request: PageRequest, code: UUID) -> HttpResponse:
    """Tick off a line of a role card."""
    task = get_object_or_404(RoleTask.objects.visible_to(request.reach).select_related("incident"), code=code)
    handling.tick_task(task=task, by=request.reach, now=database_now())
    return done(request, task.incident, _("Ticked off."))


@require_POST
def confirm_there(request: PageRequest, code: UUID) -> HttpResponse:
    """Confirm that a colleague is on the spot."""
    seen = Call.objects.visible_to(request.reach).select_related("incident")
    call = get_object_or_404(seen.filter(user__isnull=False), code=code)
    responding.confirm_arrival(call=call, by=request.reach, now=database_now())
    return done(request, call.incident, _("Confirmed."))


@require_POST
def lockdown(request: PageRequest, code: UUID) -> HttpResponse:
    """A class reports its door locked."""
    found = visible_incident(request, code)
    check_can_handle(request.reach, found)

    def act(**given: Any) -> None:
        handling.confirm_lockdown(incident=found, **given)

    return take(
        request, found, LockdownForm(request.POST, auto_id="lockdown-%s"), act, _("Recorded."), _("Door is locked")
    )


@require_POST
def headcount(request: PageRequest, code: UUID) -> HttpResponse:
    """A class reports how many are here."""
    found = visible_incident(request, code)
    check_can_handle(request.reach, found)

    def act(**given: Any) -> None:
        handling.count_heads(incident=found, **given)

    return take(
        request, found, HeadcountForm(request.POST, auto_id="heads-%s"), act, _("Recorded."), _("Report the count")
    )


@require_POST
def note(request: PageRequest, code: UUID) -> HttpResponse:
    """Write into the log."""
    found = visible_incident(request, code)
    check_can_handle(request.reach, found)

    def act(**given: Any) -> None:
        handling.note_down(incident=found, **given)

    return take(request, found, NoteForm(request.POST, auto_id="note-%s"), act, _("Recorded."), _("Write into the log"))


@require_POST
def hand_over(request: PageRequest, code: UUID) -> HttpResponse:
    """Give the command to another organisation."""
    found = visible_incident(request, code)
    check_can_command(request.reach, found)

    def act(**given: Any) -> None:
        command.hand_over_command(incident=found, **given)

    form = HandOverForm(request.POST, auto_id="to-%s", organisations=_commanders(found))
    return take(request, found, form, act, _("The command is handed over."), _("Hand over"))


@require_POST
def clear(request: PageRequest, code: UUID) -> HttpResponse:
    """Give the all-clear."""
    found = visible_incident(request, code)
    check_can_command(request.reach, found)

    def act(**given: Any) -> None:
        command.give_all_clear(incident=found, **given)

    form = AllClearForm(request.POST, auto_id="clear-%s", incident=found)
    return take(request, found, form, act, _("The all-clear is given."), _("Give the all-clear"))


@require_POST
def draft(request: PageRequest, code: UUID, kind: str) -> HttpResponse:
    """Begin another text from the plan's words."""
    found = visible_incident(request, code)
    handling.draft_statement(incident=found, kind=Statement.Kind(kind), by=request.reach, now=database_now())
    return done(request, found, _("The draft is there."))


@require_POST
def release(request: PageRequest, code: UUID) -> HttpResponse:
    """Release a text under one's own name."""
    seen = Statement.objects.visible_to(request.reach).select_related("incident__school__organisation")
    statement = get_object_or_404(seen, code=code)
    check_can_release(request.reach, statement.incident)

    def act(**given: Any) -> None:
        handling.release_statement(statement=statement, **given)

    form = ReleaseForm(request.POST, auto_id=f"text-{statement.pk}-%s")
    return take(
        request,
        statement.incident,
        form,
        act,
        _("Released. Nothing is sent by itself: copy or print it."),
        _("Release under my name"),
    )


@require_safe
def statement_print(request: PageRequest, code: UUID) -> HttpResponse:
    """A released text for the printer."""
    released = Statement.objects.visible_to(request.reach).filter(released_at__isnull=False)
    found = get_object_or_404(released.select_related("incident__school__organisation", "released_by"), code=code)
    return render(request, "emergency/statement.html", {"statement": found, "incident": found.incident})
