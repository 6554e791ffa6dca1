"""The form of a shift."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.guardposts.actions import MOST_WEEKS
from huyuan.guardposts.models import Shift
from huyuan.organisations.models import OrganisationKind
from huyuan.people.models import User

# The duties of each kind of organisation, with the hours that are filled in: the usual ones, to be changed with a tap.
DUTIES = {
    OrganisationKind.SCHOOL: (Shift.Duty.GATE, Shift.Duty.LEADER),
    OrganisationKind.STATION: (Shift.Duty.DESK, Shift.Duty.PATROL),
    OrganisationKind.COMMAND_CENTRE: (Shift.Duty.DESK, Shift.Duty.PATROL),
}
HOURS = {OrganisationKind.SCHOOL: (time(7), time(18))}
ROUND_THE_CLOCK = (time(8), time(8))


def usual_hours(kind: str) -> tuple[time, time]:
    """From when until when somebody is usually on duty; equal hours mean the next day."""
    return HOURS.get(OrganisationKind(kind), ROUND_THE_CLOCK)


class TimeField(forms.TimeField):
    """A time of the day chosen with the phone's own clock."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


class ShiftForm(Form):
    """Who is on duty from when until when; an end before the begin lies on the next day."""

    occasion = Occasion("guardposts.shift", _("Enter who is on duty"), {
        "user": "guardposts.shift.user", "duty": "guardposts.shift.duty", "day": "guardposts.shift.starts_at@day",
        "starts": "guardposts.shift.starts_at", "ends": "guardposts.shift.ends_at", "weeks": None,
    })  # fmt: skip
    user = forms.ModelChoiceField(
        User.objects.none(), label=_("On duty"), to_field_name="code", empty_label=_("choose")
    )
    duty = forms.ChoiceField(label=_("Duty on this shift"))
    day = DayField(label=_("Day"))
    starts = TimeField(label=_("Begins at"))
    ends = TimeField(label=_("Ends at"), help_text=_("An earlier time lies on the next day."))
    weeks = forms.IntegerField(
        label=_("For how many weeks"), min_value=1, max_value=MOST_WEEKS, initial=1,
        help_text=_("The same every week, until it is cancelled."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: QuerySet[User], kind: str, day: date, **kwargs: Any) -> None:
        starts, ends = usual_hours(kind)
        super().__init__(*args, **kwargs)
        self.initial.update({"day": day, "starts": starts, "ends": ends, "weeks": 1})
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # a model choice
        duties = DUTIES.get(OrganisationKind(kind), tuple(Shift.Duty))
        self.fields["duty"] = forms.ChoiceField(
            label=_("Duty on this shift"), choices=[(duty.value, duty.label) for duty in duties], widget=forms.RadioSelect,
            initial=duties[0].value,
        )  # fmt: skip

    def shift(self) -> dict[str, Any]:
        """What the action wants."""
        given, zone = self.cleaned_data, timezone.get_current_timezone()
        ends_on = given["day"] + timedelta(days=given["ends"] <= given["starts"])
        return {
            "user": given["user"], "duty": given["duty"], "weeks": given["weeks"],
            "starts_at": datetime.combine(given["day"], given["starts"], zone),
            "ends_at": datetime.combine(ends_on, given["ends"], zone),
        }  # fmt: skip
