"""Bringing in hazards from a ledger kept before: made, changed as the ledger changed, or left to who works on them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.audit import actions as audit
from huyuan.audit.queries import kinds_written
from huyuan.common.copying import copy_new, update_all
from huyuan.common.reach import Reach
from huyuan.common.sheets import RowProblem, Sentence, say
from huyuan.common.sheets.cells import plain, tidy
from huyuan.common.sheets.outcomes import Outcome, Progress
from huyuan.inspections.actions.hazards import index_hazards
from huyuan.inspections.actions.recurrence import link_recurrences
from huyuan.inspections.models import Hazard
from huyuan.inspections.permissions import check_can_import_hazards
from huyuan.inspections.register import REGISTER, HazardRow
from huyuan.inspections.register.words import AT_ONCE, CATEGORIES, LEVELS, STATE_NAMES, STATUS_OF
from huyuan.organisations.actions.roster import CHANGE
from huyuan.organisations.models import County, Organisation, OrganisationKind, School

Identity = tuple[int, date, str]
STEP = 1_000
NOON = time(12)
# What is written about a hazard without anybody having worked on it.
NOBODY_ACTED = {"hazard:import", "hazard:amend", "hazard:hand_over"}
GUIDED = (
    "level", "stated_level", "category", "place", "basis", "requirement", "responsible_name", "due_date", "at_once",
    "status", "holder", "closed_at", "year_inferred", "ledger",
)  # fmt: skip
GONE = _("This school is no longer there. Read the file again.")
NO_AGENCY = _(
    "The school has no police station and the county no education bureau, so nobody would follow this hazard. Enter one of them first."
)
FROM_A_CHECK = _(
    "This hazard was found here, as %(number)s, and an import does not touch it. Delete the row; go on with the hazard on its page."
)
WORKED_ON = _(
    "The ledger says something new, but somebody has worked on %(number)s here since it came in, so it was left as it is. Settle it on its page."
)


@dataclass
class _Known:
    """The county's schools by number, its bureau, and the hazards that the rows may mean."""

    schools: dict[int, School]
    bureau: Organisation | None
    hazards: dict[Identity, Hazard]


@dataclass
class _Plan:
    """What is to be written, collected first, so that thousands of rows cost a few statements."""

    new: list[Hazard] = field(default_factory=list)
    differing: list[tuple[HazardRow, Hazard]] = field(default_factory=list)
    changed: list[Hazard] = field(default_factory=list)


@transaction.atomic
def apply_register(
    *, county: County, rows: Sequence[HazardRow], by: Reach, now: datetime, progress: Progress | None = None
) -> Outcome:
    """Make the hazards of a ledger, and let a later ledger change those nobody has worked on here since.

    The same ledger again changes nothing. Two imports at once wait for each other at the county's row.
    """
    check_can_import_hazards(by, county)
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    known, outcome, plan = _what_is_known(county, rows), Outcome(), _Plan()
    for number, row in enumerate(rows, 1):
        _settle(row, county, known, outcome, plan)
        if progress is not None and number % STEP == 0:
            progress(number, len(rows))
    _amend(known, outcome, plan)
    link_recurrences(plan.new)
    copy_new(plan.new)
    update_all(plan.changed, GUIDED)
    index_hazards(plan.new)
    audit.record_all("hazard:import", targets=plan.new, by=by, now=now)
    audit.record_all("hazard:amend", targets=plan.changed, by=by, now=now)
    audit.record("register:apply", target=county, by=by, now=now, created=outcome.created, updated=outcome.updated)
    if progress is not None:
        progress(len(rows), len(rows))
    return outcome


def _what_is_known(county: County, rows: Sequence[HazardRow]) -> _Known:
    days = {row.found_on for row in rows}
    hazards = Hazard.objects.select_for_update(no_key=True).filter(county=county, found_on__in=days)
    # Last come the imported ones, so that they are found where a check has the same hazard.
    ordered = sorted(hazards, key=lambda one: one.origin == Hazard.Origin.IMPORTED)
    schools = School.objects.filter(county=county).select_related("organisation")
    bureau = county.organisations.filter(kind=OrganisationKind.EDUCATION_BUREAU).order_by("pk").first()
    return _Known(
        {school.pk: school for school in schools},
        bureau,
        {(one.school_id, one.found_on, tidy(one.description)): one for one in ordered},
    )


