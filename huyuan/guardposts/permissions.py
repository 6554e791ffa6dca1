"""Who enters who is on duty."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.guardposts.models import Shift
from huyuan.organisations.models import Organisation
from huyuan.organisations.queries import acts_for


def check_can_enter_shifts(reach: Reach, organisation: Organisation) -> None:
    """Each organisation enters its own people; a central school does it for its teaching points."""
    if not reach.may(Permission.SHIFT_EDIT):
        raise Denied(_("Your role does not enter who is on duty."))
    if not acts_for(reach, organisation.pk):
        raise Denied(_("Who is on duty here is entered by its own people."))


def check_can_cancel(reach: Reach, shift: Shift) -> None:
    """Whoever may enter it."""
    check_can_enter_shifts(reach, shift.organisation)
