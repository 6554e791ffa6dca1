"""The measure of roving checks: what was planned for a period and what of it was carried out."""

from django.db.models import Count, F, Max, Q, Value
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.inspections.measures.checks import SHOWN
from huyuan.inspections.models import RovingVisit
from huyuan.organisations.models import OrganisationKind
from huyuan.policy.measuring import NOTHING_DUE, Evidence, Measure, Parameters, Rows, Scope, register

COUNTING = (RovingVisit.Status.PLANNED, RovingVisit.Status.DONE)


def visits_made(scope: Scope, parameters: Parameters) -> Rows:
    """How many of the visits planned for the period each agency has made; all are wanted, and at least so many."""
    planned = RovingVisit.objects.filter(
        plan__county_id=scope.county_id, status__in=COUNTING, planned_on__range=(scope.starts_on, scope.ends_on)
    )
    figures: Rows = scope.of(planned, "plan__organisation_id").order_by().values(
        bearer=F("plan__organisation_id")
    ).annotate(
        value=Count("pk", filter=Q(status=RovingVisit.Status.DONE)), wanted=Count("pk"), late=Value(0),
        met_on=Max(TruncDate("inspection__signed_at")), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def proof_of_visits(reach: Reach, organisation: int, scope: Scope, parameters: Parameters) -> list[Evidence]:
    """The visits of the period with the checks they became."""
    visits = RovingVisit.objects.visible_to(reach).filter(
        plan__organisation_id=organisation, status__in=COUNTING, planned_on__range=(scope.starts_on, scope.ends_on)
    )
    return [
        Evidence(
            visit.school.organisation.name, str(visit.get_status_display()), visit.planned_on,
            visit.inspection.get_absolute_url() if visit.inspection else visit.school.get_absolute_url(),
            counts=visit.status == RovingVisit.Status.DONE,
        )
        for visit in visits.select_related("school__organisation", "inspection").order_by("-planned_on", "-pk")[:SHOWN]
    ]  # fmt: skip


register(Measure(
    "inspections.roving", _("roving visits made"),
    frozenset({OrganisationKind.STATION, OrganisationKind.EDUCATION_BUREAU}), visits_made, proof_of_visits,
    "inspections:roving", declarable=False,
))  # fmt: skip
