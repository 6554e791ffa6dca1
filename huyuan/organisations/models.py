"""Counties, their organisations, schools and sites, who reaches whom, and the school calendar."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from huyuan.common.geo import Point
from huyuan.common.pinyin import sort_key
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.kinds import SchoolKind

ON_EARTH = Q(lon__range=(-180, 180), lat__range=(-90, 90))


class County(models.Model):
    """A tenant: every root row carries its county, and unique keys, packs and calendars are per county."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=60)
    adcode = models.CharField(_("administrative code"), max_length=6, unique=True)
    starts_on = models.DateField(_("start date"), help_text=_("Nothing before this day counts as missed."))
    outline = models.JSONField(_("outline"), null=True, blank=True, help_text=_("GeoJSON polygon, WGS84"))

    def __str__(self) -> str:
        return self.name


class OrganisationKind(models.TextChoices):
    """What an organisation is; the kind decides which roles its posts can have."""

    PARTY_GROUP = "party_group", _("party committee education leading group")
    LEADING_GROUP = "leading_group", _("campus safety leading group")
    EDUCATION_BUREAU = "education_bureau", _("education bureau")
    SECURITY_BUREAU = "security_bureau", _("public security bureau")
    COMMAND_CENTRE = "command_centre", _("command centre")
    STATION = "station", _("police station")
    CULTURE_TOURISM = "culture_tourism", _("culture and tourism bureau")
    HEALTH = "health", _("health commission")
    URBAN_MANAGEMENT = "urban_management", _("urban management bureau")
    MARKET_REGULATION = "market_regulation", _("market regulation bureau")
    TOWN = "town", _("town")
    VILLAGE = "village", _("village or community")
    SCHOOL = "school", _("school")


COUNTY_WIDE = frozenset({
    OrganisationKind.PARTY_GROUP, OrganisationKind.LEADING_GROUP, OrganisationKind.EDUCATION_BUREAU,
    OrganisationKind.SECURITY_BUREAU, OrganisationKind.COMMAND_CENTRE, OrganisationKind.CULTURE_TOURISM,
    OrganisationKind.HEALTH, OrganisationKind.URBAN_MANAGEMENT, OrganisationKind.MARKET_REGULATION,
})  # fmt: skip


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations of a county."""

    def visible_to(self, reach: Reach) -> Self:
        """Every organisation of the reader's county: who exists and whom to call is no secret inside it."""
        return self.filter(county_id=reach.county_id)

    def agencies(self) -> Self:
        """All but schools."""
        return self.exclude(kind=OrganisationKind.SCHOOL)

    def within(self, reach: Reach) -> Self:
        """The organisations the acting post has charge of: all of the county, or what its jurisdiction names."""
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(pk__in=reach.subjects)


