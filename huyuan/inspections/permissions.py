"""Who may do what with checks and hazards."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.inspections.checklists import Checklist
from huyuan.inspections.models import (
    Extension,
    HandOver,
    Hazard,
    Inspection,
    Rectification,
    RectificationNotice,
    RovingVisit,
    Signature,
    Supervision,
)
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


def check_can_report(reach: Reach, school: School) -> None:
    """Who sees the hazards of a school can report one to whoever follows it."""
    if not has_permission(reach, Permission.HAZARD_READ, school.organisation):
        raise Denied(_("Your role does not report hazards at this school."))


def check_can_use(reach: Reach, school: School, checklist: Checklist) -> None:
    """A joint check is conducted by either side, a self-check by the school alone."""
    check_can_conduct(reach, school)
    if not checklist.is_joint and not acts_for(reach, school.pk):
        raise Denied(_("This check is the school's own: its people do it and sign it."))


def check_can_plan(reach: Reach) -> None:
    """Police and education plan roving checks, each for the schools in their charge."""
    if not (reach.may(Permission.INSPECTION_CONDUCT) and reach.may(Permission.HAZARD_ORDER)):
        raise Denied(_("Only the police and the education bureau plan roving checks."))


def check_can_change_visit(reach: Reach, visit: RovingVisit) -> None:
    """The agency whose plan it is."""
    check_can_plan(reach)
    if visit.plan.organisation_id != reach.organisation_id:
        raise Denied(_("This visit belongs to another agency's plan."))


def signing_side(reach: Reach, inspection: Inspection) -> str:
    """The side for which the reader signs; raises Denied when neither."""
    if not has_permission(reach, Permission.INSPECTION_SIGN, inspection.school.organisation):
        raise Denied(_("Your role does not sign checks."))
    if reach.organisation_id == inspection.agency_id and inspection.checklist.is_joint:
        return Signature.Side.AGENCY
    if acts_for(reach, inspection.school_id):
        return Signature.Side.SCHOOL
    if not inspection.checklist.is_joint:
        raise Denied(_("This check is the school's own: its people do it and sign it."))
    raise Denied(_("Only the agency that led this check and the school sign it."))


def check_can_sign(reach: Reach, inspection: Inspection) -> None:
    """Two sides are two people, also where one person holds a post on both."""
    side = signing_side(reach, inspection)
    signed = inspection.signatures.filter(signed_by=reach.user_id, withdrawn_at=None).exclude(side=side)
    if signed.exists():
        raise Denied(_("You have signed for the other side. Somebody else has to sign for this one."))


def follows(reach: Reach, hazard: Hazard) -> bool:
    """Whether the reader's organisation follows the hazard, and the reader answers for it."""
    return reach.may(Permission.HAZARD_ANSWER) and reach.organisation_id == hazard.agency_id


def check_can_order(reach: Reach, hazard: Hazard) -> None:
    """Police and education order rectification, and whoever took the hazard over."""
    if not follows(reach, hazard) and not has_permission(reach, Permission.HAZARD_ORDER, hazard.school.organisation):
        raise Denied(_("Only the police, the education bureau or whoever took it over orders rectification."))


def check_can_rectify(reach: Reach, hazard: Hazard) -> None:
    """The school rectifies, or the central school for its teaching point."""
    if not has_permission(reach, Permission.HAZARD_RECTIFY, hazard.school.organisation):
        raise Denied(_("Only the school reports that a hazard is rectified."))


def check_can_recheck(reach: Reach, hazard: Hazard) -> None:
    """The agency that follows the hazard re-checks, or one of the whole county; never who rectified this round."""
    if not follows(reach, hazard) and not has_permission(reach, Permission.HAZARD_RECHECK, hazard.school.organisation):
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
    """Police and education stop and restart the clock, and whoever took the hazard over."""
    if not follows(reach, hazard) and not has_permission(reach, Permission.HAZARD_PAUSE, hazard.school.organisation):
        raise Denied(_("Only the police, the education bureau or whoever took it over pauses a deadline."))


