"""Reading what a phone sends, into what the journal keeps: generous with everything a press can do without.

A press: `{"identity", "school", "sign", "alarm_class", "pressed_at", "source", "place", "lon", "lat"}`; only `identity`
and `sign` must be there, and `school` when the token names no home. A cancel: `{"reason"}`. Pure.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from huyuan.emergency.journal import Body
from huyuan.emergency.tokens import Holder

PRESS, CANCEL = "press", "cancel"
SIGNS = frozenset({"real", "exercise", "test"})
SOURCES = frozenset({"phone", "desk"})
LONGEST_PLACE, LONGEST_REASON, LONGEST_CLASS = 80, 120, 20


class Unreadable(Exception):
    """What was sent is no press; `error` names why."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


def press_record(raw: bytes, holder: Holder, now: datetime) -> Body:
    """The record of a press; a press without a school is for the home of who presses."""
    said = read_object(raw)
    sign = said.get("sign")
    if sign not in SIGNS:
        raise Unreadable("malformed")
    school = identity_of(said["school"]) if said.get("school") else holder.home
    if school is None:
        raise Unreadable("no_school")
    if not holder.may_press_for(school):
        raise Unreadable("foreign_school")
    source = said.get("source")
    lon, lat = position(said.get("lon"), said.get("lat"))
    return {
        **who(PRESS, identity_of(said.get("identity")), holder, now), "school": str(school), "sign": sign,
        "source": source if source in SOURCES else "phone", "alarm_class": text(said.get("alarm_class"), LONGEST_CLASS),
        "place": text(said.get("place"), LONGEST_PLACE), "claimed_at": moment(said.get("pressed_at")), "lon": lon, "lat": lat,
    }  # fmt: skip


def cancel_record(raw: bytes, identity: UUID, holder: Holder, now: datetime) -> Body:
    """The record of a cancel."""
    reason = text(read_object(raw).get("reason"), LONGEST_REASON)
    if not reason:
        raise Unreadable("no_reason")
    return {**who(CANCEL, identity, holder, now), "reason": reason}


def who(kind: str, identity: UUID, holder: Holder, now: datetime) -> Body:
    """What every record says: of which press, from whom, taken when."""
    return {
        "kind": kind, "identity": str(identity), "person": holder.person, "post": holder.post, "county": holder.county,
        "key": str(holder.key), "taken_at": now.isoformat(),
    }  # fmt: skip


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object that was sent."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable("malformed") from error
    if not isinstance(said, dict):
        raise Unreadable("malformed")
    return said


def identity_of(given: object) -> UUID:
    """A code that was sent."""
    try:
        return UUID(given) if isinstance(given, str) else UUID("")
    except ValueError as error:
        raise Unreadable("malformed") from error


def text(given: object, longest: int) -> str:
    """Words that were sent, as the database takes them; nothing for what are none."""
    return given.encode(errors="replace").decode().replace("\0", "").strip()[:longest] if isinstance(given, str) else ""


def moment(given: object) -> str | None:
    """The time on the presser's clock, when it is one with an offset: kept as a claim, never judged."""
    try:
        claimed = datetime.fromisoformat(given) if isinstance(given, str) else None
    except ValueError:
        return None
    return claimed.isoformat() if claimed and claimed.utcoffset() is not None and believable(claimed) else None


def believable(claimed: datetime) -> bool:
    """Whether a clock may have shown this; at the ends of the calendar a time can be stored and not read again."""
    return 2000 <= claimed.year <= 2100


def position(lon: object, lat: object) -> tuple[float | None, float | None]:
    """Where the phone was, when both figures are degrees; a figure that is none is in no range."""
    if not (isinstance(lon, int | float) and isinstance(lat, int | float)):
        return None, None
    return (float(lon), float(lat)) if -180 <= lon <= 180 and -90 <= lat <= 90 else (None, None)
