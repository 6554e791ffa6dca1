"""What each address answers to whom. An address that is not declared here fails the build.

A declaration names, per method, who gets which status; everybody of the county who is not named gets `others`.
Somebody of another county gets 404 wherever a thing is named in the address, a stranger is sent to sign in.
POST is tried with an empty form: 200 or 302 mean that the form was looked at, 400 and 409 that the act was refused
for what it is, not for who asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

COUNTY = ("bureau", "police", "commander", "leader", "health")
STATION = ("station", "station2", "vice_principal")
SCHOOL = ("head", "safety", "guard", "teacher", "counsellor", "volunteer")
FAR = ("other_station", "other_head")
EVERYBODY = (*COUNTY, *STATION, "town", *SCHOOL, *FAR)
ALL = (*EVERYBODY, "nobody")

INSPECTION_READERS = ("bureau", "police", "commander", "leader", *STATION, "town", "head", "safety")
HAZARD_READERS = (*INSPECTION_READERS, "teacher")
FAR_READERS = FAR
CONDUCTORS = ("bureau", "police", "station", "station2", "head", "safety")
ORDERERS = ("bureau", "police", "station", "station2")
RECTIFIERS = ("head", "safety")
RECHECKERS = ORDERERS
EXPORTERS = ("bureau", "police", "leader", "station", "station2", "town", "head", "safety", *FAR)
NEAR = (*COUNTY, *STATION, "town", *SCHOOL)


@dataclass(frozen=True)
class Expect:
    """Per method a mapping of status to parts of the cast; `others` for who is not named; `things` fill the address."""

    get: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    post: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    others: int = 404
    stranger: int = 302
    foreign: int | None = 404
    things: str = ""

    def status(self, method: str, part: str) -> int:
        """The status a part of the cast gets."""
        table = self.get if method == "GET" else self.post
        if not table:
            return 405
        return next((status for status, parts in table.items() if part in parts), self.others)


def page(*parts: str, others: int = 403) -> Expect:
    """A page without a thing in its address, read by some parts."""
    return Expect(get={200: parts}, others=others, foreign=None)


def act(*parts: str, status: int, insiders: tuple[str, ...], things: str) -> Expect:
    """A POST on a thing: some may, other insiders who see the thing are refused, who does not see it finds nothing."""
    refused = tuple(part for part in insiders if part not in parts)
    return Expect(post={status: parts, 403: refused}, things=things)


def form(*parts: str, insiders: tuple[str, ...], things: str) -> Expect:
    """A form on a thing: GET shows it and an empty POST shows it again to those who may."""
    refused = tuple(part for part in insiders if part not in parts)
    return Expect(get={200: parts, 403: refused}, post={200: parts, 403: refused}, things=things)
