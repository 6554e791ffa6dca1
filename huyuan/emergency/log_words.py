"""The sentences of an incident's log; the facts of an entry fill the named places."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.emergency.models import Incident, LogEntry, Press

SENTENCES: dict[str, Promise] = {
    "press": _("Alarm pressed (%(source)s)"),
    "press_again": _("Pressed again (%(source)s)"),
    "pressed_anew": _("Pressed again after the clocks had run out (%(source)s): a new alarm calls everybody"),
    "press_held": _("The alarm waited %(seconds)s s on the server's disk because the database was away"),
    "press_not_entitled": _("Whoever pressed holds no post for this any more; the alarm counts all the same"),
    "called": _("%(count)s people and lines of the %(minute)s-minute tier called"),
    "called_next": _("%(name)s did not answer; %(next)s called"),
    "called_more": _("%(next)s called because the %(minute)s-minute tier is not complete"),
    "called_by_command": _("%(name)s called by the command"),
    "nobody_next": _("%(name)s did not answer; nobody is left to call in this tier"),
    "line_accepted": _("The receiving line took the alarm (%(name)s)"),
    "seen": _("%(name)s has seen the call"),
    "on_way": _("%(name)s is on the way"),
    "arrived": _("%(name)s is on the spot"),
    "came_uncalled": _("%(name)s came without being called"),
    "declined": _("%(name)s cannot come"),
    "tier_reached": _("%(minute)s-minute tier complete: %(there)s of %(needed)s on the spot after %(seconds)s s"),
    "tier_missed": _("%(minute)s-minute tier not complete in time: %(there)s of %(needed)s on the spot"),
    "press_cancelled": _("Withdrawn by who pressed: %(reason)s"),
    "laid_out": _("Tasks and draft texts taken from the plan"),
    "task_done": _("Done: %(task)s"),
    "lockdown": _("%(group)s: door locked"),
    "headcount": _("%(group)s: %(present)s of %(expected)s present"),
    "note": _("Note"),
    "parents_released": _("Notice to parents released"),
    "press_released": _("Spokesperson's line released"),
    "handed_over": _("Command handed over to %(to)s"),
    "exercise_announced": _("The exercise was announced beforehand"),
    "exercise_unannounced": _("The exercise was not announced to those called"),
    "cleared": _("All-clear given: %(outcome)s"),
    "reviewed": _("Review closed"),
    "engine_late": _("The engine was late; the watchdog did its work"),
}


def sentence_of(entry: LogEntry) -> str:
    """An entry of the log in the reader's language; a kind that is not known any more stays readable."""
    facts: dict[str, Any] = dict(entry.facts)
    for name, choices in (("source", Press.Source), ("outcome", Incident.Outcome)):
        if facts.get(name) in choices.values:
            facts[name] = choices(facts[name]).label
    sentence = str(SENTENCES.get(entry.kind, entry.kind))
    try:
        return sentence % facts
    except KeyError:
        return sentence
