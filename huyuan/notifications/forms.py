"""Forms of notifications."""

from django import forms
from django.utils.translation import gettext_lazy as _

from huyuan.common.effort import Occasion
from huyuan.common.forms import Form


class ChannelForm(Form):
    """A group robot: what it is called, and its address."""

    occasion = Occasion("notifications.channel", _("Add a group robot"), {
        "name": "notifications.channel.name", "address": "notifications.channel.address",
    })  # fmt: skip
    name = forms.CharField(label=_("Name of the group"), max_length=60)
    address = forms.CharField(
        label=_("Address"),
        max_length=400,
        help_text=_("From the group's settings, as wecombot://KEY or dingtalk://TOKEN."),
    )
