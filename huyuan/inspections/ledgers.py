"""The ledgers of checks and hazards, in the columns of the agencies that ask for them."""

from typing import cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Permission, Reach
from huyuan.inspections.columns import COLUMN_SETS, FIELDS, prepare
from huyuan.inspections.importing import apply, read
from huyuan.inspections.models import Hazard, Inspection
from huyuan.inspections.models.hazards import HazardQuerySet
from huyuan.inspections.permissions import check_can_import_hazards
from huyuan.inspections.register import REGISTER, register_template
from huyuan.ledgers.declaration import Column, ColumnSet, Field, Filter, Ledger, Rows, Sort, register
from huyuan.ledgers.importing import Importer, register_importer
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
    fields={
        "school": Field(_("School"), lambda i: i.school.organisation.name, REGISTER.by_name["school"].patterns),
        "agency": Field(_("Checked by"), lambda i: i.agency.name, (r"检查(?:单位|部门)|牵头(?:单位|部门)",)),
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
))  # fmt: skip
