"""Contingency plans of schools and the people of their smallest emergency unit."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.common.states import Stateful
from huyuan.emergency.models.alarms import in_charge
from huyuan.organisations.models import County, School
from huyuan.people.models import Post, User


class ContingencyPlanQuerySet(models.QuerySet["ContingencyPlan"]):
    """Contingency plans."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of the schools in one's charge, for who may read them."""
        return self.filter(in_charge(reach, Permission.CONTINGENCY_READ))

    def approved(self) -> Self:
        """In force."""
        return self.filter(status=ContingencyPlan.Status.APPROVED)


class ContingencyPlan(Stateful):
    """One version of a school's plan for one kind of emergency. `content` is `contingency_packs.PlanContent`."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft plan")
        APPROVED = "approved", _("approved")
        SUPERSEDED = "superseded", _("superseded")

    TRANSITIONS: ClassVar = {
        Status.DRAFT: frozenset({Status.APPROVED, Status.SUPERSEDED}),
        Status.APPROVED: frozenset({Status.SUPERSEDED}),
        Status.SUPERSEDED: frozenset(),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="contingency_plans")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="contingency_plans")
    kind = models.CharField(_("kind of emergency"), max_length=30)
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    template = models.CharField(max_length=60, blank=True)
    content = models.JSONField(default=dict)
    review_by = models.DateField(_("to be reviewed by"), null=True)
    drafted_at = models.DateTimeField()
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ContingencyPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "kind", "version"], name="contingency_version_once"),
            models.UniqueConstraint(
                fields=["school", "kind"], condition=Q(status="approved"), name="one_approved_contingency"
            ),
            models.UniqueConstraint(
                fields=["school", "kind"], condition=Q(status="draft"), name="one_draft_contingency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.kind} v{self.version}"

    def get_absolute_url(self) -> str:
        """The page of this version."""
        return reverse("emergency:plan", args=[self.code])


class UnitMemberQuerySet(models.QuerySet["UnitMember"]):
    """People of the emergency units."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own membership, and the units of the schools in one's charge: forces are security-sensitive."""
        own = Q(user_id=reach.user_id)
        if not reach.may(Permission.UNIT_READ):
            return self.filter(own)
        inside = Q(school__county_id=reach.county_id)
        return self.filter(own | (inside if reach.covers_county else Q(school_id__in=reach.subjects)))

    def on(self, day: date) -> Self:
        """In the unit on a day, and still of the school's people: who has left is not called."""
        here = Q(organisation_id=OuterRef("school_id")) | Q(organisation_id=OuterRef("school__central_school_id"))
        held = Post.objects.held_on(day).filter(here, user_id=OuterRef("user_id"))
        return self.filter(Q(until=None) | Q(until__gte=day), Exists(held), since__lte=day)


class UnitMember(models.Model):
    """Somebody is a part of a school's smallest emergency unit, or stands in for one."""

    class Part(models.TextChoices):
        LEADER = "leader", _("leader of the unit")
        GUARD = "guard", _("security guard")
        SAFETY = "safety", _("safety staff")
        YOUNG_STAFF = "young_staff", _("young staff")
        MEDIC = "medic", _("first aid")
        MESSENGER = "messenger", _("communications")

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="unit_members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="unit_memberships")
    part = models.CharField(_("part in the unit"), max_length=20, choices=Part)
    stand_in = models.BooleanField(_("stand-in"), default=False)
    since = models.DateField(_("since"))
    until = models.DateField(null=True)

    objects = UnitMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school", "user"], condition=Q(until=None), name="unit_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.school_id} {self.user_id} {self.part}"
