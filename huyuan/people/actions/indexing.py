"""Making people findable by name, phone, post and organisation."""

from collections.abc import Iterable
from datetime import date

from django.utils import translation

from huyuan.organisations.models import Jurisdiction
from huyuan.people.models import Post, User
from huyuan.people.queries import not_ended
from huyuan.search import actions as search

RECORD_LANGUAGE = "zh-hans"


def index_people(user_ids: Iterable[int], on: date) -> None:
    """Write the entries of these people anew, for everybody who reaches an organisation they work in."""
    wanted = list(user_ids)
    posts: dict[int, list[Post]] = {pk: [] for pk in wanted}
    current = not_ended(Post.objects.filter(user_id__in=wanted), on).select_related("organisation").order_by("pk")
    for post in current:
        posts[post.user_id].append(post)
    reached: dict[int, set[int]] = {post.organisation_id: {post.organisation_id} for post in current}
    rows = Jurisdiction.objects.filter(subject_id__in=reached)
    for overseer, subject in rows.values_list("overseer_id", "subject_id"):
        reached[subject].add(overseer)
    with translation.override(RECORD_LANGUAGE):
        search.index([_entry(user, posts[user.pk], reached, on) for user in User.objects.filter(pk__in=wanted)])


def _entry(user: User, posts: list[Post], reached: dict[int, set[int]], on: date) -> search.Findable:
    detail = "；".join(f"{post.organisation.name} {post.get_role_display()}" for post in posts)
    organisations = {overseer for post in posts for overseer in reached[post.organisation_id]}
    return search.Findable(
        kind="person", object_code=user.code, title=user.name, detail=detail, day=on, words=user.phone,
        county_id=user.county_id, organisation_ids=organisations,
    )  # fmt: skip
