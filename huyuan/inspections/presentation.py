"""How a check and a hazard are shown: the bar of states, and the acts open to a reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huyuan.attachments.models import Attachment
from huyuan.attachments.queries import photos_of
from huyuan.common.reach import Reach, allowed
from huyuan.inspections.actions import checks as check_actions
from huyuan.inspections.actions import hazards as hazard_actions
from huyuan.inspections.checklists import NOT_APPLICABLE, Item, ItemKind
from huyuan.inspections.models import HandOver, Hazard, Inspection, Rectification, Signature
from huyuan.inspections.permissions import (
    check_can_answer,
    check_can_ask_help,
    check_can_confirm,
    check_can_order,
    check_can_pause,
    check_can_recheck,
    check_can_rectify,
    check_can_transfer,
)


@dataclass(frozen=True)
class Step:
    """One state on the bar: done, current or todo."""

    label: str | Promise
    state: str


@dataclass(frozen=True)
class Bar:
    """Where a procedure stands: its states, who must act since when and until when, and what happens next."""

    steps: Sequence[Step]
    holder: str = ""
    since: date | datetime | None = None
    due: date | None = None
    paused: bool = False
    next: str | Promise = ""
    until: date | None = None


@dataclass(frozen=True)
class Act:
    """Something the reader may do now; `post` acts are a button of their own, the others open a form.

    What is seldom wanted (`more`) stands behind a menu.
    """

    label: str | Promise
    url: str
    icon: str
    primary: bool = False
    post: bool = False
    more: bool = False


def steps(labels: Sequence[tuple[str, str | Promise]], current: str) -> list[Step]:
    """The bar for states in their usual order; the last state is done when reached."""
    keys = [key for key, _label in labels]
    place = keys.index(current) if current in keys else 0
    last = len(keys) - 1
    return [
        Step(label, "done" if n < place or n == place == last else "current" if n == place else "todo")
        for n, (_key, label) in enumerate(labels)
    ]


def inspection_bar(inspection: Inspection, signatures: Sequence[Signature]) -> Bar:
    """The bar of a check: half signed it is with the side that has not signed; a cancelled check has only that."""
    status = inspection.status
    if status == Inspection.Status.CANCELLED:
        return Bar([Step(Inspection.Status.CANCELLED.label, "done")])
    alone = not inspection.checklist.is_joint
    unusual = {Inspection.Status.CANCELLED, *([Inspection.Status.SIGNING] if alone else [])}
    usual = steps([choice for choice in Inspection.Status.choices if choice[0] not in unusual], status)
    if status == Inspection.Status.SIGNED:
        return Bar(usual, since=inspection.signed_at)
    if alone:
        return Bar(usual, inspection.checked_by.name, inspection.started_at, next=_("the school signs"))
    standing = next((signature for signature in signatures if signature.withdrawn_at is None), None)
    if standing is None:
        opened = max((s.withdrawn_at for s in signatures if s.withdrawn_at), default=inspection.started_at)
        return Bar(usual, inspection.agency.name, opened, next=_("both sides sign"))
    waits_for_school = standing.side == Signature.Side.AGENCY
    holder = inspection.school.organisation if waits_for_school else inspection.agency
    return Bar(usual, holder.name, standing.signed_at, next=_("what is not in order becomes a hazard"))


HAZARD_NEXT: dict[Hazard.Status, str | Promise] = {
    Hazard.Status.REGISTERED: _("the school puts it right"),
    Hazard.Status.FIXED: _("somebody else confirms it at the next check"),
    Hazard.Status.ORDERED: _("somebody else re-checks"),
    Hazard.Status.RECTIFIED: _("closed, or back to the school"),
    Hazard.Status.CLOSED: "",
}


def hazard_bar(hazard: Hazard, handovers: Sequence[HandOver] = ()) -> Bar:
    """The bar of a hazard; what other organisations were asked comes before its usual next step."""
    never_ordered = hazard.origin == Hazard.Origin.SPOT and hazard.ordered_at is None
    spot = never_ordered and hazard.status in {Hazard.Status.FIXED, Hazard.Status.CLOSED}
    wanted = {Hazard.Status.FIXED, Hazard.Status.CLOSED} if spot else set(Hazard.Status) - {Hazard.Status.FIXED}
    next_step = next((words for words in map(handover_next, handovers) if words), None)
    return Bar(
        steps([choice for choice in Hazard.Status.choices if choice[0] in wanted], hazard.status),
        hazard.holder.name if hazard.holder else "", _since(hazard), hazard.running_due_date, hazard.paused,
        next_step or HAZARD_NEXT[Hazard.Status(hazard.status)], hazard.paused_until,
    )  # fmt: skip


def handover_next(handover: HandOver) -> str:
    """What an open hand-over waits for."""
    name = {"name": handover.to_organisation.name}
    if handover.runs(timezone.localdate()):
        return gettext("%(name)s helps") % name
    if not handover.is_pending:
        return ""
    if handover.is_help:
        return gettext("%(name)s answers the request for help; until then the deadline runs") % name
    return gettext("%(name)s takes it over or refuses") % name


def _since(hazard: Hazard) -> date | datetime | None:
    if hazard.status == Hazard.Status.REGISTERED and hazard.round == 1:
        return hazard.found_on
    if hazard.status == Hazard.Status.CLOSED:
        return hazard.closed_at
    last = hazard.rounds.last()
    if last is None:
        return hazard.ordered_at
    waits = hazard.status in {Hazard.Status.RECTIFIED, Hazard.Status.FIXED}
    return last.done_at if waits else max(filter(None, (last.checked_at, hazard.ordered_at)), default=None)


@dataclass(frozen=True)
class Round:
    """One round of putting right, with its photos."""

    done: Rectification
    photos: list[Attachment]


@dataclass(frozen=True)
class Seen:
    """What photos show of a hazard: as it was found, and after each round."""

    found: list[Attachment]
    rounds: list[Round]


def seen_of(hazard: Hazard) -> Seen:
    """The photos of a hazard from the check to the last round."""
    check, photos = hazard.inspection, list(photos_of(hazard_actions.OWNER, hazard.code))
    rounds = [
        Round(done, [photo for photo in photos if photo.place == f"round-{done.round}"])
        for done in hazard.rounds.select_related("done_by", "checked_by")
    ]
    of_check = photos_of(check_actions.OWNER, check.code, hazard.item_key) if check else []
    return Seen([*of_check, *(photo for photo in photos if photo.place == hazard_actions.FOUND)], rounds)


def hazard_acts(reach: Reach, hazard: Hazard, handovers: Sequence[HandOver] = ()) -> list[Act]:
    """What the reader may do with a hazard now, the usual next act first."""
    return [*_answers(reach, handovers), *_steps_onward(reach, hazard), *_seldom(reach, hazard, handovers)]


def _answers(reach: Reach, handovers: Sequence[HandOver]) -> list[Act]:
    """The answers to what one's organisation was asked."""
    acts: list[Act] = []
    for handover in handovers:
        if not allowed(check_can_answer, reach, handover):
            continue

        def to(name: str, handover: HandOver = handover) -> str:
            return reverse(f"inspections:{name}", args=[handover.code])

        if handover.is_pending:
            yes = _("Promise help") if handover.is_help else _("Take it over")
            acts.append(Act(yes, to("accept"), "arrows-exchange", primary=True))
            acts.append(Act(_("Turn it down"), to("refuse"), "arrow-back-up"))
        elif handover.is_help:
            acts.append(Act(_("Report what came of it"), to("finish"), "heart-handshake", primary=True))
    return acts


