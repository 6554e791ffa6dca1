"""What follows when nothing happens: the steps taken, and the listed supervision of major hazards."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.common.states import Stateful
from huyuan.inspections.models.hazards import Hazard
from huyuan.organisations.models import County
from huyuan.people.models import User


class StepUpQuerySet(models.QuerySet["StepUp"]):
    """Steps taken."""

    def visible_to(self, reach: Reach) -> Self:
        """The steps of the hazards the reader may see."""
        return self.filter(hazard__in=Hazard.objects.visible_to(reach))


class StepUp(models.Model):
    """A step of the county's rules that became due for one due date of one round; each is taken once.

    `told` is False for a step that a later one overtook, as after an outage: nobody is told of it any more.
    """

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="step_ups")
    round = models.PositiveSmallIntegerField()
    due_date = models.DateField()
    rule = models.CharField(max_length=40)
    taken_on = models.DateField()
    told = models.BooleanField()

    objects = StepUpQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hazard", "round", "due_date", "rule"], name="step_taken_once")
        ]

    def __str__(self) -> str:
        return f"{self.hazard}: {self.rule}"


class SupervisionQuerySet(models.QuerySet["Supervision"]):
    """Listed supervision."""

    def visible_to(self, reach: Reach) -> Self:
        """The supervision of the hazards the reader may see."""
        return self.filter(hazard__in=Hazard.objects.visible_to(reach))


class Supervision(Stateful):
    """The listed supervision of one major hazard: proposed by rule or by an officer, decided and lifted by a leader.

    A proposal names nobody; a leader of the party or leading group who lists it names the supervisor and the deadline.
    """

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("proposed for listing")
        LISTED = "listed", _("listed")
        DECLINED = "declined", _("not listed")
        LIFTED = "lifted", _("lifted")

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {
        Status.PROPOSED: frozenset({Status.LISTED, Status.DECLINED}),
        Status.LISTED: frozenset({Status.LIFTED}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="supervisions")
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="supervisions")
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposal_reason = models.CharField(_("why it is proposed"), max_length=300)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decline_reason = models.CharField(_("why it is not listed"), max_length=300, blank=True)
    supervisor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="supervisions", verbose_name=_("supervised by")
    )
    deadline = models.DateField(_("to be closed by"), null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = SupervisionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hazard"], condition=Q(status__in=["proposed", "listed"]), name="one_supervision_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at=None, decided_by=None)
                | ~Q(status="proposed") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="supervision_decision_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="declined") & ~Q(decline_reason="") | ~Q(status="declined") & Q(decline_reason=""),
                name="declined_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["listed", "lifted"], supervisor__isnull=False, deadline__isnull=False)
                | Q(status__in=["proposed", "declined"], supervisor=None, deadline=None),
                name="listed_names_supervisor",
            ),
            models.CheckConstraint(
                condition=Q(status="lifted", lifted_at__isnull=False, lifted_by__isnull=False)
                | ~Q(status="lifted") & Q(lifted_at=None, lifted_by=None),
                name="lifted_is_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county", "-proposed_at", "-id"], name="supervision_by_date"),
            models.Index(fields=["county", "status"], name="supervision_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.hazard}: {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        """The page on which a leader decides."""
        return reverse("inspections:supervision", args=[self.code])
