"""The request as views see it after the middleware: a signed-in user with the post they act from."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from huyuan.common.reach import Reach
from huyuan.people.models import Post, User


class PageRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User
    htmx: HtmxDetails
    reach: Reach
    acting_post: Post | None
    posts: list[Post]
