"""A county's plan: its text, kept exactly, in versions that follow each other, each with its clause tree."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.organisations.models import County
from huyuan.people.models import User


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans of counties."""

    def visible_to(self, reach: Reach) -> Self:
        """A plan is a public paper of its county."""
        return self.filter(county_id=reach.county_id)


class Plan(models.Model):
    """A plan under one code, its newest version. Of a county's plans the one brought in last is in force.

    `counts_from` is the day from which it is judged: a period begun earlier can be met but is never missed.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="plans")
    code = models.SlugField(_("code"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    counts_from = models.DateField(_("counts from"))
    in_force_from = models.DateTimeField(_("in force from"))
    pack_version = models.PositiveSmallIntegerField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["county", "code"], name="plan_once_a_county")]

    def __str__(self) -> str:
        return self.title


class PlanVersionQuerySet(models.QuerySet["PlanVersion"]):
    """Versions of plans."""

    def visible_to(self, reach: Reach) -> Self:
        """Every version of the county's plans."""
        return self.filter(plan__county_id=reach.county_id)


class PlanVersion(models.Model):
    """One text of a plan as it was given; never changed, followed by the next."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    preamble = models.TextField()
    digest = models.CharField(max_length=64)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    imported_at = models.DateTimeField(_("brought in"))
    imported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PlanVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.plan} ({self.number})"


class ClauseQuerySet(models.QuerySet["Clause"]):
    """Clauses of plan texts."""

    def visible_to(self, reach: Reach) -> Self:
        """The clauses of the county's plans."""
        return self.filter(version__plan__county_id=reach.county_id)


class Clause(models.Model):
    """One numbered clause. The preamble and the texts of all clauses in order are the plan's text, byte for byte."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="clauses")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(_("number"), max_length=20)
    level = models.PositiveSmallIntegerField()
    marker = models.CharField(max_length=12)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"))

    objects = ClauseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "number"], name="clause_number_once"),
            models.UniqueConstraint(fields=["version", "position"], name="clause_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
