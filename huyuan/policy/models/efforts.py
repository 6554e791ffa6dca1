"""What filling in costs an organisation."""

from typing import ClassVar, Self

from django.db import models

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation, OrganisationKind


class EffortQuerySet(models.QuerySet["Effort"]):
    """Efforts of a county."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the organisations the acting post has charge of."""
        if not reach.may(Permission.BURDEN_READ):
            return self.none()
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(organisation_id__in=reach.subjects)

    def of_schools(self) -> Self:
        """Those that schools have; agencies are not what the meter is about."""
        return self.filter(organisation__kind=OrganisationKind.SCHOOL)


class Effort(models.Model):
    """What one organisation entered on one occasion in one month: how often, how much of it typed, in how much time.

    There is no row per person and none per day, and there will not be: who types how fast is nobody's business.
    """

    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="efforts")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="efforts")
    month = models.DateField()
    occasion = models.CharField(max_length=80)
    entries = models.PositiveIntegerField(default=0)
    typed = models.PositiveIntegerField(default=0)
    filled = models.PositiveIntegerField(default=0)
    reused = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)

    objects = EffortQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "month", "occasion"], name="effort_once"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="effort_of_a_month"),
        ]
        indexes: ClassVar = [models.Index(fields=["county", "month"], name="effort_by_month")]

    def __str__(self) -> str:
        return f"{self.organisation} {self.month:%Y-%m} {self.occasion}"
