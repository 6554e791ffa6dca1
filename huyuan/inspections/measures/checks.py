"""Measures of checks. A check counts once all it asks is answered and it is signed, on the day of the last signature."""

from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Ceil, Coalesce, Greatest, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from huyuan.common.reach import Reach
from huyuan.inspections.checklists import NOT_APPLICABLE, checklists
from huyuan.inspections.models import Answer, Hazard, Inspection
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.people.models import Post
from huyuan.policy.measuring import NOTHING_DUE, Evidence, Measure, Nth, Parameters, Rows, Scope, register

LEADERS = frozenset({OrganisationKind.STATION, OrganisationKind.EDUCATION_BUREAU, OrganisationKind.SECURITY_BUREAU})
SHOWN = 50


class CheckParameters(Parameters):
    """With which checklists, led by which kinds of agency; none named means any."""

    checklists: tuple[str, ...] = ()
    by: tuple[OrganisationKind, ...] = ()


class ShareParameters(Parameters):
    """With which checklists, and what percentage of the schools in charge."""

    checklists: tuple[str, ...] = ()
    share: int = Field(default=100, ge=1, le=100)


class ItemParameters(Parameters):
    """Which items of a checklist must be in order."""

    items: tuple[str, ...] = Field(min_length=1)


def signed(scope: Scope, checklists: tuple[str, ...]) -> QuerySet[Inspection]:
    """The checks signed in the period."""
    first, after = scope.moments
    found = Inspection.objects.filter(
        county_id=scope.county_id, status=Inspection.Status.SIGNED, signed_at__gte=first, signed_at__lt=after
    )
    return (found.filter(checklist_code__in=checklists) if checklists else found).order_by()


