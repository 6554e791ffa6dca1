"""How a check and a hazard are shown: the bar of states, and the acts open to a reader."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.inspections.checklists import NOT_APPLICABLE, Item, ItemKind
from huyuan.inspections.models import Hazard, Inspection
from huyuan.inspections.permissions import (
    check_can_order,
    check_can_pause,
    check_can_recheck,
    check_can_rectify,
)
from huyuan.people.permissions import allowed


@dataclass(frozen=True)
class Step:
    """One state on the bar: done, current or todo."""

    label: str | Promise
    state: str


@dataclass(frozen=True)
class Act:
    """Something the reader may do now; `post` acts are a button of their own, the others open a form."""

    label: str | Promise
    url: str
    icon: str
    primary: bool = False
    post: bool = False


def steps(labels: Sequence[tuple[str, str | Promise]], current: str) -> list[Step]:
    """The bar for states in their usual order; the last state is done when reached."""
    keys = [key for key, _label in labels]
    place = keys.index(current) if current in keys else 0
    last = len(keys) - 1
    return [
        Step(label, "done" if n < place or n == place == last else "current" if n == place else "todo")
        for n, (_key, label) in enumerate(labels)
    ]


def inspection_steps(inspection: Inspection) -> list[Step]:
    """The bar of a check; a cancelled check has only that."""
    if inspection.status == Inspection.Status.CANCELLED:
        return [Step(Inspection.Status.CANCELLED.label, "done")]
    usual = [choice for choice in Inspection.Status.choices if choice[0] != Inspection.Status.CANCELLED]
    return steps(usual, inspection.status)


def hazard_steps(hazard: Hazard) -> list[Step]:
    """The bar of a hazard."""
    return steps(list(Hazard.Status.choices), hazard.status)


def hazard_acts(reach: Reach, hazard: Hazard) -> list[Act]:
    """What the reader may do with a hazard now, the usual next act first."""

    def to(name: str) -> str:
        return reverse(f"inspections:{name}", args=[hazard.code])

    acts: list[Act] = []
    status = hazard.status
    if status == Hazard.Status.REGISTERED and allowed(check_can_order, reach, hazard):
        acts.append(Act(_("Order rectification"), to("order"), "clipboard-text", primary=True))
    if status == Hazard.Status.ORDERED and allowed(check_can_rectify, reach, hazard):
        acts.append(Act(_("Put right and report"), to("rectify"), "tool", primary=True))
        acts.append(Act(_("Ask for more time"), to("extend"), "calendar-plus"))
    if status == Hazard.Status.RECTIFIED and allowed(check_can_recheck, reach, hazard):
        acts.append(Act(_("Accept and close"), to("close"), "circle-check", primary=True))
        acts.append(Act(_("Not accepted"), to("reject"), "arrow-back-up"))
    if status == Hazard.Status.ORDERED and allowed(check_can_pause, reach, hazard):
        paused = hazard.paused_on is not None
        acts.append(
            Act(_("Restart the deadline"), to("resume"), "player-play", post=True)
            if paused
            else Act(_("Pause the deadline"), to("pause"), "player-pause")
        )
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
