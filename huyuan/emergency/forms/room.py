"""The small forms of the incident room, its review and its exercises."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.emergency.models import Incident
from huyuan.emergency.policies import AlarmClass
from huyuan.emergency.signs import Sign
from huyuan.inspections.models import Hazard
from huyuan.organisations.models import Organisation, School

SHORT = forms.Textarea(attrs={"rows": 2})
LONG = forms.Textarea(attrs={"rows": 5})


class LockdownForm(Form):
    """A class whose door is locked."""

    occasion = Occasion("emergency.lockdown", _("Door locked"), {"group": "emergency.confirmation.group@lockdown"})

    group = forms.CharField(label=_("Class or room"), max_length=40)


class HeadcountForm(Form):
    """A class with how many are here and how many should be."""

    occasion = Occasion("emergency.headcount", _("Head count"), {
        "group": "emergency.confirmation.group@headcount", "present": "emergency.confirmation.present",
        "expected": "emergency.confirmation.expected",
    })  # fmt: skip

    group = forms.CharField(label=_("Class or room"), max_length=40)
    present = forms.IntegerField(label=_("Present now"), min_value=0, max_value=500)
    expected = forms.IntegerField(label=_("On the roll"), min_value=0, max_value=500)


class NoteForm(Form):
    """What happened, in one's own words."""

    occasion = Occasion("emergency.note", _("Note in the log"), {"words": "emergency.logentry.words"})

    words = forms.CharField(label=_("What happened"), max_length=500, widget=SHORT)


class ReleaseForm(Form):
    """The text that goes out under the name of who releases it."""

    occasion = Occasion("emergency.release", _("Release a text"), {"text": "emergency.statement.text"})

    text = forms.CharField(label=_("Text"), max_length=2000, widget=LONG)


class HandOverForm(Form):
    """Who commands from now on, and how things stand."""

    occasion = Occasion("emergency.hand_over", _("Hand the command over"), {
        "to": "emergency.handoverofcommand.to_organisation", "situation": "emergency.handoverofcommand.situation",
    })  # fmt: skip

    to = forms.ModelChoiceField(Organisation.objects.none(), label=_("To whom"), to_field_name="code")
    situation = forms.CharField(label=_("The situation in short"), max_length=500, widget=SHORT)

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", organisations)


class AllClearForm(Form):
    """What it was."""

    occasion = Occasion("emergency.clear", _("Give the all-clear"), {
        "outcome": "emergency.incident.outcome", "words": "emergency.logentry.words@clear",
    })  # fmt: skip

    outcome = forms.ChoiceField(label=_("What it was"), widget=forms.RadioSelect)
    words = forms.CharField(label=_("In words"), max_length=500, required=False, widget=SHORT)

    def __init__(self, *args: Any, incident: Incident, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        over = Incident.Outcome.EXERCISE_OVER
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            real = incident.sign == Sign.REAL
            field.choices = [choice for choice in Incident.Outcome.choices if (choice[0] != over) == real]
        if incident.sign != Sign.REAL:
            self.initial["outcome"] = over


class FindingForm(Form):
    """One thing that the incident has shown."""

    occasion = Occasion("emergency.finding", _("Finding of a review"), {"text": "emergency.finding.text"})

    text = forms.CharField(label=_("What was found"), max_length=300, widget=SHORT)


class HazardOfFindingForm(Form):
    """What kind of hazard a finding is, and where."""

    occasion = Occasion("emergency.finding_hazard", _("A finding becomes a hazard"), {
        "category": "inspections.hazard.category@review", "place": "inspections.hazard.place@review",
    })  # fmt: skip

    category = forms.ChoiceField(label=_("Kind of hazard"), choices=Hazard.Category.choices)
    place = forms.CharField(label=_("Place"), max_length=120)


class TaskOfFindingForm(Form):
    """Who deals with a finding, and until when."""

    occasion = Occasion("emergency.finding_task", _("A finding becomes a task"), {
        "to": "emergency.finding.task_for", "due": "emergency.finding.task_due",
    })  # fmt: skip

    to = forms.ModelChoiceField(Organisation.objects.none(), label=_("Who does it"), to_field_name="code")
    due = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to", organisations)


class ReviewForm(Form):
    """What went well and what is to change."""

    occasion = Occasion("emergency.review", _("Close a review"), {
        "went_well": "emergency.review.went_well", "to_change": "emergency.review.to_change",
    })  # fmt: skip

    went_well = forms.CharField(label=_("What went well"), max_length=2000, widget=LONG)
    to_change = forms.CharField(label=_("What is to change"), max_length=2000, widget=LONG)


class ExerciseForm(Form):
    """Where the exercise is, and which alarm it plays."""

    occasion = Occasion("emergency.exercise", _("Start an exercise"), {
        "school": "emergency.press.school@exercise", "alarm_class": "emergency.press.alarm_class@exercise",
        "place": "emergency.press.place@exercise",
    })  # fmt: skip

    school = forms.ModelChoiceField(Organisation.objects.none(), label=_("School"), to_field_name="code")
    alarm_class = forms.ChoiceField(label=_("Class of alarm"))
    place = forms.CharField(label=_("Where it is played"), max_length=80, required=False)

    def __init__(self, *args: Any, schools: QuerySet[Organisation], classes: tuple[AlarmClass, ...], **kw: Any) -> None:
        super().__init__(*args, **kw)
        offer(self, "school", schools)
        field = self.fields["alarm_class"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(entry.key, str(entry.title)) for entry in classes]

    def clean_school(self) -> School:
        """The school that was chosen."""
        school: School = self.cleaned_data["school"].school
        return school


def offer(form: Form, name: str, organisations: QuerySet[Organisation]) -> None:
    """Offer these organisations; where there is only one it is chosen already."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset, field.empty_label = organisations, _("Choose an organisation")
    if len(few := organisations[:2]) == 1:
        form.initial.setdefault(name, few[0].code)
