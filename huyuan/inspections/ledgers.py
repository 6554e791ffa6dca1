"""The ledgers of checks and hazards, in the columns of the agencies that ask for them."""

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.inspections.models import Hazard, Inspection
from huyuan.inspections.models.hazards import HazardQuerySet
from huyuan.ledgers.declaration import Column, ColumnSet, Filter, Ledger, Rows, Sort, register
from huyuan.organisations.models import Organisation, OrganisationKind

MAX_CHOICES = 400


def schools(reach: Reach) -> list[tuple[str, str]]:
    """The reader's schools to choose from, by name; a larger county filters by town or searches instead."""
    found = Organisation.objects.within(reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
    return [(str(code), name) for code, name in found.values_list("code", "name")[:MAX_CHOICES]]


def towns(reach: Reach) -> list[tuple[str, str]]:
    """The towns of the county."""
    found = Organisation.objects.visible_to(reach).filter(kind=OrganisationKind.TOWN).order_by("sort_key")
    return [(str(code), name) for code, name in found.values_list("code", "name")]


def in_school(rows: Rows, code: str) -> Rows:
    """Rows of one school."""
    return rows.filter(school__organisation__code=code)


def in_town(rows: Rows, code: str) -> Rows:
    """Rows of a town's schools."""
    return rows.filter(school__town__code=code)


def overdue(rows: Rows, _value: str) -> Rows:
    """Hazards past their due date."""
    return cast(HazardQuerySet, rows).overdue(timezone.localdate())


register(Ledger(
    key="hazards",
    page="inspections:hazards",
    title=_("Hazards"),
    icon="alert-triangle",
    model=Hazard,
    read=Permission.HAZARD_READ,
    rows=lambda reach: Hazard.objects.visible_to(reach).select_related("school__organisation", "responsible", "holder"),
    columns=[
        Column("hazard", _("Hazard"), lambda h: h.description, template="ledgers/cells/link.html"),
        Column("school", _("School"), lambda h: h.school.organisation.name),
        Column("level", _("Level"), lambda h: h.level, template="inspections/cells/level.html"),
        Column("status", _("State"), lambda h: h.status, template="inspections/cells/hazard_status.html"),
        Column("found_on", _("Found on"), lambda h: h.found_on, sort="newest", on_phone=False, look="line"),
        Column("due_date", _("Due"), lambda h: h.due_date, sort="due", template="inspections/cells/due.html"),
        Column("responsible", _("Responsible"), lambda h: h.responsible_in_words, on_phone=False),
        Column("number", _("No."), lambda h: h.number, on_phone=False, look="line"),
    ],
    sorts=[
        Sort("newest", _("newest first"), ("found_on", "id"), descending=True),
        Sort("oldest", _("oldest first"), ("found_on", "id")),
        Sort("due", _("due date"), ("due_date", "id")),
    ],
    filters=[
        Filter("status", _("State"), lambda rows, value: rows.filter(status=value), lambda _reach: Hazard.Status.choices),
        Filter("level", _("Level"), lambda rows, value: rows.filter(level=value), lambda _reach: Hazard.Level.choices),
        Filter("overdue", _("Overdue"), overdue, lambda _reach: [("yes", _("only overdue"))]),
        Filter("town", _("Town"), in_town, towns),
        Filter("school", _("School"), in_school, schools),
        Filter("since", _("Found since"), lambda rows, value: rows.filter(found_on__gte=value), kind="date"),
        Filter("until", _("Found until"), lambda rows, value: rows.filter(found_on__lte=value), kind="date"),
    ],
    badges=[*(("status", value, title) for value, title in Hazard.Status.choices), ("overdue", "yes", _("overdue"))],
    search_kind="hazard",
    empty_text=_("Hazards come from checks: once both sides have signed, every failed item stands here."),
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("隐患编号", lambda h: h.number), ("学校名称", lambda h: h.school.organisation.name),
            ("隐患描述", lambda h: h.description), ("隐患级别", lambda h: h.get_level_display()),
            ("排查日期", lambda h: h.found_on), ("整改要求", lambda h: h.requirement),
            ("整改责任人", lambda h: h.responsible), ("整改期限", lambda h: h.due_date),
            ("状态", lambda h: h.get_status_display()), ("轮次", lambda h: h.round), ("销号日期", lambda h: h.closed_at),
        ]),
        ColumnSet("police", _("police"), [
            ("序号", lambda h: h.number), ("被检查单位", lambda h: h.school.organisation.name),
            ("存在问题", lambda h: h.description), ("依据", lambda h: h.basis), ("检查时间", lambda h: h.found_on),
            ("整改要求", lambda h: h.requirement), ("整改期限", lambda h: h.due_date),
            ("复查情况", lambda h: h.get_status_display()),
        ]),
    ],
))  # fmt: skip

register(Ledger(
    key="inspections",
    page="inspections:inspections",
    title=_("Checks"),
    icon="clipboard-check",
    model=Inspection,
    read=Permission.INSPECTION_READ,
    rows=lambda reach: Inspection.objects.visible_to(reach).select_related("school__organisation", "agency", "started_by"),
    columns=[
        Column("school", _("School"), lambda i: i.school.organisation.name, template="ledgers/cells/link.html"),
        Column("checklist", _("Checklist"), lambda i: i.checklist.title),
        Column("status", _("State"), lambda i: i.status, template="inspections/cells/inspection_status.html"),
        Column("agency", _("Checked by"), lambda i: i.agency.name, on_phone=False),
        Column("started", _("Started"), lambda i: timezone.localtime(i.started_at).date(), sort="newest", look="line"),
        Column("by", _("Begun by"), lambda i: i.started_by, on_phone=False),
    ],
    sorts=[
        Sort("newest", _("newest first"), ("started_at", "id"), descending=True),
        Sort("oldest", _("oldest first"), ("started_at", "id")),
    ],
    filters=[
        Filter("status", _("State"), lambda rows, value: rows.filter(status=value), lambda _reach: Inspection.Status.choices),
        Filter("town", _("Town"), in_town, towns),
        Filter("school", _("School"), in_school, schools),
    ],
    badges=[("status", value, title) for value, title in Inspection.Status.choices],
    create_url="inspections:begin",
    create_label=_("Begin a check"),
    create_permission=Permission.INSPECTION_CONDUCT,
    empty_text=_("No check yet. A check is done together on the phone, item by item, and signed by both sides."),
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("学校名称", lambda i: i.school.organisation.name), ("检查单位", lambda i: i.agency.name),
            ("检查表", lambda i: i.checklist.title.zh), ("检查日期", lambda i: i.started_at),
            ("状态", lambda i: i.get_status_display()), ("签字日期", lambda i: i.signed_at),
        ]),
    ],
))  # fmt: skip
