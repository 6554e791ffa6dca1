"""What one organisation hands to another about a hazard: the whole of it, or the part it cannot solve itself."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.common.states import Stateful
from huyuan.inspections.models.hazards import Hazard
from huyuan.organisations.models import Organisation
from huyuan.people.models import User


class HandOverQuerySet(models.QuerySet["HandOver"]):
    """Hand-overs of hazards."""

    def visible_to(self, reach: Reach) -> Self:
        """The hand-overs of the hazards the reader may see."""
        return self.filter(hazard__in=Hazard.objects.visible_to(reach))

    def open(self) -> Self:
        """Waiting for an answer, or help that was promised and is not done."""
        return self.filter(
            Q(status=HandOver.Status.PENDING) | Q(status=HandOver.Status.ACCEPTED, kind=HandOver.Kind.COORDINATION)
        )


class HandOver(Stateful):
    """An organisation asks another one of the county: to follow the hazard from now on, or to help with it.

    Nothing changes until the other accepts. A transfer makes it the agency of the hazard. Help is promised until
    `until`; so long the school's clock stands still, and `interim` says what keeps people safe meanwhile.
    Source: plan clause 2.1 and 3.1.
    """

    class Kind(models.TextChoices):
        TRANSFER = "transfer", _("transfer")
        COORDINATION = "coordination", _("request for coordination")

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for an answer")
        ACCEPTED = "accepted", _("taken on")
        REFUSED = "refused", _("turned down")
        DONE = "done", _("dealt with")
        LAPSED = "lapsed", _("no longer needed")

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {
        Status.PENDING: frozenset({Status.ACCEPTED, Status.REFUSED, Status.LAPSED}),
        Status.ACCEPTED: frozenset({Status.DONE, Status.LAPSED}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True)
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="handovers")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.PENDING)
    from_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handed_on")
    to_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="handed")
    asked = models.CharField(_("what is asked for"), max_length=300, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    interim = models.CharField(_("what keeps people safe meanwhile"), max_length=300, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    until = models.DateField(_("promised until"), null=True)
    result = models.CharField(_("what came of it"), max_length=300, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["hazard", "kind"],
                condition=Q(status="pending") | Q(status="accepted", kind="coordination"),
                name="one_hand_over_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(from_organisation=F("to_organisation")), name="handed_to_another"),
            models.CheckConstraint(
                condition=Q(kind="transfer", asked="", interim="", until=None)
                | Q(kind="coordination") & ~Q(asked="") & ~Q(interim=""),
                name="coordination_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "lapsed"])
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answered_by=F("asked_by")),
                name="answered_by_another",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["to_organisation", "status", "id"], name="hand_over_by_addressee")]

    def __str__(self) -> str:
        return f"{self.hazard} → {self.to_organisation}"

    @property
    def is_pending(self) -> bool:
        """Whether it waits for an answer."""
        return self.status == self.Status.PENDING

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer, or is help that was promised and is not done: what `open` asks of many."""
        return self.is_pending or (self.is_help and self.status == self.Status.ACCEPTED)

    @property
    def is_help(self) -> bool:
        """Whether it asks for help, not for taking over."""
        return self.kind == self.Kind.COORDINATION

    def runs(self, today: date) -> bool:
        """Whether help is promised and its time has not ended."""
        return self.is_help and self.status == self.Status.ACCEPTED and self.until is not None and today < self.until
