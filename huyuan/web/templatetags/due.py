"""`{% due_words date as words %}`: how far away a due date is."""

from dataclasses import dataclass
from datetime import date

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()
SOON = 3


@dataclass(frozen=True)
class DueWords:
    """A distance in words, with the look and the icon that go with it."""

    text: str
    look: str
    icon: str


@register.simple_tag
def due_words(due: date) -> DueWords:
    """Overdue by days, today, or days left."""
    days = (due - timezone.localdate()).days
    if days < 0:
        text = ngettext("%(days)s day overdue", "%(days)s days overdue", -days) % {"days": -days}
        return DueWords(text, "bg-red-lt", "alert-triangle")
    if days == 0:
        return DueWords(_("due today"), "bg-yellow-lt", "clock")
    text = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    return DueWords(text, "bg-yellow-lt" if days <= SOON else "bg-secondary-lt", "clock")
