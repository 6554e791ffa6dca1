"""Measures of what lies below this app or in it: posts that are held, implementation plans that are adopted."""

from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import Field, field_validator

from huyuan.common.reach import Reach
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.models import Post
from huyuan.people.roles import ROLES
from huyuan.policy.measuring import NOTHING_DUE, Evidence, Measure, Parameters, Rows, Scope, register
from huyuan.policy.models import Adoption


class PostParameters(Parameters):
    """Which roles must each be held by somebody."""

    roles: tuple[str, ...] = Field(min_length=1)

    @field_validator("roles")
    @classmethod
    def known(cls, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Only roles that there are."""
        if unknown := [role for role in roles if role not in ROLES]:
            raise ValueError(f"no such role: {', '.join(unknown)}")
        return roles


def posts_held(scope: Scope, parameters: PostParameters) -> Rows:
    """How many of the roles are held today; all are wanted. The people of a central school stand for its teaching points."""
    today = timezone.localdate()
    bearers = Organisation.objects.filter(county_id=scope.county_id, kind=scope.bearer).order_by()
    bearers = bearers.annotate(central=F("school__central_school"))
    acting = Q(organisation=OuterRef("pk")) | Q(organisation=OuterRef("central"))
    held = Post.objects.held_on(today).filter(acting, role__in=parameters.roles).order_by()
    one = held.annotate(all=Value(1)).values("all")
    figures: Rows = scope.of(bearers, "pk").values(bearer=F("pk")).annotate(
        value=Coalesce(Subquery(one.annotate(n=Count("role", distinct=True)).values("n"), output_field=IntegerField()), 0),
        wanted=Value(len(parameters.roles)), late=Value(0),
        met_on=Subquery(one.annotate(day=Max("starts_on")).values("day")), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def acting_for(organisation: int) -> Q:
    """The posts of an organisation itself, and for a teaching point those of its central school."""
    return Q(organisation=organisation) | Q(organisation__school__teaching_points=organisation)


def proof_of_posts(reach: Reach, organisation: int, scope: Scope, parameters: PostParameters) -> list[Evidence]:
    """The posts with the day since which they are held; names only to those who may see the people."""
    posts = (
        Post.objects.visible_to(reach)
        .held_on(timezone.localdate())
        .filter(organisation_id=organisation, role__in=parameters.roles)
    )
    return [
        Evidence(
            str(post.get_role_display()),
            str(post.user),
            post.starts_on,
            reverse("people:person", args=[post.user.code]),
        )
        for post in posts.select_related("user").order_by("role", "pk")
    ]


def plans_adopted(scope: Scope, parameters: Parameters) -> Rows:
    """The implementation plans adopted in the period."""
    adopted = Adoption.objects.filter(
        organisation__county_id=scope.county_id, adopted_on__range=(scope.starts_on, scope.ends_on)
    )
    figures: Rows = scope.of(adopted, "organisation_id").order_by().values(bearer=F("organisation_id")).annotate(
        value=Count("pk"), wanted=Value(parameters.wanted), late=Value(0), met_on=Min("adopted_on"), due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def proof_of_adoption(reach: Reach, organisation: int, scope: Scope, parameters: Parameters) -> list[Evidence]:
    """Who adopted it when."""
    adopted = Adoption.objects.visible_to(reach).filter(
        organisation_id=organisation, adopted_on__range=(scope.starts_on, scope.ends_on)
    )
    return [
        Evidence(str(_("Implementation plan")), str(one.adopted_by), one.adopted_on,
                 reverse("policy:duties", args=[one.organisation.code]))
        for one in adopted.select_related("adopted_by", "organisation")
    ]  # fmt: skip


register(Measure(
    "people.posts_held", _("posts that are held"),
    frozenset({OrganisationKind.SCHOOL, OrganisationKind.STATION, OrganisationKind.EDUCATION_BUREAU}),
    posts_held, proof_of_posts, "web:people", PostParameters,
    declarable=False,
))  # fmt: skip
register(Measure(
    "policy.implementation_plan", _("implementation plan adopted"), frozenset(OrganisationKind),
    plans_adopted, proof_of_adoption, "policy:mine",
))  # fmt: skip
