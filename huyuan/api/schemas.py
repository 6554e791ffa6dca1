"""What goes in and out, version 1. Dates are ISO 8601; coordinates WGS84 degrees."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import StringConstraints

from huyuan.inspections.models import Extension, Hazard, Inspection
from huyuan.organisations.models import School

HazardStatus = Literal["registered", "fixed", "ordered", "rectified", "closed"]
Level = Literal["general", "major"]
# The database keeps no NUL in a text.
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]


class Me(Schema):
    """Who the token speaks for."""

    name: str
    role: str
    organisation: str
    rights: list[str]


class SchoolOut(Schema):
    """A school."""

    code: UUID
    name: str
    school_code: str
    kind: str
    town: str
    station: str | None
    pupils: int
    boarders: int
    guards: int

    @staticmethod
    def of(school: School) -> "SchoolOut":
        """From the record."""
        return SchoolOut(
            code=school.organisation.code, name=school.organisation.name, school_code=school.identifier,
            kind=school.kind, town=school.town.name, station=school.station.name if school.station else None,
            pupils=school.pupils, boarders=school.boarders, guards=school.guards,
        )  # fmt: skip


class HazardOut(Schema):
    """A hazard and where it stands."""

    code: UUID
    number: str
    school: UUID
    description: str
    basis: str
    origin: str
    category: str
    place: str
    level: Level | Literal[""]
    guide_item: str
    status: HazardStatus
    round: int
    found_on: date
    due_date: date | None
    asked_due_date: date | None
    paused: bool
    paused_until: date | None
    holder: str | None

    @staticmethod
    def of(hazard: Hazard) -> "HazardOut":
        """From the record; a request for more time that waits shows its date."""
        asked = (e.new_due_date for e in hazard.extensions.all() if e.decision == Extension.Decision.PENDING)
        return HazardOut(
            code=hazard.code, number=hazard.number, school=hazard.school.organisation.code,
            description=hazard.description, basis=hazard.basis, level=_literal(hazard.level),
            status=_literal(hazard.status), round=hazard.round, found_on=hazard.found_on, due_date=hazard.due_date,
            asked_due_date=next(asked, None), paused=hazard.paused, paused_until=hazard.paused_until,
            origin=hazard.origin, category=hazard.category, place=hazard.place, guide_item=hazard.guide_item, holder=hazard.holder.name if hazard.holder else None,
        )  # fmt: skip


class CheckOut(Schema):
    """A check and its answers."""

    code: UUID
    school: UUID
    checklist: str
    version: int
    status: str
    started_at: datetime
    answers: dict[str, "AnswerOut"]

    @staticmethod
    def of(check: Inspection) -> "CheckOut":
        """From the record."""
        return CheckOut(
            code=check.code, school=check.school.organisation.code, checklist=check.checklist_code,
            version=check.checklist_version, status=check.status, started_at=check.started_at,
            answers={a.item_key: AnswerOut(value=a.value, note=a.note, revision=a.revision) for a in check.answers.all()},
        )  # fmt: skip


class AnswerOut(Schema):
    """One answer."""

    value: str
    note: str
    revision: int


class CheckIn(Schema):
    """Begin a check under a code that the caller chose."""

    code: UUID
    school: UUID
    checklist: Text = Field(max_length=40)


class AnswerIn(Schema):
    """Answer an item; `base_revision` is the revision the caller has seen, 0 for none."""

    value: Text = Field(max_length=40)
    note: Text = Field("", max_length=300)
    base_revision: int = Field(0, ge=0)


class OrderIn(Schema):
    """Order rectification; a major hazard names its item of the national guide, the money and what is done until then."""

    requirement: Text = Field(max_length=500, min_length=1)
    responsible_phone: Text = Field(max_length=20)
    level: Level
    days: int = Field(ge=1, le=365)
    due_kind: Literal["calendar", "working"] = "calendar"
    guide_item: Text = Field("", max_length=60)
    funding: Text = Field("", max_length=200)
    contingency: Text = Field("", max_length=300)


class RectifyIn(Schema):
    """What was done."""

    report: Text = Field(max_length=500, min_length=1)


class RemarkIn(Schema):
    """A remark."""

    remark: Text = Field("", max_length=500)


class RejectIn(Schema):
    """Why not, and how many days more."""

    remark: Text = Field(max_length=500, min_length=1)
    days: int = Field(7, ge=1, le=365)


class ReasonIn(Schema):
    """Why, in a sentence."""

    reason: Text = Field(max_length=200, min_length=1)


class ExtensionIn(Schema):
    """A later due date, and why."""

    new_due_date: date
    reason: Text = Field(max_length=300, min_length=1)


class DecisionIn(Schema):
    """Grant or refuse."""

    grant: bool


class Paged(Schema):
    """A page of things with the cursor of the next one."""

    items: list[Any]
    next: str | None


class SchoolPage(Paged):
    """A page of schools."""

    items: list[SchoolOut]


class HazardPage(Paged):
    """A page of hazards."""

    items: list[HazardOut]


def _literal(value: str) -> Any:
    return str(value)
