"""Who may read a ledger, take it out, and say in which columns."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.ledgers.declaration import Ledger


def check_can_read(reach: Reach, ledger: Ledger) -> None:
    """A ledger is read by roles that hold its permission."""
    if not reach.may(ledger.read):
        raise Denied(_("Your role does not read this ledger."))


def check_can_export(reach: Reach, ledger: Ledger) -> None:
    """A ledger is taken out as a workbook by roles that may."""
    check_can_read(reach, ledger)
    if not reach.may(Permission.LEDGER_EXPORT):
        raise Denied(_("Your role does not export ledgers."))


def check_can_shape(reach: Reach, ledger: Ledger) -> None:
    """The education bureau and the police of a county add columns to the exports of a ledger they read."""
    check_can_export(reach, ledger)
    if not reach.may(Permission.LEDGER_SHAPE):
        raise Denied(_("Only the education bureau and the county police set the columns of exports."))
