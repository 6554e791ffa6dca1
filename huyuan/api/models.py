"""Personal tokens: a program acts from one post of a person, with a part of its rights, until a day."""

import uuid
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.people.models import Post, User


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Personal tokens."""

    def visible_to(self, reach: Reach) -> Self:
        """Only one's own."""
        return self.filter(user_id=reach.user_id)


class ApiToken(models.Model):
    """Only the digest is kept; the token itself is shown once. `sign_in_hash` stands for the password of the day it was
    made: a token does not outlive it.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    sign_in_hash = models.CharField(max_length=128)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("rights"))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
