"""The installed app: how it is called, where its shortcuts lead, and what works without network."""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Everything the page for raising alarms is made of; nothing else is kept on the phone.
KEPT = (
    "vendor/tabler.css", "huyuan/huyuan.css", "huyuan/alarm.css", "huyuan/theme.js", "huyuan/press.js",
    "huyuan/press-hold.js", "huyuan/press-key.js", "huyuan/press-send.js", "huyuan/press-store.js", "huyuan/icon.svg",
)  # fmt: skip


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to install this: a shortcut leads straight to the page for raising alarms."""
    icons = [{"src": static("huyuan/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]
    alarm = {"name": _("Raise an alarm"), "short_name": _("Alarm"), "url": reverse("emergency:press"), "icons": icons}
    answer = {
        "id": "/", "name": _("Huyuan"), "short_name": _("Huyuan"), "start_url": reverse("web:today"), "scope": "/",
        "display": "standalone", "background_color": "#f4f6f5", "theme_color": "#0b6e63", "icons": icons,
        "shortcuts": [alarm],
    }  # fmt: skip
    return JsonResponse(answer, content_type="application/manifest+json")


@require_safe
@login_not_required
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """The part of the app that a phone keeps; another edition of anything it holds makes another edition of it."""
    shell = render_to_string("emergency/press_shell.html", {"real": True})
    told = {
        "press": reverse("emergency:press"), "shell": reverse("emergency:press_shell"), "icon": static("huyuan/icon.svg"),
        "files": [static(name) for name in KEPT],
        "titles": {"real": _("ALARM"), "exercise": _("Exercise"), "test": _("Test")},
    }  # fmt: skip
    context = {"edition": edition(shell), "told": json.dumps(told)}
    answer = render(request, "web/service_worker.js", context, content_type="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/"
    return answer


def edition(shell: str) -> str:
    """What tells one set of kept files from another."""
    return hashlib.sha256((shell + files_digest()).encode()).hexdigest()[:16]


@cache
def files_digest() -> str:
    """The digest of the kept files; they do not change while a process runs."""
    found = [finders.find(name) for name in KEPT]
    return hashlib.sha256(b"".join(Path(path).read_bytes() for path in found if path)).hexdigest()
