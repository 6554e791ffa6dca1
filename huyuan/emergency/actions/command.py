"""Who commands an incident, and its end."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.emergency.actions.handling import held
from huyuan.emergency.actions.log import write_log
from huyuan.emergency.models import HandOverOfCommand, Incident
from huyuan.emergency.permissions import check_can_command
from huyuan.emergency.signs import Sign
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation
from huyuan.people.models import User
from huyuan.people.queries import speakers_for


@transaction.atomic
def hand_over_command(
    *, incident: Incident, to: Organisation, situation: str, by: Reach, now: datetime
) -> HandOverOfCommand:
    """Give the command to another organisation, with the situation in words."""
    incident = held(incident)
    check_can_command(by, incident)
    if to.pk == incident.command_id:
        raise Invalid(_("This organisation commands already."))
    if to not in commanders_of(incident):
        raise Invalid(_("Command goes to the command centre, the station or, where the class allows it, the school."))
    given = HandOverOfCommand.objects.create(
        incident=incident, from_organisation=incident.command, to_organisation=to, at=now, by_id=by.person,
        situation=situation.strip(),
    )  # fmt: skip
    incident.command = to
    incident.save(update_fields=["command"])
    audit.record(
        "incident:hand_over", target=incident, by=by, now=now, to=str(to.code), situation=audit.digest(situation)
    )
    write_log("handed_over", incident=incident, now=now, by=by, words=situation.strip(), to=to.name)
    notifications.queue(
        "incident:hand_over", to=speakers_for(to.pk, Permission.INCIDENT_COMMAND, timezone.localdate(now)), by=by, now=now,
        url=incident.get_absolute_url(), actor=_name(by), school=incident.school.organisation.name,
        sign=incident.get_sign_display(), reason=situation.strip()[:100],
    )  # fmt: skip
    return given


def commanders_of(incident: Incident) -> list[Organisation]:
    """The organisations that can command an incident: command centre, station, and the school where its class says so."""
    centre = Organisation.objects.filter(county_id=incident.county_id, kind="command_centre")
    found = list(centre.order_by("pk"))
    if incident.school.station is not None:
        found.append(incident.school.station)
    if "school" in incident.alarm.closes:
        found.append(incident.school.organisation)
    return found


@transaction.atomic
def give_all_clear(*, incident: Incident, outcome: str, words: str, by: Reach, now: datetime) -> Incident:
    """End the incident with what it was; of two who do it at once the first wins and the second is told so."""
    incident = held(incident, running=False)
    check_can_command(by, incident)
    if incident.status != Incident.Status.OPEN:
        raise Conflict(
            _("%(name)s has given the all-clear at %(time)s already: %(outcome)s.")
            % {
                "name": incident.cleared_by.name if incident.cleared_by else "",
                "time": f"{timezone.localtime(incident.cleared_at):%H:%M:%S}",
                "outcome": incident.get_outcome_display(),
            }
        )
    if (outcome == Incident.Outcome.EXERCISE_OVER) != (incident.sign != Sign.REAL):
        raise Invalid(_("“Exercise over” ends exercises and tests, and nothing else ends them."))
    incident.move_to(Incident.Status.CLEARED)
    incident.cleared_at, incident.cleared_by_id, incident.outcome = now, by.person, outcome
    incident.save(update_fields=["status", "cleared_at", "cleared_by", "outcome"])
    audit.record("incident:clear", target=incident, by=by, now=now, outcome=outcome, words=audit.digest(words))
    write_log("cleared", incident=incident, now=now, by=by, words=words.strip(), outcome=outcome)
    tell_called(incident, by, now)
    return incident


def tell_called(incident: Incident, by: Reach, now: datetime) -> None:
    """Say to everybody who was called that they can stand down."""
    called = User.objects.filter(calls__incident=incident, is_active=True)
    notifications.queue(
        "incident:clear", to=called, by=by, now=now, url=incident.get_absolute_url(), actor=_name(by),
        school=incident.school.organisation.name, sign=incident.get_sign_display(),
    )  # fmt: skip


def _name(by: Reach) -> str:
    name: str = User.objects.get(pk=by.person).name
    return name