def _seldom(reach: Reach, hazard: Hazard, handovers: Sequence[HandOver]) -> list[Act]:
    """What is seldom wanted; a level nobody has decided is wanted now."""

    def to(name: str) -> str:
        return reverse(f"inspections:{name}", args=[hazard.code])

    acts: list[Act] = []
    if hazard.status == Hazard.Status.CLOSED:
        return acts
    if hazard.status != Hazard.Status.FIXED and allowed(check_can_order, reach, hazard):
        undecided = hazard.is_unconfirmed or not hazard.level
        words = _("Decide the level") if undecided else _("Change the level")
        acts.append(Act(words, to("level"), "stairs", more=not undecided))
    kinds = {handover.kind for handover in handovers}
    unhelped = HandOver.Kind.COORDINATION not in kinds and hazard.status == Hazard.Status.ORDERED
    if unhelped and allowed(check_can_ask_help, reach, hazard):
        acts.append(Act(_("Ask an agency for help"), to("coordinate"), "heart-handshake", more=True))
    if HandOver.Kind.TRANSFER not in kinds and allowed(check_can_transfer, reach, hazard):
        acts.append(Act(_("Transfer to another organisation"), to("transfer"), "arrows-exchange", more=True))
    return acts


def _steps_onward(reach: Reach, hazard: Hazard) -> list[Act]:
    """The steps of the loop itself."""

    def to(name: str) -> str:
        return reverse(f"inspections:{name}", args=[hazard.code])

    acts: list[Act] = []
    status = hazard.status
    if status == Hazard.Status.FIXED and allowed(check_can_confirm, reach, hazard):
        acts.append(Act(_("Confirm: it is gone"), to("confirm"), "circle-check", primary=True, post=True))
        acts.append(Act(_("It is not gone"), to("unconfirmed"), "arrow-back-up"))
    if status == Hazard.Status.REGISTERED and allowed(check_can_order, reach, hazard):
        acts.append(Act(_("Order rectification"), to("order"), "clipboard-text", primary=True))
    if status == Hazard.Status.ORDERED and allowed(check_can_rectify, reach, hazard):
        acts.append(Act(_("Put right and report"), to("rectify"), "tool", primary=True))
        if not hazard.paused:
            acts.append(Act(_("Ask for more time"), to("extend"), "calendar-plus"))
    if status == Hazard.Status.RECTIFIED and allowed(check_can_recheck, reach, hazard):
        acts.append(Act(_("Accept and close"), to("close"), "circle-check", primary=True))
        acts.append(Act(_("Not accepted"), to("reject"), "arrow-back-up"))
    if status == Hazard.Status.ORDERED and allowed(check_can_pause, reach, hazard):
        if hazard.paused:
            acts.append(Act(_("Restart the deadline"), to("resume"), "player-play", post=True))
        elif hazard.due_date is not None and hazard.due_date >= timezone.localdate():
            acts.append(Act(_("Pause the deadline"), to("pause"), "player-pause"))
    return acts


def answer_words(item: Item, value: str) -> str:
    """An answer in the words of the buttons."""
    if value == NOT_APPLICABLE:
        return gettext("Does not apply")
    if item.kind is ItemKind.CHOICE:
        return next((str(option.label) for option in item.options if option.key == value), value)
    if item.kind is ItemKind.NUMBER:
        return value
    return gettext("In order") if value == "yes" else gettext("Not in order")
