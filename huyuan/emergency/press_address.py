"""The address at which alarms are raised: answered before Django's handler, so that it needs no database to accept.

`POST /alarm/press`, `GET /alarm/press/<identity>`, `POST /alarm/press/<identity>/cancel`. Every request carries
`Authorization: Press <token>`; what is posted carries `Press-Signature`, made by the phone's key over
`"POST " + path + "\\n" + body`. The bodies are read in `press_bodies`; the answers are JSON with a `state` or an `error`,
and a `sentence` in the language that the phone asks for. Only an answer with a state other than `held` says that the
alarm is stored.
"""

import atexit
import json
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.emergency.draining import Answer
from huyuan.emergency.holding import Holding
from huyuan.emergency.press_bodies import Unreadable, cancel_record, identity_of, press_record
from huyuan.emergency.tokens import Fault, Refused, Signer, check_signed

Environ = dict[str, Any]
Start = Callable[..., Any]
PATH = "/alarm/press"
CANCEL = "cancel"
LARGEST = 8 * 1024
SCHEME = "Press "

# What is refused before anything is kept, with its status and its sentence.
REFUSALS: dict[str, tuple[int, str | Promise]] = {
    Fault.MISSING: (401, _("This phone is not registered for raising alarms. Dial 110, then sign in and register it.")),
    Fault.UNKNOWN: (401, _("The registration of this phone is not valid. Dial 110, then sign in and register it again.")),
    Fault.EXPIRED: (401, _("The registration of this phone has run out. Dial 110, then sign in to renew it.")),
    Fault.BAD_SIGNATURE: (401, _("This alarm was not signed by the phone it claims to come from. Dial 110.")),
    "malformed": (400, _("This alarm cannot be read. Dial 110.")),
    "no_school": (400, _("Say for which school you raise the alarm; nothing was sent. Dial 110 if there is no time.")),
    "foreign_school": (403, _("You cannot raise an alarm for this school. Dial 110.")),
    "no_reason": (400, _("Say why you withdraw the alarm.")),
    "too_large": (413, _("This alarm is too large to be taken. Dial 110.")),
    "no_such_address": (404, _("There is nothing at this address.")),
    "method": (405, _("This address does not take this kind of request.")),
}  # fmt: skip
BUSY = _("The server has more to do than it can. Try again in a moment; raising an alarm works all the same.")


class PressAddress:
    """Answers what begins with its path, and hands everything else to the pages, which never take the last threads."""

    def __init__(self, pages: Callable[[Environ, Start], Iterable[bytes]]) -> None:
        self.pages = pages
        self.room = threading.BoundedSemaphore(settings.WEB_THREADS - settings.WEB_THREADS_FOR_ALARMS)
        self.signer = Signer(settings.PRESS_KEYS)
        self.making = threading.Lock()
        self.made: Holding | None = None

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """One request."""
        path = environ.get("PATH_INFO", "")
        if path != PATH and not path.startswith(f"{PATH}/"):
            return self.page(environ, start)
        language = language_of(environ)
        with translation.override(language):
            try:
                answer = self.answer(environ, path, language)
            except (Refused, Unreadable) as refused:
                status, sentence = REFUSALS[str(refused)]
                answer = Answer(status, {"error": str(refused), "sentence": str(sentence)})
        return respond(answer, start)

    def page(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """A page; refused when pages, or a database that hangs under them, hold every thread but those for alarms."""
        if not self.room.acquire(blocking=False):
            return refuse_page(environ, start)
        try:
            return self.pages(environ, start)
        finally:
            self.room.release()

    def answer(self, environ: Environ, path: str, language: str) -> Answer:
        """Prove who asks, then take, tell or withdraw."""
        identity, act = parts_of(path)
        method = environ["REQUEST_METHOD"]
        if method != ("GET" if identity and not act else "POST"):
            raise Unreadable("method")
        now = timezone.now()
        holder = self.signer.holder(token_of(environ), now)
        if method == "GET" and identity:
            return self.holding().state(identity, holder.person, language)
        raw = body_of(environ)
        check_signed(holder.public_key, path, raw, environ.get("HTTP_PRESS_SIGNATURE", ""))
        record = cancel_record(raw, identity, holder, now) if identity else press_record(raw, holder, now)
        return self.holding().take(record, language)

    def holding(self) -> Holding:
        """What keeps and commits presses in this process; made by the first press, after any fork."""
        with self.making:
            if self.made is None:
                self.made = Holding(settings.JOURNAL)
                atexit.register(self.made.close)
            return self.made


def parts_of(path: str) -> tuple[UUID | None, str]:
    """The identity in an address and what is to be done with it."""
    identity, _slash, act = path.removeprefix(PATH).strip("/").partition("/")
    if act not in ("", CANCEL):
        raise Unreadable("no_such_address")
    return identity_of(identity) if identity else None, act


def token_of(environ: Environ) -> str:
    """The token of a request."""
    given: str = environ.get("HTTP_AUTHORIZATION", "")
    if not given.startswith(SCHEME):
        raise Refused(Fault.MISSING)
    return given.removeprefix(SCHEME).strip()


def body_of(environ: Environ) -> bytes:
    """The body of a request, when it is no larger than a press can be."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        raise Unreadable("too_large")
    raw: bytes = environ["wsgi.input"].read(int(length))
    return raw


def language_of(environ: Environ) -> str:
    """The language that the phone asks for, else the county's."""
    request = HttpRequest()
    request.META = environ
    return translation.get_language_from_request(request)


def refuse_page(environ: Environ, start: Start) -> list[bytes]:
    """What is read instead of a page when there is no room for it."""
    with translation.override(language_of(environ)):
        raw = str(BUSY).encode()
    length = str(len(raw))
    headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": length, "Retry-After": "1"}
    start("503 Service Unavailable", list(headers.items()))
    return [raw]


def respond(answer: Answer, start: Start) -> list[bytes]:
    """The answer on the wire; no cache keeps it and no other origin reads it."""
    raw = json.dumps(answer.body, ensure_ascii=False).encode()
    status = HTTPStatus(answer.status)
    headers = {
        "Content-Type": "application/json; charset=utf-8", "Content-Length": str(len(raw)), "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip
    start(f"{status.value} {status.phrase}", list(headers.items()))
    return [raw]
