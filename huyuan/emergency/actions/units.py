"""The smallest emergency unit: who is in it, and what is arranged where it cannot be whole."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from huyuan.audit import actions as audit
from huyuan.common.errors import Conflict, Invalid
from huyuan.common.reach import Reach
from huyuan.emergency.actions.standing import unit_changed
from huyuan.emergency.models import SmallSchool, UnitMember
from huyuan.emergency.permissions import check_can_edit_unit
from huyuan.emergency.units import staff_of
from huyuan.notifications import actions as notifications
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.people.models import User

HELPERS = frozenset(
    {OrganisationKind.SCHOOL, OrganisationKind.STATION, OrganisationKind.VILLAGE, OrganisationKind.TOWN}
)


@transaction.atomic
def add_member(*, school: School, user: User, part: str, stand_in: bool, by: Reach, now: datetime) -> UnitMember:
    """Take somebody into the unit, as member or stand-in of one part; who has another part changes to this one."""
    school, today = _locked(school), timezone.localdate(now)
    check_can_edit_unit(by, school)
    if not staff_of(school, today).filter(pk=user.pk).exists():
        raise Invalid(_("This person has no post at the school. Choose somebody of its own people."))
    for former in UnitMember.objects.filter(school=school, user=user, until=None):
        if (former.part, former.stand_in) == (part, stand_in):
            return former
        _end(former, now)
    member = UnitMember.objects.create(school=school, user=user, part=part, stand_in=stand_in, since=today)
    unit_changed(school, now)
    audit.record("unit:add", target=member, by=by, now=now, part=part, stand_in=stand_in)
    notifications.queue(
        "unit:add", to=[user], by=by, now=now, actor=User.objects.get(pk=by.person).name,
        school=school.organisation.name, part=str(UnitMember.Part(part).label),
    )  # fmt: skip
    return member


@transaction.atomic
def remove_member(*, member: UnitMember, by: Reach, now: datetime) -> UnitMember:
    """Take somebody out of the unit."""
    school = _locked(member.school)
    member = UnitMember.objects.select_for_update(no_key=True).get(pk=member.pk)
    check_can_edit_unit(by, school)
    if member.until is not None:
        return member
    _end(member, now)
    unit_changed(school, now)
    audit.record("unit:remove", target=member, by=by, now=now, part=member.part)
    return member


@transaction.atomic
def declare_small(*, school: School, helper: Organisation, reason: str, by: Reach, now: datetime) -> SmallSchool:
    """Say that there can be no whole unit here, and who helps first; a new arrangement ends the one before."""
    school = _locked(school)
    check_can_edit_unit(by, school)
    if helper.pk == school.pk or helper.kind not in HELPERS or helper.county_id != school.county_id:
        raise Invalid(_("Choose a school, police station, town or village near by that helps."))
    SmallSchool.objects.standing().filter(school=school).update(ended_at=now)
    small = SmallSchool.objects.create(
        school=school, helper=helper, reason=reason, declared_at=now, declared_by_id=by.person
    )
    unit_changed(school, now)
    audit.record("unit:small", target=small, by=by, now=now, helper=str(helper.code), reason=audit.digest(reason))
    return small


@transaction.atomic
def end_small(*, small: SmallSchool, by: Reach, now: datetime) -> SmallSchool:
    """Say that the school has a whole unit again."""
    school = _locked(small.school)
    small = SmallSchool.objects.select_for_update(no_key=True).get(pk=small.pk)
    check_can_edit_unit(by, school)
    if small.ended_at is not None:
        raise Conflict(_("This arrangement has ended already."))
    small.ended_at = now
    small.save(update_fields=["ended_at"])
    unit_changed(school, now)
    audit.record("unit:whole", target=small, by=by, now=now)
    return small


def _end(member: UnitMember, now: datetime) -> None:
    """The day before was the last: a member is in the unit until the end of `until`."""
    member.until = timezone.localdate(now) - timedelta(days=1)
    member.save(update_fields=["until"])


def _locked(school: School) -> School:
    rows = School.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "county").get(pk=school.pk)
