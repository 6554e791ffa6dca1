"""Files that belong to a record: photos first. Who may see the record may see the file."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.organisations.models import County
from huyuan.people.models import User


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Stored files."""

    def visible_to(self, reach: Reach) -> Self:
        """Files of one's county; the record's own rule is asked as well, see `queries.can_see`."""
        return self.filter(county_id=reach.county_id)


class Attachment(models.Model):
    """A stored file: re-encoded, encrypted with the key named by `key_id`, found by the record it belongs to.

    `owner_kind` and `owner_code` name the record; its app registers how to ask whether a reach may see it.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="attachments")
    owner_kind = models.CharField(max_length=40)
    owner_code = models.UUIDField()
    place = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64)
    key_id = models.CharField(max_length=40)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    captured_at = models.DateTimeField(_("taken at"), null=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["owner_kind", "owner_code"], name="attachment_owner")]

    def __str__(self) -> str:
        return f"{self.owner_kind}:{self.owner_code}/{self.place}"
