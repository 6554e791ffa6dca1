"""Who may decide where an organisation's messages go."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.notifications.models import Channel


def check_can_edit_channels(reach: Reach) -> None:
    """A role of the organisation that holds the right."""
    if not reach.may(Permission.CHANNEL_EDIT) or reach.organisation_id is None:
        raise Denied(_("Your role does not set up group robots."))


def check_can_remove_channel(reach: Reach, channel: Channel) -> None:
    """Of one's own organisation only."""
    check_can_edit_channels(reach)
    if channel.organisation_id != reach.organisation_id:
        raise Denied(_("This group robot belongs to another organisation."))
