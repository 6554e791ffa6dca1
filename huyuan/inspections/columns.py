"""What the ledger of hazards prints, and the columns of the agencies that ask for it."""

from datetime import date, datetime

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from huyuan.inspections.models import Hazard, Rectification
from huyuan.inspections.register import REGISTER
from huyuan.inspections.register.exporting import level_word, state_word
from huyuan.inspections.register.words import AT_ONCE, CATEGORY_WORDS
from huyuan.ledgers.declaration import LINE, ColumnSet, Field, Rows, Value

# The words of the provincial ledger for where a hazard comes from, each with what finders are called in older ledgers.
SOURCES = {
    "自查": ("自查",),
    "第三方": ("第三方", "评估", "检测", "中介"),
    "举报": ("举报", "投诉"),
    "专项": ("督查", "联合", "检查组", "派出所", "教体局", "消防", "专项", "公安", "政府"),
}


def prepare(rows: Rows) -> Rows:
    """With everything that the fields look at."""
    rounds = Prefetch("rounds", Rectification.objects.select_related("checked_by"))
    return rows.select_related(
        "school__organisation", "school__town", "agency", "found_by", "responsible"
    ).prefetch_related(rounds)


def of_fire(rows: Rows) -> Rows:
    """Hazards of fire and of electricity, from which most fires come."""
    return rows.filter(category__in=[Hazard.Category.FIRE, Hazard.Category.ELECTRIC])


def category(hazard: Hazard) -> str:
    """The kind of hazard; the words of an earlier ledger where they are none of ours."""
    said = str(hazard.ledger.get("category", ""))
    return said if said and hazard.category == Hazard.Category.OTHER else CATEGORY_WORDS[hazard.category]


def level(hazard: Hazard) -> str:
    """The level, or the words of an earlier ledger with the remark that they are open."""
    return level_word(hazard) or f"{hazard.stated_level}（待定）"


def source(hazard: Hazard) -> str:
    """Where it comes from in the provincial ledger's words; nothing where an earlier ledger does not make it clear."""
    if hazard.origin != Hazard.Origin.IMPORTED:
        return "自查" if hazard.agency_id == hazard.school_id else "专项"
    found_by = hazard.found_by_name
    return next((word for word, signs in SOURCES.items() if any(sign in found_by for sign in signs)), "")


def due(hazard: Hazard) -> date | str | None:
    """The due date, or at once."""
    return AT_ONCE if hazard.at_once and hazard.due_date is None else hazard.due_date


def done_on(hazard: Hazard) -> date | None:
    """When it was put right, in the last round or by an earlier ledger."""
    rounds, said = list(hazard.rounds.all()), hazard.ledger.get("done_on")
    return rounds[-1].done_at if rounds else date.fromisoformat(said) if said else None


def rechecked_by(hazard: Hazard) -> str:
    """Who looked at it again, in the last round or by an earlier ledger."""
    checked = [round.checked_by.name for round in hazard.rounds.all() if round.checked_by]
    return checked[-1] if checked else str(hazard.ledger.get("rechecked_by", ""))


def rechecked_on(hazard: Hazard) -> datetime | None:
    """When somebody looked at it again."""
    checked = [round.checked_at for round in hazard.rounds.all() if round.checked_at]
    return checked[-1] if checked else hazard.closed_at


def as_read(name: str, value: Value) -> Field:
    """A field that an earlier ledger brings in under the same titles."""
    return Field(REGISTER.by_name[name].title, value, REGISTER.by_name[name].patterns)


