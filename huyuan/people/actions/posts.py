"""Posts: ending them, lending them while absent, taking them back."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.people.actions.indexing import index_people
from huyuan.people.models import Delegation, Post, User
from huyuan.people.permissions import check_can_end, check_can_lend, check_can_withdraw
from huyuan.people.posting import posts_changed
from huyuan.people.queries import colleagues_of

LONGEST_LOAN = timedelta(days=366)


@transaction.atomic
def end_post(*, post: Post, last_day: date, by: Reach, now: datetime) -> Post:
    """Let a post end with a day; with yesterday it ends at once."""
    post = Post.objects.select_for_update(no_key=True, of=("self",)).select_related("organisation").get(pk=post.pk)
    check_can_end(by, post)
    today = timezone.localdate(now)
    if post.ends_on is not None and post.ends_on < today:
        raise Conflict(_("This post has ended already."))
    if last_day < today - timedelta(days=1):
        raise Invalid(_("A post cannot end in the past: choose yesterday to end it at once, or a later day."))
    post.ends_on = max(last_day, post.starts_on)
    post.save(update_fields=["ends_on"])
    audit.record("post:end", target=post, by=by, now=now, ends_on=post.ends_on.isoformat())
    index_people([post.user_id], today)
    posts_changed(county_id=post.organisation.county_id, organisations=[post.organisation_id], now=now)
    return post


@transaction.atomic
def lend_post(
    *, post: Post, to_user: User, starts_on: date, ends_on: date, reason: str, by: Reach, now: datetime
) -> Delegation:
    """While absent, let a colleague act from one's post."""
    post = Post.objects.select_for_update(no_key=True).get(pk=post.pk)
    check_can_lend(by, post)
    today = timezone.localdate(now)
    _check_days(post, starts_on, ends_on, today)
    loan = post.delegations.filter(ends_on__gte=today).first()
    if loan is not None:
        until = formats.date_format(loan.ends_on, "DATE_FORMAT")
        raise Conflict(_("This post is lent already, until %(until)s. Take it back first.") % {"until": until})
    if not colleagues_of(post, today).filter(pk=to_user.pk).exists():
        raise Invalid(_("A post is lent only to somebody of the same organisation or of its central school."))
    loan = Delegation.objects.create(
        post=post, to_user=to_user, starts_on=starts_on, ends_on=ends_on, reason=reason.strip()
    )
    audit.record(
        "post:lend", target=post, by=by, now=now, to=str(to_user.code), starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(), reason=audit.digest(loan.reason),
    )  # fmt: skip
    return loan


def _check_days(post: Post, starts_on: date, ends_on: date, today: date) -> None:
    if starts_on < today or ends_on < starts_on:
        raise Invalid(_("Choose days from today on, the last one not before the first."))
    if ends_on - starts_on > LONGEST_LOAN:
        raise Invalid(_("A post is lent for a year at most."))
    if post.ends_on is not None and post.ends_on < starts_on:
        raise Invalid(_("The post has ended by then."))


@transaction.atomic
def withdraw_delegation(*, post: Post, by: Reach, now: datetime) -> None:
    """Take a lent post back, or give a borrowed one back, at once."""
    today = timezone.localdate(now)
    loans = Delegation.objects.select_for_update(of=("self",)).select_related("post")
    loan = loans.filter(post=post, ends_on__gte=today).first()
    if loan is None:
        raise Conflict(_("This post is not lent any more."))
    check_can_withdraw(by, loan)
    if loan.starts_on < today:
        loan.ends_on = today - timedelta(days=1)
        loan.save(update_fields=["ends_on"])
    else:
        loan.delete()
    audit.record("post:withdraw", target=post, by=by, now=now, to=str(loan.to_user.code))
