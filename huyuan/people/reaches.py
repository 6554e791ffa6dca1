"""Making the Reach: from a person and the post they act from."""

from datetime import date

from huyuan.common.reach import Reach
from huyuan.organisations.models import COUNTY_WIDE, Jurisdiction, Line
from huyuan.people.models import Post, User
from huyuan.people.roles import ROLES

# Along these an organisation answers for another, along the rest it only looks at it.
OWN_LINES = frozenset({Line.OWN, Line.EDUCATION})


def reach_of(user: User, post: Post | None) -> Reach:
    """The reach of a person acting from a post; without a post they are signed in and may do nothing."""
    if post is None:
        return Reach(user.pk, user.county_id, None, None, "", frozenset(), covers_county=False)
    organisation = post.organisation
    covers_county = organisation.kind in COUNTY_WIDE
    below = [] if covers_county else list(Jurisdiction.objects.filter(overseer=organisation))
    return Reach(
        user_id=user.pk,
        county_id=organisation.county_id,
        organisation_id=organisation.pk,
        post_id=post.pk,
        role=post.role,
        permissions=ROLES[post.role].permissions,
        covers_county=covers_county,
        subjects=frozenset(row.subject_id for row in below),
        speaks_for=frozenset({organisation.pk} | {row.subject_id for row in below if row.line in OWN_LINES}),
    )


def acting_post(user: User, wanted: str | None, today: date) -> tuple[Post | None, list[Post]]:
    """The post a person acts from (the wanted one when it is open to them, else the first) and all to choose from."""
    posts = list(Post.objects.open_to(user.pk, today).select_related("organisation__county", "user").order_by("pk"))
    chosen = next((post for post in posts if str(post.code) == wanted), None)
    own_first = sorted(posts, key=lambda post: post.user_id != user.pk)
    return chosen or (own_first[0] if own_first else None), posts
