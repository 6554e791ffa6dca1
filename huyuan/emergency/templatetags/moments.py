"""Seconds as minutes, texts that packs keep in both languages, and blanks that are filled in when it is needed."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

register = template.Library()
HOUR = 3600
BLANKS = {
    "{school}": _("school"), "{time}": _("time"), "{place}": _("place"), "{assembly}": _("assembly point"),
    "{phone}": _("telephone"), "{spokesperson}": _("spokesperson"),
}  # fmt: skip


@register.filter
def minutes(seconds: int | None) -> str:
    """Seconds as m:ss; from an hour on h:mm:ss."""
    if seconds is None:
        return "–"
    whole = abs(int(seconds))
    rest = (
        f"{whole % HOUR // 60}:{whole % 60:02d}"
        if whole < HOUR
        else f"{whole // HOUR}:{whole % HOUR // 60:02d}:{whole % 60:02d}"
    )
    return f"−{rest}" if seconds < 0 else rest


@register.filter
def since(moment: datetime, now: datetime) -> str:
    """How long ago a moment was."""
    return minutes(max(int((now - moment).total_seconds()), 0))


@register.filter
def left(moment: datetime, now: datetime) -> str:
    """How long it is to a moment; past it, how long it is over."""
    seconds = int((moment - now).total_seconds())
    return minutes(seconds) if seconds >= 0 else f"+{minutes(-seconds)}"


@register.filter
def in_language(text: Mapping[str, str]) -> str:
    """A text of a pack in the reader's language."""
    first, second = ("en", "zh") if (get_language() or "").startswith("en") else ("zh", "en")
    return text.get(first) or text.get(second) or ""


@register.filter
def blanks(text: object) -> str:
    """A text with its blanks named in the reader's language."""
    words = str(text)
    for blank, name in BLANKS.items():
        words = words.replace(blank, f"[{name}]")
    return words
