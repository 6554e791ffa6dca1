"""Who may decide where an organisation's messages go."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach


def check_can_edit_channels(reach: Reach) -> None:
    """A role of the organisation that holds the right."""
    if not reach.may(Permission.CHANNEL_EDIT) or reach.organisation_id is None:
        raise Denied(_("Your role does not set up group robots."))
