"""Forms of checks and hazards: they validate, never save."""

import uuid
from typing import Any, ClassVar

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.common.reach import Reach
from huyuan.inspections.actions.coordination import MAX_DAYS as MAX_HELP_DAYS
from huyuan.inspections.actions.hazards import MAX_PHOTOS
from huyuan.inspections.checklists import Checklist
from huyuan.inspections.guides import national_guide
from huyuan.inspections.models import Answer, Hazard, RovingVisit
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.people.models import User
from huyuan.policy.models import DayKind

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


class ReasonForm(Form):
    """A reason in a sentence."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=LONG_TEXT)


class ReopenForm(ReasonForm):
    """Why a half-signed check is opened again."""

    occasion = Occasion("inspections.reopen", _("Open a check again"), {"reason": "inspections.signature.withdrawal"})


class CancelForm(ReasonForm):
    """Why a check is cancelled."""

    occasion = Occasion("inspections.cancel", _("Cancel the check"), {"reason": "inspections.inspection.cancel_reason"})


class PauseForm(ReasonForm):
    """Why a deadline stands still."""

    occasion = Occasion("inspections.pause", _("Pause the deadline"), {"reason": "inspections.hazard.pause_reason"})


class MajorFields(Form):
    """What a major hazard needs besides: its item of the guide, the money, what is done until then."""

    guide_item = forms.ChoiceField(label=_("Item of the national guide"), required=False)
    funding = forms.CharField(label=_("Money: how much, from where"), max_length=200, required=False)
    contingency = forms.CharField(
        label=_("What keeps people safe until then"), max_length=300, required=False, widget=LONG_TEXT
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guide_item"] = forms.ChoiceField(
            label=_("Item of the national guide"), required=False,
            choices=[("", _("Choose an item")), *national_guide().choices()],
            help_text=_("Shortened; the published text decides."),
        )  # fmt: skip

    needed: ClassVar[tuple[str, ...]] = ("guide_item", "funding", "contingency")

    def clean(self) -> dict[str, Any]:
        """For a major hazard nothing of it may be missing."""
        given = self.cleaned_data
        if given.get("level") == Hazard.Level.MAJOR:
            for name in self.needed:
                if not given.get(name):
                    self.add_error(name, _("A major hazard needs this."))
        return given

    @property
    def for_major(self) -> list[forms.BoundField]:
        """The fields that only a major hazard has."""
        return [self[name] for name in MajorFields.base_fields]

    @property
    def for_all(self) -> list[forms.BoundField]:
        """The other fields."""
        return [field for field in self if field.name not in MajorFields.base_fields]


class OrderForm(MajorFields):
    """An order to put right: level, requirement, person, days."""

    occasion = Occasion("inspections.order", _("Order rectification"), {
        "level": "inspections.hazard.level", "requirement": "inspections.hazard.requirement",
        "guide_item": "inspections.hazard.guide_item", "funding": "inspections.hazard.funding",
        "contingency": "inspections.hazard.contingency",
        "responsible": "inspections.hazard.responsible", "days": "inspections.hazard.due_date",
        "due_kind": "inspections.hazard.due_kind",
        # Programs name the person by phone number.
        "responsible_phone": "inspections.hazard.responsible",
    })  # fmt: skip
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
        level = self.fields["level"]
        if isinstance(level, forms.ChoiceField) and self.initial.get("level") == Hazard.Level.MAJOR:
            level.choices = [(Hazard.Level.MAJOR.value, Hazard.Level.MAJOR.label)]
            level.help_text = _("It stands as major. If it is not, change the level with a reason first.")


class LevelForm(MajorFields):
    """The level with its item of the guide, or the reason why it is lower."""

    occasion = Occasion(
        "inspections.level", _("Decide the level of a hazard"),
        {
            "level": "inspections.hazard.level", "guide_item": "inspections.hazard.guide_item",
            "funding": "inspections.hazard.funding", "contingency": "inspections.hazard.contingency",
            "reason": "inspections.hazard.level@reason",
        },
        again={
            "inspections.hazard.level": "a correction of what the order or an earlier ledger said, filled in as it stands",
            "inspections.hazard.guide_item": "a correction of what the order or an earlier ledger said, filled in as it stands",
            "inspections.hazard.funding": "a level raised after the order needs what the order did not ask for",
            "inspections.hazard.contingency": "a level raised after the order needs what the order did not ask for",
        },
    )  # fmt: skip

    needed: ClassVar[tuple[str, ...]] = ("guide_item",)
    level = forms.ChoiceField(label=_("Level"), choices=Hazard.Level.choices)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, widget=LONG_TEXT,
        help_text=_("Needed when a major hazard becomes general."),
    )  # fmt: skip


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


class RectifyForm(Form):
    """What was done, with photos."""

    occasion = Occasion("inspections.rectify", _("Report the rectification"), {
        "report": "inspections.rectification.report", "photos": "inspections.rectification.photos",
    })  # fmt: skip
    report = forms.CharField(label=_("What was done"), max_length=500, widget=LONG_TEXT)
    photos = PhotosField(label=_("Photos of the result"))


class CloseForm(Form):
    """Accept the rectification."""

    occasion = Occasion("inspections.close", _("Accept and close"), {"remark": "inspections.rectification.remark"})
    remark = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=LONG_TEXT)


class RejectForm(Form):
    """Refuse the rectification: what is still wrong, how many days more."""

    occasion = Occasion(
        "inspections.reject", _("Not accepted"),
        {"remark": "inspections.rectification.remark", "days": "inspections.hazard.due_date"},
        again={
            "inspections.rectification.remark": "a round is either accepted or not: it gets one remark",
            "inspections.hazard.due_date": "the next round needs a date of its own; a week is filled in",
        },
    )  # fmt: skip
    remark = forms.CharField(label=_("What is still wrong"), max_length=500, widget=LONG_TEXT)
    days = forms.IntegerField(label=_("Days for the next round"), min_value=1, max_value=365, initial=7)


class ExtensionForm(Form):
    """Ask for a later date."""

    occasion = Occasion("inspections.extend", _("Ask for more time"), {
        "new_due_date": "inspections.extension.new_due_date", "reason": "inspections.extension.reason",
    })  # fmt: skip
    new_due_date = DayField(label=_("New due date"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LONG_TEXT)


class DecisionForm(Form):
    """Grant or refuse."""

    occasion = Occasion("inspections.decide", _("Decide on more time"), {"grant": "inspections.extension.decision"})
    grant = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("grant")), ("no", _("refuse"))], coerce=lambda value: value == "yes"
    )


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


class UnconfirmedForm(ReasonForm):
    """Why something fixed on the spot is not confirmed."""

    occasion = Occasion(
        "inspections.unconfirmed", _("Not confirmed"), {"reason": "inspections.rectification.remark@spot"}
    )


class RefuseForm(ReasonForm):
    """Why what was handed over is refused."""

    occasion = Occasion(
        "inspections.refuse", _("Refuse what is handed over"), {"reason": "inspections.handover.answer@refused"}
    )
