"""Times as the standard writes them: whole seconds with the offset of the sender; never the letter Z."""

import re
from datetime import datetime

from huyuan.emergency.cap.problems import CapProblem, Reason

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
EARLIEST, LATEST = 1990, 2200


def stamp(at: datetime) -> str:
    """Write a time; zero offset is written -00:00."""
    if at.utcoffset() is None:
        raise ValueError("a time without its offset says nothing to others")
    text = at.isoformat(timespec="seconds")
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text


def read_stamp(text: str) -> datetime:
    """Read a time."""
    if STAMP.fullmatch(text) is None:
        raise CapProblem(Reason.DATE, text)
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise CapProblem(Reason.DATE, text) from error
    if not EARLIEST <= at.year <= LATEST:
        raise CapProblem(Reason.DATE, text)
    return at
