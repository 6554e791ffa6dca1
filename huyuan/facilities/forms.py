"""Forms of alarm devices: they validate, never save."""

import string
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.common.reach import Reach
from huyuan.facilities.dc09.frames import KEY_SIZES
from huyuan.facilities.models import Device
from huyuan.organisations.models import Organisation, OrganisationKind, School

DIGITS, CHARACTERS = "digits", "characters"
WRITTEN = [(DIGITS, _("hexadecimal digits (32, 48 or 64)")), (CHARACTERS, _("characters (16, 24 or 32)"))]


class OfSchool(Form):
    """A form that begins with a school; where the reader has only one it is chosen already."""

    school = forms.ModelChoiceField(Organisation.objects.none(), label=_("School"), to_field_name="code")

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        within = Organisation.objects.within(reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
        field = self.fields["school"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset, field.empty_label = within, _("Choose a school")
        if len(few := within[:2]) == 1:
            self.initial["school"] = few[0].code

    def clean_school(self) -> School:
        """The school that was chosen."""
        school: School = self.cleaned_data["school"].school
        return school


class WithKey(Form):
    """The key of a panel, as its installer has written it down."""

    key = forms.CharField(
        label=_("Encryption key"), required=False, max_length=64, strip=True,
        help_text=_("As it is set in the panel. Left empty, the device speaks in plain text, and whoever knows its account can raise an alarm."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    written = forms.ChoiceField(label=_("The key is written as"), choices=WRITTEN, initial=DIGITS)

    def clean(self) -> dict[str, Any]:
        """The key in bytes."""
        given = super().clean() or self.cleaned_data
        text, written = given.pop("key", ""), given.pop("written", DIGITS)
        given["key"] = self.bytes_of(text, written) if text else None
        return given

    def bytes_of(self, text: str, written: str) -> bytes | None:
        """What the digits or characters stand for."""
        wanted = {size * 2 if written == DIGITS else size for size in KEY_SIZES}
        allowed = string.hexdigits if written == DIGITS else string.printable
        if len(text) not in wanted or not set(text) <= set(allowed):
            self.add_error(
                "key", _("A key has 16, 24 or 32 bytes: 32, 48 or 64 hexadecimal digits, or so many characters.")
            )
            return None
        return bytes.fromhex(text) if written == DIGITS else text.encode("ascii")


class RegisterForm(OfSchool, WithKey):
    """A button or panel of a school."""

    occasion = Occasion(
        "facilities.register", _("Register an alarm device"),
        {
            "school": "facilities.device.school", "kind": "facilities.device.kind", "place": "facilities.device.place",
            "account": "facilities.device.account", "interval": "facilities.device.interval",
            "key": "facilities.device.sealed_key", "written": None,
        },
    )  # fmt: skip

    kind = forms.ChoiceField(label=_("Kind of device"), choices=Device.Kind.choices, initial=Device.Kind.PANEL)
    place = forms.CharField(label=_("Place of the device"), max_length=80)
    account = forms.RegexField(
        r"^[0-9A-Fa-f]{3,16}$", label=_("Device account"), max_length=16,
        help_text=_("The number that the device names itself by: 3 to 16 hexadecimal digits."),
    )  # fmt: skip
    interval = forms.IntegerField(
        label=_("Reports every (seconds)"), min_value=5, max_value=90_000, initial=90,
        help_text=_("How often the device gives a sign of life. Past this time it counts as silent."),
    )  # fmt: skip
    field_order = ("school", "kind", "place", "account", "interval", "key", "written")


class KeyForm(WithKey):
    """Another key."""

    occasion = Occasion(
        "facilities.key", _("Set another key"), {"key": "facilities.device.sealed_key", "written": None},
        again={"facilities.device.sealed_key": "another key in place of the one before; a key is never shown again"},
    )  # fmt: skip


class TestForm(OfSchool):
    """When a school's buttons are tested."""

    __test__ = False  # The name is not that of a test class.
    occasion = Occasion(
        "facilities.test", _("Announce a test"),
        {
            "school": "facilities.testwindow.school", "day": "facilities.testwindow.starts_at@day",
            "starts": "facilities.testwindow.starts_at", "ends": "facilities.testwindow.ends_at",
            "reason": "facilities.testwindow.reason",
        },
    )  # fmt: skip

    day = DayField(label=_("Day"))
    starts = forms.TimeField(label=_("From (time)"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("Until (time)"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    reason = forms.CharField(label=_("What is tested"), max_length=80, required=False)

    def clean(self) -> dict[str, Any]:
        """Beginning and end as moments."""
        given = super().clean() or self.cleaned_data
        if not self.errors:
            day = given.pop("day")
            given["starts_at"], given["ends_at"] = moment(day, given.pop("starts")), moment(day, given.pop("ends"))
        return given


def moment(day: date, at: time) -> datetime:
    """A time of a day where the county is."""
    return timezone.make_aware(datetime.combine(day, at))
