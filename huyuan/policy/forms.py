"""Forms of plans and duties."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.people.models import User
from huyuan.policy.packs import Rhythm

RHYTHMS = [
    (Rhythm.MONTHLY, _("every month")),
    (Rhythm.QUARTERLY, _("every quarter")),
    (Rhythm.TERM, _("every term")),
    (Rhythm.YEARLY, _("every year")),
]


class PlanForm(Form):
    """A plan's text as a file."""

    occasion = Occasion("policy.import_plan", _("Bring a plan in"), {
        "file": "policy.planversion.text", "code": "policy.plan.code", "counts_from": "policy.plan.counts_from",
    })  # fmt: skip

    file = forms.FileField(
        label=_("Text of the plan (.txt or .docx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".txt,.docx"}),
    )
    code = forms.RegexField(
        r"^[a-z0-9-]{2,40}$", label=_("Code"), max_length=40,
        help_text=_("Small letters, digits and hyphens, for example anyi-2024. The same code brings in a new version."),
    )  # fmt: skip
    counts_from = DayField(
        label=_("Counts from"), required=False,
        help_text=_("Nothing before this day is missed. Empty: from today, or from the county's start date."),
    )  # fmt: skip


class RhythmForm(Form):
    """How often something is owed that the plan only calls "regularly"."""

    occasion = Occasion("policy.set_rhythm", _("Set a rhythm"), {
        "rhythm": "policy.obligationversion.chosen_rhythm",
    })  # fmt: skip

    rhythm = forms.TypedChoiceField(label=_("How often"), choices=RHYTHMS, coerce=Rhythm)


class SupplementForm(Form):
    """What was done before the plan counted here."""

    occasion = Occasion("policy.declare", _("Declare what was done earlier"), {
        "done_on": "policy.supplement.done_on", "what": "policy.supplement.what", "proof": "policy.supplement.proof",
    })  # fmt: skip

    done_on = DayField(label=_("Done on"))
    what = forms.CharField(label=_("What was done then"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    proof = forms.CharField(
        label=_("Where the paper lies"), max_length=200,
        help_text=_("So that somebody who doubts it can look: binder, page, whose desk."),
    )  # fmt: skip


class WithdrawForm(Form):
    """Why a declaration is taken back."""

    occasion = Occasion("policy.withdraw", _("Take the declaration back"), {
        "reason": "policy.supplement.withdrawal_reason",
    })  # fmt: skip

    reason = forms.CharField(label=_("Reason"), max_length=200)


class PersonForm(Form):
    """Who answers for a duty."""

    occasion = Occasion("policy.assign", _("Say who answers for a duty"), {
        "person": "policy.assignment.person",
    })  # fmt: skip

    person = forms.TypedChoiceField(label=_("Answers for it"), required=False, empty_value=None)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.code): person for person in people}
        field = self.fields["person"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", _("nobody yet")), *((code, person.name) for code, person in self.people.items())]
            field.coerce = self.people.__getitem__
