"""The check: one school, one checklist, and the sides that sign it."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.common.states import Stateful
from huyuan.inspections.checklists import Checklist, Item, checklists
from huyuan.organisations.models import County, Organisation, School
from huyuan.people.models import User


class InspectionQuerySet(models.QuerySet["Inspection"]):
    """Checks of schools."""

    def visible_to(self, reach: Reach) -> Self:
        """The checks of the schools the acting post has charge of."""
        if not reach.may(Permission.INSPECTION_READ):
            return self.none()
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(school_id__in=reach.subjects, county_id=reach.county_id)

    def joint(self) -> Self:
        """Those that an agency and the school do together."""
        return self.filter(checklist_code__in={one.code for one in checklists().values() if one.is_joint})

    def open(self) -> Self:
        """Not signed by both sides and not cancelled."""
        return self.filter(status__in=[Inspection.Status.OPEN, Inspection.Status.SIGNING])


class Inspection(Stateful):
    """A check that an agency and a school do together, item by item, and both sign; a self-check is the school's alone.

    `agency` leads a joint check, and follows what comes from a self-check. `code` is chosen by the phone that starts the
    check, so that a check begun without signal keeps its name.
    Source: plan clause 3.1 (station and school check together).
    """

    class Status(models.TextChoices):
        OPEN = "open", _("being done")
        SIGNING = "signing", _("one side has signed")
        SIGNED = "signed", _("check signed")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {
        Status.OPEN: frozenset({Status.SIGNING, Status.SIGNED, Status.CANCELLED}),
        Status.SIGNING: frozenset({Status.SIGNED, Status.OPEN}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="inspections")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="inspections", verbose_name=_("school"))
    agency = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="inspections_led", verbose_name=_("checked by")
    )
    checklist_code = models.CharField(max_length=40)
    checklist_version = models.PositiveSmallIntegerField()
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.OPEN)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started"))
    signed_at = models.DateTimeField(_("signed"), null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status="signed", signed_at__isnull=False) | ~Q(status="signed") & Q(signed_at=None),
                name="signed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled") & ~Q(cancel_reason="") | ~Q(status="cancelled") & Q(cancel_reason=""),
                name="cancelled_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county", "-started_at", "-id"], name="inspection_by_date"),
            models.Index(fields=["school", "-started_at", "-id"], name="inspection_by_school"),
            models.Index(fields=["agency", "status"], name="inspection_by_agency"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.started_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The check's page."""
        return reverse("inspections:inspection", args=[self.code])

    @property
    def checklist(self) -> Checklist:
        """The checklist in the version that this check was begun with."""
        return checklists()[self.checklist_code, self.checklist_version]

    @property
    def checked_by(self) -> Organisation:
        """Who did the check: the agency that led it, or the school itself."""
        return self.agency if self.checklist.is_joint else self.school.organisation


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Answers within checks."""

    def visible_to(self, reach: Reach) -> Self:
        """The answers of the checks the reader may see."""
        return self.filter(inspection__in=Inspection.objects.visible_to(reach))


class Answer(models.Model):
    """What was found at one item. `revision` counts the changes, so that two phones cannot overwrite each other."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="answers")
    item_key = models.CharField(max_length=60)
    value = models.CharField(max_length=40)
    note = models.CharField(_("what exactly, and where"), max_length=300, blank=True)
    revision = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["inspection", "item_key"], name="item_answered_once")]

    def __str__(self) -> str:
        return f"{self.item_key}={self.value}"

    @property
    def item(self) -> Item:
        """The item of the checklist that this answers."""
        item = self.inspection.checklist.item(self.item_key)
        if item is None:
            raise LookupError(self.item_key)
        return item


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Signatures under checks."""

    def visible_to(self, reach: Reach) -> Self:
        """The signatures of the checks the reader may see."""
        return self.filter(inspection__in=Inspection.objects.visible_to(reach))


class Signature(models.Model):
    """One side has signed what the check says; withdrawn when the check is opened again."""

    class Side(models.TextChoices):
        AGENCY = "agency", _("checking agency")
        SCHOOL = "school", _("school")

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="signatures")
    side = models.CharField(max_length=10, choices=Side)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    content_digest = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["inspection", "side"], condition=Q(withdrawn_at=None), name="one_signature_a_side"
            )
        ]

    def __str__(self) -> str:
        return f"{self.side}: {self.signed_by}"