FIELDS = {
    "number": Field(_("No."), lambda h: h.number, (r"(?:隐患|问题)编号",)),
    "school": as_read("school", lambda h: h.school.organisation.name),
    "town": Field(_("Town"), lambda h: h.school.town.name, (r"(?:所在|所属|属地)?(?:乡镇|乡|镇|街道)+(?:名称)?|辖区",)),
    "category": as_read("category", category),
    "place": as_read("place", lambda h: h.place),
    "description": as_read("description", lambda h: h.description),
    "level": as_read("level", level),
    "settled_level": Field(_("Level, where it is settled"), level_word),
    "basis": as_read("basis", lambda h: h.basis),
    "guide_item": Field(_("Item of the national guide"), lambda h: h.guide_item, (r"判定(?:指南)?(?:条款|标准)",)),
    "found_on": as_read("found_on", lambda h: h.found_on),
    "found_by": as_read("found_by", lambda h: h.found_by_name),
    "agency": Field(_("Agency that follows it"), lambda h: h.agency.name, (r"(?:督办|责任|监管|牵头)(?:单位|部门)",)),
    "source": Field(_("Where it comes from"), source, (r"(?:隐患)?来源",)),
    "measures": as_read("measures", lambda h: h.requirement),
    "funding": Field(_("Money"), lambda h: h.funding, (r"(?:整改)?(?:资金|经费)(?:落实)?(?:情况)?",)),
    "contingency": Field(_("Until then"), lambda h: h.contingency, (r"(?:应急)?(?:预案|临时措施|防范措施)(?:落实)?(?:情况)?",)),
    "responsible": as_read("responsible", lambda h: h.responsible_in_words),
    "due": as_read("due", due),
    "due_date": Field(_("Due, only days"), lambda h: h.due_date),
    "state": as_read("state", state_word),
    "round": Field(_("Round"), lambda h: h.round, (r"轮次|第几次整改",)),
    # Further titles of the column that comes in are days of their own here.
    "done_on": Field(REGISTER.by_name["done_on"].title, done_on, REGISTER.by_name["done_on"].patterns[:1]),
    "rechecked_by": as_read("rechecked_by", rechecked_by),
    "rechecked_on": Field(_("Re-checked on"), rechecked_on, (r"(?:复查|复核|验收)(?:日期|时间)",)),
    "closed_on": Field(_("Closed on"), lambda h: h.closed_at, (r"销号(?:日期|时间)",)),
    "remark": as_read("remark", lambda h: h.ledger.get("remark")),
}  # fmt: skip

COLUMN_SETS = [
    ColumnSet("education", _("education bureau"), [
        ("隐患编号", "number"), ("学校名称", "school"), ("隐患类别", "category"), ("隐患描述", "description"),
        ("隐患级别", "level"), ("排查日期", "found_on"), ("排查单位（人）", "found_by"), ("整改要求", "measures"),
        ("整改责任人", "responsible"), ("整改期限", "due"), ("状态", "state"), ("轮次", "round"),
        ("完成时间", "done_on"), ("复查人", "rechecked_by"), ("销号日期", "closed_on"), ("备注", "remark"),
    ]),
    ColumnSet("police", _("police"), [
        ("序号", LINE), ("被检查单位", "school"), ("检查时间", "found_on"), ("检查人", "found_by"),
        ("存在问题", "description"), ("依据", "basis"), ("整改要求", "measures"), ("整改期限", "due"),
        ("责任人", "responsible"), ("复查情况", "state"), ("复查时间", "rechecked_on"), ("复查人", "rechecked_by"),
    ]),
    ColumnSet("fire", _("fire brigade (fire and electricity only)"), [
        ("序号", LINE), ("检查日期", "found_on"), ("受检单位", "school"), ("检查人员", "found_by"), ("检查部位", "place"),
        ("存在的火灾隐患", "description"), ("判定依据", "basis"), ("隐患等级", "level"), ("整改措施", "measures"),
        ("整改责任人", "responsible"), ("整改时限", "due"), ("整改情况", "state"), ("复查时间", "rechecked_on"),
        ("复查人", "rechecked_by"),
    ], only=of_fire),
    ColumnSet("township", _("township"), [
        ("序号", LINE), ("所在乡镇", "town"), ("单位名称", "school"), ("隐患类别", "category"), ("隐患内容", "description"),
        ("隐患等级", "level"), ("排查时间", "found_on"), ("排查人", "found_by"), ("整改措施", "measures"),
        ("责任人", "responsible"), ("整改时限", "due"), ("整改情况", "state"), ("督办单位", "agency"),
        ("销号时间", "closed_on"), ("备注", "remark"),
    ]),
    ColumnSet("province", _("provincial platform (for pasting)"), [
        ("学校名称", "school"), ("隐患来源", "source"), ("隐患类别", "category"), ("隐患部位", "place"),
        ("隐患描述", "description"), ("隐患等级", "settled_level"), ("排查日期", "found_on"), ("排查人", "found_by"),
        ("整改措施", "measures"), ("整改资金", "funding"), ("应急预案", "contingency"), ("整改责任人", "responsible"),
        ("整改期限", "due_date"), ("整改状态", "state"), ("完成日期", "done_on"), ("验收人", "rechecked_by"),
        ("销号日期", "closed_on"),
    ], plain=True),
]  # fmt: skip
