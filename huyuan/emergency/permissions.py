"""Who may press, command, run exercises and answer a call."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.emergency.models import Call, Finding, Incident
from huyuan.emergency.signs import Sign
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.organisations.queries import acts_for, has_permission

COMMANDING = frozenset({
    OrganisationKind.COMMAND_CENTRE, OrganisationKind.SECURITY_BUREAU, OrganisationKind.STATION,
})  # fmt: skip
# The role that is called only with an offer.
VOLUNTEER = "volunteer"


def check_can_edit_plan(reach: Reach, school: School) -> None:
    """The school writes its own plans; a central school those of its teaching points."""
    if not reach.may(Permission.CONTINGENCY_EDIT) or not acts_for(reach, school.pk):
        raise Denied(_("A school's contingency plans are written by its own people."))


def check_can_approve_plan(reach: Reach, school: School) -> None:
    """The head of school alone puts a plan in force."""
    if not reach.may(Permission.CONTINGENCY_APPROVE) or not acts_for(reach, school.pk):
        raise Denied(_("Only the head of school approves contingency plans."))


def check_can_edit_unit(reach: Reach, school: School) -> None:
    """The school names its own unit; a central school those of its teaching points."""
    if not reach.may(Permission.UNIT_EDIT) or not acts_for(reach, school.pk):
        raise Denied(_("The emergency unit is named by the school's own people."))


def check_can_offer_help(reach: Reach) -> None:
    """Who helps as a volunteer; nobody else is asked for an offer."""
    if reach.role != VOLUNTEER:
        raise Denied(_("Only volunteers offer help here. Who works at the school is called by the unit."))


def check_can_press(reach: Reach, school: School, sign: str) -> None:
    """Whoever works at the school, its station and the command centre; exercises and tests need the right to run them."""
    if not has_permission(reach, Permission.ALARM_PRESS, school.organisation):
        raise Denied(_("Your role does not raise an alarm for this school. Dial 110."))
    if sign != Sign.REAL and not has_permission(reach, Permission.EXERCISE_RUN, school.organisation):
        raise Denied(_("Your role does not run exercises."))


def check_can_command(reach: Reach, incident: Incident) -> None:
    """The police in charge of the school; the head of school where the class of the alarm says so."""
    if not has_permission(reach, Permission.INCIDENT_COMMAND, incident.school.organisation):
        raise Denied(_("Your role does not command incidents."))
    kind = Organisation.objects.values_list("kind", flat=True).get(pk=reach.home)
    if kind not in COMMANDING and "school" not in incident.alarm.closes:
        raise Denied(_("This class of alarm is commanded by the police."))


def check_can_handle(reach: Reach, incident: Incident) -> None:
    """Whoever commands somewhere over the school, or was called to the incident by duty; volunteers help and report nothing."""
    if has_permission(reach, Permission.INCIDENT_COMMAND, incident.school.organisation):
        return
    called = Call.objects.filter(incident=incident, user_id=reach.person).exclude(part=Call.Part.VOLUNTEER)
    if not called.exists():
        raise Denied(_("Only who was called to this incident by duty, or commands it, can do this."))


def check_can_confirm(reach: Reach, incident: Incident) -> None:
    """Whoever commands over the school, or is on the spot: from afar nobody knows who has arrived."""
    if has_permission(reach, Permission.INCIDENT_COMMAND, incident.school.organisation):
        return
    there = Call.objects.filter(incident=incident, user_id=reach.person, arrived_at__isnull=False)
    if not there.exists():
        raise Denied(_("Only who is on the spot, or commands, confirms that somebody has arrived."))


def check_may_know_names(reach: Reach, incident: Incident) -> None:
    """Who has a duty in an incident knows who comes; a volunteer knows how many, and who commands."""
    if has_permission(reach, Permission.INCIDENT_READ, incident.school.organisation):
        return
    own = Call.objects.filter(incident=incident, user_id=reach.person, part=Call.Part.VOLUNTEER)
    if reach.role == VOLUNTEER or own.exists():
        raise Denied(_("Volunteers see how many come, not who."))


def check_can_release(reach: Reach, incident: Incident) -> None:
    """Statements are released by a named person of the school's head, the bureau or the police."""
    if not has_permission(reach, Permission.STATEMENT_RELEASE, incident.school.organisation):
        raise Denied(_("Your role does not release statements."))


def check_can_export(reach: Reach, incident: Incident) -> None:
    """Who reads incidents and takes ledgers out, or commands, takes the account of an incident out."""
    school = incident.school.organisation
    reads = has_permission(reach, Permission.INCIDENT_READ, school)
    if not (reads and has_permission(reach, Permission.LEDGER_EXPORT, school)) and not has_permission(
        reach, Permission.INCIDENT_COMMAND, school
    ):
        raise Denied(_("Your role does not take accounts of incidents out."))


def check_can_read_feed(reach: Reach) -> None:
    """Who may read incidents reads them as CAP messages."""
    if not reach.may(Permission.INCIDENT_READ):
        raise Denied(_("Your role does not read incidents."))


def check_can_edit_receivers(reach: Reach) -> None:
    """The county's police and the command centre decide who outside is told."""
    if not reach.may(Permission.OUTSIDE_EDIT):
        raise Denied(_("Only the county police and the command centre set up receivers outside."))


def check_can_take_notice(reach: Reach) -> None:
    """Who may bring warnings of other services in."""
    if not reach.may(Permission.CAP_IN):
        raise Denied(_("Your role does not bring warnings in."))


def check_is_called(reach: Reach, call: Call) -> None:
    """Everybody answers for themselves."""
    if call.user_id is None or call.user_id != reach.user_id:
        raise Denied(_("This call is somebody else's."))


def check_can_review(reach: Reach, incident: Incident) -> None:
    """Who commands over the school or runs its exercises looks back at its incidents."""
    school = incident.school.organisation
    if not any(
        has_permission(reach, right, school) for right in (Permission.INCIDENT_COMMAND, Permission.EXERCISE_RUN)
    ):
        raise Denied(_("Your role does not review incidents."))


def check_can_finish_finding(reach: Reach, finding: Finding) -> None:
    """Whoever got the task says when it is done."""
    if finding.task_for_id is None or not acts_for(reach, finding.task_for_id):
        raise Denied(_("This task was given to another organisation."))


def check_can_run_exercise(reach: Reach, school: School) -> None:
    """Who has the right to run exercises, at the schools in their charge."""
    if not has_permission(reach, Permission.EXERCISE_RUN, school.organisation):
        raise Denied(_("Your role does not run exercises at this school."))


def check_can_watch(reach: Reach) -> None:
    """Who reads the incidents of the schools in their charge sees them all at once."""
    if not reach.may(Permission.INCIDENT_READ):
        raise Denied(_("Your role does not watch all incidents."))