class Organisation(models.Model):
    """An agency, a town, a village or a school of one county."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="organisations")
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    name = models.CharField(_("name"), max_length=80)
    sort_key = models.CharField(max_length=200, editable=False)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    phone = models.CharField(_("duty phone"), max_length=20, blank=True)
    joined_on = models.DateField(_("here since"), null=True, blank=True)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["county", "kind", "name"],
                condition=~Q(kind="school"),
                name="organisation_name_once",
            ),
            models.CheckConstraint(
                condition=Q(lon=None, lat=None)
                | ON_EARTH & Q(lon__isnull=False, lat__isnull=False) & ~Q(kind="school"),
                name="seat_on_earth",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["county", "kind", "sort_key", "id"], name="organisation_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of an organisation; a school has one of its own."""
        if self.kind == OrganisationKind.SCHOOL:
            return reverse("web:school", args=[self.code])
        return reverse("organisations:organisation", args=[self.code])

    @property
    def seat(self) -> Point | None:
        """Where an agency has its desk, WGS84 degrees, if that was entered; a school stands where its main site is."""
        return None if self.lon is None or self.lat is None else Point(self.lon, self.lat)

    @classmethod
    def named(cls, *, county: County, kind: str, name: str, **others: object) -> "Organisation":
        """An unsaved organisation with its sort key."""
        return cls(county=county, kind=kind, name=name, sort_key=sort_key(name), **others)


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools of a county."""

    def visible_to(self, reach: Reach) -> Self:
        """The schools the acting post has charge of: all of the county, or what its jurisdiction names."""
        if not reach.may(Permission.SCHOOL_READ):
            return self.none()
        if reach.covers_county:
            return self.filter(county_id=reach.county_id)
        return self.filter(pk__in=reach.subjects)


class School(models.Model):
    """A school or kindergarten: the organisation's second half, with what the roster says of it."""

    Kind = SchoolKind

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, primary_key=True, related_name="school", verbose_name=_("school")
    )
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="schools")
    identifier = models.CharField(_("school code"), max_length=10)
    kind = models.CharField(_("kind of school"), max_length=20, choices=[(k.value, k.label) for k in SchoolKind])
    town = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="schools_in_town", verbose_name=_("town")
    )
    station = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True,
        related_name="schools_of_station", verbose_name=_("police station"),
    )  # fmt: skip
    central_school = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True,
        related_name="teaching_points", verbose_name=_("central school"),
    )  # fmt: skip
    pupils = models.PositiveIntegerField(_("pupils"), default=0)
    boarders = models.PositiveIntegerField(_("boarders"), default=0)
    staff = models.PositiveIntegerField(_("staff"), default=0)
    guards = models.PositiveIntegerField(_("full-time guards"), default=0)
    closed_campus = models.BooleanField(_("closed campus"), default=False)
    alarm_networked = models.BooleanField(_("networked one-key alarm"), default=False)
    video_networked = models.BooleanField(_("networked video"), default=False)
    guard_post = models.BooleanField(_("guard post"), default=False)
    head_name = models.CharField(_("head"), max_length=40, blank=True)
    head_phone = models.CharField(_("head's phone"), max_length=20, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county", "identifier"], name="school_code_once"),
            models.CheckConstraint(condition=Q(boarders__lte=models.F("pupils")), name="boarders_are_pupils"),
        ]
        indexes: ClassVar = [models.Index(fields=["county", "town"], name="school_by_town")]

    def __str__(self) -> str:
        return self.organisation.name

    def get_absolute_url(self) -> str:
        """The school's page."""
        return reverse("web:school", args=[self.organisation.code])

    @property
    def hundreds(self) -> list[tuple[str, bool]]:
        """The "four 100 %" as the roster states them; source: plan clause 2, national definition of 2021."""
        names = ["closed_campus", "alarm_networked", "video_networked", "guard_post"]
        return [(str(School._meta.get_field(name).verbose_name), getattr(self, name)) for name in names]  # type: ignore[union-attr]  # model fields have verbose names


class SiteQuerySet(models.QuerySet["Site"]):
    """Places of schools."""

    def visible_to(self, reach: Reach) -> Self:
        """The sites of the schools the reader may see."""
        return self.filter(school__in=School.objects.visible_to(reach))


class Site(models.Model):
    """A place of a school on the map; WGS84 degrees. The main site is where the school stands on the county map."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(_("name"), max_length=60)
    lon = models.FloatField(_("longitude"))
    lat = models.FloatField(_("latitude"))
    is_main = models.BooleanField(_("main site"), default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["school"], condition=Q(is_main=True), name="one_main_site"),
            models.CheckConstraint(condition=ON_EARTH, name="site_on_earth"),
        ]

    def __str__(self) -> str:
        return f"{self.school} {self.name}"


class Line(models.TextChoices):
    """The line of command along which one organisation reaches another."""

    OWN = "own", _("own")
    EDUCATION = "education", _("education")
    POLICE = "police", _("police")
    TERRITORY = "territory", _("territory")


class Jurisdiction(models.Model):
    """Who reaches whom, kept flat: "my schools" is one indexed look-up for any user below the county.

    County-wide organisations reach their whole county and have no rows here.
    """

    overseer = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="reaches")
    subject = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="reached_by")
    line = models.CharField(max_length=10, choices=Line)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["overseer", "subject", "line"], name="reach_once")]
        indexes: ClassVar = [models.Index(fields=["subject", "overseer"], name="reached_by")]

    def __str__(self) -> str:
        return f"{self.overseer_id} → {self.subject_id} ({self.line})"


class Term(models.Model):
    """A school term; its school year begins in the autumn of `year`."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="terms")
    year = models.PositiveSmallIntegerField(_("school year"))
    number = models.PositiveSmallIntegerField(_("term"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        ordering: ClassVar = ["starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county", "year", "number"], name="term_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="term_has_days"),
            models.CheckConstraint(condition=Q(number__in=[1, 2]), name="two_terms_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.year}–{self.year + 1}/{self.number}"


class CalendarDay(models.Model):
    """A day that a county, or one of its schools, works or rests against the public calendar."""

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="calendar_days")
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, blank=True, related_name="calendar_days")
    day = models.DateField(_("day"))
    works = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=80)

    class Meta:
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["county", "school", "day"], nulls_distinct=False, name="calendar_day_once")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.reason}"
