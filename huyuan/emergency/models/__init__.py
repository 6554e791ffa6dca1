"""Alarms, calls, handling, plans and what lies outside."""

from huyuan.emergency.models.alarms import Incident, Press
from huyuan.emergency.models.arrangements import SmallSchool
from huyuan.emergency.models.calls import Call, LogEntry, Page, Step, Tier
from huyuan.emergency.models.handling import Confirmation, Finding, HandOverOfCommand, Review, RoleTask, Statement
from huyuan.emergency.models.outside import CapNotice, FakeSend, HelpOffer, OutsideReceiver, PressKey, PushSubscription
from huyuan.emergency.models.plans import ContingencyPlan, UnitMember
from huyuan.emergency.models.probes import Probe

__all__ = [
    "Call",
    "CapNotice",
    "Confirmation",
    "ContingencyPlan",
    "FakeSend",
    "Finding",
    "HandOverOfCommand",
    "HelpOffer",
    "Incident",
    "LogEntry",
    "OutsideReceiver",
    "Page",
    "Press",
    "PressKey",
    "Probe",
    "PushSubscription",
    "Review",
    "RoleTask",
    "SmallSchool",
    "Statement",
    "Step",
    "Tier",
    "UnitMember",
]
