"""Forms of notices to schools and of listed supervision."""

from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.fields import DayField
from huyuan.common.forms import Form
from huyuan.inspections.forms.fields import LONG_TEXT, ReasonForm
from huyuan.inspections.models import Hazard
from huyuan.people.models import User


class HazardsField(forms.ModelMultipleChoiceField[Hazard]):
    """Hazards to tick, each with its deadline."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Hazard) -> str:
        """The hazard in words."""
        return _("%(hazard)s (due %(day)s)") % {"hazard": obj.description, "day": date_format(cast(date, obj.due_date))}


class NoticeForm(Form):
    """Which ordered hazards stand on the notice, and when they are re-checked."""

    occasion = Occasion("inspections.notice", _("Make a notice"), {
        "hazards": "inspections.noticeitem.hazard", "recheck_on": "inspections.rectificationnotice.recheck_on",
    })  # fmt: skip

    hazards = HazardsField(Hazard.objects.none(), label=_("Hazards on the notice"), to_field_name="code")
    recheck_on = DayField(label=_("Day of the re-check"))

    def __init__(self, *args: Any, hazards: QuerySet[Hazard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["hazards"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = hazards

    def clean_hazards(self) -> list[Hazard]:
        """The hazards that were ticked."""
        return list(self.cleaned_data["hazards"])


class NoticeNumberForm(Form):
    """The number that the police case system gave; a correction says why."""

    occasion = Occasion("inspections.notice_number", _("Enter the number of the police paper"), {
        "number": "inspections.rectificationnotice.outside_number",
        "dated_on": "inspections.rectificationnotice.outside_on",
        "reason": "inspections.rectificationnotice.outside_number@reason",
    })  # fmt: skip

    number = forms.CharField(label=_("Number of the police paper"), max_length=60)
    dated_on = DayField(label=_("Date of the police paper"))
    reason = forms.CharField(label=_("Why it is corrected"), max_length=200)

    def __init__(self, *args: Any, corrects: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["reason"]


class ReceiptForm(Form):
    """Who signed the printed receipt, and when."""

    occasion = Occasion("inspections.receipt", _("Record a receipt"), {
        "receiver_name": "inspections.rectificationnotice.receiver_name",
        "received_on": "inspections.rectificationnotice.answered_on@received",
    })  # fmt: skip

    receiver_name = forms.CharField(label=_("Name of who signed"), max_length=40)
    received_on = DayField(label=_("Day on the receipt"))


class RefusalForm(Form):
    """Why the school did not sign, and who saw it."""

    occasion = Occasion("inspections.refusal", _("Record a refusal to sign"), {
        "reason": "inspections.rectificationnotice.refusal_reason",
        "witness_name": "inspections.rectificationnotice.witness_name",
        "witness_organisation": "inspections.rectificationnotice.witness_organisation",
        "refused_on": "inspections.rectificationnotice.answered_on@refused",
    })  # fmt: skip

    reason = forms.CharField(label=_("Why the school did not sign"), max_length=200, widget=LONG_TEXT)
    witness_name = forms.CharField(label=_("Name of the witness"), max_length=40)
    witness_organisation = forms.CharField(label=_("Where the witness works"), max_length=80)
    refused_on = DayField(label=_("Day of the refusal"))


class NumberingForm(Form):
    """How the numbers of notices begin."""

    occasion = Occasion("inspections.numbering", _("Set how notices are numbered"), {
        "beginning": "inspections.noticenumbering.prefix",
    })  # fmt: skip

    beginning = forms.CharField(label=_("The number begins with"), max_length=30)


class WithdrawNoticeForm(ReasonForm):
    """Why a notice is withdrawn."""

    occasion = Occasion("inspections.withdraw_notice", _("Withdraw a notice"), {
        "reason": "inspections.rectificationnotice.withdraw_reason",
    })  # fmt: skip


class SupervisorField(forms.ModelChoiceField[User]):
    """Somebody of an agency, with where they work."""

    def label_from_instance(self, obj: User) -> str:
        """Name and agencies."""
        return f"{obj.name}（{'、'.join(post.organisation.name for post in obj.posts.all() if post.ends_on is None)}）"


class ListingForm(Form):
    """Who supervises, and until when it is to be closed."""

    occasion = Occasion("inspections.list", _("List for supervision"), {
        "supervisor": "inspections.supervision.supervisor", "deadline": "inspections.supervision.deadline",
    })  # fmt: skip

    supervisor = SupervisorField(User.objects.none(), label=_("Who supervises"), to_field_name="code")
    deadline = DayField(label=_("To be closed by"))

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["supervisor"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = people.prefetch_related("posts__organisation")


class ProposeForm(ReasonForm):
    """Why a hazard is proposed for listing."""

    occasion = Occasion("inspections.propose", _("Propose for listing"), {
        "reason": "inspections.supervision.proposal_reason",
    })  # fmt: skip


class DeclineForm(ReasonForm):
    """Why a hazard is not listed."""

    occasion = Occasion("inspections.decline", _("Do not list"), {"reason": "inspections.supervision.decline_reason"})
