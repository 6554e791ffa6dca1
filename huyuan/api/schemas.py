"""What goes in and out, version 1. Dates are ISO 8601; coordinates WGS84 degrees."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import AwareDatetime, StringConstraints, field_validator

from huyuan.common.effort import Cost, Occasion, note
from huyuan.emergency.forms.presses import PRESS
from huyuan.emergency.press_bodies import believable
from huyuan.inspections import forms
from huyuan.inspections.models import Extension, Hazard, Inspection
from huyuan.organisations.models import School

HazardStatus = Literal["registered", "fixed", "ordered", "rectified", "closed"]
Level = Literal["general", "major"]
# The database keeps no NUL in a text.
Text = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00]*$")]


class Body(Schema):
    """What a program sends. It is for the same occasion as the form of the page, and nobody typed it here."""

    occasion: ClassVar[Occasion | None] = None

    def model_post_init(self, _context: Any) -> None:
        """Say to whoever counts that something was entered."""
        note(self)

    def cost(self) -> Cost | None:
        """What it cost: fields that came from another system."""
        if self.occasion is None:
            return None
        sent = [name for name in self.model_fields_set if getattr(self, name) not in ("", None)]
        return Cost(self.occasion.key, filled=sum(bool(self.occasion.facts.get(name)) for name in sent))


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


class CheckIn(Body):
    """Begin a check under a code that the caller chose."""

    occasion = forms.BeginForm.occasion
    code: UUID
    school: UUID
    checklist: Text = Field(max_length=40)


class AnswerIn(Body):
    """Answer an item; `base_revision` is the revision the caller has seen, 0 for none."""

    occasion = forms.AnswerForm.occasion
    value: Text = Field(max_length=40)
    note: Text = Field("", max_length=300)
    base_revision: int = Field(0, ge=0)


class OrderIn(Body):
    """Order rectification; a major hazard names its item of the national guide, the money and what is done until then."""

    occasion = forms.OrderForm.occasion
    requirement: Text = Field(max_length=500, min_length=1)
    responsible_phone: Text = Field(max_length=20)
    level: Level
    days: int = Field(ge=1, le=365)
    due_kind: Literal["calendar", "working"] = "calendar"
    guide_item: Text = Field("", max_length=60)
    funding: Text = Field("", max_length=200)
    contingency: Text = Field("", max_length=300)


class RectifyIn(Body):
    """What was done."""

    occasion = forms.RectifyForm.occasion
    report: Text = Field(max_length=500, min_length=1)


class RemarkIn(Body):
    """A remark."""

    occasion = forms.CloseForm.occasion
    remark: Text = Field("", max_length=500)


class RejectIn(Body):
    """Why not, and how many days more."""

    occasion = forms.RejectForm.occasion
    remark: Text = Field(max_length=500, min_length=1)
    days: int = Field(7, ge=1, le=365)


class ReopenIn(Body):
    """Why a check is opened again, in a sentence."""

    occasion = forms.ReopenForm.occasion
    reason: Text = Field(max_length=200, min_length=1)


class CancelIn(Body):
    """Why a check is cancelled, in a sentence."""

    occasion = forms.CancelForm.occasion
    reason: Text = Field(max_length=200, min_length=1)


class PauseIn(Body):
    """Why a deadline stands still, in a sentence."""

    occasion = forms.PauseForm.occasion
    reason: Text = Field(max_length=200, min_length=1)


class ExtensionIn(Body):
    """A later due date, and why."""

    occasion = forms.ExtensionForm.occasion
    new_due_date: date
    reason: Text = Field(max_length=300, min_length=1)


class DecisionIn(Body):
    """Grant or refuse."""

    occasion = forms.DecisionForm.occasion
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


class AlarmIn(Body):
    """An alarm from another system. `code` is the sender's identity for it: sent again it changes nothing."""

    occasion = PRESS
    code: UUID
    school: UUID
    alarm_class: str
    sign: Literal["real", "exercise", "test"]
    place: Annotated[Text, Field(max_length=80)] = ""
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    pressed_at: AwareDatetime | None = None

    @field_validator("pressed_at")
    @classmethod
    def is_of_our_time(cls, claimed: datetime | None) -> datetime | None:
        """Refuse what no clock shows."""
        if claimed is not None and not believable(claimed):
            raise ValueError("no clock shows this time")
        return claimed


class SchoolNamed(Schema):
    """A school by code and name."""

    code: UUID
    name: str


class AlarmOut(Schema):
    """How far an alarm has come. `committed`: stored, and people are being called."""

    identity: UUID
    state: Literal["committed", "line_accepted", "answered", "cancelled"]
    sentence: str
    incident: UUID | None
    school: SchoolNamed
    sign: str
    alarm_class: str
    received_at: datetime
    line_accepted_at: datetime | None
    answered_at: datetime | None
    cancelled_at: datetime | None
