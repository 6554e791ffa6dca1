"""One-time codes: printed for the first sign-in or after a reset, kept only as a digest, good once."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Denied
from huyuan.common.reach import Reach, system_reach
from huyuan.common.sheets.cells import plain
from huyuan.people.models import OneTimeCode, User
from huyuan.people.permissions import check_can_give_codes, check_can_reset
from huyuan.people.phones import plain_phone
from huyuan.people.queries import people_in_care
from huyuan.people.reaches import reach_of

# Without 0 O, 1 I L and U; B, S and Z are read as the digits they look like.
ALPHABET = "23456789ACDEFGHJKMNPQRTVWXY"
READ_AS = str.maketrans("BSZ", "852")
LENGTH = 8
VALID = timedelta(days=14)
MOST_FAILURES = 5
SALT = "huyuan.people.one_time_code"


@dataclass(frozen=True)
class IssuedCode:
    """A code in clear text: it exists only until it is printed."""

    user: User
    code: str
    expires_at: datetime


@dataclass(frozen=True)
class Redemption:
    """How redeeming a code ended: the person, or the sentences why not."""

    user: User | None
    reasons: Sequence[str] = ()


def new_code() -> str:
    """A random code in two groups, such as K7QM-2XPD: 38 bits, five tries."""
    drawn = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def digest_of(user: User, typed: str) -> str:
    """What is kept of a code: keyed outside the database and different for every person."""
    read = plain(typed).upper().replace("-", "").translate(READ_AS)
    return salted_hmac(SALT, f"{user.code}:{read}", algorithm="sha256").hexdigest()


@transaction.atomic
def issue_code(*, user: User, by: Reach, now: datetime) -> str:
    """Give one person a new code and answer it, once."""
    check_can_reset(by, user, timezone.localdate(now))
    return _issue([user], by, now)[0].code


@transaction.atomic
def issue_codes(*, users: Iterable[User], by: Reach, now: datetime) -> list[IssuedCode]:
    """Give many people new codes and answer them, once."""
    check_can_give_codes(by)
    wanted = {user.pk for user in users}
    people = people_in_care(by, timezone.localdate(now)).filter(pk__in=wanted).order_by("sort_key", "pk")
    found = list(people.select_for_update(no_key=True))
    if len(found) != len(wanted):
        raise Denied(_("Some of these people are not yours to give codes to. Open the page again."))
    return _issue(found, by, now)


def _issue(users: Sequence[User], by: Reach, now: datetime) -> list[IssuedCode]:
    """Withdraw earlier codes and write new ones; the callers have checked who may."""
    OneTimeCode.objects.filter(user__in=users, used_at=None, expires_at__gt=now).update(expires_at=now)
    issued = [IssuedCode(user, new_code(), now + VALID) for user in users]
    OneTimeCode.objects.bulk_create(
        [
            OneTimeCode(
                user=one.user, digest=digest_of(one.user, one.code), issued_by_id=by.user_id, created_at=now,
                expires_at=one.expires_at,
            )
            for one in issued
        ],
        batch_size=2_000,
    )  # fmt: skip
    audit.record_all("code:issue", targets=users, by=by, now=now)
    return issued


def redeem_code(*, phone: str, code: str, password: str, now: datetime) -> Redemption:
    """Set a password with a code. An unknown phone and a wrong, used, expired or spent code are answered alike."""
    refused = Redemption(None, [
        _("Phone number and code do not fit, or the code is no longer valid. Check both; otherwise ask for a new code.")
    ])  # fmt: skip
    # Locked one after the other, so that two tries at once count as two and one code never works twice.
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).filter(phone=plain_phone(phone), is_active=True).first()
        if person is None:
            audit.record_stranger("code:refuse", now=now)
            return refused
        kept = person.one_time_codes.filter(used_at=None, expires_at__gt=now, failures__lt=MOST_FAILURES).last()
        if kept is None or not constant_time_compare(kept.digest, digest_of(person, code)):
            _count_failure(person, kept, now)
            return refused
        if reasons := _password_problems(password, person):
            return Redemption(None, reasons)
        _take(person, kept, password, now)
    return Redemption(person)


def _count_failure(person: User, kept: OneTimeCode | None, now: datetime) -> None:
    if kept is not None:
        kept.failures += 1
        kept.save(update_fields=["failures"])
    failures = kept.failures if kept else 0
    audit.record("code:refuse", target=person, by=system_reach(person.county_id), now=now, failures=failures)


def _password_problems(password: str, person: User) -> list[str]:
    """Asked only after the code was right: the answer may depend on the person."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        return list(error.messages)
    return []


def _take(person: User, kept: OneTimeCode, password: str, now: datetime) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])
    kept.used_at = now
    kept.save(update_fields=["used_at"])
    audit.record("code:redeem", target=person, by=reach_of(person, None), now=now)
