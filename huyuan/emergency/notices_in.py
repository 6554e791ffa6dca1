"""How a notice from outside stands and looks."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huyuan.emergency.models import CapNotice

STATUSES = {
    "Exercise": _("Exercise, not real"), "Test": _("Test, not real"), "System": _("System message, not real"),
    "Draft": _("Draft, not real"),
}  # fmt: skip
SEVERITIES: dict[str, tuple[Promise, str]] = {
    "Extreme": (pgettext_lazy("severity of a warning", "extreme"), "danger"),
    "Severe": (pgettext_lazy("severity of a warning", "severe"), "danger"),
    "Moderate": (pgettext_lazy("severity of a warning", "moderate"), "warn"),
    "Minor": (pgettext_lazy("severity of a warning", "minor"), "info"),
}


@dataclass(frozen=True)
class Shown:
    """A notice with the words it is shown in and how they look."""

    notice: CapNotice
    sign: Promise | str
    severity: Promise | str
    kind: str
    state: Promise | str


def shown(notice: CapNotice, now: datetime) -> Shown:
    """A notice as it stands now; what is not real is plain and says so first."""
    severity, kind = SEVERITIES.get(notice.severity, ("", "info"))
    return Shown(
        notice,
        STATUSES.get(notice.status, ""),
        severity,
        kind if notice.is_real else "",
        state_of(notice, now),
    )


def state_of(notice: CapNotice, now: datetime) -> Promise | str:
    """In a few words, whether it holds and if not, why."""
    if notice.message_type == "Cancel":
        return (
            _("withdraws an earlier warning")
            if notice.replaces.all()
            else _("withdraws a warning that does not stand here")
        )
    if notice.message_type in ("Ack", "Error"):
        return _("an answer between services")
    if notice.withdrawn_at is not None:
        return _("withdrawn by its sender")
    if notice.replaced_by_id is not None:
        return _("replaced by a newer one")
    if notice.expires_at is not None and notice.expires_at <= now:
        return _("holds no longer")
    return _("holds now")
