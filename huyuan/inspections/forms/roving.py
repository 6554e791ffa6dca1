"""Forms of roving checks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.inspections.checklists import Checklist
from huyuan.inspections.forms.fields import LONG_TEXT, ReasonForm


class DrawForm(Form):
    """The rules of a draw; without a seed one is drawn by lot."""

    occasion = Occasion("inspections.draw", _("Draw the roving checks of a term"), {
        "checklist": "inspections.rovingplan.checklist_code", "per_week": "inspections.rovingplan.per_week",
        "per_school": "inspections.rovingplan.per_school", "gap_weeks": "inspections.rovingplan.gap_weeks",
        "seed": "inspections.rovingplan.seed",
    })  # fmt: skip
    checklist = forms.ChoiceField(label=_("Checklist"))
    per_week = forms.IntegerField(
        label=_("Visits a week at most"), min_value=1, max_value=200, help_text=_("What your people can manage.")
    )
    per_school = forms.IntegerField(
        label=_("Visits to each school this term"), min_value=1, max_value=20, required=False,
        help_text=_("Left empty it follows from the weeks of the term and what you manage a week."),
    )  # fmt: skip
    gap_weeks = forms.IntegerField(label=_("Weeks between two visits of a school"), min_value=1, max_value=26)
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=999_999, required=False,
        help_text=_("Left empty it is drawn by lot and shown beside the plan."),
    )  # fmt: skip

    def __init__(self, *args: Any, checklists: list[Checklist], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = {entry.code: entry for entry in checklists}
        choices = [(code, str(entry.title)) for code, entry in self.lists.items()]
        self.fields["checklist"] = forms.ChoiceField(label=_("Checklist"), choices=choices)

    def clean_checklist(self) -> Checklist:
        """The checklist that was chosen."""
        return self.lists[self.cleaned_data["checklist"]]


class MoveForm(Form):
    """Another day for a visit, with the reason."""

    occasion = Occasion("inspections.move_visit", _("Move a visit"), {
        "planned_on": "inspections.rovingvisit.planned_on", "reason": "inspections.rovingvisit.reason@moved",
    })  # fmt: skip
    planned_on = DayField(label=_("New day"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=LONG_TEXT)


class DropForm(ReasonForm):
    """Why a visit falls out."""

    occasion = Occasion(
        "inspections.drop_visit", _("Drop a visit"), {"reason": "inspections.rovingvisit.reason@dropped"}
    )
