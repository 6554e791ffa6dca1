"""Roving checks: the plan of an agency for a term, and its visits."""

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.common.states import Stateful
from huyuan.inspections.models.checks import Inspection
from huyuan.inspections.roving import monday
from huyuan.organisations.models import County, Organisation, School, Term
from huyuan.people.models import User


def follows_county(reach: Reach) -> bool:
    """Whether the reader conducts checks in the whole county: police and education bureau."""
    return reach.covers_county and reach.may(Permission.INSPECTION_CONDUCT)


class RovingPlanQuerySet(models.QuerySet["RovingPlan"]):
    """Plans of roving checks."""

    def visible_to(self, reach: Reach) -> Self:
        """The plans of one's own agency, for police and education bureau those of the county."""
        if not reach.may(Permission.INSPECTION_READ):
            return self.none()
        plans = self.filter(county_id=reach.county_id)
        return plans if follows_county(reach) else plans.filter(organisation_id=reach.organisation_id)


class RovingPlan(models.Model):
    """What an agency plans for a term. `seed` and the rules beside it are shown: whoever draws with them, draws the same.

    Source: plan clause 3.1 (roving checks); how often is the county's to set.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="roving_plans")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roving_plans")
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="roving_plans")
    checklist_code = models.CharField(max_length=40)
    per_school = models.PositiveSmallIntegerField(_("visits to each school"))
    per_week = models.PositiveSmallIntegerField(_("visits a week at most"))
    gap_weeks = models.PositiveSmallIntegerField(_("weeks between two visits of a school"))
    seed = models.PositiveIntegerField(_("seed"))
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = RovingPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "term"], name="one_roving_plan_a_term"),
            models.CheckConstraint(
                condition=Q(per_school__gte=1, per_week__gte=1, gap_weeks__gte=1), name="roving_rules_ask_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.term}"


class RovingVisitQuerySet(models.QuerySet["RovingVisit"]):
    """Visits of plans."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of one's own agency; others see what was done, and never what is to come at their schools."""
        if not reach.may(Permission.INSPECTION_READ):
            return self.none()
        visits = self.filter(plan__county_id=reach.county_id)
        if follows_county(reach):
            return visits
        near = Q() if reach.covers_county else Q(school_id__in=reach.subjects)
        done = Q(status=RovingVisit.Status.DONE) & near
        return visits.filter(Q(plan__organisation_id=reach.organisation_id) | done)

    def due(self, today: date) -> Self:
        """Planned for today or earlier."""
        return self.filter(status=RovingVisit.Status.PLANNED, planned_on__lte=today)


class RovingVisit(Stateful):
    """One visit of a plan. Moved by hand it stays with its reason, and another row takes its place (`moved_from`)."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        DONE = "done", _("visited")
        MOVED = "moved", _("moved")
        DROPPED = "dropped", _("left out")

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {
        Status.PLANNED: frozenset({Status.DONE, Status.MOVED, Status.DROPPED}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(RovingPlan, on_delete=models.PROTECT, related_name="visits")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="roving_visits")
    planned_on = models.DateField(_("planned for"))
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PLANNED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    moved_from = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="moved_to")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, null=True, related_name="roving_visits")

    objects = RovingVisitQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["planned_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=["moved", "dropped"]) & ~Q(reason="")
                | Q(status__in=["planned", "done"], reason=""),
                name="visit_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(inspection__isnull=False), name="visit_done_by_a_check"
            ),
            models.UniqueConstraint(fields=["inspection"], condition=Q(status="done"), name="one_visit_a_check"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "planned_on"], name="visit_by_day"),
            models.Index(fields=["school"], condition=Q(status="planned"), name="visit_planned_at_school"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.planned_on}"

    @property
    def week_ends_on(self) -> date:
        """The last day of the week it is planned for: until then it is in time."""
        return monday(self.planned_on) + timedelta(days=6)

    @property
    def begin_url(self) -> str:
        """Where its check is begun, with everything chosen already."""
        chosen = {
            "school": self.school.organisation.code, "checklist": self.plan.checklist_code, "visit": self.code,
        }  # fmt: skip
        return f"{reverse('inspections:begin')}?{urlencode(chosen)}"
