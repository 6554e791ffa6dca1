"""The paper behind an order: numbered by the education bureau, or a draft for the case system of the police."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.common.states import Stateful
from huyuan.inspections.models.checks import Inspection
from huyuan.inspections.models.hazards import Hazard
from huyuan.organisations.models import County, Organisation, School
from huyuan.people.models import User


class NoticeNumberingQuerySet(models.QuerySet["NoticeNumbering"]):
    """How agencies number their papers."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own agency's."""
        return self.filter(agency_id=reach.organisation_id)


class NoticeNumbering(models.Model):
    """What the numbers of an agency's notices begin with; who issues one holds this row, so that no number is missed."""

    agency = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="notice_numbering"
    )
    prefix = models.CharField(_("number begins with"), max_length=30)

    objects = NoticeNumberingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.prefix


class RectificationNoticeQuerySet(models.QuerySet["RectificationNotice"]):
    """Notices to schools."""

    def visible_to(self, reach: Reach) -> Self:
        """The notices to the schools in charge, for those who may take ledgers out: names of witnesses stand on them."""
        if not (reach.may(Permission.HAZARD_READ) and reach.may(Permission.LEDGER_EXPORT)):
            return self.none()
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(school_id__in=reach.subjects, county_id=reach.county_id)

    def without_number(self) -> Self:
        """Drafts whose number the case system of the police has not given yet."""
        return self.filter(sequence=None, outside_number="")


class RectificationNotice(Stateful):
    """One paper about one or several ordered hazards of one school, from one agency.

    The education bureau's notice is internal supervision: the product numbers it per agency and year, without gaps. What
    the police make here is a draft: their case system issues the legal paper, whose number the officer enters afterwards.
    Source: plan clause 3.1; State Council decree 421, articles 16(2) and 19.
    """

    class Kind(models.TextChoices):
        EDUCATION = "education", _("notice of the education bureau")
        POLICE = "police", _("paper of the police")

    class Status(models.TextChoices):
        ISSUED = "issued", _("not signed for yet")
        RECEIVED = "received", _("signed for")
        REFUSED = "refused", _("refused to sign, with witness")
        WITHDRAWN = "withdrawn", _("withdrawn")

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {
        Status.ISSUED: frozenset({Status.RECEIVED, Status.REFUSED, Status.WITHDRAWN}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="notices")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="notices", verbose_name=_("school"))
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notices_issued")
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, null=True, related_name="notices")
    kind = models.CharField(_("kind of paper"), max_length=10, choices=Kind)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.ISSUED)
    prefix = models.CharField(max_length=30, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    sequence = models.PositiveIntegerField(null=True)
    outside_number = models.CharField(_("number of the police paper"), max_length=60, blank=True)
    outside_on = models.DateField(_("date of the police paper"), null=True)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recheck_on = models.DateField(_("re-check on"))
    answered_on = models.DateField(_("signed or refused on"), null=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    receiver_name = models.CharField(_("signed for by"), max_length=40, blank=True)
    refusal_reason = models.CharField(_("why it was not signed"), max_length=200, blank=True)
    witness_name = models.CharField(_("witness"), max_length=40, blank=True)
    witness_organisation = models.CharField(_("where the witness works"), max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(_("why it was withdrawn"), max_length=200, blank=True)

    objects = RectificationNoticeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "year", "sequence"], name="notice_number_once"),
            models.CheckConstraint(
                condition=Q(kind="education", year__isnull=False, sequence__isnull=False, outside_number="")
                & ~Q(prefix="")
                | Q(kind="police", year=None, sequence=None, prefix=""),
                name="notice_numbered_by_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(outside_number="", outside_on=None) | ~Q(outside_number="") & Q(outside_on__isnull=False),
                name="outside_number_has_date",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["issued", "withdrawn"], answered_on=None, answered_by=None)
                | Q(status__in=["received", "refused"], answered_on__isnull=False, answered_by__isnull=False),
                name="notice_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(status="received") & ~Q(receiver_name="") | ~Q(status="received") & Q(receiver_name=""),
                name="receipt_has_receiver",
            ),
            models.CheckConstraint(
                condition=Q(status="refused")
                & ~Q(refusal_reason="") & ~Q(witness_name="") & ~Q(witness_organisation="")
                | ~Q(status="refused") & Q(refusal_reason="", witness_name="", witness_organisation=""),
                name="refusal_has_witness",
            ),
            models.CheckConstraint(
                condition=Q(status="withdrawn", withdrawn_at__isnull=False) & ~Q(withdraw_reason="")
                | ~Q(status="withdrawn") & Q(withdrawn_at=None, withdraw_reason=""),
                name="withdrawal_is_whole",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["county", "-issued_at", "-id"], name="notice_by_date"),
            models.Index(fields=["school", "-issued_at", "-id"], name="notice_by_school"),
            models.Index(fields=["agency", "status"], name="notice_by_agency"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        """The notice's page."""
        return reverse("inspections:notice", args=[self.code])

    @property
    def number(self) -> str:
        """The number on the paper; empty while the police case system has not given one."""
        return f"{self.prefix}〔{self.year}〕{self.sequence}号" if self.sequence else self.outside_number


class NoticeItemQuerySet(models.QuerySet["NoticeItem"]):
    """Hazards on papers."""

    def visible_to(self, reach: Reach) -> Self:
        """What stands on the notices the reader may see."""
        return self.filter(notice__in=RectificationNotice.objects.visible_to(reach))

    def standing(self) -> Self:
        """On papers that were not withdrawn."""
        return self.exclude(notice__status=RectificationNotice.Status.WITHDRAWN)


class NoticeItem(models.Model):
    """One hazard as the paper names it: the words of the day it was issued, whatever becomes of the hazard."""

    notice = models.ForeignKey(RectificationNotice, on_delete=models.CASCADE, related_name="items")
    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="notice_items")
    position = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    description = models.CharField(max_length=500)
    basis = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=10, choices=Hazard.Level, blank=True)
    requirement = models.CharField(max_length=500, blank=True)
    responsible_name = models.CharField(max_length=40, blank=True)
    due_date = models.DateField()

    objects = NoticeItemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notice", "hazard"], name="hazard_once_a_notice"),
            models.UniqueConstraint(fields=["notice", "position"], name="notice_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.description}"
