"""Schools too small for a whole emergency unit, and who helps them by name."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import Organisation, School
from huyuan.people.models import User


class SmallSchoolQuerySet(models.QuerySet["SmallSchool"]):
    """Declared small schools."""

    def visible_to(self, reach: Reach) -> Self:
        """Those in one's charge, for who may read units: forces are security-sensitive."""
        if not reach.may(Permission.UNIT_READ):
            return self.none()
        inside = Q(school__county_id=reach.county_id)
        return self.filter(inside if reach.covers_county else Q(school_id__in=reach.subjects))

    def standing(self) -> Self:
        """Not ended."""
        return self.filter(ended_at=None)


class SmallSchool(models.Model):
    """A school says that it cannot have a whole unit, why, and which organisation comes first to help."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="small_school")
    helper = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="helps_schools", verbose_name=_("who helps first")
    )
    reason = models.CharField(_("why there can be no whole unit"), max_length=120)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = SmallSchoolQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school"], condition=Q(ended_at=None), name="small_school_once")
        ]

    def __str__(self) -> str:
        return f"{self.school_id} → {self.helper_id}"
