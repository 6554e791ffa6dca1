"""The form that makes a token."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from huyuan.api.actions import MAX_DAYS
from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.common.reach import Permission as P
from huyuan.common.reach import Reach

RIGHTS = (
    (_("Schools"), {P.SCHOOL_READ: _("see schools"), P.SCHOOL_IMPORT: _("bring the school roster in"),
                    P.CALENDAR_EDIT: _("keep the school calendar")}),
    (_("Checks"), {P.INSPECTION_READ: _("see checks"), P.INSPECTION_CONDUCT: _("begin and answer checks"),
                   P.INSPECTION_SIGN: _("sign checks")}),
    (_("Hazards"), {P.HAZARD_READ: _("see hazards"), P.HAZARD_ORDER: _("order rectification"),
                    P.HAZARD_RECTIFY: _("report rectification"), P.HAZARD_RECHECK: _("re-check and close"),
                    P.HAZARD_PAUSE: _("pause a deadline"), P.HAZARD_ANSWER: _("answer what is handed over"),
                    P.NOTICE_NUMBERING: _("set how notices are numbered"),
                    P.SUPERVISION_DECIDE: _("decide on listed supervision"),
                    P.HAZARD_IMPORT: _("bring hazard ledgers in")}),
    (_("Plan"), {P.PLAN_READ: _("see the plan and where everybody stands"), P.PLAN_KEEP: _("bring plans in and set rhythms"),
                 P.DUTY_KEEP: _("declare supplements and assign duties"), P.DUTY_ADOPT: _("adopt the implementation plan")}),
    (_("People"), {P.PEOPLE_READ: _("see people"), P.PEOPLE_IMPORT: _("bring people in"),
                   P.PEOPLE_RESET: _("reset sign-ins and print codes")}),
    (_("Emergency"), {P.ALARM_PRESS: _("raise an alarm"), P.INCIDENT_READ: _("see incidents"),
                      P.INCIDENT_COMMAND: _("command incidents"), P.EXERCISE_RUN: _("run exercises"),
                      P.STATEMENT_RELEASE: _("release statements"), P.CONTINGENCY_READ: _("see contingency plans"),
                      P.CONTINGENCY_EDIT: _("draft contingency plans"), P.CONTINGENCY_APPROVE: _("approve contingency plans"),
                      P.UNIT_READ: _("see emergency units"), P.UNIT_EDIT: _("name emergency units"),
                      P.SHIFT_READ: _("see shifts"), P.SHIFT_EDIT: _("enter shifts"), P.DEVICE_READ: _("see alarm devices"),
                      P.DEVICE_KEEP: _("keep alarm devices"), P.OUTSIDE_EDIT: _("set outside receivers"),
                      P.CAP_IN: _("bring warnings in")}),
    (_("Other"), {P.LEDGER_EXPORT: _("export ledgers"), P.LEDGER_SHAPE: _("set the columns of exports"),
                  P.CHANNEL_EDIT: _("set group robots"),
                  P.BURDEN_READ: _("see what filling in costs")}),
)  # fmt: skip
RIGHT_NAMES = {right: name for _group, rights in RIGHTS for right, name in rights.items()}


class TokenForm(Form):
    """A name, the rights it carries, how long it is valid."""

    occasion = Occasion("api.token", _("Make a token for a program"), {
        "name": "api.apitoken.name", "scopes": "api.apitoken.scopes", "days": "api.apitoken.expires_at",
    })  # fmt: skip
    name = forms.CharField(label=_("What it is for"), max_length=60)
    scopes = forms.TypedMultipleChoiceField(
        label=_("Rights"),
        coerce=P,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what the program needs."),
    )
    days = forms.IntegerField(label=_("Valid for days"), min_value=1, max_value=MAX_DAYS, initial=90)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        if isinstance(field, forms.TypedMultipleChoiceField):
            field.choices = [
                (group, [(right, named(right)) for right in rights if reach.may(right)]) for group, rights in RIGHTS
            ]


def named(right: P) -> SafeString:
    """A right in words, with the code that programs know it by."""
    return format_html('{} <small class="text-secondary">{}</small>', RIGHT_NAMES[right], right)