def _settle(row: HazardRow, county: County, known: _Known, outcome: Outcome, plan: _Plan) -> None:
    """Decide what a row means: a new hazard, perhaps a change, nothing, or something a person must settle."""
    school = known.schools.get(row.school_id)
    hazard = known.hazards.get((row.school_id, row.found_on, row.description))
    if school is None:
        outcome.problems.append(RowProblem(row.row, "school", GONE, "", row.sheet))
    elif hazard is None:
        _register(row, school, county, known, outcome, plan)
    elif hazard.origin != Hazard.Origin.IMPORTED:
        reason = say(FROM_A_CHECK, number=hazard.number)
        outcome.problems.append(RowProblem(row.row, "description", reason, row.description, row.sheet))
    elif hazard.ledger == hazard.ledger | row.said:
        outcome.unchanged += 1
    else:
        plan.differing.append((row, hazard))


def _register(row: HazardRow, school: School, county: County, known: _Known, outcome: Outcome, plan: _Plan) -> None:
    agency_id = school.station_id or (known.bureau.pk if known.bureau else None)
    if agency_id is None:
        outcome.problems.append(RowProblem(row.row, "school", NO_AGENCY, school.organisation.name, row.sheet))
        return
    hazard = Hazard(
        county=county, school=school, origin=Hazard.Origin.IMPORTED, agency_id=agency_id, found_on=row.found_on,
        description=row.description,
    )  # fmt: skip
    _take_over(row, hazard)
    plan.new.append(hazard)
    outcome.created += 1


def _amend(known: _Known, outcome: Outcome, plan: _Plan) -> None:
    """Let the ledger change the hazards that only it has spoken of so far."""
    written = kinds_written(hazard for _row, hazard in plan.differing)
    for row, hazard in plan.differing:
        if written[str(hazard.code)] - NOBODY_ACTED:
            reason = say(WORKED_ON, number=hazard.number)
            outcome.problems.append(RowProblem(row.row, "description", reason, row.description, row.sheet))
            continue
        changes = _changes(row, hazard)
        _take_over(row, hazard)
        plan.changed.append(hazard)
        outcome.updated += 1
        name = known.schools[row.school_id].organisation.name
        outcome.changes.append((f"{name}：{row.description}", changes))


def _changes(row: HazardRow, hazard: Hazard) -> list[Sentence]:
    titles = {name: one.title for name, one in REGISTER.by_name.items()} | {"kept": _("further columns")}
    return [
        say(CHANGE, title=titles[name], old=hazard.ledger.get(name) or "–", new=value or "–")
        for name, value in row.said.items()
        if hazard.ledger.get(name, "") != value
    ]


def _take_over(row: HazardRow, hazard: Hazard) -> None:
    """Put on the hazard what the ledger says, only of the columns it has."""
    said = hazard.ledger = hazard.ledger | row.said
    for name, value in _meaning(said).items():
        setattr(hazard, name, value)
    hazard.year_inferred = row.year_inferred
    closed = hazard.status == Hazard.Status.CLOSED
    at_school = hazard.status == Hazard.Status.ORDERED
    hazard.holder_id = None if closed else hazard.school_id if at_school else hazard.agency_id
    # Nobody wrote down the hour; noon is never another day.
    done = (
        datetime.combine(date.fromisoformat(said["done_on"]), NOON, timezone.get_default_timezone()) if closed else None
    )
    hazard.closed_at = done


def _meaning(said: dict[str, str]) -> dict[str, Any]:
    """The fields of a hazard that a ledger's words fill."""
    level, due = said.get("level", ""), said.get("due", "")
    known = LEVELS.get(plain(level), "")
    return {
        "level": known,
        "stated_level": "" if known else level,
        "category": CATEGORIES.get(plain(said.get("category", "")), Hazard.Category.OTHER),
        "place": said.get("place", ""),
        "basis": said.get("basis", ""),
        "requirement": said.get("measures", ""),
        "responsible_name": said.get("responsible", ""),
        "due_date": date.fromisoformat(due) if due not in ("", AT_ONCE) else None,
        "at_once": due == AT_ONCE,
        "status": STATUS_OF[STATE_NAMES[plain(said["state"])]],
    }
