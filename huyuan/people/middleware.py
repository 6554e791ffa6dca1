"""Every request gets the reader's language and the reach of the post they act from."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from huyuan.people.models import User
from huyuan.people.reaches import acting_post as choose_post
from huyuan.people.reaches import reach_of

Answer = Callable[[HttpRequest], HttpResponse]
SESSION_POST = "post"


def reader_language(answer: Answer) -> Answer:
    """Speak the signed-in reader's own language; signed out, the cookie or the county's default decides."""

    def respond(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return answer(request)

    return respond


def acting_post(answer: Answer) -> Answer:
    """Put `reach`, `acting_post` and `posts` on the request of somebody signed in."""

    def respond(request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            wanted = request.session.get(SESSION_POST)
            post, posts = choose_post(request.user, wanted, timezone.localdate())
            request.acting_post, request.posts = post, posts  # type: ignore[attr-defined]  # declared on PageRequest
            request.reach = reach_of(request.user, post)  # type: ignore[attr-defined]  # declared on PageRequest
        return answer(request)

    return respond