def check_can_confirm(reach: Reach, hazard: Hazard) -> None:
    """Whoever signs checks of the school confirms what was fixed on the spot; never who recorded it."""
    if not has_permission(reach, Permission.INSPECTION_SIGN, hazard.school.organisation):
        raise Denied(_("Only who signs checks of this school confirms what was fixed on the spot."))
    if hazard.found_by_id == reach.user_id:
        raise Denied(_("You recorded this yourself. Somebody else has to confirm it."))


def check_can_transfer(reach: Reach, hazard: Hazard) -> None:
    """The agency that follows a hazard asks another to take it over."""
    if not follows(reach, hazard):
        raise Denied(_("Only the agency that follows this hazard transfers it."))


def check_can_ask_help(reach: Reach, hazard: Hazard) -> None:
    """The school, or the agency that follows the hazard, asks for help with it."""
    if follows(reach, hazard):
        return
    if not has_permission(reach, Permission.HAZARD_RECTIFY, hazard.school.organisation):
        raise Denied(_("Only the school and the agency that follows this hazard ask for help with it."))


def check_can_answer(reach: Reach, handover: HandOver) -> None:
    """Whoever answers for the organisation asked; never on a request of one's own."""
    if not reach.may(Permission.HAZARD_ANSWER) or reach.organisation_id != handover.to_organisation_id:
        raise Denied(_("Only the organisation that was asked answers."))
    if handover.asked_by_id == reach.user_id:
        raise Denied(_("Nobody decides on a request of their own."))


def check_can_issue(reach: Reach, hazard: Hazard) -> None:
    """The agency that ordered a rectification makes the paper about it."""
    check_can_order(reach, hazard)
    if reach.organisation_id != hazard.agency_id:
        raise Denied(_("The agency that ordered the rectification makes the notice."))


def check_can_handle(reach: Reach, notice: RectificationNotice) -> None:
    """The agency that issued a notice enters its number, records how it was received, withdraws it."""
    if not has_permission(reach, Permission.HAZARD_ORDER, notice.school.organisation):
        raise Denied(_("Only the police and the education bureau handle notices."))
    if reach.organisation_id != notice.agency_id:
        raise Denied(_("The agency that issued this notice handles it."))


def check_can_receive(reach: Reach, notice: RectificationNotice) -> None:
    """The school signs for a notice, or the central school for its teaching point."""
    if not has_permission(reach, Permission.HAZARD_RECTIFY, notice.school.organisation):
        raise Denied(_("Only the school signs for a notice."))
    if not acts_for(reach, notice.school_id):
        raise Denied(_("Only the school signs for a notice."))


def check_can_number(reach: Reach) -> None:
    """The education bureau decides how its numbers begin."""
    if not reach.may(Permission.NOTICE_NUMBERING):
        raise Denied(_("The education bureau decides how its notices are numbered."))


def check_can_propose(reach: Reach, hazard: Hazard) -> None:
    """Police and education propose a hazard for listed supervision."""
    if not has_permission(reach, Permission.HAZARD_ORDER, hazard.school.organisation):
        raise Denied(_("Only the police and the education bureau propose a listing."))


def check_can_supervise(reach: Reach, supervision: Supervision) -> None:
    """A leader of the county decides what is listed, and lifts it."""
    if not has_permission(reach, Permission.SUPERVISION_DECIDE, supervision.hazard.school.organisation):
        raise Denied(_("Only a leader of the leading group decides on listed supervision."))


def check_can_import_hazards(reach: Reach, county: County | None = None) -> None:
    """The education bureau and the police of a county bring in the ledgers kept before."""
    if not reach.may(Permission.HAZARD_IMPORT):
        raise Denied(_("Only the education bureau and the county police can import hazard ledgers."))
    if county is not None and county.pk != reach.county_id:
        raise Denied(_("This belongs to another county."))
