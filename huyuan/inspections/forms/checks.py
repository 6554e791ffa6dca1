"""Forms of checks: they validate, never save."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.common.reach import Reach
from huyuan.inspections.checklists import Checklist
from huyuan.inspections.forms.fields import OnePhoto, ReasonForm, choose_school
from huyuan.inspections.models import Answer, RovingVisit
from huyuan.organisations.models import Organisation, School


class BeginForm(Form):
    """Which school, by which checklist. The code is made by the phone."""

    occasion = Occasion("inspections.begin", _("Begin a check"), {
        "code": None, "school": "inspections.inspection.school", "checklist": "inspections.inspection.checklist_code",
        "visit": None,
    })  # fmt: skip
    code = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-uuid": ""}))
    school = forms.ModelChoiceField(Organisation.objects.none(), label=_("School"), to_field_name="code")
    checklist = forms.ChoiceField(label=_("Checklist"))
    visit = forms.ModelChoiceField(
        RovingVisit.objects.none(), required=False, to_field_name="code", widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, reach: Reach, checklists: list[Checklist], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        if isinstance(field, forms.ModelChoiceField):
            choose_school(field, self, reach)
        visits = self.fields["visit"]
        if isinstance(visits, forms.ModelChoiceField):
            visits.queryset = RovingVisit.objects.visible_to(reach)
        self.lists = {f"{entry.code}@{entry.version}": entry for entry in checklists}
        self.fields["checklist"] = forms.ChoiceField(
            label=_("Checklist"), choices=[(key, str(entry.title)) for key, entry in self.lists.items()]
        )
        wanted = (key for key, entry in self.lists.items() if entry.code == self.initial.get("checklist"))
        self.initial["checklist"] = next(wanted, None)
        self.fields["code"].initial = uuid.uuid4()

    def clean_school(self) -> School:
        """The school that was chosen."""
        school: School = self.cleaned_data["school"].school
        return school

    def clean_checklist(self) -> Checklist:
        """The checklist that was chosen."""
        return self.lists[self.cleaned_data["checklist"]]


class AnswerForm(Form):
    """The answer to one item, with the revision the phone had seen."""

    occasion = Occasion("inspections.answer", _("Answer an item of a check"), {
        "value": "inspections.answer.value", "note": "inspections.answer.note", "base_revision": None,
    })  # fmt: skip
    value = forms.CharField(max_length=40, error_messages={"required": _("Choose an answer.")})
    note = forms.CharField(max_length=300, required=False, label=_("What exactly, and where"))
    base_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, before: Answer | None, seconds: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.walked = seconds
        if before is not None:
            self.initial = {"value": before.value, "note": before.note}

    def filled(self) -> int:
        """Nothing: what comes back as it was is the person's own earlier answer."""
        return 0

    def seconds(self) -> int:
        """From the person's answer before: the page with all items is shown once."""
        return self.walked


class PhotoForm(Form):
    """One photo."""

    occasion = Occasion("inspections.photograph", _("Photograph an item of a check"), {
        "photo": "inspections.inspection.photos",
    })  # fmt: skip
    photo = forms.FileField(label=_("Photo"), widget=OnePhoto)

    def clean_photo(self) -> bytes:
        """The bytes of the photo."""
        content: bytes = self.cleaned_data["photo"].read()
        return content


class ReopenForm(ReasonForm):
    """Why a half-signed check is opened again."""

    occasion = Occasion("inspections.reopen", _("Open a check again"), {"reason": "inspections.signature.withdrawal"})


class CancelForm(ReasonForm):
    """Why a check is cancelled."""

    occasion = Occasion("inspections.cancel", _("Cancel the check"), {"reason": "inspections.inspection.cancel_reason"})
