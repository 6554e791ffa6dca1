"""The level of a hazard: general or major, and major only with its item of the national guide."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.inspections.actions.audience import locked, tell, the_school
from huyuan.inspections.guides import national_guide
from huyuan.inspections.models import Hazard
from huyuan.inspections.permissions import check_can_order


def check_level(level: str, guide_item: str) -> None:
    """Two levels, and a major one rests on an item of the guide."""
    if level not in Hazard.Level.values:
        raise Invalid(_("Choose general or major; there are no other levels of hazards."))
    if level == Hazard.Level.MAJOR and national_guide().item(guide_item) is None:
        raise Invalid(_("Name the item of the national guide that makes this hazard major."))


def check_not_lowered(hazard: Hazard, level: str) -> None:
    """What stands as major is not made general by the way."""
    if hazard.level == Hazard.Level.MAJOR and level != Hazard.Level.MAJOR:
        raise Invalid(_("This hazard stands as major. Lower its level with a reason first, then order."))


def check_in_place(hazard: Hazard) -> None:
    """The five "in place" of a major hazard: says by name what is missing."""
    parts = {
        _("measure"): hazard.requirement, _("person"): hazard.responsible, _("money"): hazard.funding,
        _("deadline"): hazard.due_date, _("what keeps people safe until then"): hazard.contingency,
    }  # fmt: skip
    missing = [name for name, value in parts.items() if not value]
    if missing:
        raise Invalid(
            _("A major hazard needs its five in place. Still missing: %(missing)s.") % {"missing": " / ".join(missing)}
        )


@transaction.atomic
def set_level(
    *, hazard: Hazard, level: str, guide_item: str, reason: str, by: Reach, now: datetime, funding: str = "",
    contingency: str = "",
) -> Hazard:  # fmt: skip
    """Decide a level that is open or unconfirmed, raise it, or lower it with a reason."""
    hazard = locked(hazard)
    check_can_order(by, hazard)
    check_level(level, guide_item)
    major = level == Hazard.Level.MAJOR
    if hazard.status in {Hazard.Status.CLOSED, Hazard.Status.FIXED}:
        raise Conflict(_("The level changes only while the hazard is open; what was fixed on the spot is general."))
    wanted = guide_item if major else ""
    if (hazard.level, hazard.guide_item) == (level, wanted):
        raise Conflict(_("The hazard has this level already."))
    lowered = hazard.level == Hazard.Level.MAJOR and not major
    if lowered and not reason:
        raise Invalid(_("Say why it is not major after all."))
    hazard.level, hazard.guide_item = level, wanted
    if major:
        hazard.funding, hazard.contingency = funding or hazard.funding, contingency or hazard.contingency
    if major and hazard.ordered_at is not None and hazard.origin != Hazard.Origin.IMPORTED:
        check_in_place(hazard)
    hazard.save(update_fields=["level", "guide_item", "funding", "contingency"])
    kind = "hazard:lower" if lowered else "hazard:raise" if major else "hazard:decide_level"
    audit.record(kind, target=hazard, by=by, now=now, level=level, item=wanted, reason=audit.digest(reason))
    tell(kind, hazard, the_school(hazard, now), by, now, reason=reason)
    return hazard
