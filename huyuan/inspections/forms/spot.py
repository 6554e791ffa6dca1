"""Forms of what is fixed on the spot."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.common.reach import Reach
from huyuan.inspections.forms.fields import LONG_TEXT, OnePhoto, ReasonForm, choose_school
from huyuan.inspections.models import Hazard
from huyuan.organisations.models import Organisation, School


class SpotForm(Form):
    """One entry for what was found and fixed at once, with a photo before and one after."""

    occasion = Occasion(
        "inspections.spot", _("Fixed on the spot"),
        {
            "school": "inspections.hazard.school", "category": "inspections.hazard.category",
            "place": "inspections.hazard.place", "description": "inspections.hazard.description",
            "report": "inspections.rectification.report", "before": "inspections.hazard.photos",
            "after": "inspections.rectification.photos",
        },
        again={
            "inspections.rectification.report": "one entry stands for finding and fixing; nobody reports it again",
            "inspections.rectification.photos": "one entry stands for finding and fixing; nobody reports it again",
        },
    )  # fmt: skip

    school = forms.ModelChoiceField(Organisation.objects.none(), label=_("School"), to_field_name="code")
    category = forms.ChoiceField(label=_("Kind of hazard"), choices=Hazard.Category.choices)
    place = forms.CharField(label=_("Place"), max_length=120)
    description = forms.CharField(label=_("What was wrong"), max_length=300, widget=LONG_TEXT)
    report = forms.CharField(label=_("What was done"), max_length=500, widget=LONG_TEXT)
    before = forms.FileField(label=_("Photo before"), widget=OnePhoto)
    after = forms.FileField(label=_("Photo after"), widget=OnePhoto)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        if isinstance(field, forms.ModelChoiceField):
            choose_school(field, self, reach)

    def clean_school(self) -> School:
        """The school that was chosen."""
        school: School = self.cleaned_data["school"].school
        return school

    def clean(self) -> dict[str, Any]:
        """Both photos in their order."""
        given = self.cleaned_data
        pair = [given.pop(name) for name in ("before", "after") if given.get(name)]
        return given | {"photos": [photo.read() for photo in pair]}


class UnconfirmedForm(ReasonForm):
    """Why something fixed on the spot is not confirmed."""

    occasion = Occasion(
        "inspections.unconfirmed", _("Not confirmed"), {"reason": "inspections.rectification.remark@spot"}
    )
