"""Forms of the smallest emergency unit."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.emergency.models import UnitMember
from huyuan.organisations.models import Organisation
from huyuan.people.models import User


class MemberForm(Form):
    """Who takes which part."""

    occasion = Occasion("emergency.unit", _("Name somebody for the emergency unit"), {
        "user": "emergency.unitmember.user", "part": "emergency.unitmember.part",
        "stand_in": "emergency.unitmember.stand_in",
    })  # fmt: skip
    user = forms.ModelChoiceField(User.objects.none(), label=_("Who"), to_field_name="code", empty_label=_("choose"))
    part = forms.ChoiceField(label=_("Part in the unit"), choices=UnitMember.Part.choices)
    stand_in = forms.BooleanField(label=_("Stands in when somebody is away"), required=False)

    def __init__(self, *args: Any, staff: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = staff  # type: ignore[attr-defined]  # a model choice


class LeaveForm(Form):
    """Who leaves the unit."""

    occasion = Occasion("emergency.leave_unit", _("Take somebody out of the emergency unit"), {"user": None})
    user = forms.UUIDField()


class SmallForm(Form):
    """Who helps first where there can be no whole unit, and why there can be none."""

    occasion = Occasion("emergency.small_school", _("Arrange help for a small school"), {
        "helper": "emergency.smallschool.helper", "reason": "emergency.smallschool.reason",
    })  # fmt: skip
    helper = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Who helps first"), to_field_name="code", empty_label=_("choose")
    )
    reason = forms.CharField(label=_("Why there can be no whole unit"), max_length=120)

    def __init__(self, *args: Any, helpers: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helper"].queryset = helpers  # type: ignore[attr-defined]  # a model choice
