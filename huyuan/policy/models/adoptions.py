"""An organisation's implementation plan: its obligations with the people who answer for them, adopted by its head."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import Organisation
from huyuan.people.models import User
from huyuan.policy.models.obligations import Obligation
from huyuan.policy.models.standings import within


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    """Adopted implementation plans."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the organisations within reach, and one's own."""
        if not reach.may(Permission.PLAN_READ):
            return self.none()
        return self.filter(within(reach))


class Adoption(models.Model):
    """An organisation has read its obligations and adopted them as its implementation plan; source: clause 4.1.

    `digest` is that of the obligations, dates and people adopted; `duties` how many there were.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="adoptions")
    adopted_on = models.DateField(_("adopted"))
    adopted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    duties = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-adopted_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["organisation", "adopted_on"], name="adoption_by_organisation")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.adopted_on}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Who answers for which obligation."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the organisations within reach, and one's own."""
        if not reach.may(Permission.PLAN_READ):
            return self.none()
        return self.filter(within(reach))


class Assignment(models.Model):
    """One person of an organisation answers for one of its obligations."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assignments")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("answers for it"))
    assigned_on = models.DateField()
    ended_on = models.DateField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "obligation"], condition=Q(ended_on=None), name="one_person_an_obligation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.obligation_id} {self.person_id}"
