"""Fields and parts that several forms of checks and hazards share."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from huyuan.common.forms import Form
from huyuan.common.reach import Reach
from huyuan.inspections.actions.hazards import MAX_PHOTOS
from huyuan.organisations.models import Organisation, OrganisationKind

LONG_TEXT = forms.Textarea(attrs={"rows": 3})


class OnePhoto(forms.ClearableFileInput):
    """One photo from the camera or the gallery."""

    def __init__(self) -> None:
        super().__init__(attrs={"accept": "image/*", "data-photos": ""})


class PhotosInput(forms.ClearableFileInput):
    """Several photos from the camera or the gallery."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A list of uploaded photos; whether each is a photo is found out when it is read."""

    widget = PhotosInput(attrs={"accept": "image/*", "multiple": True, "data-photos": ""})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Every file of the list."""
        given = data if isinstance(data, list) else [data]
        files: list[UploadedFile[Any]] = [super(PhotosField, self).clean(one, initial) for one in given if one]
        if not files and self.required:
            raise forms.ValidationError(_("Add at least one photo that shows the hazard is gone."))
        if len(files) > MAX_PHOTOS:
            raise forms.ValidationError(_("At most %(count)s photos at a time.") % {"count": MAX_PHOTOS})
        return [file.read() for file in files]


def choose_school(field: forms.ModelChoiceField[Organisation], form: Form, reach: Reach) -> None:
    """Offer the reader's schools; where there is only one it is chosen already."""
    within = Organisation.objects.within(reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
    field.queryset, field.empty_label = within, _("Choose a school")
    if len(few := within[:2]) == 1:
        form.initial["school"] = few[0].code


class ReasonForm(Form):
    """A reason in a sentence."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=LONG_TEXT)
