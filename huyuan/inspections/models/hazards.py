"""The hazard and its closed loop: registered, ordered, rectified, re-checked, closed; never deleted."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.common.states import Stateful
from huyuan.inspections.categories import Category
from huyuan.inspections.guides import GuideItem, national_guide
from huyuan.inspections.models.checks import Inspection
from huyuan.organisations.models import County, Organisation, School
from huyuan.people.models import User
from huyuan.policy.models import Clocked

# What lets the addressee of a hand-over see the hazard: it waits, or was taken on.
STANDING_HAND_OVERS = ("pending", "accepted", "done")


class HazardQuerySet(models.QuerySet["Hazard"]):
    """Hazards of schools."""

    def visible_to(self, reach: Reach) -> Self:
        """The hazards of the schools the acting post has charge of; a department's, what is handed to it."""
        if not reach.may(Permission.HAZARD_READ):
            return self.handed_to(reach)
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(school_id__in=reach.subjects, county_id=reach.county_id)

    def open(self) -> Self:
        """Not closed yet."""
        return self.exclude(status=Hazard.Status.CLOSED)

    def handed_to(self, reach: Reach) -> Self:
        """What was handed to the reader's organisation, and not refused by it."""
        if not reach.may(Permission.HAZARD_ANSWER):
            return self.none()
        mine = Organisation.objects.filter(pk=reach.home, handed__status__in=STANDING_HAND_OVERS)
        return self.filter(pk__in=mine.values("handed__hazard"), county_id=reach.county_id)

    def overdue(self, today: date) -> Self:
        """Ordered, past the due date and not paused; a pause with a stated end has moved the due date behind itself."""
        return self.filter(status=Hazard.Status.ORDERED, paused_on=None, due_date__lt=today)

    def paused(self, today: date) -> Self:
        """Ordered, and the clock stands still."""
        stands = Q(paused_on__isnull=False) | Q(paused_until__gt=today)
        return self.filter(stands, status=Hazard.Status.ORDERED)


