"""The ledgers of checks and hazards, in the columns of the agencies that ask for them."""

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.inspections.checklists import checklists
from huyuan.inspections.columns import COLUMN_SETS, FIELDS, prepare
from huyuan.inspections.importing import IMPORT, apply, read
from huyuan.inspections.models import Hazard, Inspection, RectificationNotice, Supervision
from huyuan.inspections.models.hazards import HazardQuerySet
from huyuan.inspections.permissions import check_can_import_hazards
from huyuan.inspections.register import REGISTER, register_template
from huyuan.ledgers.declaration import Column, ColumnSet, Field, Filter, Ledger, Link, Rows, Sort, register
from huyuan.ledgers.importing import Importer, register_importer
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.organisations.queries import choices_of_kind

MAX_CHOICES = 400


def schools(reach: Reach) -> list[tuple[str, str]]:
    """The reader's schools to choose from, by name; a larger county filters by town or searches instead."""
    found = Organisation.objects.within(reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
    return [(str(code), name) for code, name in found.values_list("code", "name")[:MAX_CHOICES]]


def towns(reach: Reach) -> list[tuple[str, str]]:
    """The towns of the county."""
    return choices_of_kind(reach, OrganisationKind.TOWN)


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
        Column("responsible", _("Responsible"), lambda h: h.responsible or h.responsible_name, on_phone=False),
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
    importer="hazards",
    import_permission=Permission.HAZARD_IMPORT,
    fields=FIELDS,
    column_sets=COLUMN_SETS,
    prepare=prepare,
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
    fields={
        "school": Field(_("School"), lambda i: i.school.organisation.name, REGISTER.by_name["school"].patterns),
        "agency": Field(_("Checked by"), lambda i: i.checked_by.name, (r"检查(?:单位|部门)|牵头(?:单位|部门)",)),
        "checklist": Field(_("Checklist"), lambda i: i.checklist.title.zh, (r"检查(?:内容|类型|项目|表)(?:名称)?",)),
        "started": Field(_("Started"), lambda i: i.started_at, REGISTER.by_name["found_on"].patterns),
        "by": Field(_("Begun by"), lambda i: i.started_by.name, (r"检查(?:人|人员)(?:姓名)?",)),
        "state": Field(_("State"), lambda i: i.get_status_display(), (r"(?:检查)?(?:状态|进度)",)),
        "signed": Field(_("Signed on"), lambda i: i.signed_at, (r"(?:双方)?签字(?:日期|时间)",)),
    },
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("学校名称", "school"), ("检查单位", "agency"), ("检查表", "checklist"), ("检查日期", "started"),
            ("状态", "state"), ("签字日期", "signed"),
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
    fields={
        "number": Field(_("Number of the notice"), lambda n: n.number, (r"(?:通知书)?(?:文号|编号)",)),
        "school": Field(_("School"), lambda n: n.school.organisation.name, REGISTER.by_name["school"].patterns),
        "agency": Field(_("Issued by"), lambda n: n.agency.name, (r"下达(?:单位|机关)",)),
        "issued": Field(_("Issued on"), lambda n: n.issued_at, (r"下达(?:日期|时间)",)),
        "dated": Field(_("date of the police paper"), lambda n: n.outside_on or n.issued_at, (r"文书(?:日期|时间)",)),
        "hazards": Field(_("Hazards"), on_paper, (r"隐患(?:内容)?",)),
        "recheck": Field(_("re-check on"), lambda n: n.recheck_on, (r"复查(?:日期|时间)",)),
        "state": Field(_("State"), lambda n: n.get_status_display(), (r"签收(?:状态|情况)",)),
        "receiver": Field(_("signed for by"), lambda n: n.receiver_name, (r"签收人",)),
        "answered": Field(_("signed or refused on"), lambda n: n.answered_on, (r"(?:签收|送达)(?:日期|时间)",)),
        "refusal": Field(_("why it was not signed"), lambda n: n.refusal_reason, (r"拒签(?:理由|原因)",)),
        "witness": Field(_("witness"), lambda n: n.witness_name, (r"见证人",)),
    },
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("文号", "number"), ("学校名称", "school"), ("下达单位", "agency"), ("下达日期", "issued"), ("隐患", "hazards"),
            ("复查日期", "recheck"), ("签收情况", "state"), ("签收人", "receiver"), ("签收日期", "answered"),
        ]),
        ColumnSet("police", _("police"), [
            ("文书编号", "number"), ("被检查单位", "school"), ("存在问题", "hazards"), ("文书日期", "dated"),
            ("复查日期", "recheck"), ("送达情况", "state"), ("送达日期", "answered"), ("拒签理由", "refusal"),
            ("见证人", "witness"),
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
    fields={
        "number": Field(_("No."), lambda s: s.hazard.number, (r"隐患编号",)),
        "school": Field(_("School"), lambda s: s.hazard.school.organisation.name, REGISTER.by_name["school"].patterns),
        "hazard": Field(_("Hazard"), lambda s: s.hazard.description, (r"(?:重大)?隐患(?:内容|描述)?",)),
        "state": Field(_("State"), lambda s: s.get_status_display(), (r"(?:督办)?(?:状态|进度)",)),
        "supervisor": Field(_("Supervised by"), lambda s: s.supervisor, (r"督办(?:责任)?人",)),
        "deadline": Field(_("To be closed by"), lambda s: s.deadline, (r"督办(?:期限|时限)",)),
        "decided_by": Field(_("Decided by"), lambda s: s.decided_by, (r"批准人",)),
        "decided": Field(_("decided"), lambda s: s.decided_at, (r"批准(?:日期|时间)",)),
        "lifted": Field(_("lifted on"), lambda s: s.lifted_at, (r"解除(?:日期|时间)",)),
    },
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("隐患编号", "number"), ("学校名称", "school"), ("重大隐患", "hazard"), ("状态", "state"),
            ("督办责任人", "supervisor"), ("督办期限", "deadline"), ("批准人", "decided_by"), ("批准日期", "decided"),
            ("解除日期", "lifted"),
        ]),
    ],
))  # fmt: skip

register_importer(Importer(
    key="hazards",
    title=_("Import a hazard ledger"),
    text=_("The schools have to be here already. A row is right, or it is asked; levels and schools are never guessed."),
    check=check_can_import_hazards,
    template=register_template,
    read=read,
    apply=apply,
    page="inspections:hazards",
    words={entry.name: entry.title for entry in REGISTER.fields},
    occasion=IMPORT,
))  # fmt: skip
