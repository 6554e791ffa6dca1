"""The ledgers of checks and hazards, in the columns of the agencies that ask for them."""

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.inspections.checklists import checklists
from huyuan.inspections.models import Hazard, Inspection, RectificationNotice, Supervision
from huyuan.inspections.models.hazards import HazardQuerySet
from huyuan.ledgers.declaration import Column, ColumnSet, Filter, Ledger, Link, Rows, Sort, register
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


def known_checklists(_reach: Reach) -> list[tuple[str, str]]:
    """The checklists there are, in their newest words."""
    return list({checklist.code: str(checklist.title) for checklist in checklists().values()}.items())


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
        Column("responsible", _("Responsible"), lambda h: h.responsible, on_phone=False),
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
        Filter("category", _("Kind"), lambda rows, value: rows.filter(category=value), lambda _reach: Hazard.Category.choices),
        Filter("overdue", _("Overdue"), overdue, lambda _reach: [("yes", _("only overdue"))]),
        Filter("town", _("Town"), in_town, towns),
        Filter("school", _("School"), in_school, schools),
        Filter("since", _("Found since"), lambda rows, value: rows.filter(found_on__gte=value), kind="date"),
        Filter("until", _("Found until"), lambda rows, value: rows.filter(found_on__lte=value), kind="date"),
    ],
    badges=[*(("status", value, title) for value, title in Hazard.Status.choices), ("overdue", "yes", _("overdue"))],
    create_url="inspections:spot",
    create_label=_("Record what was fixed on the spot"),
    create_permission=Permission.INSPECTION_CONDUCT,
    search_kind="hazard",
    links=[
        Link("inspections:open_hazards", _("What is open"), "list-check", Permission.HAZARD_READ),
        Link("inspections:notices", _("Notices to schools"), "file-certificate", Permission.HAZARD_READ),
        Link("inspections:supervisions", _("Listed supervision"), "eye-exclamation", Permission.HAZARD_READ),
    ],
    empty_text=_("Hazards come from checks: once a check is signed, every failed item stands here."),
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("隐患编号", lambda h: h.number), ("学校名称", lambda h: h.school.organisation.name),
            ("隐患描述", lambda h: h.description), ("隐患级别", lambda h: h.level_words),
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
        Column("agency", _("Checked by"), lambda i: i.checked_by.name, on_phone=False),
        Column("started", _("Started"), lambda i: timezone.localtime(i.started_at).date(), sort="newest", look="line"),
        Column("by", _("Begun by"), lambda i: i.started_by, on_phone=False),
    ],
    sorts=[
        Sort("newest", _("newest first"), ("started_at", "id"), descending=True),
        Sort("oldest", _("oldest first"), ("started_at", "id")),
    ],
    filters=[
        Filter("status", _("State"), lambda rows, value: rows.filter(status=value), lambda _reach: Inspection.Status.choices),
        Filter("checklist", _("Checklist"), lambda rows, value: rows.filter(checklist_code=value), known_checklists),
        Filter("town", _("Town"), in_town, towns),
        Filter("school", _("School"), in_school, schools),
    ],
    badges=[("status", value, title) for value, title in Inspection.Status.choices],
    create_url="inspections:begin",
    create_label=_("Begin a check"),
    create_permission=Permission.INSPECTION_CONDUCT,
    links=[Link("inspections:roving", _("Roving checks"), "route", Permission.HAZARD_ORDER)],
    empty_text=_("No check yet. A check is done on the phone, item by item, and signed by those who did it."),
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("学校名称", lambda i: i.school.organisation.name), ("检查单位", lambda i: i.checked_by.name),
            ("检查表", lambda i: i.checklist.title.zh), ("检查日期", lambda i: i.started_at),
            ("状态", lambda i: i.get_status_display()), ("签字日期", lambda i: i.signed_at),
        ]),
    ],
))  # fmt: skip


def on_paper(notice: RectificationNotice) -> str:
    """What a notice is about, in one line."""
    return "；".join(f"{item.position}．{item.description}" for item in notice.items.all())


def of_hazard_school(rows: Rows, code: str) -> Rows:
    """Rows about a hazard of one school."""
    return rows.filter(hazard__school__organisation__code=code)