def checks_of_schools(scope: Scope, parameters: CheckParameters) -> Rows:
    """How many signed checks each school had."""
    found = led_by(scope.of(signed(scope, parameters.checklists), "school_id"), parameters.by)
    figures: Rows = found.values(bearer=F("school_id")).annotate(
        value=Count("pk"), wanted=Value(parameters.wanted), late=Value(0),
        met_on=Nth(TruncDate("signed_at"), parameters.wanted),
        due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def led_by(found: QuerySet[Inspection], kinds: tuple[OrganisationKind, ...]) -> QuerySet[Inspection]:
    """The checks led by agencies of some kinds; a school leads what its own people, or its central school's, began."""
    if not kinds:
        return found
    own = Post.objects.filter(
        Q(organisation=OuterRef("school")) | Q(organisation=OuterRef("school__central_school")),
        user=OuterRef("started_by"),
    )
    led = Q(agency__kind__in=[kind for kind in kinds if kind != OrganisationKind.SCHOOL])
    return found.filter(led | Q(Exists(own)) if OrganisationKind.SCHOOL in kinds else led)


def days_checked(scope: Scope, parameters: CheckParameters) -> Rows:
    """On how many days each school signed such a check."""
    found = scope.of(signed(scope, parameters.checklists), "school_id").annotate(day=TruncDate("signed_at"))
    figures: Rows = found.values(bearer=F("school_id")).annotate(
        value=Count("day", distinct=True), wanted=Value(parameters.wanted), late=Value(0),
        met_on=Nth("day", parameters.wanted), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def schools_checked(scope: Scope, parameters: ShareParameters) -> Rows:
    """How many of the schools in its charge each agency has led a signed check at; a share of them is wanted."""
    found = signed(scope, parameters.checklists).filter(agency_id=OuterRef("pk"))
    charge = School.objects.filter(county_id=scope.county_id).order_by()
    if scope.bearer == OrganisationKind.STATION:
        charge = charge.filter(station_id=OuterRef("pk"))
        found = found.filter(school__station_id=OuterRef("pk"))
    agencies = Organisation.objects.filter(county_id=scope.county_id, kind=scope.bearer).order_by()
    figures: Rows = scope.of(agencies, "pk").values(bearer=F("pk")).annotate(
        value=_one(found.values("agency").annotate(n=Count("school", distinct=True))),
        wanted=Ceil(_one(charge.values("county").annotate(n=Count("pk"))) * Value(parameters.share) / Value(100.0)),
        late=Value(0), met_on=Subquery(found.values("agency").annotate(n=Max(TruncDate("signed_at"))).values("n")),
        due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def items_passed(scope: Scope, parameters: ItemParameters) -> Rows:
    """Of some items, all but those whose hazard from the latest signed check is still open.

    An item not asked, or answered "none", is in order; where none of them was asked nothing is wanted.
    """
    checks = scope.of(signed(scope, asking(parameters.items)), "school_id")
    latest = checks.order_by("school_id", "-signed_at", "-pk").distinct("school_id").values("pk")
    about = Q(hazards__item_key__in=parameters.items)
    answers = Answer.objects.filter(inspection=OuterRef("pk"), item_key__in=parameters.items)
    latest_checks = Inspection.objects.filter(pk__in=latest).annotate(
        asked=Exists(answers.exclude(value=NOT_APPLICABLE))
    )
    figures: Rows = latest_checks.order_by().values(bearer=F("school_id")).annotate(
        value=Value(len(parameters.items)) - Count("hazards", filter=about & ~Q(hazards__status=Hazard.Status.CLOSED)),
        wanted=Max(Case(When(asked=True, then=Value(len(parameters.items))), default=Value(0))), late=Value(0),
        met_on=Greatest(Max(TruncDate("signed_at")), Max(TruncDate("hazards__closed_at"), filter=about)),
        due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def asking(items: tuple[str, ...]) -> tuple[str, ...]:
    """The checklists that ask one of these items."""
    return tuple(sorted({one.code for one in checklists().values() for item in one.items() if item.key in items}))


def proof_of_checks(reach: Reach, organisation: int, scope: Scope, parameters: CheckParameters) -> list[Evidence]:
    """The signed checks of the school, and those begun but not signed yet, which do not count."""
    first, after = scope.moments
    found: QuerySet[Inspection] = Inspection.objects.visible_to(reach).filter(school_id=organisation)
    if parameters.checklists:
        found = found.filter(checklist_code__in=parameters.checklists)
    found = led_by(found, parameters.by)
    counting = found.filter(status=Inspection.Status.SIGNED, signed_at__gte=first, signed_at__lt=after)
    begun = found.filter(status__in=[Inspection.Status.OPEN, Inspection.Status.SIGNING], started_at__gte=first)
    return _evidence(counting, "-signed_at") + _evidence(begun, "-started_at")


def proof_of_charge(reach: Reach, organisation: int, scope: Scope, parameters: ShareParameters) -> list[Evidence]:
    """The signed checks that the agency led."""
    found = signed(scope, parameters.checklists).filter(agency_id=organisation)
    return _evidence(found & Inspection.objects.visible_to(reach), "-signed_at")


def proof_of_items(reach: Reach, organisation: int, scope: Scope, parameters: ItemParameters) -> list[Evidence]:
    """The latest signed check, and the hazards its items became."""
    found = signed(scope, asking(parameters.items)).filter(school_id=organisation)
    checks = found & Inspection.objects.visible_to(reach)
    hazards = Hazard.objects.visible_to(reach).filter(
        inspection__in=checks.order_by("-signed_at", "-pk").values("pk")[:1], item_key__in=parameters.items
    )
    return _evidence(checks, "-signed_at")[:1] + [
        Evidence(hazard.description, str(hazard.get_status_display()), hazard.found_on, hazard.get_absolute_url(),
                 counts=hazard.status == Hazard.Status.CLOSED)
        for hazard in hazards.order_by("pk")
    ]  # fmt: skip


def _evidence(found: QuerySet[Inspection], order: str) -> list[Evidence]:
    checks = found.select_related("school__organisation", "agency").order_by(order, "-pk")[:SHOWN]
    return [
        Evidence(
            f"{check.school.organisation.name} · {check.checklist.title}",
            f"{check.agency.name} · {check.get_status_display()}",
            timezone.localdate(check.signed_at or check.started_at), check.get_absolute_url(),
            counts=check.status == Inspection.Status.SIGNED,
        )
        for check in checks
    ]  # fmt: skip


def _one(counted: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(counted.values("n"), output_field=IntegerField()), 0)


SCHOOL = frozenset({OrganisationKind.SCHOOL})
register(Measure(
    "inspections.checks", _("signed checks"), SCHOOL, checks_of_schools, proof_of_checks,
    "inspections:inspections", CheckParameters,
))  # fmt: skip
register(Measure(
    "inspections.days_checked", _("days with a signed check"), SCHOOL, days_checked, proof_of_checks,
    "inspections:inspections", CheckParameters,
))  # fmt: skip
register(Measure(
    "inspections.checks_led", _("schools checked of all in charge"), LEADERS, schools_checked, proof_of_charge,
    "inspections:inspections", ShareParameters,
))  # fmt: skip
register(Measure(
    "inspections.items_passed", _("items in order at the latest check"), SCHOOL, items_passed, proof_of_items,
    "inspections:inspections", ItemParameters, declarable=False,
))  # fmt: skip
