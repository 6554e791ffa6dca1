"""What was predicted, and what was measured, in one incident."""

from datetime import datetime
from typing import Any

from huyuan.emergency.models import Incident


def seconds_after(incident: Incident, moment: datetime | None) -> int | None:
    """Seconds that were over, whole, from the receipt of the alarm to a moment: the same on every page and paper."""
    return None if moment is None else int((moment - incident.opened_at).total_seconds())


def measured(incident: Incident) -> dict[str, Any]:
    """The figures a review keeps: of each tier its deadline and when it was whole, of each person predicted and arrived."""
    tiers = [
        {
            "minute": tier.minute, "needed": tier.needed, "due": seconds_after(incident, tier.due_at),
            "reached": seconds_after(incident, tier.reached_at),
        }
        for tier in incident.tiers.all()
    ]  # fmt: skip
    people = [
        {
            "call": str(call.code), "part": call.part, "minute": call.tier.minute if call.tier else None,
            "predicted": call.predicted_seconds, "seen": seconds_after(incident, call.seen_at),
            "on_way": seconds_after(incident, call.on_way_at), "arrived": seconds_after(incident, call.arrived_at),
        }
        for call in incident.calls.filter(user__isnull=False).select_related("tier")
    ]  # fmt: skip
    return {
        "stored": 0, "line_accepted": seconds_after(incident, incident.line_accepted_at),
        "answered": seconds_after(incident, incident.answered_at), "tiers": tiers, "people": people,
    }  # fmt: skip
