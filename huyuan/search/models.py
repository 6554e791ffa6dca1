"""The index behind the search field: one row per thing that can be found, without foreign keys."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class SearchEntry(models.Model):
    """A thing under its words. Scope tokens (county, organisations that reach it) stand in the same array,
    so that one index answers both what matches and what may be seen.
    """

    kind = models.CharField(max_length=30)
    object_code = models.UUIDField()
    title = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    day = models.DateField()
    tokens = ArrayField(models.CharField(max_length=60))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "object_code"], name="found_once")]
        indexes: ClassVar = [GinIndex(fields=["tokens"], name="search_tokens", fastupdate=False)]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"
