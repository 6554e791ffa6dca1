"""What streams ask of the database, each in a thread that gives its connection back."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from django.db.models import Max, Q
from django.http import HttpRequest
from django.utils import timezone

from huyuan.common.reach import Permission, Reach
from huyuan.emergency.models import Call, Incident, LogEntry
from huyuan.notifications.models import Message
from huyuan.people.middleware import SESSION_POST
from huyuan.people.models import User
from huyuan.people.reaches import acting_post, reach_of

# Bounds the connections to the database, whatever the number of streams that open at once.
THREADS = 4
# A sweep looks at running incidents, and at those cleared since: their all-clear may have been missed.
CLEARED_LATELY = timedelta(minutes=15)

Answer = TypeVar("Answer")
threads = ThreadPoolExecutor(THREADS, thread_name_prefix="streams")


@dataclass(frozen=True)
class Topic:
    """What a stream is about: the reader's inbox, one incident, or all incidents of some schools of a county."""

    kind: str
    incident: str = ""
    county_id: int = 0
    schools: frozenset[int] | None = None

    def concerns(self, news: "News") -> bool:
        """Whether something new in an incident is to be told here."""
        if self.kind == INCIDENT:
            return self.incident == news.incident
        within = self.schools is None or news.school_id in self.schools
        return self.kind == ALARMS and news.county_id == self.county_id and within


INBOX, INCIDENT, ALARMS = "inbox", "log", "alarms"


@dataclass(frozen=True)
class News:
    """The newest entry of an incident's log."""

    incident: str
    county_id: int
    school_id: int
    newest: int


async def in_thread(ask: Callable[..., Answer], *given: Any) -> Answer:
    """Ask the database without holding up the streams."""
    return await asyncio.get_running_loop().run_in_executor(threads, ask, *given)


@contextmanager
def connection_given_back() -> Iterator[None]:
    """Close this thread's database connection afterwards."""
    try:
        yield
    finally:
        connections.close_all()


def signed_in(session_key: str) -> User | None:
    """Who is signed in with a session, by the same rules as on pages."""
    with connection_given_back():
        return _user_of(session_key)[0]


def _user_of(session_key: str) -> tuple[User | None, str | None]:
    request = HttpRequest()
    request.session = SessionStore(session_key)
    user = get_user(request)
    return (user, request.session.get(SESSION_POST)) if isinstance(user, User) else (None, None)


def may_follow(session_key: str, kind: str, code: str) -> tuple[User | None, Topic | None]:
    """Who is signed in, and what they may follow: the incident they may see, or those of the schools in their charge."""
    with connection_given_back():
        user, wanted = _user_of(session_key)
        if user is None:
            return None, None
        reach = reach_of(user, acting_post(user, wanted, timezone.localdate())[0])
        if kind == ALARMS:
            return user, _alarms_of(reach)
        known = _is_code(code) and Incident.objects.visible_to(reach).filter(code=code).exists()
        return user, Topic(INCIDENT, str(UUID(code))) if known else None


def _alarms_of(reach: Reach) -> Topic:
    """The schools whose incidents the reader sees: the county's, those in charge, or those one was called to."""
    if not reach.may(Permission.INCIDENT_READ):
        charge: frozenset[int] = frozenset()
    elif reach.covers_county:
        return Topic(ALARMS, county_id=reach.county_id)
    else:
        charge = reach.subjects
    seen = Incident.objects.visible_to(reach).open().values_list("school_id", flat=True)
    return Topic(ALARMS, county_id=reach.county_id, schools=charge | frozenset(seen))


def _is_code(code: str) -> bool:
    try:
        UUID(code)
    except ValueError:
        return False
    return True


def newest_messages(users: set[int]) -> dict[int, int]:
    """The newest message of each of these users who has any."""
    with connection_given_back():
        found = Message.objects.filter(recipient_id__in=users).order_by().values_list("recipient_id")
        return dict(found.annotate(newest=Max("pk")))


def unanswered_calls() -> dict[int, int]:
    """The newest call of each user who is called to a running incident and has not answered yet."""
    with connection_given_back():
        waiting = Call.objects.filter(
            incident__status=Incident.Status.OPEN, user__isnull=False, called_at__isnull=False, seen_at=None,
            declined_at=None, arrived_at=None,
        )  # fmt: skip
        return dict(waiting.order_by().values_list("user_id").annotate(newest=Max("pk")))


def news_of(codes: Iterable[str], sweep: bool) -> list[News]:
    """The newest entries of these incidents; when sweeping, of everything that runs or was cleared lately too."""
    with connection_given_back():
        wanted = Q(code__in=list(codes))
        if sweep:
            wanted |= Q(status=Incident.Status.OPEN) | Q(cleared_at__gte=timezone.now() - CLEARED_LATELY)
        entries = LogEntry.objects.filter(incident__in=Incident.objects.filter(wanted)).order_by()
        rows = entries.values_list("incident__code", "incident__county_id", "incident__school_id")
        return [News(str(code), county, school, newest) for code, county, school, newest in rows.annotate(Max("pk"))]


def living_sessions(keys: set[str]) -> set[str]:
    """Those of these sessions that were neither ended nor ran out."""
    with connection_given_back():
        living = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
        return set(living.values_list("session_key", flat=True))
