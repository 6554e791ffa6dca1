"""A county's list of people: its columns, reading it, and what is wrong with it. Knows no database."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import (
    Row,
    RowProblem,
    Sentence,
    SheetField,
    SheetSpec,
    Source,
    TableResult,
    error_sheet,
    read_table,
    say,
    template,
)
from huyuan.common.sheets.cells import UNSAID, Parser, is_marked, plain, shown, text
from huyuan.common.sheets.problems import CellProblem
from huyuan.common.sheets.workbook import Cell
from huyuan.organisations.models import OrganisationKind
from huyuan.people.offices import KnownOrganisation, OrganisationBook
from huyuan.people.phones import is_mobile, plain_phone
from huyuan.people.roles import ROLES, Role
from huyuan.people.titles import POSTS_OFFERED, roles_meant

JOINED = re.compile(r"[、,，;；/和及与&]")
NAME = text(40)
PERSON = re.compile(r"[^\W\d_]\w*(?:[ ·•.'’-]+[^\W\d_]\w*)*\.?")
NAME_TAKEN = _("This number belongs to %(name)s here. Correct the number, or the name.")
ELSEWHERE = _("This number is in use in another county. Give another number of this person.")


def person(value: Cell) -> str | None:
    """The name of one person."""
    said = NAME(value)
    if not isinstance(said, str):
        return None
    if not PERSON.fullmatch(said) or is_marked(said) or "\n" in str(value).strip():
        raise CellProblem(
            say(_("“%(value)s” is no name of one person. Correct it; write one row for each."), value=said)
        )
    return said


def mobile(value: Cell) -> str | None:
    """A mobile number: people sign in with it."""
    said = plain_phone(shown(value))
    if not said:
        return None
    if not is_mobile(said):
        raise CellProblem(
            say(_("“%(value)s” is no mobile number: it has 11 digits, and people sign in with it."), value=said)
        )
    return said


def email(value: Cell) -> str | None:
    """An e-mail address."""
    said = plain(shown(value))
    if said in UNSAID:
        return None
    try:
        validate_email(said)
    except ValidationError as error:
        raise CellProblem(
            say(_("“%(value)s” is no e-mail address. Correct it or leave it empty."), value=said)
        ) from error
    return said


def roles(value: Cell) -> tuple[str, ...] | None:
    """The roles that a post's name can mean."""
    said = shown(value)
    if not said:
        return None
    found = roles_meant(said)
    if found:
        return found
    if JOINED.search(said):
        raise CellProblem(say(_("“%(value)s” are several posts. Write one row for each."), value=said))
    raise CellProblem(
        say(_("“%(value)s” is no post known here. Write one of: %(offered)s."), value=said, offered=POSTS_OFFERED)
    )


def column(
    name: str,
    title: Sentence,
    pattern: str,
    examples: Sequence[str],
    parse: Parser,
    hint: Sentence,
    *,
    needed: bool = True,
) -> SheetField:
    """A column of the list of people."""
    return SheetField(
        name=name, title=title, patterns=(pattern,), examples=tuple(examples), parse=parse, hint=hint, needed=needed,
        column_needed=needed, blank=None if needed else "", spans_rows=name == "organisation",
        choices=tuple(POSTS_OFFERED.split("、")) if name == "post" else (),
    )  # fmt: skip


