"""What people do in the past alarms of the demo: each one act of the room, of who does it, at its time."""

from datetime import datetime

from huyuan.common.reach import Reach
from huyuan.emergency.actions import calling, command, handling, intake, responding
from huyuan.emergency.models import Incident
from huyuan.emergency.policies import Part
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.models import User


def open_room(incident: Incident, _by: Reach, now: datetime) -> None:
    """The room is opened: the plan's tasks and drafts are laid out."""
    handling.lay_out_plan(incident=incident, now=now)


def tick(incident: Incident, by: Reach, now: datetime, part: str, minute: int) -> None:
    """Tick off what one part has to do by a minute."""
    for task in incident.tasks.filter(part=part, minute=minute):
        handling.tick_task(task=task, by=by, now=now)


def note(incident: Incident, by: Reach, now: datetime, words: str) -> None:
    """Write into the log."""
    handling.note_down(incident=incident, words=words, by=by, now=now)


def lock(incident: Incident, by: Reach, now: datetime, group: str) -> None:
    """A class is locked in."""
    handling.confirm_lockdown(incident=incident, group=group, by=by, now=now)


def count(incident: Incident, by: Reach, now: datetime, group: str, pupils: int) -> None:
    """A class is complete."""
    handling.count_heads(incident=incident, group=group, present=pupils, expected=pupils, by=by, now=now)


def raise_patrol(incident: Incident, by: Reach, now: datetime) -> None:
    """The command raises the county's patrol."""
    home = Organisation.objects.get(county=incident.county_id, kind=OrganisationKind.SECURITY_BUREAU)
    patrol = User.objects.filter(posts__organisation=home, posts__role="police_officer").order_by("pk")
    calling.call_more(incident=incident, people=patrol, organisation=home, part=Part.PATROL, by=by, now=now)


def come(incident: Incident, by: Reach, now: datetime) -> None:
    """Somebody comes without being called."""
    responding.come_uncalled(incident=incident, by=by, now=now)


def hand_over(incident: Incident, by: Reach, now: datetime, situation: str) -> None:
    """The school's station commands from now on."""
    station = incident.school.station
    if station is None:
        raise LookupError(incident.school.organisation.name)
    command.hand_over_command(incident=incident, to=station, situation=situation, by=by, now=now)


def withdraw(incident: Incident, by: Reach, now: datetime, reason: str) -> None:
    """Whoever pressed withdraws it."""
    intake.cancel_press(press=incident.presses.get(), reason=reason, by=by, now=now)


def clear(incident: Incident, by: Reach, now: datetime, outcome: str, words: str) -> None:
    """Give the all-clear."""
    command.give_all_clear(incident=incident, outcome=outcome, words=words, by=by, now=now)


def release(incident: Incident, by: Reach, now: datetime, text: str) -> None:
    """Release the notice to parents."""
    handling.release_statement(statement=incident.statements.get(kind="parents"), text=text, by=by, now=now)
