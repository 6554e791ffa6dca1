"""The form that makes a token."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.api.actions import MAX_DAYS
from huyuan.common.reach import Permission, Reach


class TokenForm(forms.Form):
    """A name, the rights it carries, how long it is valid."""

    name = forms.CharField(label=_("What it is for"), max_length=60)
    scopes = forms.TypedMultipleChoiceField(
        label=_("Rights"),
        coerce=Permission,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what the program needs."),
    )
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=MAX_DAYS, initial=90)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [(permission, permission) for permission in sorted(reach.permissions)]
