"""What the duties of a plan become: obligations, in versions, so that a changed rule does not alter the past."""

from typing import ClassVar, Self

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.organisations.models import OrganisationKind
from huyuan.policy.models.plans import Plan
from huyuan.policy.packs import ObligationRule, Rhythm


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Obligations of plans."""

    def visible_to(self, reach: Reach) -> Self:
        """Who owes what is public inside the county."""
        return self.filter(plan__county_id=reach.county_id)

    def in_force(self) -> Self:
        """Those that the newest pack still names."""
        return self.filter(retired_on=None)


class Obligation(models.Model):
    """One thing that one kind of organisation owes, under a key that stays the same over all versions."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="obligations")
    key = models.SlugField(_("key"), max_length=60)
    bearer = models.CharField(_("owed by"), max_length=20, choices=OrganisationKind)
    retired_on = models.DateField(null=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "key"], name="obligation_key_once")]
        indexes: ClassVar = [models.Index(fields=["plan", "bearer"], name="obligation_by_bearer")]

    def __str__(self) -> str:
        return self.key


class ObligationVersionQuerySet(models.QuerySet["ObligationVersion"]):
    """Versions of obligations."""

    def visible_to(self, reach: Reach) -> Self:
        """The rules of the county's plans."""
        return self.filter(obligation__plan__county_id=reach.county_id)


class ObligationVersion(models.Model):
    """The rule of an obligation for periods that begin on `valid_from` or later, until the next version.

    `rule` is the pack's entry as it stood (`huyuan.policy.packs.ObligationRule`). `chosen_rhythm` is what the county has
    set for a "regular" obligation; empty means that the labelled default of the pack applies.
    """

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField(_("valid from"))
    clause = models.CharField(_("clause"), max_length=20)
    passage = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    rule = models.JSONField()
    measure = models.CharField(max_length=60, blank=True)
    chosen_rhythm = models.CharField(_("set by the county"), max_length=10, blank=True)

    objects = ObligationVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation", "number"], name="obligation_version_once"),
            models.UniqueConstraint(fields=["obligation", "valid_from"], name="obligation_version_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["measure"], name="obligation_by_measure")]

    def __str__(self) -> str:
        return f"{self.obligation_id}/{self.number}"

    @cached_property
    def entry(self) -> ObligationRule:
        """The rule as a typed value."""
        return ObligationRule.model_validate(self.rule)

    @property
    def rhythm(self) -> Rhythm:
        """How often it is owed; for "regular" what the county set, else the default."""
        period = self.entry.period
        if period.rhythm is not Rhythm.REGULAR:
            return period.rhythm
        return Rhythm(self.chosen_rhythm or period.default or Rhythm.TERM)

    @property
    def is_default(self) -> bool:
        """Whether the rhythm is only a default that the county has still to confirm or change."""
        return self.entry.period.rhythm is Rhythm.REGULAR and not self.chosen_rhythm
