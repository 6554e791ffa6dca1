"""Who may do what with checks and hazards."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.models import Extension, Hazard, Inspection, Rectification, Signature
from huyuan.organisations.models import County, School
from huyuan.organisations.queries import acts_for, has_permission


def check_can_begin(reach: Reach) -> None:
    """Whoever conducts checks somewhere may open the page that begins one."""
    if not reach.may(Permission.INSPECTION_CONDUCT):
        raise Denied(_("Your role does not conduct checks."))


def check_can_conduct(reach: Reach, school: School) -> None:
    """The station, the bureau and the school itself begin and answer checks."""
    if not has_permission(reach, Permission.INSPECTION_CONDUCT, school.organisation):
        raise Denied(_("Your role does not conduct checks at this school."))


def signing_side(reach: Reach, inspection: Inspection) -> str:
    """The side for which the reader signs; raises Denied when neither."""
    if not has_permission(reach, Permission.INSPECTION_SIGN, inspection.school.organisation):
        raise Denied(_("Your role does not sign checks."))
    if reach.organisation_id == inspection.agency_id:
        return Signature.Side.AGENCY
    if acts_for(reach, inspection.school_id):
        return Signature.Side.SCHOOL
    raise Denied(_("Only the agency that led this check and the school sign it."))


def check_can_sign(reach: Reach, inspection: Inspection) -> None:
    """Two sides are two people, also where one person holds a post on both."""
    side = signing_side(reach, inspection)
    signed = inspection.signatures.filter(signed_by=reach.user_id, withdrawn_at=None).exclude(side=side)
    if signed.exists():
        raise Denied(_("You have signed for the other side. Somebody else has to sign for this one."))


def check_can_order(reach: Reach, hazard: Hazard) -> None:
    """Police and education order rectification."""
    if not has_permission(reach, Permission.HAZARD_ORDER, hazard.school.organisation):
        raise Denied(_("Only the police and the education bureau order rectification."))


def check_can_rectify(reach: Reach, hazard: Hazard) -> None:
    """The school rectifies, or the central school for its teaching point."""
    if not has_permission(reach, Permission.HAZARD_RECTIFY, hazard.school.organisation):
        raise Denied(_("Only the school reports that a hazard is rectified."))


def check_can_recheck(reach: Reach, hazard: Hazard) -> None:
    """The agency that follows the hazard re-checks, or one of the whole county; never who rectified this round."""
    if not has_permission(reach, Permission.HAZARD_RECHECK, hazard.school.organisation):
        raise Denied(_("Your role does not re-check hazards."))
    if reach.organisation_id != hazard.agency_id and not reach.covers_county:
        raise Denied(_("The agency that follows this hazard re-checks it."))
    pending = Rectification.objects.filter(hazard=hazard, verdict=Rectification.Verdict.PENDING).first()
    if pending is not None and pending.done_by_id == reach.user_id:
        raise Denied(_("Whoever rectified a hazard does not re-check it. Somebody else has to."))


def check_can_decide(reach: Reach, extension: Extension) -> None:
    """Who may order decides on more time, but not on a request of one's own."""
    check_can_order(reach, extension.hazard)
    if extension.asked_by_id == reach.user_id:
        raise Denied(_("Nobody decides on a request of their own."))


def check_can_pause(reach: Reach, hazard: Hazard) -> None:
    """Police and education stop and restart the clock."""
    if not has_permission(reach, Permission.HAZARD_PAUSE, hazard.school.organisation):
        raise Denied(_("Only the police and the education bureau pause a deadline."))


def check_can_import_hazards(reach: Reach, county: County | None = None) -> None:
    """The education bureau and the police of a county bring in the ledgers kept before."""
    if not reach.may(Permission.HAZARD_IMPORT):
        raise Denied(_("Only the education bureau and the county police can import hazard ledgers."))
    if county is not None and county.pk != reach.county_id:
        raise Denied(_("This belongs to another county."))