register(Ledger(
    key="notices",
    page="inspections:notices",
    title=_("Notices to schools"),
    icon="file-certificate",
    model=RectificationNotice,
    read=Permission.HAZARD_READ,
    rows=lambda reach: RectificationNotice.objects.visible_to(reach).select_related("school__organisation", "agency")
    .prefetch_related("items"),
    columns=[
        Column("number", _("Number of the notice"), lambda n: n.number, template="inspections/cells/notice_number.html"),
        Column("school", _("School"), lambda n: n.school.organisation.name),
        Column("kind", _("Kind of paper"), lambda n: n.get_kind_display(), on_phone=False),
        Column("status", _("State"), lambda n: n.status, template="inspections/cells/notice_status.html"),
        Column("agency", _("Issued by"), lambda n: n.agency.name, on_phone=False),
        Column("count", _("Hazards"), lambda n: len(n.items.all()), on_phone=False, look="figure"),
        Column("issued", _("Issued on"), lambda n: timezone.localtime(n.issued_at).date(), sort="newest", look="line"),
    ],
    sorts=[
        Sort("newest", _("newest first"), ("issued_at", "id"), descending=True),
        Sort("oldest", _("oldest first"), ("issued_at", "id")),
    ],
    filters=[
        Filter("status", _("State"), lambda rows, value: rows.filter(status=value), lambda _reach: RectificationNotice.Status.choices),
        Filter("kind", _("Kind of paper"), lambda rows, value: rows.filter(kind=value), lambda _reach: RectificationNotice.Kind.choices),
        Filter("town", _("Town"), in_town, towns),
        Filter("school", _("School"), in_school, schools),
    ],
    links=[Link("inspections:numbering", _("Numbers of notices"), "hash", Permission.NOTICE_NUMBERING)],
    badges=[("status", value, title) for value, title in RectificationNotice.Status.choices],
    empty_text=_("A notice is made from an ordered hazard, or from the check that found it."),
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("文号", lambda n: n.number), ("学校名称", lambda n: n.school.organisation.name),
            ("下达单位", lambda n: n.agency.name), ("下达日期", lambda n: n.issued_at), ("隐患", on_paper),
            ("复查日期", lambda n: n.recheck_on), ("签收情况", lambda n: n.get_status_display()),
            ("签收人", lambda n: n.receiver_name), ("签收日期", lambda n: n.answered_on),
        ]),
        ColumnSet("police", _("police"), [
            ("文书编号", lambda n: n.number), ("被检查单位", lambda n: n.school.organisation.name), ("存在问题", on_paper),
            ("文书日期", lambda n: n.outside_on or n.issued_at), ("复查日期", lambda n: n.recheck_on),
            ("送达情况", lambda n: n.get_status_display()), ("送达日期", lambda n: n.answered_on),
            ("拒签理由", lambda n: n.refusal_reason), ("见证人", lambda n: n.witness_name),
        ]),
    ],
))  # fmt: skip

register(Ledger(
    key="supervisions",
    page="inspections:supervisions",
    title=_("Listed supervision"),
    icon="eye-exclamation",
    model=Supervision,
    read=Permission.HAZARD_READ,
    rows=lambda reach: Supervision.objects.visible_to(reach).select_related("hazard__school__organisation", "supervisor", "decided_by"),
    columns=[
        Column("hazard", _("Hazard"), lambda s: s.hazard.description, template="ledgers/cells/link.html"),
        Column("school", _("School"), lambda s: s.hazard.school.organisation.name),
        Column("status", _("State"), lambda s: s.status, template="inspections/cells/supervision_status.html"),
        Column("supervisor", _("Supervised by"), lambda s: s.supervisor, on_phone=False),
        Column("deadline", _("To be closed by"), lambda s: s.deadline, look="line"),
        Column("decided_by", _("Decided by"), lambda s: s.decided_by, on_phone=False),
        Column("proposed", _("Proposed on"), lambda s: timezone.localtime(s.proposed_at).date(), sort="newest", on_phone=False, look="line"),
    ],
    sorts=[
        Sort("newest", _("newest first"), ("proposed_at", "id"), descending=True),
        Sort("oldest", _("oldest first"), ("proposed_at", "id")),
    ],
    filters=[
        Filter("status", _("State"), lambda rows, value: rows.filter(status=value), lambda _reach: Supervision.Status.choices),
        Filter("school", _("School"), of_hazard_school, schools),
    ],
    badges=[("status", value, title) for value, title in Supervision.Status.choices],
    empty_text=_("Only major hazards are listed. An overdue one is proposed by rule, a leader decides."),
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("隐患编号", lambda s: s.hazard.number), ("学校名称", lambda s: s.hazard.school.organisation.name),
            ("重大隐患", lambda s: s.hazard.description), ("状态", lambda s: s.get_status_display()),
            ("督办责任人", lambda s: s.supervisor), ("督办期限", lambda s: s.deadline),
            ("批准人", lambda s: s.decided_by), ("批准日期", lambda s: s.decided_at), ("解除日期", lambda s: s.lifted_at),
        ]),
    ],
))  # fmt: skip
