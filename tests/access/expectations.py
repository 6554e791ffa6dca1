"""What each address answers to whom. An address that is not declared here fails the build.

A declaration names, per method, who gets which status; everybody of the county who is not named gets `others`.
Somebody of another county gets 404 wherever a thing is named in the address, a stranger is sent to sign in.
POST is tried with an empty form: 200 or 302 mean that the form was looked at, 400 and 409 that the act was refused
for what it is, not for who asked. What takes a token is tried with a body that is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

COUNTY = ("bureau", "police", "commander", "leader", "health")
STATION = ("station", "station2", "vice_principal")
SCHOOL = ("head", "safety", "guard", "teacher", "counsellor", "volunteer")
FAR = ("other_station", "other_head")
EVERYBODY = (*COUNTY, *STATION, "town", *SCHOOL, *FAR)
ALL = (*EVERYBODY, "nobody")
STRANGER = "stranger"
# One of each line of command stands for a foreign county, and for sessions where a token is wanted.
SAMPLE = ("bureau", "station", "head")

INSPECTION_READERS = ("bureau", "police", "commander", "leader", *STATION, "town", "head", "safety")
HAZARD_READERS = (*INSPECTION_READERS, "teacher")
CONDUCTORS = ("bureau", "police", "station", "station2", "head", "safety")
SIGNERS = ("station", "station2", "head", "safety")
ORDERERS = ("bureau", "police", "station", "station2")
PLANNERS = (*ORDERERS, "other_station")
RECTIFIERS = ("head", "safety")
RECHECKERS = ORDERERS
CONFIRMERS = ("bureau", "police", *SIGNERS)
EXPORTERS = ("bureau", "police", "leader", "station", "station2", "town", "head", "safety", *FAR)
NEAR = (*COUNTY, *STATION, "town", *SCHOOL)

Table = Mapping[int, tuple[str, ...]]


@dataclass(frozen=True)
class Expect:
    """Per method a mapping of status to parts of the cast; `others` for who is not named; `things` fill the address.

    `which` of these things it is, where it matters; `each` holds a declaration for every one of them. `tokens` has the
    tables for tokens with every right of somebody's post; where it stands, a session is worth nothing.
    """

    get: Table = field(default_factory=dict)
    post: Table = field(default_factory=dict)
    put: Table = field(default_factory=dict)
    patch: Table = field(default_factory=dict)
    delete: Table = field(default_factory=dict)
    options: Table = field(default_factory=dict)
    tokens: Mapping[str, Table] = field(default_factory=dict)
    others: int = 404
    stranger: int = 302
    foreign: int | None = 404
    things: str = ""
    which: str = ""
    each: tuple["Expect", ...] = ()

    def status(self, method: str, part: str) -> int:
        """The status a part of the cast gets, signed in or by token; HEAD is GET without the page."""
        table = self.tokens.get(method, {}) if self.tokens else self.table(method)
        return next((status for status, parts in table.items() if part in parts), self.others) if table else 405

    def outside(self, method: str) -> int:
        """The status a stranger gets."""
        return next((status for status, parts in self.table(method).items() if STRANGER in parts), self.stranger)

    def table(self, method: str) -> Table:
        """Who gets which status by one method."""
        found: Table = getattr(self, "get" if method == "HEAD" else method.lower())
        return found

    @property
    def thing(self) -> str:
        """The name of the thing in the address."""
        return f"{self.which} {self.things}".strip()


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


def alike(status: int, *, stranger: int) -> Expect:
    """An address that answers everybody the same, whatever the method."""
    tables = {method.lower(): {status: ALL} for method in METHODS if method != "HEAD"}
    return Expect(**tables, stranger=stranger, foreign=None)


def of_sign_in(get: int, post: int, *, says_to_all: bool = False) -> Expect:
    """A page of signing in, for oneself. Its views take PUT for POST and say which methods there are."""
    asking = (*ALL, STRANGER) if says_to_all else ALL
    return Expect(get={get: ALL}, post={post: ALL}, put={post: ALL}, options={200: asking}, foreign=None)


def token(method: str, *parts: str, status: int = 200, things: str = "", which: str = "") -> Expect:
    """An operation of the REST interface: who has the right and the thing may, who lacks the right is refused."""
    far = {404: FAR} if things else {}
    return Expect(
        tokens={method: {status: parts} | far}, others=403, stranger=401, foreign=404 if things else None,
        things=things, which=which,
    )  # fmt: skip


def for_each(things: str, declarations: Mapping[str, Expect]) -> Expect:
    """An address that says which ledger or importer it is about: a declaration for every one."""
    each = tuple(replace(expect, things=things, which=which) for which, expect in declarations.items())
    return replace(each[0], which="", each=each)
