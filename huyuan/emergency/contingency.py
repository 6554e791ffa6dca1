"""A school's plan as it is needed in an emergency: the approved one, else the template, with names and numbers."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from pydantic import ValidationError

from huyuan.common.packs import Text
from huyuan.emergency.contingency_packs import (
    EMERGENCY_NUMBERS,
    Callee,
    Card,
    CardPart,
    PlanContent,
    Template,
    templates,
)
from huyuan.emergency.models import ContingencyPlan
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.people.models import User

logger = logging.getLogger(__name__)
OF_KIND = {
    Callee.BUREAU: OrganisationKind.EDUCATION_BUREAU,
    Callee.HEALTH: OrganisationKind.HEALTH,
    Callee.MARKET_REGULATION: OrganisationKind.MARKET_REGULATION,
}


def content_of(plan: ContingencyPlan) -> PlanContent:
    """What a plan says."""
    return PlanContent.model_validate(plan.content)


@dataclass(frozen=True)
class TreeLine:
    """One line of the phone tree; without a number where nobody entered one."""

    callee: Callee
    name: str
    number: str


def phone_tree(school: School, content: PlanContent) -> list[TreeLine]:
    """Whom to ring in which order, with names and numbers as they are today."""
    kinds = [OF_KIND[callee] for callee in content.calls if callee in OF_KIND]
    agencies = {
        one.kind: one for one in Organisation.objects.filter(county_id=school.county_id, kind__in=kinds).order_by("-pk")
    }
    return [_line(callee, school, content, agencies) for callee in content.calls]


def _line(callee: Callee, school: School, content: PlanContent, agencies: dict[str, Organisation]) -> TreeLine:
    if callee in EMERGENCY_NUMBERS:
        return TreeLine(callee, "", EMERGENCY_NUMBERS[callee])
    if callee is Callee.HEAD:
        return TreeLine(callee, school.head_name, school.head_phone)
    if callee in content.numbers:
        return TreeLine(callee, "", content.numbers[callee])
    home = agencies.get(OF_KIND[callee]) if callee in OF_KIND else None
    if callee is Callee.STATION:
        home = school.station
    if callee is Callee.TOWN:
        home = school.town
    return TreeLine(callee, home.name if home else "", home.phone if home else "")


def names_of(content: PlanContent) -> dict[int, str]:
    """The names of everybody a plan gives a card."""
    return dict(User.objects.filter(pk__in=content.people()).values_list("pk", "name"))


@dataclass(frozen=True)
class NamedCard:
    """A role card with the names of those who have it."""

    card: Card
    people: list[str]

    @property
    def part(self) -> CardPart:
        """Whose card it is."""
        return self.card.part

    @property
    def blocks(self) -> list[tuple[Promise, tuple[Text, ...]]]:
        """Its lines by their minutes."""
        return self.card.blocks()


def named_cards(content: PlanContent) -> list[NamedCard]:
    """The cards of a plan with the names on them."""
    names = names_of(content)
    return [NamedCard(card, [names[pk] for pk in card.people if pk in names]) for card in content.cards]


def frozen_plan(school: School, kind: str, today: date) -> dict[str, Any]:
    """What an incident keeps of a school's plan; the template, marked as not adapted, where none is approved.

    The names on the cards and the numbers of the phone tree are written out: who leaves tomorrow was on it today.
    """
    plan = ContingencyPlan.objects.approved().filter(school=school, kind=kind).first()
    template = templates(today).get(kind)
    own = _readable(plan) if plan else None
    content = own or (template.plan if template else None)
    if content is None:
        return {}
    return {
        "kind": kind, "version": plan.version if plan and own else 0, "adapted": own is not None,
        "title": template.title.model_dump() if template else {"zh": kind, "en": kind},
        **content.model_dump(mode="json"),
        "names": {str(pk): name for pk, name in names_of(content).items()},
        "phone_tree": [
            {"callee": line.callee.value, "name": line.name, "number": line.number}
            for line in phone_tree(school, content)
        ],
    }  # fmt: skip


def _readable(plan: ContingencyPlan) -> PlanContent | None:
    """What a plan says; nothing when an older edition of the product wrote it otherwise: no plan holds up an alarm."""
    try:
        return content_of(plan)
    except ValidationError as error:
        logger.error("The plan %s cannot be read, the template stands in for it: %s", plan.code, error)
        return None


@dataclass(frozen=True)
class Kind:
    """One kind of emergency at a school: its template, the plan in force, the draft being written."""

    template: Template
    approved: ContingencyPlan | None
    draft: ContingencyPlan | None
    today: date

    @property
    def state(self) -> str:
        """In force, due for review, or missing; what not every school needs is no gap."""
        if self.approved is None:
            return "missing" if self.template.expected else "none"
        review_by = self.approved.review_by
        return "review" if review_by and review_by < self.today else "ok"


def kinds_of(plans: Iterable[ContingencyPlan], today: date) -> list[Kind]:
    """Every kind of emergency with what a school has for it."""
    status = ContingencyPlan.Status
    held = {(plan.kind, plan.status): plan for plan in plans if plan.status != status.SUPERSEDED}
    return [
        Kind(template, held.get((kind, status.APPROVED)), held.get((kind, status.DRAFT)), today)
        for kind, template in templates(today).items()
    ]


@dataclass(frozen=True)
class Change:
    """What one place of a plan said before and says now."""

    place: str
    gone: list[str]
    come: list[str]


def changes_between(older: PlanContent, newer: PlanContent) -> list[Change]:
    """Where two versions differ, place by place."""
    before, after = _places(older), _places(newer)
    found = []
    for place in dict.fromkeys([*before, *after]):
        old, new = before.get(place, []), after.get(place, [])
        if old != new:
            found.append(
                Change(place, [line for line in old if line not in new], [line for line in new if line not in old])
            )
    return found


def _places(content: PlanContent) -> dict[str, list[str]]:
    """A plan as lists of lines under the names of their places."""
    places: dict[str, list[str]] = {}
    for named in named_cards(content):
        title = str(named.part.label)
        places[_("%(part)s: who") % {"part": title}] = named.people
        for above, lines in named.blocks:
            places[f"{title} · {above}"] = [str(line) for line in lines]
    places[_("Assembly points")] = [point.name for point in content.assembly]
    places[_("Phone tree")] = [str(callee.label) for callee in content.calls]
    places[_("Notice to parents")] = [str(content.parents)]
    places[_("Spokesperson's lines")] = [str(content.press)]
    return places
