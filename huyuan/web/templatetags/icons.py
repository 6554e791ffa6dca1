"""`{% icon "name" %}`: a Tabler icon drawn into the page; it says nothing to a screen reader, words beside it do."""

from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
FOLDER = Path(settings.BASE_DIR) / "node_modules" / "@tabler" / "icons" / "icons" / "outline"


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """The drawing of an icon; a name that does not exist is a mistake in the template."""
    drawing = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    body = drawing[drawing.index("<path") : drawing.rindex("</svg>")]
    return mark_safe(  # noqa: S308 -- files of a pinned package
        f'<svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">{body.strip()}</svg>'
    )
