"""The fake gateway of demo and tests: keeps what a real one would have sent, once for each page."""

from datetime import datetime

from huyuan.common.clock import database_now
from huyuan.emergency.channels.letters import Letter
from huyuan.emergency.models import FakeSend


def take(letter: Letter, *, channel: str, county_id: int, at: datetime | None = None) -> None:
    """Keep a letter; the same page again changes nothing."""
    sent = FakeSend(
        county_id=county_id, page=letter.page, channel=channel, address=letter.to, text=letter.text,
        taken_at=at or database_now(),
    )  # fmt: skip
    FakeSend.objects.bulk_create([sent], ignore_conflicts=True)
