"""Making people findable by name, phone, post and organisation."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.utils import timezone, translation

from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.common.reach import Reach
from huyuan.organisations.models import Jurisdiction, School
from huyuan.people.models import Post, User
from huyuan.search import actions as search


def index_people(user_ids: Iterable[int], on: date) -> None:
    """Write the entries of these people anew, for everybody who reaches an organisation they work in."""
    wanted = list(user_ids)
    posts: dict[int, list[Post]] = {pk: [] for pk in wanted}
    current = Post.objects.not_ended(on).filter(user_id__in=wanted).select_related("organisation").order_by("pk")
    for post in current:
        posts[post.user_id].append(post)
    reached: dict[int, set[int]] = {post.organisation_id: {post.organisation_id} for post in current}
    rows = Jurisdiction.objects.filter(subject_id__in=reached)
    for overseer, subject in rows.values_list("overseer_id", "subject_id"):
        reached[subject].add(overseer)
    with translation.override(RECORD_LANGUAGE):
        search.index([_entry(user, posts[user.pk], reached, on) for user in User.objects.filter(pk__in=wanted)])


def follow_schools(*, schools: Sequence[School], by: Reach, now: datetime) -> None:
    """Write the entries of the people of these schools anew."""
    today = timezone.localdate(now)
    posts = Post.objects.not_ended(today).filter(organisation__in=[school.pk for school in schools])
    index_people(set(posts.values_list("user_id", flat=True)), today)


def _entry(user: User, posts: list[Post], reached: dict[int, set[int]], on: date) -> search.Findable:
    detail = "；".join(f"{post.organisation.name} {post.get_role_display()}" for post in posts)
    organisations = {overseer for post in posts for overseer in reached[post.organisation_id]}
    return search.Findable(
        kind="person", object_code=user.code, title=user.name, detail=detail, day=on, words=user.phone,
        county_id=user.county_id, organisation_ids=organisations,
    )  # fmt: skip
