"""Who is on duty where, and when."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation
from huyuan.people.models import Post, User


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Shifts of organisations."""

    def visible_to(self, reach: Reach) -> Self:
        """One's own shifts; with the right to read them those of the organisations in one's charge.

        Rotas ahead are security-sensitive: nobody beyond these sees them.
        """
        own = Q(user_id=reach.user_id)
        if not reach.may(Permission.SHIFT_READ):
            return self.filter(own, county_id=reach.county_id)
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(own | Q(organisation_id__in=reach.subjects))

    def standing(self) -> Self:
        """Not cancelled."""
        return self.filter(cancelled_at=None)

    def at(self, moment: datetime, organisation_ids: Iterable[int]) -> Self:
        """On duty at a moment in these organisations; a shift that was planned for somebody who has left is nobody's."""
        own = Q(organisation_id=OuterRef("organisation_id"))
        central = Q(organisation_id=OuterRef("organisation__school__central_school_id"))
        held = Post.objects.held_on(timezone.localdate(moment)).filter(own | central, user_id=OuterRef("user_id"))
        return self.standing().filter(
            Exists(held), organisation_id__in=list(organisation_ids), starts_at__lte=moment, ends_at__gt=moment
        )


class Shift(models.Model):
    """A person is on duty in an organisation from–to."""

    class Duty(models.TextChoices):
        GATE = "gate", _("at the gate")
        LEADER = "leader", _("leader on duty")
        DESK = "desk", _("duty desk")
        PATROL = "patrol", _("on patrol")

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="shifts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shifts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    duty = models.CharField(_("duty"), max_length=10, choices=Duty)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    cancelled_at = models.DateTimeField(null=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="shift_has_hours"),
            models.UniqueConstraint(
                fields=["user", "organisation", "duty", "starts_at"], condition=Q(cancelled_at=None), name="shift_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "starts_at", "ends_at"], name="shift_by_place")]

    def __str__(self) -> str:
        return f"{self.user} {self.starts_at:%Y-%m-%d %H:%M}"
