"""The form in which a school adapts a contingency plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.common.packs import Text
from huyuan.emergency.contingency_packs import (
    MINUTES,
    OWN_NUMBERS,
    UNNAMED,
    AssemblyPoint,
    Callee,
    Card,
    CardPart,
    PlanContent,
    unknown_places,
)
from huyuan.people.models import User

POINTS = (1, 2)
MOST_LINES, LONGEST_LINE = 12, 120
CONTENT = "emergency.contingencyplan.content"
NUMBERS = [(f"number_{callee}", f"{CONTENT}@number_{callee}") for callee in OWN_NUMBERS]
FACTS = {
    **{f"{part}_{field}": f"{CONTENT}@{part}_{field}" for part in CardPart for field, _minute, _title in MINUTES},
    **{f"{part}_people": f"{CONTENT}@{part}_people" for part in CardPart},
    **{f"order_{callee}": f"{CONTENT}@order_{callee}" for callee in Callee},
    **{f"point_{n}_{what}": f"{CONTENT}@point_{n}_{what}" for n in POINTS for what in ("name", "lon", "lat")},
    **dict(NUMBERS),
    **{name: f"{CONTENT}@{name}" for name in ("parents", "press", "spokesperson")},
}


@dataclass(frozen=True)
class CardFields:
    """The fields of one role card."""

    label: Promise
    people: BoundField | None
    minutes: list[BoundField]


@dataclass(frozen=True)
class TreeFields:
    """The fields of one line of the phone tree."""

    callee: Callee
    order: BoundField
    number: BoundField | None


class PlanForm(Form):
    """Everything a plan says, one task a line; what is left as it was keeps its words in both languages."""

    occasion = Occasion("emergency.contingency", _("Adapt a contingency plan"), FACTS)
    parents = forms.CharField(
        label=_("Notice to parents"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("{school}, {time}, {place}, {assembly}, {phone} and {spokesperson} are filled in when it is needed."),
    )  # fmt: skip
    press = forms.CharField(label=_("Spokesperson's lines"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(
        self, *args: Any, content: PlanContent, staff: QuerySet[User], callees: Iterable[Callee] = (), **kwargs: Any
    ) -> None:
        self.before = content
        # Who was left out of the phone tree before can be taken in again.
        self.callees = list(dict.fromkeys([*content.calls, *callees]))
        given = {"parents": str(content.parents), "press": str(content.press), "spokesperson": content.spokesperson}
        super().__init__(*args, **kwargs)
        self.initial.update(given)
        people = [(user.pk, user.name) for user in staff]
        for card in content.cards:
            self._add_card(card, people)
        for number in POINTS:
            self._add_point(number, content.assembly[number - 1] if len(content.assembly) >= number else None)
        for rank, callee in enumerate(self.callees, 1):
            self._add_callee(callee, rank if callee in content.calls else None)
        self.fields["spokesperson"] = forms.TypedChoiceField(
            label=_("Spokesperson"), choices=[("", _("not named yet")), *people], coerce=int, empty_value=None,
            required=False,
        )  # fmt: skip

    def _add_card(self, card: Card, people: list[tuple[int, str]]) -> None:
        if card.part not in UNNAMED:
            self.fields[f"{card.part}_people"] = forms.TypedMultipleChoiceField(
                label=_("Who has this card"), choices=people, coerce=int, required=False, initial=list(card.people),
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        for field, _minute, title in MINUTES:
            lines = [str(line) for line in getattr(card, field)]
            self.fields[f"{card.part}_{field}"] = forms.CharField(
                label=str(title), required=False, initial="\n".join(lines),
                widget=forms.Textarea(attrs={"rows": len(lines) + 1}),
            )  # fmt: skip

    def _add_point(self, number: int, point: AssemblyPoint | None) -> None:
        label = _("Assembly point") if number == 1 else _("Second assembly point")
        self.fields[f"point_{number}_name"] = forms.CharField(
            label=label, max_length=60, required=False, initial=point.name if point else ""
        )
        for what, name, most in (("lon", _("longitude"), 180), ("lat", _("latitude"), 90)):
            self.fields[f"point_{number}_{what}"] = forms.FloatField(
                label=name, required=False, min_value=-most, max_value=most,
                initial=getattr(point, what) if point else None, widget=forms.HiddenInput,
            )  # fmt: skip

    def _add_callee(self, callee: Callee, rank: int | None) -> None:
        self.fields[f"order_{callee}"] = forms.IntegerField(
            label=str(callee.label), min_value=1, max_value=30, required=False, initial=rank
        )
        if callee in OWN_NUMBERS:
            self.fields[f"number_{callee}"] = forms.CharField(
                label=_("Phone number"), max_length=20, required=False, initial=self.before.numbers.get(callee, "")
            )

    def clean(self) -> dict[str, Any]:
        """Lines that fit on a card, notices whose places somebody fills in, somebody left to ring."""
        given = super().clean() or {}
        for card in self.before.cards:
            for field, _minute, _title in MINUTES:
                lines = _lines(given.get(f"{card.part}_{field}", ""))
                if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines):
                    self.add_error(
                        f"{card.part}_{field}", _("At most 12 lines of 120 signs: a card is read in seconds.")
                    )
        for name in ("parents", "press"):
            if unknown_places(given.get(name, "")):
                self.add_error(name, _("Only the places named below can stand in braces."))
        if not any(given.get(f"order_{callee}") for callee in self.callees):
            self.add_error(None, _("Somebody has to stand in the phone tree."))
        return given

    def content(self) -> PlanContent:
        """The plan as it was filled in."""
        given, before = self.cleaned_data, self.before
        ranked = sorted(
            (given[f"order_{callee}"], place, callee)
            for place, callee in enumerate(self.callees) if given[f"order_{callee}"]
        )  # fmt: skip
        return before.model_copy(update={
            "cards": tuple(self._card(card) for card in before.cards),
            "calls": tuple(callee for _rank, _place, callee in ranked),
            "numbers": {callee: given[f"number_{callee}"] for callee in OWN_NUMBERS if given.get(f"number_{callee}")},
            "assembly": tuple(self._points()), "spokesperson": given["spokesperson"],
            "parents": _kept(given["parents"], [before.parents]), "press": _kept(given["press"], [before.press]),
        })  # fmt: skip

    def _card(self, card: Card) -> Card:
        words = {
            field: tuple(
                _kept(line, getattr(card, field)) for line in _lines(self.cleaned_data[f"{card.part}_{field}"])
            )
            for field, _minute, _title in MINUTES
        }
        return card.model_copy(update={**words, "people": tuple(self.cleaned_data.get(f"{card.part}_people", ()))})

    def _points(self) -> Iterator[AssemblyPoint]:
        for number in POINTS:
            name, lon, lat = (self.cleaned_data[f"point_{number}_{what}"] for what in ("name", "lon", "lat"))
            if name:
                both = lon is not None and lat is not None
                yield AssemblyPoint(name=name, lon=lon if both else None, lat=lat if both else None)

    def cards(self) -> list[CardFields]:
        """The fields as the page shows them, card by card."""
        return [
            CardFields(
                card.part.label, None if card.part in UNNAMED else self[f"{card.part}_people"],
                [self[f"{card.part}_{field}"] for field, _minute, _title in MINUTES],
            )
            for card in self.before.cards
        ]  # fmt: skip

    def points(self) -> list[dict[str, BoundField]]:
        """The fields of the assembly points."""
        return [{what: self[f"point_{n}_{what}"] for what in ("name", "lon", "lat")} for n in POINTS]

    def tree(self) -> list[TreeFields]:
        """The fields of the phone tree, line by line."""
        return [
            TreeFields(callee, self[f"order_{callee}"], self[f"number_{callee}"] if callee in OWN_NUMBERS else None)
            for callee in self.callees
        ]


def _lines(words: str) -> list[str]:
    return [line.strip() for line in words.splitlines() if line.strip()]


def _kept(line: str, before: Any) -> Text:
    """The words in both languages where they were left alone; what a school writes stands in its own for every reader."""
    return next((text for text in before if str(text) == line), Text(zh=line, en=line))
