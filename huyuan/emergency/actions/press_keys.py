"""Registering phones for raising alarms.

A registration belongs to the phone and outlives sign-ins: a phone that is signed out, or whose person has chosen another
password, still raises alarms, and "sign out elsewhere" leaves it alone, for no session says which phone it was on. It ends
when its person revokes it in the list of their phones, when somebody resets the person, and for as long as the account is
not active. A phone that is still in the right hands registers itself anew after the next sign-in.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Denied, Invalid
from huyuan.common.reach import Permission, Reach
from huyuan.emergency.models import PressKey
from huyuan.emergency.queries import schools_to_press_for
from huyuan.emergency.tokens import MOST_SCHOOLS, Holder, Signer, point_of
from huyuan.organisations.models import School
from huyuan.people.models import User


@dataclass(frozen=True)
class Registration:
    """What a phone gets: its token, and what that token is for."""

    holder: Holder
    token: str


@transaction.atomic
def register_key(*, public_key: str, name: str, by: Reach, now: datetime) -> Registration:
    """Register a phone, or renew what it has; the token is for the schools of the post acted from."""
    if by.user_id is None or by.post_id is None or not by.may(Permission.ALARM_PRESS):
        raise Denied(_("Your role does not raise alarms. Dial 110."))
    try:
        point_of(public_key)
    except ValueError as error:
        raise Invalid(_("This is not a key that a phone makes. Open the page again.")) from error
    # The same page opened twice at once registers one phone.
    User.objects.select_for_update(no_key=True).get(pk=by.user_id)
    key = PressKey.objects.filter(user_id=by.user_id, public_key=public_key).first()
    if key is None:
        key = PressKey.objects.create(
            user_id=by.user_id, public_key=public_key, name=name[:80], made_at=now, renewed_at=now
        )
        audit.record("press_key:register", target=key, by=by, now=now)
    elif key.revoked_at is not None:
        raise Denied(_("This phone was revoked. Register it anew to raise alarms with it."))
    else:
        key.renewed_at = now
        key.save(update_fields=["renewed_at"])
    found = schools_to_press_for(by).order_by("organisation__sort_key")
    schools = dict(found.values_list("organisation__code", "organisation__name")[: MOST_SCHOOLS + 1])
    many = by.covers_county or len(schools) > MOST_SCHOOLS
    holder = Holder(
        person=by.user_id, post=by.post_id, county=by.county_id, key=key.code, public_key=public_key,
        schools={} if many else schools, whole_county=many, home=home_of(by, schools), issued=now.replace(microsecond=0),
    )  # fmt: skip
    return Registration(holder, Signer(settings.PRESS_KEYS).sign(holder))


@transaction.atomic
def revoke_key(*, key: PressKey, by: Reach, now: datetime) -> None:
    """End the registration of one of one's own phones: a press from it is refused from now on."""
    if PressKey.objects.visible_to(by).filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        audit.record("press_key:revoke", target=key, by=by, now=now)


@transaction.atomic
def revoke_keys_of(*, user: User, by: Reach, now: datetime) -> None:
    """End the registration of all phones of somebody who is reset; whether `by` may was checked by the reset."""
    keys = list(PressKey.objects.select_for_update(no_key=True).filter(user=user, revoked_at=None).order_by("pk"))
    PressKey.objects.filter(pk__in=[key.pk for key in keys]).update(revoked_at=now)
    for key in keys:
        audit.record("press_key:revoke", target=key, by=by, now=now)


def home_of(reach: Reach, schools: dict[UUID, str]) -> UUID | None:
    """The school somebody means without saying: where they work, or the only one there is."""
    own = School.objects.filter(organisation_id=reach.home).values_list("organisation__code", flat=True)
    return own.first() or (next(iter(schools)) if len(schools) == 1 else None)
