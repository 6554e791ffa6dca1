"""Who may bring a plan in, who speaks for an organisation's duties, and who sees what filling in costs."""

from django.utils.translation import gettext_lazy as _

from huyuan.common.errors import Denied
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import Organisation, School
from huyuan.organisations.queries import acts_for, has_permission


def check_can_keep_plan(reach: Reach) -> None:
    """The education bureau brings plans in and sets what the plan leaves open."""
    if not reach.may(Permission.PLAN_KEEP):
        raise Denied(_("Only the education bureau brings plans in and sets rhythms."))


def check_can_read_plan(reach: Reach) -> None:
    """Those whose role has to do with the plan."""
    if not reach.may(Permission.PLAN_READ):
        raise Denied(_("Your role does not see where everybody stands with the plan."))


def check_can_read_duties(reach: Reach, organisation: Organisation) -> None:
    """One's own, and those of the organisations one has charge of."""
    if acts_for(reach, organisation.pk) and reach.may(Permission.PLAN_READ):
        return
    if not has_permission(reach, Permission.PLAN_READ, organisation):
        raise Denied(_("Your role does not see the duties of this organisation."))


def check_can_keep_duties(reach: Reach, organisation: Organisation) -> None:
    """People of the organisation itself declare supplements and say who answers for what."""
    if not (reach.may(Permission.DUTY_KEEP) and acts_for(reach, organisation.pk)):
        raise Denied(_("Only the organisation itself keeps its duties."))


def check_can_adopt(reach: Reach, organisation: Organisation) -> None:
    """Whoever leads the organisation adopts its implementation plan."""
    if not (reach.may(Permission.DUTY_ADOPT) and acts_for(reach, organisation.pk)):
        raise Denied(_("Only who leads the organisation adopts its implementation plan."))


def check_can_withdraw(reach: Reach, organisation: Organisation) -> None:
    """The organisation itself takes a declaration back; the education bureau strikes one it does not believe."""
    own = reach.may(Permission.DUTY_KEEP) and acts_for(reach, organisation.pk)
    if not (own or has_permission(reach, Permission.PLAN_KEEP, organisation)):
        raise Denied(_("Only the organisation itself and the education bureau take a declaration back."))


def check_can_read_burden(reach: Reach) -> None:
    """Heads and safety officers, and those who keep or follow the county's ledgers."""
    if not reach.may(Permission.BURDEN_READ):
        raise Denied(_("Your role does not see what filling in costs."))


def check_can_read_burden_of(reach: Reach, school: School) -> None:
    """One school by itself is seen by the school and by the county; a town and a station see the sum of theirs."""
    check_can_read_burden(reach)
    if not reach.covers_county and school.pk not in reach.speaks_for:
        raise Denied(_("You see the sum of your schools, not one school by itself."))
