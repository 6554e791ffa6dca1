"""Forms about people; they validate, actions write."""

from datetime import timedelta
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.people.models import Post, User
from huyuan.people.phones import plain_phone
from huyuan.people.queries import colleagues_of


def phone_field() -> forms.CharField:
    """A phone number as people type it."""
    attributes = {"autocomplete": "username", "inputmode": "tel"}
    return forms.CharField(label=_("Phone number"), max_length=30, widget=forms.TextInput(attrs=attributes))


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Sign in by phone number and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = phone_field()
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")
        self.order_fields(["login", "password", "remember"])

    def clean_login(self) -> str:
        """The number without spaces, hyphens and country code."""
        return plain_phone(self.cleaned_data["login"])


class ActivateForm(Form):
    """The printed one-time code and the password chosen for the time after."""

    occasion = Occasion("people.activate", _("Choose a password"), {
        "phone": None, "code": None, "password1": None, "password2": None,
    })  # fmt: skip
    phone = phone_field()
    code = forms.CharField(
        label=_("One-time code"), max_length=20, help_text=_("Eight signs, as printed on your sheet."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )  # fmt: skip
    password1 = forms.CharField(
        label=_("New password"), strip=False, help_text=password_validators_help_text_html,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password2 = forms.CharField(
        label=_("New password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_phone(self) -> str:
        """The number without spaces, hyphens and country code."""
        return plain_phone(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        """Judge the password by what was typed alone, so that the answer tells nothing about who is registered."""
        data = super().clean() or self.cleaned_data
        first, second = data.get("password1"), data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords differ. Type them again."))
        if first:
            try:
                validate_password(first, User(phone=data.get("phone", "")))
            except ValidationError as error:
                self.add_error("password1", error)
        return data


class LendForm(Form):
    """To whom a post is lent, for which days and why."""

    occasion = Occasion("people.lend", _("Lend a post"), {
        "to_user": "people.delegation.to_user", "starts_on": "people.delegation.starts_on",
        "ends_on": "people.delegation.ends_on", "reason": "people.delegation.reason",
    })  # fmt: skip
    to_user = forms.ModelChoiceField(label=_("Colleague"), queryset=User.objects.none())
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Until, this day included"))
    reason = forms.CharField(label=_("Reason"), max_length=80, help_text=_("For example: training, leave."))

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["to_user"].queryset = colleagues_of(post, today)  # type: ignore[attr-defined]  # a model choice
        self.fields["starts_on"].initial = today

    def clean(self) -> dict[str, Any]:
        """The days must follow each other and not lie behind us."""
        data = super().clean() or self.cleaned_data
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and starts_on < timezone.localdate():
            self.add_error("starts_on", _("Choose today or a later day."))
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day lies before the first."))
        return data


class EndPostForm(Form):
    """The last day of a post."""

    occasion = Occasion("people.end_post", _("End a post"), {"last_day": "people.post.ends_on"})
    last_day = DayField(label=_("Last day"), help_text=_("With yesterday's date the post ends at once."))

    def clean_last_day(self) -> Any:
        """Not before yesterday: what was done from the post until now stays right."""
        day = self.cleaned_data["last_day"]
        if day < timezone.localdate() - timedelta(days=1):
            raise ValidationError(_("Choose yesterday to end the post at once, or a later day."))
        return day


class CodesForm(Form):
    """Whose codes are printed (one organisation's, or everybody's) and in which form."""

    occasion = Occasion("people.codes", _("Print one-time codes"), {"organisation": None, "form": None})
    organisation = forms.UUIDField(required=False)
    form = forms.ChoiceField(choices=[("cards", "cards"), ("sheet", "sheet")], required=False)
