"""Measures of hazards: events with a time in which they are to be dealt with."""

from django.db.models import Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.inspections.measures.checks import LEADERS, SCHOOL, SHOWN
from huyuan.inspections.models import Hazard, Rectification
from huyuan.policy.measuring import Evidence, Measure, Parameters, Rows, Scope, days_after, register

REGISTERED, ORDERED, RECTIFIED, CLOSED = (
    Hazard.Status.REGISTERED, Hazard.Status.ORDERED, Hazard.Status.RECTIFIED, Hazard.Status.CLOSED,
)  # fmt: skip
OWN = ~Q(origin=Hazard.Origin.IMPORTED)


class LevelParameters(Parameters):
    """Whether only major hazards count."""

    major_only: bool = False


def to_order(scope: Scope) -> QuerySet[Hazard]:
    """Hazards that wait for an order, and those ordered in the period."""
    first, after = scope.moments
    return Hazard.objects.filter(
        OWN, Q(status=REGISTERED) | Q(ordered_at__gte=first, ordered_at__lt=after), county_id=scope.county_id
    ).order_by()


def ordered_in_time(scope: Scope, parameters: Parameters) -> Rows:
    """Whether each agency orders what was found within the days given."""
    found = scope.of(to_order(scope), "agency_id").annotate(
        due=days_after("found_on", scope.within_days), done=TruncDate("ordered_at")
    )
    return _judged(scope, found, "agency_id", open_ones=Q(status=REGISTERED))


def to_rectify(scope: Scope) -> QuerySet[Hazard]:
    """Hazards under order whose clock runs, and those last reported in the period."""
    first, after = scope.moments
    last = Rectification.objects.filter(hazard=OuterRef("pk")).order_by("-round").values("done_at")[:1]
    reported = Q(status__in=[RECTIFIED, CLOSED], reported_at__gte=first, reported_at__lt=after)
    running = Q(status=ORDERED, paused_on=None)
    return Hazard.objects.annotate(reported_at=Subquery(last)).filter(
        OWN, reported | running, county_id=scope.county_id, due_date__isnull=False
    ).order_by()  # fmt: skip


def of_level(found: QuerySet[Hazard], parameters: LevelParameters) -> QuerySet[Hazard]:
    """All of them, or the major ones."""
    return found.filter(level=Hazard.Level.MAJOR) if parameters.major_only else found


def rectified_in_time(scope: Scope, parameters: LevelParameters) -> Rows:
    """Whether each school reports what it was ordered to put right by the day it is due."""
    found = scope.of(of_level(to_rectify(scope), parameters), "school_id").annotate(
        due=F("due_date"), done=TruncDate("reported_at")
    )
    return _judged(scope, found, "school_id", open_ones=Q(status=ORDERED))


def to_recheck(scope: Scope) -> QuerySet[Rectification]:
    """Reports that wait for a re-check, and those re-checked in the period."""
    first, after = scope.moments
    waiting = Q(verdict=Rectification.Verdict.PENDING, hazard__status=RECTIFIED)
    return Rectification.objects.filter(
        waiting | Q(checked_at__gte=first, checked_at__lt=after),
        ~Q(hazard__origin__in=[Hazard.Origin.IMPORTED, Hazard.Origin.SPOT]), hazard__county_id=scope.county_id,
    ).order_by()  # fmt: skip


def rechecked_in_time(scope: Scope, parameters: Parameters) -> Rows:
    """Whether each agency looks at what was reported within the days given."""
    found = scope.of(to_recheck(scope), "hazard__agency_id").annotate(
        reported=TruncDate("done_at"), due=days_after("reported", scope.within_days), done=TruncDate("checked_at")
    )
    pending = Q(verdict=Rectification.Verdict.PENDING)
    return _judged(scope, found, "hazard__agency_id", open_ones=pending)


def _judged(scope: Scope, events: Rows, bearer: str, open_ones: Q) -> Rows:
    """Count what was done in time and too late, and find what is due first of what is open."""
    grouped = events.filter(due__gte=scope.since).values(bearer=F(bearer))
    figures: Rows = grouped.annotate(
        value=Count("pk", filter=~open_ones & Q(done__lte=F("due"))), wanted=Count("pk"),
        late=Count("pk", filter=~open_ones & Q(done__gt=F("due"))),
        met_on=Max("done", filter=~open_ones), due_on=Min("due", filter=open_ones),
    )  # fmt: skip
    return figures


def proof_of_orders(reach: Reach, organisation: int, scope: Scope, parameters: Parameters) -> list[Evidence]:
    """The hazards that wait for an order or were ordered in the period."""
    return _hazards(to_order(scope).filter(agency_id=organisation), reach, REGISTERED)


def proof_of_reports(reach: Reach, organisation: int, scope: Scope, parameters: LevelParameters) -> list[Evidence]:
    """The hazards that are due or were reported in the period."""
    return _hazards(of_level(to_rectify(scope), parameters).filter(school_id=organisation), reach, ORDERED)


def proof_of_rechecks(reach: Reach, organisation: int, scope: Scope, parameters: Parameters) -> list[Evidence]:
    """The hazards that wait for a re-check or were re-checked in the period."""
    rounds = to_recheck(scope).filter(hazard__agency_id=organisation)
    return _hazards(Hazard.objects.filter(pk__in=rounds.values("hazard_id")), reach, RECTIFIED)


def _hazards(found: QuerySet[Hazard], reach: Reach, waiting: str) -> list[Evidence]:
    """Hazards as evidence; the one that still waits does not count yet."""
    seen = found.filter(pk__in=Hazard.objects.visible_to(reach).values("pk"))
    return [
        Evidence(
            f"{hazard.school.organisation.name} · {hazard.description}", str(hazard.get_status_display()),
            hazard.due_date or (timezone.localdate(hazard.closed_at) if hazard.closed_at else hazard.found_on),
            hazard.get_absolute_url(), counts=hazard.status != waiting,
        )
        for hazard in seen.select_related("school__organisation").order_by("-found_on", "-pk")[:SHOWN]
    ]  # fmt: skip


for key, title, bearers, rows, proof, kind in (
    (
        "inspections.hazards_ordered",
        _("hazards ordered in time"),
        LEADERS,
        ordered_in_time,
        proof_of_orders,
        Parameters,
    ),
    (
        "inspections.hazards_rectified",
        _("hazards put right in time"),
        SCHOOL,
        rectified_in_time,
        proof_of_reports,
        LevelParameters,
    ),
    (
        "inspections.hazards_rechecked",
        _("reports re-checked in time"),
        LEADERS,
        rechecked_in_time,
        proof_of_rechecks,
        Parameters,
    ),
):
    register(Measure(key, title, bearers, rows, proof, "inspections:hazards", kind, events=True))
