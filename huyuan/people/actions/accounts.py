"""What happens to a person's own account: reset, language, signing in."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Invalid
from huyuan.common.reach import Reach, system_reach
from huyuan.people.actions.codes import issue_code
from huyuan.people.models import User
from huyuan.people.permissions import check_can_reset
from huyuan.people.phones import plain_phone
from huyuan.people.reaches import reach_of
from huyuan.people.resetting import close_doors


@transaction.atomic
def reset_person(*, user: User, by: Reach, now: datetime) -> str:
    """End a person's sessions, password and second step, and answer a one-time code with which they begin anew.

    What the apps above have opened to the person closes with it, such as phones that raise alarms.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    check_can_reset(by, person, timezone.localdate(now))
    # Every session carries a digest of the password; a session that ran on would end at its next request anyway.
    person.set_unusable_password()
    person.save(update_fields=["password"])
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    steps, _kinds = Authenticator.objects.filter(user=person).delete()
    close_doors(user=person, by=by, now=now)
    audit.record("person:reset", target=person, by=by, now=now, sessions=len(sessions), second_steps=steps)
    return issue_code(user=person, by=by, now=now)


@transaction.atomic
def change_language(*, language: str, by: Reach, now: datetime) -> User:
    """Speak another language to the acting person from now on."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid(_("This language is not offered."))
    person: User = User.objects.select_for_update(no_key=True).get(pk=by.person)
    person.language = language
    person.save(update_fields=["language"])
    audit.record("person:language", target=person, by=by, now=now, language=language)
    return person


@transaction.atomic
def change_password(*, user: User, password: str, now: datetime) -> None:
    """Set the password a person chose for themselves."""
    user.set_password(password)
    user.save(update_fields=["password"])
    audit.record("password:change", target=user, by=reach_of(user, None), now=now)


def record_sign_in(*, user: User, now: datetime) -> None:
    """Write that a person signed in."""
    audit.record("session:begin", target=user, by=reach_of(user, None), now=now)


def record_failed_sign_in(*, typed: str, now: datetime) -> None:
    """Write that signing in failed: for whom when the number is known, and never what was typed."""
    person = User.objects.filter(phone=plain_phone(typed)).first()
    if person is None:
        audit.record_stranger("session:refuse", now=now)
    else:
        audit.record("session:refuse", target=person, by=system_reach(person.county_id), now=now)
