"""Who may do what with people."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.queries import acts_for
from huyuan.people.models import Delegation, Post, User
from huyuan.people.queries import people_in_care
from huyuan.people.roles import ROLES


def check_can_import_people(reach: Reach, county_id: int) -> None:
    """Only the education bureau brings people in, and only into its own county."""
    if not reach.may(Permission.PEOPLE_IMPORT) or reach.county_id != county_id:
        raise Denied(_("Only the education bureau can import people."))


def check_can_give_codes(reach: Reach) -> None:
    """Whoever resets people somewhere may open the page that prints codes."""
    if not reach.may(Permission.PEOPLE_RESET):
        raise Denied(_("Your role does not give out one-time codes."))


def check_can_reset(reach: Reach, user: User, on: date) -> None:
    """The bureau resets anybody else in the county; a school its own people who may do no more than who resets them.

    Resetting somebody is as good as acting for them: so never one's own superior, nor who works elsewhere too.
    """
    if user.pk == reach.user_id:
        raise Denied(_("Nobody resets themselves. Change your own password under Me."))
    check_can_give_codes(reach)
    if not people_in_care(reach, on).filter(pk=user.pk).exists():
        raise Denied(
            _(
                "You can reset people of your own school who work nowhere else and whose rights do not go beyond yours. "
                "Ask the education bureau."
            )
        )


def check_can_end(reach: Reach, post: Post) -> None:
    """The bureau ends any other person's post in the county, a school those of its own people below who ends them."""
    if not reach.may(Permission.PEOPLE_RESET):
        raise Denied(_("Your role does not end posts."))
    if post.user_id == reach.user_id:
        raise Denied(_("Nobody ends a post of their own. Ask a colleague or the education bureau."))
    if reach.covers_county and post.organisation.county_id == reach.county_id:
        return
    if not acts_for(reach, post.organisation_id) or not ROLES[post.role].permissions <= reach.permissions:
        raise Denied(_("Only the education bureau ends this post."))


def check_can_lend(reach: Reach, post: Post) -> None:
    """A post is lent by the person who holds it; a borrowed one is not lent on."""
    if reach.user_id is None or post.user_id != reach.user_id:
        raise Denied(_("Only a post of one's own can be lent."))


def check_can_withdraw(reach: Reach, delegation: Delegation) -> None:
    """Who lent a post takes it back, and who borrowed it gives it back."""
    if reach.user_id is None or reach.user_id not in (delegation.post.user_id, delegation.to_user_id):
        raise Denied(_("Only who lent this post, or who borrowed it, ends the loan."))
