"""Where an organisation stands with an obligation in a period, and what was done before the product came."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import Organisation
from huyuan.people.models import User
from huyuan.policy.models.obligations import Obligation, ObligationVersion


def within(reach: Reach) -> Q:
    """Whose standing a reader sees: their own, and with the right to read checks that of everybody in their charge."""
    if not reach.may(Permission.INSPECTION_READ):
        return Q(organisation_id=reach.organisation_id)
    if reach.covers_county:
        return Q(organisation__county_id=reach.county_id)
    return Q(organisation_id__in=reach.subjects | reach.speaks_for)


class StandingQuerySet(models.QuerySet["Standing"]):
    """Standings of organisations."""

    def visible_to(self, reach: Reach) -> Self:
        """Where the organisations within reach stand, and one's own."""
        if not reach.may(Permission.PLAN_READ):
            return self.none()
        return self.filter(within(reach))


class Standing(models.Model):
    """What the records of one organisation say about one obligation in one period, judged by one version of its rule.

    Only figures are stored. The state shown (met, at risk, missed …) is derived from them and the day when read, so time
    passing needs no write; where no row exists nothing has been recorded yet. `value` is what counted, `wanted` what
    makes it met, `declared` how much of the value is declared (补录), `late` the events dealt with too late, `met_on` the
    day it was met, `due_on` the earliest due date among events still open.
    """

    version = models.ForeignKey(ObligationVersion, on_delete=models.PROTECT, related_name="standings")
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="standings")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="standings")
    starts_on = models.DateField()
    ends_on = models.DateField()
    value = models.PositiveIntegerField(default=0)
    wanted = models.PositiveIntegerField(default=1)
    declared = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    met_on = models.DateField(null=True)
    due_on = models.DateField(null=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["obligation", "organisation", "starts_on"], name="standing_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="standing_has_days"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["obligation", "starts_on"], name="standing_by_period"),
            models.Index(fields=["organisation", "starts_on"], name="standing_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.version_id} {self.starts_on}"


class SupplementQuerySet(models.QuerySet["Supplement"]):
    """Declared supplements."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own, and with the right to take ledgers out those of the organisations within reach: they are free text."""
        if not reach.may(Permission.PLAN_READ):
            return self.none()
        if not reach.may(Permission.LEDGER_EXPORT):
            return self.filter(organisation_id=reach.organisation_id)
        return self.filter(within(reach))

    def standing(self) -> Self:
        """Those that count: not withdrawn and not refused."""
        return self.filter(withdrawn_at=None)


class Supplement(models.Model):
    """A declaration (补录) that something owed was done before the plan counted here; shown as declared everywhere."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="supplements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="supplements")
    done_on = models.DateField(_("done on"))
    what = models.CharField(_("what was done"), max_length=300)
    proof = models.CharField(_("where the paper lies"), max_length=200)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(_("declared"))
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = SupplementQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-done_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_by=None, withdrawn_at=None, withdrawal_reason="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawal_reason=""),
                name="supplement_withdrawal_is_whole",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "obligation"], name="supplement_by_organisation")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.obligation_id} {self.done_on}"
