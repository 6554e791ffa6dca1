"""What a hazard ledger holds, and the titles each column may stand under."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import CellProblem, Sentence, SheetField, SheetSpec, say
from huyuan.common.sheets.cells import Parser, plain, shown, text
from huyuan.common.sheets.workbook import Cell
from huyuan.inspections.register.dates import day, deadline
from huyuan.inspections.register.words import GENERAL, MAJOR, STATE_NAMES, STATES

NO_STATE = _("“%(value)s” is no state of a hazard known here. Write one of: %(offered)s.")


def state(value: Cell) -> str | None:
    """The state in the ledger's own words, if they are known."""
    said = shown(value)
    if plain(said) in STATE_NAMES:
        return said
    if not said:
        return None
    raise CellProblem(say(NO_STATE, value=said, offered="、".join(STATES)))


def column(
    name: str,
    title: Sentence,
    patterns: Sequence[str],
    examples: Sequence[str],
    parse: Parser,
    hint: Sentence,
    *,
    needed: bool = False,
    choices: Sequence[str] = (),
) -> SheetField:
    """A column of the ledger."""
    return SheetField(
        name=name, title=title, patterns=tuple(patterns), examples=tuple(examples), parse=parse, hint=hint,
        needed=needed, column_needed=needed, blank=None if needed else "", spans_rows=name in ("school", "found_on"),
        may_repeat=name == "remark", choices=tuple(choices),
    )  # fmt: skip


REGISTER = SheetSpec(title=_("Hazard ledger"), anchor="description", keeps_unknown=True, fields=(
    column(
        "school", _("School"), (
            r"(?:被检查|受检查?|隐患|所在|涉及)?(?:学校|单位|校园)(?:[或及和](?:学校|单位))?(?:名称|全称)?|校名|园名|(?:nameof)?(?:the)?school(?:name)?",
        ), ("学校", "学校名称", "School"), text(80), _("The full name as in the roster; its ten-digit code will do, too."), needed=True,
    ),
    column(
        "found_on", _("Found on"), (
            r"(?:隐患)?(?:排查|发现|检查)(?:的)?(?:日期|时间)|foundon|datefound|dateofinspection", r"日期|时间|date",
        ), ("排查日期", "检查时间", "Found on"), day, _("The day, such as 2024-09-05."), needed=True,
    ),
    column(
        "found_by", _("Who found it"), (
            r"(?:排查|检查|发现)(?:单位|人|人员|部门|组|者)(?:[或及和]?(?:单位|人|人员|部门))?(?:\((?:人|人员|部门|单位)\))?(?:姓名|名称)?|foundby|inspector|whofoundit",
        ), ("排查单位（人）", "检查人", "Found by"), text(80), _("The people or the body that found it."),
    ),
    column(
        "category", _("Kind of hazard"), (r"隐患(?:类别|类型|种类|分类)|kindofhazard|category", r"类别|类型|分类|kind|type"),
        ("隐患类别", "Kind of hazard"), text(20), _("Such as 校舍, 消防, 电气, 安防, 校车, 食品, 周边, 体育器材, 实验室."),
    ),
    column(
        "place", _("Place"), (r"(?:隐患|具体|所在|检查)?(?:位置|部位|地点|场所)|place|location",),
        ("隐患部位", "Place"), text(120), _("Where at the school."),
    ),
    column(
        "description", _("Hazard"), (
            r"(?:主要|存在的?|发现的?)?(?:安全|火灾|消防)?(?:隐患|问题)(?:及隐患|隐患|和问题)?(?:描述|内容|情况|名称|简述|具体内容|详情)?|hazards?|description|problem",
        ), ("隐患描述", "存在问题", "Hazard"), text(500), _("What is wrong, one hazard per row."), needed=True,
    ),
    column(
        "level", _("Level"), (r"(?:安全)?隐患(?:等级|级别|分级)|hazardlevel", r"等级|级别|level"),
        ("隐患等级", "Level"), text(20), _("General or major; there are no other levels."), choices=(GENERAL, MAJOR),
    ),
    column(
        "basis", _("Basis"), (r"(?:检查|判定|法律|法规|标准)?(?:依据|条款)(?:及条款)?|basis",), ("依据", "Basis"), text(200),
        _("The rule that is broken."),
    ),
    column(
        "measures", _("What is required"), (
            r"整改(?:措施|要求|内容|意见|建议|方案)(?:[及和](?:措施|要求|建议))?|measures?|whatisrequired|requirement", r"措施|要求",
        ), ("整改措施", "整改要求", "Measures"), text(500), _("What has to be done."),
    ),
    column(
        "responsible", _("Responsible"), (
            r"(?:整改|学校|落实)?责任人(?:姓名)?|责任单位[及和/]?责任人|整改人|responsible(?:person)?",
        ), ("责任人", "Responsible"), text(40), _("Who answers for it at the school."),
    ),
    column(
        "due", _("Due"), (
            r"(?:整改|完成|限期|要求)+(?:完成)?(?:时限|期限|截止日期|截止时间|限期)|整改(?:完成)?时间要求|限期|due(?:date)?|deadline", r"时限|期限",
        ), ("整改时限", "整改期限", "Due"), deadline, _("The day, or 立即 for at once."),
    ),
    column(
        "state", _("State"), (
            r"(?:隐患)?(?:整改|销号|处理|办理|落实)(?:完成)?(?:情况|状态|进度|进展|结果)|state|status", r"状态|复查情况|是否整改",
        ), ("整改情况", "状态", "State"), state, _("One of the five words in the list."), needed=True, choices=STATES,
    ),
    column(
        "done_on", _("Completed on"), (
            r"(?:实际)?(?:整改)?(?:完成|办结)(?:日期|时间)|completedon|completed|datecompleted", r"(?:销号|复查|验收)(?:日期|时间)",
        ), ("完成时间", "销号日期", "Completed on"), day, _("The day it was put right; needed for what is closed."),
    ),
    column(
        "rechecked_by", _("Re-checked by"), (r"(?:复查|复核|验收|销号)(?:人|人员|单位)(?:姓名|签字|签名)?|recheckedby|re-?checkedby",),
        ("复查人", "Re-checked by"), text(40), _("Who looked at it again."),
    ),
    column(
        "remark", _("Remark"), (r"(?:备注|附注).{0,20}|remarks?|notes?",), ("备注", "Remark"), text(500),
        _("Anything else; at most 500 characters."),
    ),
))  # fmt: skip
