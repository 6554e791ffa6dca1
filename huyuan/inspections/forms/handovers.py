"""Forms of transfers and requests for coordination."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.inspections.actions.coordination import MAX_DAYS as MAX_HELP_DAYS
from huyuan.inspections.forms.fields import LONG_TEXT, ReasonForm
from huyuan.organisations.models import Organisation


class TransferForm(Form):
    """Who is asked to take the hazard over, and why."""

    occasion = Occasion("inspections.transfer", _("Hand a hazard over"), {
        "to": "inspections.handover.to_organisation", "reason": "inspections.handover.reason",
    })  # fmt: skip

    to = forms.ModelChoiceField(Organisation.objects.none(), label=_("Organisation"), to_field_name="code")
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LONG_TEXT)

    def __init__(self, *args: Any, addressees: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset, field.empty_label = addressees, _("Choose an organisation")


class CoordinationForm(TransferForm):
    """Who is asked for help, with what, why, and what keeps people safe meanwhile."""

    occasion = Occasion("inspections.coordinate", _("Ask for coordination"), {
        "to": "inspections.handover.to_organisation@help", "asked": "inspections.handover.asked",
        "reason": "inspections.handover.reason@help", "interim": "inspections.handover.interim",
    })  # fmt: skip

    asked = forms.CharField(label=_("What is asked for"), max_length=300, widget=LONG_TEXT)
    reason = forms.CharField(label=_("Why the school cannot solve it"), max_length=300, widget=LONG_TEXT)
    interim = forms.CharField(label=_("What keeps people safe meanwhile"), max_length=300, widget=LONG_TEXT)
    field_order = ("to", "asked", "reason", "interim")


class PromiseForm(Form):
    """Help within so many working days."""

    occasion = Occasion("inspections.promise", _("Promise help"), {
        "days": "inspections.handover.until", "answer": "inspections.handover.answer",
    })  # fmt: skip

    days = forms.IntegerField(label=_("Working days needed"), min_value=1, max_value=MAX_HELP_DAYS)
    answer = forms.CharField(label=_("What will be done"), max_length=300, required=False, widget=LONG_TEXT)


class ResultForm(Form):
    """What came of the help."""

    occasion = Occasion(
        "inspections.finish_help", _("Report what came of it"), {"result": "inspections.handover.result"}
    )

    result = forms.CharField(label=_("What came of it"), max_length=300, widget=LONG_TEXT)


class RefuseForm(ReasonForm):
    """Why what was handed over is refused."""

    occasion = Occasion(
        "inspections.refuse", _("Refuse what is handed over"), {"reason": "inspections.handover.answer@refused"}
    )
