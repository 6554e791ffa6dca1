"""Forms around the calendar and teaching points."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.organisations.models import School

EARLIEST, LATEST = 2000, 2100


def date_field(label: Any) -> forms.DateField:
    """A day chosen with the phone's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class TermForm(forms.Form):
    """The first and last day of a term."""

    year = forms.IntegerField(
        label=_("School year"), min_value=EARLIEST, max_value=LATEST, help_text=_("The year whose autumn it begins in.")
    )
    number = forms.TypedChoiceField(label=_("Term"), coerce=int, choices=[(1, _("first term")), (2, _("second term"))])
    starts_on = date_field(_("First day"))
    ends_on = date_field(_("Last day"))


class SchoolChoice(forms.TypedChoiceField):
    """One of some schools, or nothing when `nothing` says what that means."""

    def __init__(self, *, schools: Sequence[School], nothing: Any = None, **kwargs: Any) -> None:
        by_code = {str(school.organisation.code): school for school in schools}
        choices = [(code, str(school)) for code, school in by_code.items()]
        super().__init__(
            choices=[("", nothing), *choices] if nothing else choices,
            coerce=by_code.__getitem__, empty_value=None, required=not nothing, **kwargs,
        )  # fmt: skip


class DayForm(forms.Form):
    """A day that works or rests against the public calendar."""

    school = SchoolChoice(label=_("For"), schools=())
    day = date_field(_("Day"))
    works = forms.TypedChoiceField(
        label=_("On this day"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("no", _("no school")), ("yes", _("school as usual"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=80)

    def __init__(self, *args: Any, schools: Sequence[School], whole_county: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = _("the whole county") if whole_county else None
        self.fields["school"] = SchoolChoice(label=_("For"), schools=schools, nothing=nothing)


class RemoveDayForm(forms.Form):
    """Which day goes back to the public calendar."""

    day = forms.DateField()
    school = forms.UUIDField(required=False)


class CentralSchoolForm(forms.Form):
    """The central school whose officers act for a teaching point."""

    central = SchoolChoice(label=_("Central school"), schools=())

    def __init__(self, *args: Any, schools: Sequence[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = _("none: it acts for itself")
        self.fields["central"] = SchoolChoice(label=_("Central school"), schools=schools, nothing=nothing)
