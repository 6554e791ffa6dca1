"""The ledgers and imports of schools and people, whose apps lie below the ledger engine."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from huyuan.common.effort import Occasion
from huyuan.common.geo import Datum
from huyuan.common.reach import Permission, Reach
from huyuan.common.sheets.outcomes import Outcome, Progress
from huyuan.ledgers.declaration import Column, ColumnSet, Field, Filter, Ledger, Link, Sort, register
from huyuan.ledgers.importing import Importer, Reading, register_importer
from huyuan.organisations import importing
from huyuan.organisations.actions.roster import apply_roster
from huyuan.organisations.models import County, Organisation, OrganisationKind, School
from huyuan.organisations.permissions import check_can_import_schools
from huyuan.organisations.queries import choices_of_kind
from huyuan.organisations.roster import ROSTER, roster_template
from huyuan.organisations.roster.datum import DATUMS
from huyuan.people import importing as people
from huyuan.people.models import Post
from huyuan.people.register import PEOPLE
from huyuan.people.roles import ROLE_CHOICES

# The titles under which the roster's columns come in are those under which they go out.
TITLES = {entry.name: entry.patterns for entry in ROSTER.fields}
YES_NO = {True: "是", False: "否"}
# The four of the "four 100 %" in a word each, in the order of School.hundreds.
HUNDREDS = (
    pgettext_lazy("four 100 %", "closed"),
    pgettext_lazy("four 100 %", "alarm"),
    pgettext_lazy("four 100 %", "video"),
    pgettext_lazy("four 100 %", "post"),
)


def read_schools(path: Path, county: County, datum: str) -> Reading:
    """Read a roster."""
    return importing.read_schools(path, county=county, datum=Datum(datum) if datum else None)


def apply_schools(
    *, county: County, reading: Any, by: Reach, now: datetime, progress: Progress | None = None
) -> Outcome:
    """Write a roster."""
    return apply_roster(county=county, rows=reading.schools, by=by, now=now, progress=progress)


register(Ledger(
    key="schools",
    page="web:schools",
    title=_("Schools"),
    icon="school",
    model=School,
    read=Permission.SCHOOL_READ,
    rows=lambda reach: School.objects.visible_to(reach).select_related("organisation", "town", "station"),
    columns=[
        Column("name", _("School"), lambda s: s.organisation.name, sort="name", template="ledgers/cells/link.html"),
        Column("kind", _("Kind"), lambda s: s.get_kind_display()),
        Column("town", _("Town"), lambda s: s.town.name),
        Column("station", _("Police station"), lambda s: s.station.name if s.station else "", on_phone=False),
        Column("pupils", _("Pupils"), lambda s: s.pupils, look="figure"),
        Column("guards", _("Guards"), lambda s: s.guards, look="figure"),
        Column("hundred", _("Four 100 %"), lambda s: zip(HUNDREDS, s.hundreds, strict=True),
               template="web/cells/hundred.html"),
    ],
    sorts=[
        Sort("name", _("name"), ("organisation__sort_key", "organisation_id")),
        Sort("code", _("school code"), ("identifier",)),
    ],
    filters=[
        Filter("kind", _("Kind"), lambda rows, value: rows.filter(kind=value),
               lambda _reach: [(kind.value, kind.label) for kind in School.Kind]),
        Filter("town", _("Town"), lambda rows, value: rows.filter(town__code=value),
               lambda reach: choices_of_kind(reach, OrganisationKind.TOWN)),
        Filter("station", _("Police station"), lambda rows, value: rows.filter(station__code=value),
               lambda reach: choices_of_kind(reach, OrganisationKind.STATION)),
    ],
    search_kind="school",
    code_field="organisation__code",
    importer="schools",
    import_permission=Permission.SCHOOL_IMPORT,
    empty_text=_("No school yet. The education bureau brings the county's roster in, as messy as it is."),
    fields={
        "identifier": Field(_("School code"), lambda s: s.identifier, TITLES["code"]),
        "name": Field(_("School"), lambda s: s.organisation.name, TITLES["name"]),
        "kind": Field(_("Kind of school"), lambda s: School.Kind(s.kind).chinese, TITLES["kind"]),
        "town": Field(_("Town"), lambda s: s.town.name, TITLES["town"]),
        "pupils": Field(_("Pupils"), lambda s: s.pupils, TITLES["pupils"]),
        "boarders": Field(_("Boarders"), lambda s: s.boarders, TITLES["boarders"]),
        "staff": Field(_("Staff"), lambda s: s.staff, TITLES["staff"]),
        "guards": Field(_("Full-time guards"), lambda s: s.guards, TITLES["guards"]),
        "closed": Field(_("Closed campus"), lambda s: YES_NO[s.closed_campus], TITLES["closed_campus"]),
        "alarm": Field(_("Networked one-key alarm"), lambda s: YES_NO[s.alarm_networked], TITLES["alarm_networked"]),
        "video": Field(_("Networked video"), lambda s: YES_NO[s.video_networked], TITLES["video_networked"]),
        "post": Field(_("Guard post"), lambda s: YES_NO[s.guard_post], TITLES["guard_post"]),
        "station": Field(_("Police station"), lambda s: s.station and s.station.name, TITLES["station"]),
        "head": Field(_("Head"), lambda s: s.head_name, TITLES["head_name"]),
        "phone": Field(_("Head's phone"), lambda s: s.head_phone, TITLES["head_phone"]),
    },
    column_sets=[
        ColumnSet("education", _("education bureau"), [
            ("学校标识码", "identifier"), ("学校名称", "name"), ("办学类型", "kind"), ("所在乡镇", "town"),
            ("在校学生数", "pupils"), ("寄宿生", "boarders"), ("教职工数", "staff"), ("专职保安员数", "guards"),
            ("封闭化管理", "closed"), ("一键式报警(联网)", "alarm"), ("视频监控联网", "video"), ("护学岗", "post"),
            ("辖区派出所", "station"),
        ]),
        ColumnSet("police", _("police"), [
            ("单位名称", "name"), ("单位类别", "kind"), ("辖区派出所", "station"), ("所在乡镇", "town"), ("学生数", "pupils"),
            ("保安员数", "guards"), ("封闭管理", "closed"), ("一键报警联网", "alarm"), ("视频联网", "video"),
            ("护学岗", "post"), ("负责人", "head"), ("联系电话", "phone"),
        ]),
    ],
))  # fmt: skip

register(Ledger(
    key="organisations",
    page="web:organisations",
    title=_("Organisations"),
    icon="building",
    model=Organisation,
    read=Permission.SCHOOL_READ,
    rows=lambda reach: Organisation.objects.visible_to(reach).agencies().select_related("parent"),
    columns=[
        Column("name", _("Name of the organisation"), lambda o: o.name, sort="kind", template="ledgers/cells/link.html"),
        Column("kind", _("Kind"), lambda o: o.get_kind_display()),
        Column("parent", _("Stands under"), lambda o: o.parent),
        Column("phone", _("Duty phone"), lambda o: o.phone),
    ],
    sorts=[Sort("kind", _("kind and name"), ("kind", "sort_key", "id"))],
    filters=[
        Filter("kind", _("Kind"), lambda rows, value: rows.filter(kind=value),
               lambda _reach: [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.SCHOOL]),
    ],
    create_url="organisations:add",
    create_label=_("Add an organisation"),
    create_permission=Permission.SCHOOL_IMPORT,
    empty_text=_("Agencies are made with the county; towns and police stations come with the roster."),
))  # fmt: skip

register(Ledger(
    key="people",
    page="web:people",
    title=_("People"),
    icon="users",
    model=Post,
    read=Permission.PEOPLE_READ,
    rows=lambda reach: Post.objects.visible_to(reach).not_ended(timezone.localdate()).select_related("user", "organisation"),
    columns=[
        Column("name", _("Name"), lambda p: p.user.name, sort="name", template="web/cells/person.html"),
        Column("role", _("Post"), lambda p: p.get_role_display()),
        Column("organisation", _("Organisation"), lambda p: p.organisation.name),
        Column("phone", _("Phone"), lambda p: p.user.phone, on_phone=False),
    ],
    sorts=[Sort("name", _("name"), ("user__sort_key", "id"))],
    filters=[
        Filter("role", _("Post"), lambda rows, value: rows.filter(role=value), lambda _reach: ROLE_CHOICES),
        Filter("town", _("Town"), lambda rows, value: rows.filter(organisation__school__town__code=value),
               lambda reach: choices_of_kind(reach, OrganisationKind.TOWN)),
    ],
    search_kind="person",
    code_field="user__code",
    importer="people",
    import_permission=Permission.PEOPLE_IMPORT,
    links=[Link("people:codes", _("One-time codes"), "ticket", Permission.PEOPLE_RESET)],
    empty_text=_("Nobody yet. The education bureau brings the list of people in and prints their one-time codes."),
))  # fmt: skip

SCHOOL = "organisations.school"
ROSTER_OCCASION = Occasion(
    "import.schools", _("Import the school roster"),
    {
        "name": "organisations.organisation.name@school", "code": f"{SCHOOL}.identifier",
        "lon": "organisations.site.lon", "lat": "organisations.site.lat", "position": "organisations.site.lon",
        # Boys and girls stand in for the pupils where the county's list has no total.
        "boys": f"{SCHOOL}.pupils", "girls": f"{SCHOOL}.pupils",
        **{name: f"{SCHOOL}.{name}" for name in (
            "kind", "town", "pupils", "boarders", "staff", "guards", "closed_campus", "alarm_networked", "video_networked",
            "guard_post", "station", "remark",
        )},
        "head_name": "people.user.name", "head_phone": "people.user.phone",
    },
    again=dict.fromkeys(
        ("people.user.name", "people.user.phone"),
        "the county's own roster has the head beside the school; it is taken as it stands, and both may stay empty",
    ),
)  # fmt: skip
PEOPLE_OCCASION = Occasion("import.people", _("Import people"), {
    "name": "people.user.name", "phone": "people.user.phone", "email": "people.user.email",
    "organisation": "people.post.organisation", "post": "people.post.role",
})  # fmt: skip

register_importer(Importer(
    key="schools",
    title=_("Import the school roster"),
    text=_("A row is right, or it is reported with the reason; nothing is guessed and nothing half done."),
    check=check_can_import_schools,
    template=roster_template,
    read=read_schools,
    apply=apply_schools,
    page="web:schools",
    occasion=ROSTER_OCCASION,
    datums=DATUMS,
    words={entry.name: entry.title for entry in ROSTER.fields} | {"datum": _("Coordinates")},
))  # fmt: skip

register_importer(Importer(
    key="people",
    title=_("Import people"),
    text=_("Name, phone number, school or organisation, post. New people get a printed one-time code."),
    check=people.check,
    template=people.template,
    read=people.read,
    apply=people.apply,
    page="web:people",
    occasion=PEOPLE_OCCASION,
    next_page="people:codes",
    next_label=_("Print the one-time codes"),
    words={entry.name: entry.title for entry in PEOPLE.fields},
))  # fmt: skip
