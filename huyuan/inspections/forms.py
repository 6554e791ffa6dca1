"""Forms of checks and hazards: they validate, never save."""

import uuid
from datetime import date
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from huyuan.common.fields import DayField
from huyuan.common.reach import Reach
from huyuan.inspections.checklists import Checklist
from huyuan.inspections.models import Hazard
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.people.models import User
from huyuan.policy.models import DayKind

LONG_TEXT = forms.Textarea(attrs={"rows": 3})
MAX_PHOTOS = 6


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


class BeginForm(forms.Form):
    """Which school, by which checklist. The code is made by the phone."""

    code = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-uuid": ""}))
    school = forms.ModelChoiceField(Organisation.objects.none(), label=_("School"), to_field_name="code")
    checklist = forms.ChoiceField(label=_("Checklist"))

    def __init__(self, *args: Any, reach: Reach, checklists: list[Checklist], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school"]
        if isinstance(field, forms.ModelChoiceField):
            within = Organisation.objects.within(reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
            field.queryset, field.empty_label = within, _("Choose a school")
            if len(few := within[:2]) == 1:
                self.initial["school"] = few[0].code
        self.lists = {f"{entry.code}@{entry.version}": entry for entry in checklists}
        self.fields["checklist"] = forms.ChoiceField(
            label=_("Checklist"), choices=[(key, str(entry.title)) for key, entry in self.lists.items()]
        )
        self.fields["code"].initial = uuid.uuid4()

    def clean_school(self) -> School:
        """The school that was chosen."""
        school: School = self.cleaned_data["school"].school
        return school

    def clean_checklist(self) -> Checklist:
        """The checklist that was chosen."""
        return self.lists[self.cleaned_data["checklist"]]


class AnswerForm(forms.Form):
    """The answer to one item, with the revision the phone had seen."""

    value = forms.CharField(max_length=40, error_messages={"required": _("Choose an answer.")})
    note = forms.CharField(max_length=300, required=False, label=_("What exactly, and where"))
    base_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PhotoForm(forms.Form):
    """One photo."""

    photo = forms.FileField(
        label=_("Photo"), widget=forms.ClearableFileInput(attrs={"accept": "image/*", "data-photos": ""})
    )

    def clean_photo(self) -> bytes:
        """The bytes of the photo."""
        content: bytes = self.cleaned_data["photo"].read()
        return content


class ReasonForm(forms.Form):
    """A reason in a sentence."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=LONG_TEXT)


class OrderForm(forms.Form):
    """An order to put right: level, requirement, person, days."""

    level = forms.ChoiceField(label=_("Level"), choices=Hazard.Level.choices)
    requirement = forms.CharField(label=_("What is required"), max_length=500, widget=LONG_TEXT)
    responsible = forms.ModelChoiceField(User.objects.none(), label=_("Responsible person"), to_field_name="code")
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=365)
    due_kind = forms.ChoiceField(label=_("Counted in"), choices=DayKind.choices)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["responsible"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = User.objects.filter(pk__in=[person.pk for person in people]).order_by("sort_key")


class RectifyForm(forms.Form):
    """What was done, with photos."""

    report = forms.CharField(label=_("What was done"), max_length=500, widget=LONG_TEXT)
    photos = PhotosField(label=_("Photos of the result"))


class CloseForm(forms.Form):
    """Accept the rectification."""

    remark = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=LONG_TEXT)


class RejectForm(forms.Form):
    """Refuse the rectification: what is still wrong, how many days more."""

    remark = forms.CharField(label=_("What is still wrong"), max_length=500, widget=LONG_TEXT)
    days = forms.IntegerField(label=_("Days for the next round"), min_value=1, max_value=365, initial=7)


class ExtensionForm(forms.Form):
    """Ask for a later date."""

    new_due_date = DayField(label=_("New due date"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LONG_TEXT)


class DecisionForm(forms.Form):
    """Grant or refuse."""

    grant = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("grant")), ("no", _("refuse"))], coerce=lambda value: value == "yes"
    )


class HazardsField(forms.ModelMultipleChoiceField[Hazard]):
    """Hazards to tick, each with its deadline."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Hazard) -> str:
        """The hazard in words."""
        return _("%(hazard)s (due %(day)s)") % {"hazard": obj.description, "day": date_format(cast(date, obj.due_date))}


class NoticeForm(forms.Form):
    """Which ordered hazards stand on the notice, and when they are re-checked."""

    hazards = HazardsField(Hazard.objects.none(), label=_("Hazards on the notice"), to_field_name="code")
    recheck_on = DayField(label=_("Day of the re-check"))

    def __init__(self, *args: Any, hazards: QuerySet[Hazard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hazards"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = hazards

    def clean_hazards(self) -> list[Hazard]:
        """The hazards that were ticked."""
        return list(self.cleaned_data["hazards"])


class NoticeNumberForm(forms.Form):
    """The number that the police case system gave; a correction says why."""

    number = forms.CharField(label=_("Number of the police paper"), max_length=60)
    dated_on = DayField(label=_("Date of the police paper"))
    reason = forms.CharField(label=_("Why it is corrected"), max_length=200)

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["reason"]


class ReceiptForm(forms.Form):
    """Who signed the printed receipt, and when."""

    receiver_name = forms.CharField(label=_("Name of who signed"), max_length=40)
    received_on = DayField(label=_("Day on the receipt"))


class RefusalForm(forms.Form):
    """Why the school did not sign, and who saw it."""

    reason = forms.CharField(label=_("Why the school did not sign"), max_length=200, widget=LONG_TEXT)
    witness_name = forms.CharField(label=_("Name of the witness"), max_length=40)
    witness_organisation = forms.CharField(label=_("Where the witness works"), max_length=80)
    refused_on = DayField(label=_("Day of the refusal"))


class NumberingForm(forms.Form):
    """How the numbers of notices begin."""

    beginning = forms.CharField(label=_("The number begins with"), max_length=30)


class SupervisorField(forms.ModelChoiceField[User]):
    """Somebody of an agency, with where they work."""

    def label_from_instance(self, obj: User) -> str:
        """Name and agencies."""
        return f"{obj.name}（{'、'.join(post.organisation.name for post in obj.posts.all() if post.ends_on is None)}）"


class ListingForm(forms.Form):
    """Who supervises, and until when it is to be closed."""

    supervisor = SupervisorField(User.objects.none(), label=_("Who supervises"), to_field_name="code")
    deadline = DayField(label=_("To be closed by"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["supervisor"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people.prefetch_related("posts__organisation")
