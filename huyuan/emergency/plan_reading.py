"""Reading the plan that an incident keeps: tasks of the role cards, drafts of what is said to parents and the press."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from huyuan.emergency.contingency_packs import MINUTES, fill_in
from huyuan.emergency.models import Incident, Statement
from huyuan.emergency.signs import Sign


@dataclass(frozen=True)
class Line:
    """One line of a role card, in both languages."""

    part: str
    minute: int
    text: dict[str, str]


def lines_of(plan: Mapping[str, Any]) -> list[Line]:
    """Every line of every card of a frozen plan, the earliest first; a plan without cards has none."""
    found = [line for card in plan.get("cards") or [] if isinstance(card, Mapping) for line in _lines_of(card)]
    return sorted(found, key=lambda line: line.minute)


def _lines_of(card: Mapping[str, Any]) -> Iterator[Line]:
    part = str(card.get("part", ""))
    for field, minute, _title in MINUTES:
        for text in card.get(field) or []:
            if isinstance(text, Mapping):
                yield Line(part, minute, {key: str(value) for key, value in text.items() if key in ("zh", "en")})


def statement_drafts(incident: Incident, language: str) -> dict[str, str]:
    """What the plan, else the product, proposes to say to parents and to the press; gaps stay to be seen as gaps."""
    own = {"parents": incident.plan.get("parents"), "press": incident.plan.get("press")}
    with override(language):
        places = {
            "school": incident.school.organisation.name, "place": incident.place,
            "time": time_format(timezone.localtime(incident.opened_at), "H:i"),
            "phone": incident.school.organisation.phone,
            "assembly": next((point["name"] for point in incident.plan.get("assembly") or []), ""),
        }  # fmt: skip
        short = "en" if language.startswith("en") else "zh"
        texts = {kind: (own[kind] or {}).get(short) or _proposed(kind) for kind in own}
        drafts = {kind: fill_in(text, places) for kind, text in texts.items()}
        if incident.sign != Sign.REAL:
            drafts = {kind: _("[Exercise] %(text)s") % {"text": text} for kind, text in drafts.items()}
    return drafts


def _proposed(kind: str) -> str:
    if kind == Statement.Kind.PARENTS:
        return _(
            "Dear parents: something happened at {school} at {time} today. The pupils are looked after by their teachers,"
            " and the police are on the spot. Please do not come to the school and keep the roads free. Next notice: ____."
            " Questions: {phone}."
        )
    return _(
        "At {time} today something happened at {school}. School and police followed the contingency plan at once."
        " What is known for certain will be told; please spread nothing that is not confirmed."
    )
