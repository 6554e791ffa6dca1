"""Questions about people that no single QuerySet answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q, QuerySet

from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import Jurisdiction, Line
from huyuan.people.models import Delegation, Post, User
from huyuan.people.roles import ROLES

# An administrative code that no county of the country has.
DEMO_COUNTY = "990001"


def roles_with(permission: Permission) -> list[str]:
    """The keys of the roles that hold a permission."""
    return [role.key for role in ROLES.values() if permission in role.permissions]


def users_in_roles(roles: Iterable[str], organisation_ids: Iterable[int], on: date) -> list[User]:
    """The people posted in these organisations in one of these roles, with those who stand in for them."""
    posts = Post.objects.held_on(on).filter(organisation_id__in=list(organisation_ids), role__in=list(roles))
    lent = User.objects.filter(
        borrowed__post__in=posts, borrowed__starts_on__lte=on, borrowed__ends_on__gte=on,
        posts__in=Post.objects.held_on(on),
    )  # fmt: skip
    return list((User.objects.filter(pk__in=posts.values("user_id")) | lent).distinct().order_by("pk"))


def users_who_can(permission: Permission, organisation_ids: Iterable[int], on: date) -> list[User]:
    """The people posted in these organisations whose role holds a permission, with those who stand in for them."""
    return users_in_roles(roles_with(permission), organisation_ids, on)


def speakers_in_roles(organisation_id: int, roles: Iterable[str], on: date) -> list[User]:
    """The people who act for an organisation in one of these roles: its own, and those of its central school."""
    lines = [Line.OWN, Line.EDUCATION]
    overseers = Jurisdiction.objects.filter(subject_id=organisation_id, line__in=lines).values_list(
        "overseer_id", flat=True
    )
    return users_in_roles(roles, {organisation_id, *overseers}, on)


def speakers_for(organisation_id: int, permission: Permission, on: date) -> list[User]:
    """The people who act for an organisation with a permission: its own, and those of its central school."""
    return speakers_in_roles(organisation_id, roles_with(permission), on)


def people_in_care(reach: Reach, on: date) -> QuerySet[User]:
    """The people whom the acting post may reset.

    For a county-wide post everybody else in the county. For a school those who hold posts at it (or at its teaching
    points) and nowhere else, none of which, own or borrowed, may do what the acting post may not.
    """
    others: QuerySet[User] = User.objects.visible_to(reach).filter(is_active=True).exclude(pk=reach.user_id)
    if not reach.may(Permission.PEOPLE_RESET):
        return others.none()
    if reach.covers_county:
        return others
    lines = [Line.OWN, Line.EDUCATION]
    own = Jurisdiction.objects.filter(overseer_id=reach.organisation_id, line__in=lines).values("subject_id")
    no_more = [role.key for role in ROLES.values() if role.permissions <= reach.permissions]
    lesser = Q(organisation_id__in=own, role__in=no_more)
    current = Post.objects.not_ended(on)
    beyond = current.exclude(lesser)
    lent = Delegation.objects.filter(post__in=beyond, ends_on__gte=on)
    return (
        others.filter(pk__in=current.filter(lesser).values("user_id"))
        .exclude(pk__in=beyond.values("user_id"))
        .exclude(pk__in=lent.values("to_user_id"))
    )


def waiting_for_code(reach: Reach, on: date, organisation: UUID | None = None) -> QuerySet[User]:
    """The people in one's care who hold a post but have no password yet: new ones, and those who were reset."""
    posts = Post.objects.not_ended(on)
    if organisation is not None:
        posts = posts.filter(organisation__code=organisation)
    people = people_in_care(reach, on).filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return people.filter(pk__in=posts.values("user_id"))


def colleagues_of(post: Post, on: date) -> QuerySet[User]:
    """The people to whom a post can be lent: who work in the same organisation or in its central school."""
    above = Jurisdiction.objects.filter(subject_id=post.organisation_id, line=Line.EDUCATION).values("overseer_id")
    near = Post.objects.held_on(on).filter(Q(organisation_id=post.organisation_id) | Q(organisation_id__in=above))
    people: QuerySet[User] = User.objects.filter(pk__in=near.values("user_id")).exclude(pk=post.user_id)
    return people.order_by("sort_key", "pk")


def loans_of(user_id: int, on: date) -> QuerySet[Delegation]:
    """The loans that run or are to come, of posts one lends or borrows."""
    mine = Q(post__user_id=user_id) | Q(to_user_id=user_id)
    loans = Delegation.objects.filter(mine, ends_on__gte=on)
    return loans.select_related("post__organisation", "post__user", "to_user").order_by("starts_on", "pk")


@dataclass(frozen=True)
class Waiting:
    """How many people of an organisation have no password yet."""

    code: UUID
    name: str
    people: int


def waiting_by_organisation(reach: Reach, on: date) -> list[Waiting]:
    """The organisations in one's charge where somebody has no password yet."""
    posts = Post.objects.not_ended(on).filter(user__in=waiting_for_code(reach, on))
    counted = posts.values("organisation__code", "organisation__name").annotate(people=Count("user", distinct=True))
    rows = counted.order_by("organisation__sort_key").values_list("organisation__code", "organisation__name", "people")
    return [Waiting(*row) for row in rows]


@dataclass(frozen=True)
class DemoAccount:
    """Somebody of the demo county to sign in as."""

    phone: str
    name: str
    role: str
    organisation: str


def demo_accounts() -> list[DemoAccount]:
    """One person a role, in the order of the roles: the first post of each role in the demo county."""
    posts = Post.objects.filter(user__county__adcode=DEMO_COUNTY, user__is_active=True, ends_on=None)
    first = {post.role: post for post in posts.select_related("user", "organisation").order_by("-pk")}
    return [
        DemoAccount(first[key].user.phone, first[key].user.name, str(role.name), first[key].organisation.name)
        for key, role in ROLES.items()
        if key in first
    ]
