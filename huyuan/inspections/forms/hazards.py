"""Forms of hazards: order, level, report, re-check, deadline."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.inspections.forms.fields import LONG_TEXT, PhotosField, ReasonForm
from huyuan.inspections.guides import national_guide
from huyuan.inspections.models import Hazard
from huyuan.people.models import User
from huyuan.policy.models import DayKind


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


class PauseForm(ReasonForm):
    """Why a deadline stands still."""

    occasion = Occasion("inspections.pause", _("Pause the deadline"), {"reason": "inspections.hazard.pause_reason"})
