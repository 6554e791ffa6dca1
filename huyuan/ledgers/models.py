"""What people keep of ledgers: saved views, columns of their county's own, and workbooks being imported."""

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.common.states import Stateful
from huyuan.ledgers.declaration import ColumnSet, Layout
from huyuan.organisations.models import County, Organisation
from huyuan.people.models import Post, User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Views people saved."""

    def visible_to(self, reach: Reach) -> Self:
        """Only one's own."""
        return self.filter(user_id=reach.user_id)


class SavedView(models.Model):
    """A ledger's filters and order under a name of one's own."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    ledger = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "ledger", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name


class CountyColumnSetQuerySet(models.QuerySet["CountyColumnSet"]):
    """Columns that counties made for themselves."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of one's county."""
        return self.filter(county_id=reach.county_id)

    def settled(self) -> Self:
        """Those somebody has looked through, so that they can be exported in."""
        return self.filter(settled_at__isnull=False)


class CountyColumnSet(models.Model):
    """The columns of an agency's own sheet, for the exports of one ledger in one county.

    `columns` holds a printed title and the key of a field (or nothing) for each; `layout` the rows of the sheet down to
    its titles, so that the export looks like it.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.CASCADE, related_name="column_sets")
    ledger = models.CharField(max_length=40)
    title = models.CharField(_("name of the columns"), max_length=60)
    columns = models.JSONField()
    layout = models.JSONField()
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    objects = CountyColumnSetQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page that says what stands in each column."""
        return reverse("ledgers:column_set", args=[self.code])

    @property
    def declared(self) -> ColumnSet:
        """The same as if an app had declared it."""
        return ColumnSet(
            str(self.code), self.title, [(title, key) for title, key in self.columns], layout=Layout(**self.layout)
        )


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports of a county."""

    def visible_to(self, reach: Reach) -> Self:
        """Those of one's own organisation."""
        return self.filter(county_id=reach.county_id, organisation_id=reach.organisation_id)


class ImportRun(Stateful):
    """A workbook somebody gave us: what was read from it, what is wrong, what it changed.

    The file lies in the data folder under the run's code until the run is done, and is deleted then.
    """

    class Status(models.TextChoices):
        READING = "reading", _("being read")
        READ = "read", _("read, waiting for your decision")
        REFUSED = "refused", _("not readable")
        APPLYING = "applying", _("being written")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]] = {
        Status.READING: frozenset({Status.READ, Status.REFUSED}),
        Status.READ: frozenset({Status.APPLYING, Status.DROPPED}),
        Status.APPLYING: frozenset({Status.DONE, Status.REFUSED}),
    }

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="imports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="imports")
    importer = models.CharField(max_length=20)
    status = models.CharField(_("state"), max_length=10, choices=Status, default=Status.READING)
    file_name = models.CharField(_("file"), max_length=200)
    datum = models.CharField(_("coordinate system"), max_length=10, blank=True)
    message = models.TextField(blank=True)
    result = models.JSONField(default=dict)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="imports")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="imports")
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["organisation", "importer", "-started_at"], name="import_by_date")]

    def __str__(self) -> str:
        return f"{self.importer} {self.file_name}"

    def get_absolute_url(self) -> str:
        """The import's page."""
        return reverse("ledgers:import_run", args=[self.code])