class Hazard(Stateful, Clocked):
    """Something at a school that can hurt somebody until it is put right.

    `agency` follows it to the end: it led the check or gave the order, re-checks and closes; when the school goes to
    another station, so does this. `holder` is the organisation that must act next, None once closed. Source: plan
    clause 3.1; levels are the two of the work-safety law (general, major). A major one rests on an item of the national
    guide of 2024 and has its five "in place" when ordered: measure (`requirement`), person, money, deadline and what
    is done until then (`contingency`). Only what comes from an earlier ledger may leave its level open (`level` empty,
    `stated_level` as written there) or its guide item (then the major level is unconfirmed).
    """

    class Origin(models.TextChoices):
        """Where it comes from."""

        CHECK = "check", _("a check")
        SPOT = "spot", _("found and fixed on the spot")
        REVIEW = "review", _("the review of an incident")
        IMPORTED = "imported", _("an earlier ledger")

    Category = Category

    class Level(models.TextChoices):
        GENERAL = "general", _("general")
        MAJOR = "major", _("major")

    class Status(models.TextChoices):
        REGISTERED = "registered", _("registered")
        FIXED = "fixed", _("fixed on the spot")
        ORDERED = "ordered", _("rectification ordered")
        RECTIFIED = "rectified", _("waiting for re-check")
        CLOSED = "closed", _("closed")

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {
        Status.REGISTERED: frozenset({Status.ORDERED}),
        Status.FIXED: frozenset({Status.CLOSED, Status.REGISTERED}),
        Status.ORDERED: frozenset({Status.RECTIFIED}),
        Status.RECTIFIED: frozenset({Status.CLOSED, Status.ORDERED}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="hazards")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="hazards", verbose_name=_("school"))
    inspection = models.ForeignKey(Inspection, on_delete=models.PROTECT, null=True, related_name="hazards")
    item_key = models.CharField(max_length=60, blank=True)
    origin = models.CharField(_("comes from"), max_length=10, choices=Origin, default=Origin.CHECK)
    category = models.CharField(_("kind of hazard"), max_length=12, choices=Category, default=Category.OTHER)
    place = models.CharField(_("place"), max_length=120, blank=True)
    description = models.CharField(_("hazard"), max_length=500)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.GENERAL, blank=True)
    stated_level = models.CharField(_("level in the ledger"), max_length=20, blank=True)
    guide_item = models.CharField(_("item of the national guide"), max_length=60, blank=True)
    suggested_days = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(_("state"), max_length=12, choices=Status, default=Status.REGISTERED)
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="hazards_followed")
    holder = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="hazards_held")
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    found_on = models.DateField(_("found on"))
    year_inferred = models.BooleanField(_("year taken from the title"), default=False)
    found_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    requirement = models.CharField(_("what is required"), max_length=500, blank=True)
    responsible = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="hazards", verbose_name=_("responsible person")
    )
    responsible_name = models.CharField(_("responsible person in the ledger"), max_length=40, blank=True)
    funding = models.CharField(_("money"), max_length=200, blank=True)
    contingency = models.CharField(_("until then"), max_length=300, blank=True)
    at_once = models.BooleanField(_("at once"), default=False)
    # What the earlier ledger says, column by column, so that nothing of it is lost and a later one can be compared.
    ledger = models.JSONField(_("in the ledger"), default=dict, blank=True)
    recurrence_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="recurrences")
    ordered_at = models.DateTimeField(null=True)
    ordered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = HazardQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            *Clocked.Meta.constraints,
            models.CheckConstraint(
                condition=Q(origin="imported")
                | Q(ordered_at=None, ordered_by=None, due_date=None, responsible=None)
                & (Q(status__in=["registered", "fixed"]) | Q(origin="spot", status="closed"))
                | Q(
                    ordered_at__isnull=False,
                    ordered_by__isnull=False,
                    due_date__isnull=False,
                    responsible__isnull=False,
                )
                & ~Q(status__in=["registered", "fixed"]),
                name="order_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(level="major")
                | Q(origin="imported")
                | Q(ordered_at=None)
                | ~Q(guide_item="") & ~Q(funding="") & ~Q(contingency=""),
                name="major_is_in_place",
            ),
            models.CheckConstraint(condition=~Q(level="") | Q(origin="imported"), name="level_is_known"),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False, holder=None)
                & (Q(closed_by__isnull=False) | Q(origin="imported"))
                | ~Q(status="closed") & Q(closed_at=None, closed_by=None, holder__isnull=False),
                name="closed_is_whole",
            ),
            models.UniqueConstraint(fields=["inspection", "item_key"], name="one_hazard_an_item"),
            models.UniqueConstraint(
                fields=["school", "found_on", "description"], condition=Q(origin="imported"), name="imported_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county", "-found_on", "-id"], name="hazard_by_date"),
            models.Index(fields=["school", "-found_on", "-id"], name="hazard_by_school"),
            models.Index(fields=["county", "status", "-found_on", "-id"], name="hazard_by_state"),
            models.Index(fields=["school", "status", "-found_on", "-id"], name="hazard_by_school_state"),
            models.Index(
                fields=["school", "due_date", "id"], condition=~Q(status="closed"), name="hazard_open_at_school"
            ),
            models.Index(
                fields=["county", "found_on", "id"],
                include=["holder"],
                condition=~Q(status="closed"),
                name="hazard_open_by_age",
            ),
            models.Index(fields=["county", "due_date", "id"], name="hazard_by_due"),
            models.Index(fields=["county", "due_date", "id"], condition=Q(status="ordered"), name="hazard_running"),
            models.Index(fields=["county", "status", "school"], condition=Q(level="major"), name="hazard_major"),
            models.Index(fields=["holder", "status", "due_date"], name="hazard_by_holder"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The hazard's page."""
        return reverse("inspections:hazard", args=[self.code])

    @property
    def running_due_date(self) -> date | None:
        """The due date while the school is at it; otherwise no clock runs."""
        return self.due_date if self.status == self.Status.ORDERED else None

    def is_overdue(self, today: date) -> bool:
        """Whether the clock has run out on a day: what `overdue` asks of many."""
        due = self.running_due_date
        return due is not None and due < today and not self.is_paused(today)

    @property
    def paused(self) -> bool:
        """Whether the clock stands still today."""
        return self.is_paused(timezone.localdate())

    @property
    def came_back_after(self) -> int | None:
        """After how many days it came back, where the same was closed before."""
        former = self.recurrence_of
        if former is None or former.closed_at is None:
            return None
        return (self.found_on - timezone.localdate(former.closed_at)).days

    @property
    def guide(self) -> GuideItem | None:
        """The item of the national guide that makes it major."""
        return national_guide().item(self.guide_item) if self.guide_item else None

    @property
    def is_unconfirmed(self) -> bool:
        """Whether it is called major and nobody has named the item of the guide yet."""
        return self.level == self.Level.MAJOR and not self.guide_item

    @property
    def level_words(self) -> str:
        """The level as it is said everywhere: open until somebody decides, major only with its item of the guide."""
        if not self.level:
            return gettext("level not decided (“%(stated)s” in the ledger)") % {"stated": self.stated_level}
        return gettext("major, unconfirmed") if self.is_unconfirmed else self.get_level_display()

    @property
    def imported_state(self) -> str:
        """The state in the words of the ledger it came from."""
        return str(self.ledger.get("state", ""))

    @property
    def found_by_name(self) -> str:
        """Who found it: a person here, or whoever the ledger it came from names."""
        return self.found_by.name if self.found_by else str(self.ledger.get("found_by", ""))

    @property
    def responsible_in_words(self) -> str:
        """Who answers for it: a person here, or whoever the ledger it came from names."""
        return self.responsible.name if self.responsible else self.responsible_name

    @property
    def number(self) -> str:
        """The number people say: year found and a running number."""
        return f"{self.found_on:%Y}-{self.pk:06d}"


class RectificationQuerySet(models.QuerySet["Rectification"]):
    """Rounds of putting right."""

    def visible_to(self, reach: Reach) -> Self:
        """The rounds of the hazards the reader may see."""
        return self.filter(hazard__in=Hazard.objects.visible_to(reach))


class Rectification(models.Model):
    """One round: what the school did, and what somebody else found at the re-check."""

    class Verdict(models.TextChoices):
        PENDING = "pending", _("waiting for re-check")
        ACCEPTED = "accepted", _("accepted")
        REJECTED = "rejected", _("rejected")

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="rounds")
    round = models.PositiveSmallIntegerField()
    report = models.CharField(_("what was done"), max_length=500)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, default=Verdict.PENDING)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["round"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hazard", "round"], name="round_once"),
            models.CheckConstraint(condition=~Q(checked_by=F("done_by")), name="checked_by_another"),
            models.CheckConstraint(
                condition=Q(verdict="pending", checked_by=None, checked_at=None)
                | ~Q(verdict="pending") & Q(checked_by__isnull=False, checked_at__isnull=False),
                name="verdict_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard} / {self.round}"


class ExtensionQuerySet(models.QuerySet["Extension"]):
    """Requests for more time."""

    def visible_to(self, reach: Reach) -> Self:
        """The requests about the hazards the reader may see."""
        return self.filter(hazard__in=Hazard.objects.visible_to(reach))


class Extension(models.Model):
    """The school asks for a later due date with a reason; the agency decides, unless the report comes first."""

    class Decision(models.TextChoices):
        PENDING = "pending", _("waiting for a decision")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        LAPSED = "lapsed", _("no longer needed")

    hazard = models.ForeignKey(Hazard, on_delete=models.PROTECT, related_name="extensions")
    new_due_date = models.DateField(_("new due date"))
    reason = models.CharField(_("reason"), max_length=300)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.PENDING)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hazard"], condition=Q(decision="pending"), name="one_request_at_a_time"),
            models.CheckConstraint(
                condition=Q(decision="pending", decided_by=None, decided_at=None)
                | ~Q(decision="pending") & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decision_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.hazard} → {self.new_due_date}"