PEOPLE = SheetSpec(title=_("People"), anchor="name", fields=(
    column(
        "name", _("Name"), r"(?:人员|用户|教师|职工|联系人|本人|负责人)?(?:姓名|名字)|(?:full)?name|nameofperson",
        ("姓名", "Name"), person, _("The person's name as in their papers."),
    ),
    column(
        "phone", _("Mobile number"), r"(?:本人|个人|联系|移动|手机|电话|号码|号)*(?:电话|手机|联系方式)(?:号码?)?|(?:mobile)?(?:tele)?phone(?:number)?|mobile(?:number)?",
        ("手机号", "联系电话", "Mobile number"), mobile, _("11 digits; people sign in with it. One number belongs to one person."),
    ),
    column(
        "organisation", _("School or organisation"),
        r"(?:所在|工作|所属|任职)?(?:学校|单位|机构|部门)(?:名称|全称)?|(?:学校|单位)[或、/]?(?:学校|单位)(?:名称)?"
        r"|(?:name)?(?:of)?(?:school|organi[sz]ation|unit|agency)(?:name)?|schoolor(?:organi[sz]ation|agency)|schoolorganisation",
        ("单位", "学校", "School or organisation"), text(80),
        _("Any school, station, town or agency of the county. For a school its ten-digit code will do, too."),
    ),
    column(
        "post", _("Post"), r"(?:担任|现任|所任)?(?:岗位|职务|职位|角色|身份|岗位职务|职务岗位)(?:名称)?|post|role|position|jobtitle|function",
        ("岗位", "职务", "Post"), roles, _("What the person does there; one row for each post."),
    ),
    column(
        "email", _("E-mail"), r"(?:电子)?(?:邮箱|邮件)(?:地址)?|email(?:address)?", ("邮箱", "E-mail"), email,
        _("May be left empty."), needed=False,
    ),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One post of one person as the list says."""

    row: int
    sheet: str
    name: str
    phone: str
    organisation_id: int
    role: str
    email: str


@dataclass
class PeopleReading:
    """The rows that are right, and everything that is not."""

    table: TableResult
    rows: list[PersonRow] = field(default_factory=list)

    @property
    def problems(self) -> list[RowProblem]:
        """What is wrong, in the order of the file."""
        return self.table.all_problems

    @property
    def notes(self) -> list[Sentence]:
        """What the person should know although nothing is wrong."""
        return self.table.notes

    def error_sheet(self) -> bytes:
        """The refused rows with their reasons, as a workbook."""
        return error_sheet(self.table, PEOPLE)


def people_template() -> bytes:
    """An empty list to fill in."""
    return template(PEOPLE)


def conflict_with(name: str, known: str | None) -> Sentence | None:
    """What is wrong when a number is known already: None as its owner's name means another county."""
    if known is None:
        return ELSEWHERE
    return None if plain(known) == plain(name) else say(NAME_TAKEN, name=known)


def read_people(source: Source, *, book: OrganisationBook, known: Mapping[str, str | None]) -> PeopleReading:
    """Read a list of people; raises UnreadableFile when there is no table to read at all.

    `known` holds the numbers in use and their owners' names (None for another county's).
    """
    table = read_table(source, PEOPLE)
    reading = PeopleReading(table)
    _refuse_shared_numbers(table.rows)
    first: dict[tuple[str, int, str], int] = {}
    for row in table.rows:
        _check_known(row, known)
        placed = _place(row, book)
        if placed is None or row.problems:
            continue
        organisation, role = placed
        phone = str(row.values["phone"])
        at = first.setdefault((phone, organisation.pk, role.key), row.number)
        if at != row.number:
            note = _("Row %(row)s repeats row %(first)s and changes nothing.")
            table.notes.append(say(note, row=row.number, first=at))
            continue
        name, mail = str(row.values["name"]), str(row.values.get("email") or "")
        reading.rows.append(PersonRow(row.number, row.sheet, name, phone, organisation.pk, role.key, mail))
    return reading


def _refuse_shared_numbers(rows: Sequence[Row]) -> None:
    """A number under two names belongs to one of them, and nobody here can say to whom."""
    owners: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.values.get("phone") and row.values.get("name"):
            owners[str(row.values["phone"])][plain(str(row.values["name"]))] += 1
    for row in rows:
        phone = row.values.get("phone")
        if phone and len(owners.get(str(phone), ())) > 1:
            others = [name for name in owners[str(phone)] if name != plain(str(row.values.get("name") or ""))]
            reason = _("%(phone)s also stands beside %(others)s. A number belongs to one person: correct it.")
            row.refuse("phone", say(reason, phone=phone, others="、".join(others)), str(phone))


def _check_known(row: Row, known: Mapping[str, str | None]) -> None:
    phone, name = row.values.get("phone"), row.values.get("name")
    if phone and name and str(phone) in known:
        reason = conflict_with(str(name), known[str(phone)])
        if reason is not None:
            row.refuse("phone", reason, str(phone))


def _place(row: Row, book: OrganisationBook) -> tuple[KnownOrganisation, Role] | None:
    """The one organisation and the one role that are meant; otherwise what is wrong goes to the row."""
    said, keys = row.values.get("organisation"), row.values.get("post")
    if not said:
        return None
    meant = book.meant(str(said))
    if not meant:
        row.refuse("organisation", _unknown(str(said), book), str(said))
        return None
    if not isinstance(keys, tuple):
        return None
    fits = [(one, ROLES[key]) for one in meant for key in keys if one.kind in ROLES[key].kinds]
    organisations = {one.pk for one, _role in fits}
    if len(organisations) == 1:
        return fits[0]
    if not organisations:
        kinds = {kind for key in keys for kind in ROLES[key].kinds}
        offered = "、".join(str(OrganisationKind(kind).label) for kind in sorted(kinds))
        reason = _("The post does not fit %(name)s, a %(kind)s. It belongs to: %(offered)s.")
        kind = OrganisationKind(meant[0].kind).label
        row.refuse("post", say(reason, name=meant[0].name, kind=kind, offered=offered))
        return None
    reason = _("Several are called “%(value)s” here: %(names)s. Write the full name, or the school's ten-digit code.")
    names = "、".join(one.label for one, _role in fits[:5])
    row.refuse("organisation", say(reason, value=said, names=names), str(said))
    return None


def _unknown(said: str, book: OrganisationBook) -> Sentence:
    near = book.likely(said)
    if near:
        reason = _("“%(value)s” is not known here. Is one of these meant: %(near)s?")
        return say(reason, value=said, near="、".join(near))
    return say(_("“%(value)s” is not known here. Correct the name, or enter it first."), value=said)
