"""Questions about people that no single QuerySet answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from huyuan.common.reach import Permission
from huyuan.organisations.models import Jurisdiction, Line
from huyuan.people.models import Post, User
from huyuan.people.roles import ROLES


def roles_with(permission: Permission) -> list[str]:
    """The keys of the roles that hold a permission."""
    return [role.key for role in ROLES.values() if permission in role.permissions]


def users_who_can(permission: Permission, organisation_ids: Iterable[int], on: date) -> list[User]:
    """The people posted in these organisations whose role holds a permission, with those who stand in for them."""
    posts = Post.objects.held_on(on).filter(organisation_id__in=list(organisation_ids), role__in=roles_with(permission))
    lent = User.objects.filter(borrowed__post__in=posts, borrowed__starts_on__lte=on, borrowed__ends_on__gte=on)
    return list((User.objects.filter(pk__in=posts.values("user_id")) | lent).distinct().order_by("pk"))


def speakers_for(organisation_id: int, permission: Permission, on: date) -> list[User]:
    """The people who act for an organisation with a permission: its own, and those of its central school."""
    lines = [Line.OWN, Line.EDUCATION]
    overseers = Jurisdiction.objects.filter(subject_id=organisation_id, line__in=lines).values_list(
        "overseer_id", flat=True
    )
    return users_who_can(permission, {organisation_id, *overseers}, on)


DEMO_COUNTY = "990001"


@dataclass(frozen=True)
class DemoAccount:
    """Somebody of the demo county to sign in as."""

    phone: str
    name: str
    role: str
    organisation: str


def demo_accounts() -> list[DemoAccount]:
    """One person a role, in the order of the roles: the first post of each role in the demo county."""
    posts = Post.objects.filter(organisation__county__adcode=DEMO_COUNTY).select_related("user", "organisation")
    first = {post.role: post for post in posts.order_by("-pk")}
    return [
        DemoAccount(first[key].user.phone, first[key].user.name, str(role.name), first[key].organisation.name)
        for key, role in ROLES.items()
        if key in first
    ]
