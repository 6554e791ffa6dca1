"""Forms of receivers outside and of warnings that came in as a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form
from huyuan.emergency.models import OutsideReceiver


class ReceiverForm(Form):
    """A receiver: what it is, where it is, and the secret that both sides know."""

    occasion = Occasion("emergency.receiver", _("Set up a receiver outside"), {
        "name": "emergency.outsidereceiver.name", "kind": "emergency.outsidereceiver.kind",
        "url": "emergency.outsidereceiver.url", "secret": "emergency.outsidereceiver.secret",
    })  # fmt: skip
    name = forms.CharField(label=_("What the receiver is called"), max_length=60)
    kind = forms.ChoiceField(label=_("What it is"), choices=OutsideReceiver.Kind.choices)
    url = forms.URLField(
        label=_("Web address"),
        max_length=400,
        assume_scheme="https",
        help_text=_("Each message is posted there as CAP 1.2."),
    )
    secret = forms.CharField(
        label=_("Shared secret"),
        min_length=16,
        max_length=100,
        help_text=_("At least 16 characters. The receiver checks with it that a message is ours."),
    )


class NoticeFileForm(Form):
    """A message of CAP 1.2 as a file."""

    occasion = Occasion("emergency.notice", _("Bring a warning in"), {"file": "emergency.capnotice.headline"})
    file = forms.FileField(
        label=_("CAP 1.2 file"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,.cap"}),
        help_text=_("One warning as XML, of the weather service, the water authority or another service."),
    )
