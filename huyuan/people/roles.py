"""Roles are code: a name, a plain sentence, the kinds of organisation that have it, and what it may do."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission as P
from huyuan.organisations.models import OrganisationKind as K


@dataclass(frozen=True)
class Role:
    """What a post is for."""

    key: str
    name: str | Promise
    sentence: str | Promise
    kinds: frozenset[str]
    permissions: frozenset[P]


def role(key: str, name: Promise, sentence: Promise, kinds: Iterable[str], *permissions: P) -> Role:
    """A role; every role may see the schools it has charge of."""
    return Role(key, name, sentence, frozenset(kinds), frozenset({P.SCHOOL_READ, *permissions}))


READS_LEDGERS = (P.PLAN_READ, P.INSPECTION_READ, P.HAZARD_READ, P.LEDGER_EXPORT, P.BURDEN_READ)
KEEPS_LEDGERS = (P.HAZARD_IMPORT, P.LEDGER_SHAPE)
OWN_DUTIES = (P.DUTY_KEEP, P.DUTY_ADOPT)
READS_READINESS = (P.INCIDENT_READ, P.CONTINGENCY_READ, P.UNIT_READ, P.SHIFT_READ, P.DEVICE_READ)
DEPARTMENTS = (K.CULTURE_TOURISM, K.HEALTH, K.URBAN_MANAGEMENT, K.MARKET_REGULATION)

ALL_ROLES = (
    role("bureau_officer", _("bureau officer"), _("Keeps the county's roster, people and ledgers."), [K.EDUCATION_BUREAU],
         *READS_LEDGERS, *OWN_DUTIES, P.PLAN_KEEP, P.SCHOOL_IMPORT, P.CALENDAR_EDIT, P.PEOPLE_READ, P.PEOPLE_IMPORT, P.PEOPLE_RESET,
         P.INSPECTION_CONDUCT, P.INSPECTION_SIGN, P.HAZARD_ORDER, P.HAZARD_RECHECK, P.HAZARD_PAUSE,
         P.HAZARD_ANSWER, P.NOTICE_NUMBERING, P.CHANNEL_EDIT, *KEEPS_LEDGERS,
         *READS_READINESS, P.EXERCISE_RUN, P.STATEMENT_RELEASE, P.DEVICE_KEEP, P.CAP_IN),
    role("police_officer", _("county police officer"), _("Follows checks and hazards over the whole county."),
         [K.SECURITY_BUREAU], *READS_LEDGERS, *OWN_DUTIES, P.PEOPLE_READ, P.INSPECTION_CONDUCT, P.INSPECTION_SIGN, P.HAZARD_ORDER,
         P.HAZARD_RECHECK, P.HAZARD_PAUSE,
         P.HAZARD_ANSWER, P.CHANNEL_EDIT, *KEEPS_LEDGERS,
         *READS_READINESS, P.ALARM_PRESS, P.INCIDENT_COMMAND, P.EXERCISE_RUN, P.STATEMENT_RELEASE, P.DEVICE_KEEP,
         P.OUTSIDE_EDIT, P.CAP_IN),
    role("commander", _("command centre officer"), _("Sees every school and raises patrols."), [K.COMMAND_CENTRE],
         P.PLAN_READ, *OWN_DUTIES, P.HAZARD_READ, P.INSPECTION_READ, *READS_READINESS, P.ALARM_PRESS, P.INCIDENT_COMMAND,
         P.EXERCISE_RUN, P.STATEMENT_RELEASE, P.SHIFT_EDIT, P.OUTSIDE_EDIT, P.CAP_IN),
    role("leader", _("county leader"), _("Sees what is open and decides."), [K.PARTY_GROUP, K.LEADING_GROUP],
         *READS_LEDGERS, P.HAZARD_ANSWER, P.SUPERVISION_DECIDE, P.INCIDENT_READ),
    role("station_officer", _("station officer"), _("Checks the station's schools, orders and re-checks."), [K.STATION],
         *READS_LEDGERS, *OWN_DUTIES, P.INSPECTION_CONDUCT, P.INSPECTION_SIGN, P.HAZARD_ORDER, P.HAZARD_RECHECK, P.HAZARD_PAUSE,
         P.HAZARD_ANSWER, P.CHANNEL_EDIT, *READS_READINESS, P.ALARM_PRESS, P.INCIDENT_COMMAND, P.EXERCISE_RUN, P.SHIFT_EDIT),
    role("vice_principal", _("rule-of-law vice principal"), _("Knows the school from the police side."), [K.STATION],
         P.PLAN_READ, P.INSPECTION_READ, P.HAZARD_READ, P.CONTINGENCY_READ),
    role("department_officer", _("department officer"), _("Deals with what is handed to the department."), DEPARTMENTS,
         P.PLAN_READ, *OWN_DUTIES, P.HAZARD_ANSWER),
    role("town_officer", _("town officer"), _("Follows the town's schools."), [K.TOWN, K.VILLAGE], *READS_LEDGERS, *OWN_DUTIES,
         P.HAZARD_ANSWER),
    role("school_head", _("head of school"), _("First responsible person: signs, answers, resets the school's people."),
         [K.SCHOOL], *READS_LEDGERS, *OWN_DUTIES, P.PEOPLE_READ, P.PEOPLE_RESET, P.INSPECTION_CONDUCT, P.INSPECTION_SIGN,
         P.HAZARD_RECTIFY, P.CALENDAR_EDIT, P.CHANNEL_EDIT, *READS_READINESS, P.ALARM_PRESS, P.INCIDENT_COMMAND,
         P.EXERCISE_RUN, P.STATEMENT_RELEASE, P.CONTINGENCY_EDIT, P.CONTINGENCY_APPROVE, P.UNIT_EDIT, P.SHIFT_EDIT,
         P.DEVICE_KEEP),
    role("safety_officer", _("school safety officer"), _("Checks daily, rectifies, keeps the ledgers."), [K.SCHOOL],
         *READS_LEDGERS, P.DUTY_KEEP, P.PEOPLE_READ, P.PEOPLE_RESET, P.INSPECTION_CONDUCT, P.INSPECTION_SIGN,
         P.HAZARD_RECTIFY, *READS_READINESS, P.ALARM_PRESS, P.EXERCISE_RUN, P.CONTINGENCY_EDIT, P.UNIT_EDIT, P.SHIFT_EDIT,
         P.DEVICE_KEEP),
    role("guard", _("security guard"), _("Keeps the gate."), [K.SCHOOL], P.ALARM_PRESS),
    role("teacher", _("teacher"), _("Sees what is open at the school."), [K.SCHOOL], P.HAZARD_READ, P.ALARM_PRESS),
    role("counsellor", _("counsellor"), _("Cares for pupils; ledgers of things are not needed for it."), [K.SCHOOL],
         P.ALARM_PRESS),
    role("volunteer", _("parent or volunteer"), _("Takes the shifts it offered to take; nothing is compulsory."),
         [K.SCHOOL, K.VILLAGE]),
)  # fmt: skip

ROLES = {r.key: r for r in ALL_ROLES}
ROLE_CHOICES = [(r.key, r.name) for r in ALL_ROLES]
