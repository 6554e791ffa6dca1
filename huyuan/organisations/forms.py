"""Forms around organisations, the calendar and teaching points."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.common.geo import Datum, Point, to_wgs84
from huyuan.common.reach import Reach
from huyuan.common.sheets.places import position
from huyuan.common.sheets.problems import CellProblem
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.organisations.roster.datum import DATUMS

EARLIEST, LATEST = 2000, 2100


class TermForm(Form):
    """The first and last day of a term."""

    occasion = Occasion("organisations.term", _("Set a term"), {
        "year": "organisations.term.year", "number": "organisations.term.number",
        "starts_on": "organisations.term.starts_on", "ends_on": "organisations.term.ends_on",
    })  # fmt: skip
    year = forms.IntegerField(
        label=_("School year"), min_value=EARLIEST, max_value=LATEST, help_text=_("The year whose autumn it begins in.")
    )
    number = forms.TypedChoiceField(label=_("Term"), coerce=int, choices=[(1, _("first term")), (2, _("second term"))])
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))


class SchoolChoice(forms.TypedChoiceField):
    """One of some schools, or nothing when `nothing` says what that means."""

    def __init__(self, *, schools: Sequence[School], nothing: Any = None, **kwargs: Any) -> None:
        by_code = {str(school.organisation.code): school for school in schools}
        choices = [(code, str(school)) for code, school in by_code.items()]
        super().__init__(
            choices=[("", nothing), *choices] if nothing else choices,
            coerce=by_code.__getitem__, empty_value=None, required=not nothing, **kwargs,
        )  # fmt: skip


class DayForm(Form):
    """A day that works or rests against the public calendar."""

    occasion = Occasion("organisations.day", _("Add a special day"), {
        "school": "organisations.calendarday.school", "day": "organisations.calendarday.day",
        "works": "organisations.calendarday.works", "reason": "organisations.calendarday.reason",
    })  # fmt: skip
    school = SchoolChoice(label=_("For"), schools=())
    day = DayField(label=_("Day"))
    works = forms.TypedChoiceField(
        label=_("On this day"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("no", _("no school")), ("yes", _("school as usual"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=80)

    def __init__(self, *args: Any, schools: Sequence[School], whole_county: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = _("the whole county") if whole_county else None
        self.fields["school"] = SchoolChoice(label=_("For"), schools=schools, nothing=nothing)


class RemoveDayForm(Form):
    """Which day goes back to the public calendar."""

    occasion = Occasion("organisations.remove_day", _("Take a special day away"), {"day": None, "school": None})
    day = forms.DateField()
    school = forms.UUIDField(required=False)


class CentralSchoolForm(Form):
    """The central school whose officers act for a teaching point."""

    occasion = Occasion("organisations.central_school", _("Choose the central school"), {
        "central": "organisations.school.central_school",
    })  # fmt: skip
    central = SchoolChoice(label=_("Central school"), schools=())

    def __init__(self, *args: Any, schools: Sequence[School], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = _("none: it acts for itself")
        self.fields["central"] = SchoolChoice(label=_("Central school"), schools=schools, nothing=nothing)


class PositionField(forms.CharField):
    """A place as it is copied from a map: two figures in either order."""

    def clean(self, value: str | None) -> Point | None:
        """The place, in the system of the map it was read from."""
        try:
            return position(super().clean(value))
        except CellProblem as problem:
            raise forms.ValidationError(str(problem)) from problem


class OrganisationForm(Form):
    """What the bureau may correct of an organisation."""

    occasion = Occasion(
        "organisations.correct", _("Correct an organisation"),
        {
            "name": "organisations.organisation.name@agency", "phone": "organisations.organisation.phone",
            "position": "organisations.organisation.lon", "datum": None,
        },
        again={
            "organisations.organisation.name@agency": "a correction: the present name is filled in",
            "organisations.organisation.phone": "a correction: the present number is filled in",
            "organisations.organisation.lon": "a correction: the present position is filled in",
        },
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the organisation"), max_length=80)
    phone = forms.CharField(label=_("Duty phone"), max_length=20, required=False)
    position = PositionField(
        label=_("Where its desk is"), required=False,
        help_text=_("Longitude and latitude as a map shows them, such as 115.667503, 28.922500. Who comes from here to an alarm is reckoned from it."),
    )  # fmt: skip
    datum = forms.ChoiceField(label=_("Position read from"), required=False, choices=[("", _("choose")), *DATUMS])

    def clean(self) -> dict[str, Any]:
        """One `seat` in place of the figures and their map; a position without its map could lie half a kilometre off.

        What was filled in and stays is no new position.
        """
        given = super().clean() or {}
        point, datum = given.pop("position", None), given.pop("datum", "")
        if point and self["position"].data == self.initial.get("position"):
            datum = Datum.WGS84
        if point and not datum and "datum" not in self.errors:
            self.add_error("datum", _("Say which map the position was read from."))
        return given | {"seat": to_wgs84(point, Datum(datum)) if point and datum else None}


class AddForm(OrganisationForm):
    """A village under its town, or a police station under the public security bureau."""

    occasion = Occasion("organisations.add", _("Add an organisation"), {
        "name": "organisations.organisation.name@agency", "phone": "organisations.organisation.phone",
        "kind": "organisations.organisation.kind", "parent": "organisations.organisation.parent",
        "position": "organisations.organisation.lon", "datum": None,
    })  # fmt: skip
    field_order = ("kind", "name", "parent", "phone", "position", "datum")
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, kind.label) for kind in (OrganisationKind.VILLAGE, OrganisationKind.STATION)],
    )
    parent = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Stands under"), to_field_name="code", empty_label=_("choose")
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = (OrganisationKind.TOWN, OrganisationKind.SECURITY_BUREAU)
        above = Organisation.objects.visible_to(reach).filter(kind__in=kinds).order_by("kind", "sort_key")
        self.fields["parent"].queryset = above  # type: ignore[attr-defined]  # a model choice
