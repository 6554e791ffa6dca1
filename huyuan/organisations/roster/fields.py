"""What a county's school roster holds, and the titles each column may stand under."""

import re

from django.utils.translation import gettext_lazy as _

from huyuan.common.sheets import CellProblem, SheetField, SheetSpec, say
from huyuan.common.sheets.cells import choice, code, phone, shown, text, whole_number, yes_no
from huyuan.common.sheets.places import latitude, longitude, position
from huyuan.common.sheets.workbook import Cell
from huyuan.organisations.kinds import SchoolKind

KIND_NAMES: dict[str, SchoolKind] = {
    name: kind
    for kind, names in {
        SchoolKind.KINDERGARTEN: "幼儿园 中心幼儿园 公办幼儿园 民办幼儿园 附设幼儿园 附设幼儿班 学前教育 学前 kindergarten preschool",
        SchoolKind.PRIMARY: "小学 完全小学 完小 中心小学 普通小学 教学点 小学教学点 村小 primary primaryschool",
        SchoolKind.JUNIOR_MIDDLE: "初级中学 初中 普通初中 初中学校 junior_middle juniormiddle juniormiddleschool juniorhigh juniorhighschool",
        SchoolKind.NINE_YEAR: "九年一贯制学校 九年一贯制 九年一贯 九年制学校 九年制 nine_year nine-year nineyear nine-yearschool",
        SchoolKind.SENIOR_MIDDLE: "高级中学 普通高中 高中 普通高级中学 senior_middle seniormiddle seniormiddleschool seniorhigh seniorhighschool",
        SchoolKind.VOCATIONAL: "中等职业学校 职业高中 中职 职高 中职学校 职业高级中学 中等专业学校 中专 技工学校 vocational vocationalschool",
        SchoolKind.SPECIAL: "特殊教育学校 特殊教育 特教学校 特教 special specialschool specialeducation",
    }.items()
    for name in names.split()
}
KINDS_OFFERED = "幼儿园、小学、初级中学、九年一贯制学校、高级中学、中等职业学校、特殊教育学校"
YES_NO = ("是", "否")
INSTALLED = re.compile(r"已(?:建成?|建立|安装|设立|设置|配备)")


def networked(value: Cell) -> bool | None:
    """Yes or no; that something is installed does not say that it is networked."""
    if INSTALLED.fullmatch(shown(value)):
        raise CellProblem(
            say(_("“%(value)s” does not say whether it is networked. Write 是 or 否."), value=shown(value))
        )
    return yes_no(value)


PEOPLE = r"(?:(?:在校|在园|在册|在籍|现有|全校)*(?:学生|幼儿|pupils?|students?)|在[校园册籍]生)"
TOTAL = r"(?:总数|总计|合计|小计|计|总人数|total)"
COUNT = r"(?:人数|数|数量|count|number)?"
WHETHER = r"(?:是否|有无|有没有)?(?:已|实现|实行|安装|配备|设立|设置|建立)*"
DONE = r"(?:建设|设置|设立|安装|配备|情况|是否完成|是否达标|完成|达标|是否)*"
HEAD = r"(?:学校|主要)?(?:校长|园长|校园长|校长园长|负责人|法人|法定代表人|head|headteacher|headmaster|principal)"

WHO = (
    SheetField(
        name="name", title=_("School name"), needed=True, column_needed=True, parse=text(80),
        patterns=(
            r"(?:学校|校园|单位|机构|园所|幼儿园|园)+(?:名称|全称)+(?:盖章)?|校名|园名|校园名|schoolname|nameofschool|nameoftheschool",
            r"(?:学校|单位|校园)+|school|name",
        ),
        examples=("学校名称", "单位名称", "学校", "School name"), hint=_("The full name, one school per row."),
    ),
    SheetField(
        name="code", title=_("School code"), needed=True, column_needed=True, parse=code,
        patterns=(
            r"(?:学校|单位|机构)?(?:组织机构|代码|编码)?标识码(?:代码)?|schoolcode|schoolidentifier|schoolid",
            r"(?:学校|单位|机构|办学机构|学校机构)(?:统一)?(?:代码|编码|编号)|标识代码|code|identifier",
        ),
        examples=("学校标识码", "学校代码", "School code"), hint=_("Ten digits, given by the ministry's school register."),
    ),
    SheetField(
        name="kind", title=_("Kind of school"), needed=True, column_needed=True, spans_rows=True,
        parse=choice(KIND_NAMES, KINDS_OFFERED), choices=tuple(KINDS_OFFERED.split("、")),
        patterns=(
            r"(?:办学|学校|机构)(?:类型|类别|种类|学段)+|schooltype|schoolkind|kindofschool|typeofschool|办学层次",
            r"类型|类别|学段|kind|type|level",
        ),
        examples=("办学类型", "学校类别", "Kind of school"), hint=_("One of the seven kinds in the list."),
    ),
    SheetField(
        name="town", title=_("Town"), needed=True, column_needed=True, spans_rows=True, parse=text(80),
        patterns=(
            r"(?:所在|所属|隶属|属地)地?的?(?:乡|镇|街道|街|办事处|办)+(?:名称)?",
            r"(?:乡|镇|街道|街|办事处|办)+(?:名称)?|town|township|townorstreet|所在地",
        ),
        examples=("所在乡镇", "乡镇（街道）", "Town"), hint=_("The town, township or street office in which the school stands."),
    ),
)  # fmt: skip

FIGURES = (
    SheetField(
        name="pupils", title=_("Pupils"), column_needed=True, instead=("boys", "girls"), parse=whole_number(99_999),
        patterns=(
            rf"{PEOPLE}{COUNT}{TOTAL}|{TOTAL}{PEOPLE}{COUNT}|(?:学生|幼儿)总人?数",
            rf"{PEOPLE}{COUNT}|numberofpupils|numberofstudents|enrolment|enrollment|在校人数|在园人数",
        ),
        examples=("在校学生数", "学生总数", "Pupils"), hint=_("Everyone enrolled, in digits; may be left empty when boys and girls are given."),
    ),
    SheetField(
        name="boys", title=_("Boys"), parse=whole_number(99_999),
        patterns=(rf"{PEOPLE}{COUNT}(?:其中)?男生?{COUNT}|男(?:学)?生{COUNT}|boys|male(?:pupils|students)|(?:pupils|students)(?:boys|male)",),
        examples=("男生",), hint=_("In digits. With the girls they must make up the total."),
    ),
    SheetField(
        name="girls", title=_("Girls"), parse=whole_number(99_999),
        patterns=(rf"{PEOPLE}{COUNT}(?:其中)?女生?{COUNT}|女(?:学)?生{COUNT}|girls|female(?:pupils|students)|(?:pupils|students)(?:girls|female)",),
        examples=("女生",), hint=_("In digits. With the boys they must make up the total."),
    ),
    SheetField(
        name="boarders", title=_("Boarders"), blank=0, parse=whole_number(99_999),
        patterns=(rf"(?:{PEOPLE}{COUNT}(?:其中)?)?(?:寄宿|住宿|住校|内宿)(?:学)?生?{COUNT}(?:总数|合计)?|boarders|boardingpupils|boardingstudents",),
        examples=("寄宿生", "住校生数", "Boarders"), hint=_("In digits; empty means none."),
    ),
    SheetField(
        name="staff", title=_("Staff"), blank=0, parse=whole_number(9_999),
        patterns=(
            rf"(?:在岗|在编)?(?:教职工|教职员工|教职员|职工)总?{COUNT}{TOTAL}?|staff|employees|numberofstaff",
            rf"(?:专任)?(?:教师|老师)总?{COUNT}|teachers",
        ),
        examples=("教职工数", "Staff"), hint=_("In digits."),
    ),
    SheetField(
        name="guards", title=_("Full-time guards"), blank=0, parse=whole_number(999),
        patterns=(
            rf"(?:学校)?(?:配备|现有)?(?:专职|专业|持证)(?:专业)?(?:保安员?|安保人员){COUNT}|(?:专职)?(?:保安员?|安保人员){COUNT}专职{COUNT}|full-?timeguards|fulltimesecurityguards",
            rf"(?:学校|现有|配备|校园)*(?:保安员?|安保人员|门卫){COUNT}|guards|securityguards|numberofguards",
        ),
        examples=("专职保安员数", "保安人数", "Full-time guards"), hint=_("In digits."),
    ),
)  # fmt: skip

MEASURES = (
    SheetField(
        name="closed_campus", title=_("Closed campus"), blank=False, parse=yes_no, choices=YES_NO,
        patterns=(rf"{WHETHER}(?:校园)?(?:封闭化|封闭式|封闭)(?:管理)?{DONE}|closedcampus|campusclosed|isclosedcampus",),
        examples=("封闭化管理", "Closed campus"), hint=_("Yes or no; empty means no."),
    ),
    SheetField(
        name="alarm_networked", title=_("Networked one-key alarm"), blank=False, parse=networked, choices=YES_NO,
        patterns=(
            rf"{WHETHER}(?:一键式?|紧急)(?:紧急|式)*报警(?:装置|系统|器|设施)*(?:是否|已|与公安|与公安机关)*(?:联网)(?:情况)?"
            r"|(?:networked)?(?:one-?key|panic)?alarmnetworked|networkedone-?keyalarm|alarmconnected|networkedalarm",
        ),
        examples=("一键式报警（联网）", "一键报警联网", "Networked one-key alarm"), hint=_("Yes or no; empty means no."),
    ),
    SheetField(
        name="video_networked", title=_("Networked video"), blank=False, parse=networked, choices=YES_NO,
        patterns=(
            rf"{WHETHER}(?:校园)?(?:视频|监控|图像)+(?:系统|设施)*(?:是否|已|与公安|与公安机关)*联网(?:情况)?"
            r"|networkedvideo|videonetworked|cctvnetworked|networkedcctv|videoconnected",
        ),
        examples=("视频监控联网", "Networked video"), hint=_("Yes or no; empty means no."),
    ),
    SheetField(
        name="guard_post", title=_("Guard post"), blank=False, parse=yes_no, choices=YES_NO,
        patterns=(rf"{WHETHER}(?:高峰|上下学|校门口)*护学岗{DONE}|guardposts?|hasguardpost|schoolguardpost",),
        examples=("护学岗", "Guard post"), hint=_("Yes or no; empty means no."),
    ),
    SheetField(
        name="station", title=_("Police station"), blank="", spans_rows=True, parse=text(80),
        patterns=(r"(?:辖区|属地|所属|责任|管辖|所在地|所在)*(?:公安)?派出所(?:名称)?|policestation|station",),
        examples=("辖区派出所", "派出所", "Police station"), hint=_("The station in charge of the school."),
    ),
)  # fmt: skip

CONTACT = (
    SheetField(
        name="head_name", title=_("Head"), blank="", parse=text(40),
        patterns=(rf"{HEAD}(?:园长|校长|负责人)?(?:姓名|名字|name)?|nameofhead",),
        examples=("校长（园长）", "负责人", "Head"), hint=_("Name of the principal or kindergarten head."),
    ),
    SheetField(
        name="head_phone", title=_("Head's phone"), blank="", parse=phone,
        patterns=(
            rf"{HEAD}s?(?:园长)?(?:的)?(?:联系)?(?:电话|手机|方式|phone|mobile)(?:号码?)?",
            r"(?:联系|移动|手机)(?:电话|方式|号码?)(?:号码?)?|电话(?:号码)?|手机号?|phone|telephone|mobile|phonenumber",
        ),
        examples=("联系电话", "校长电话", "Phone"), hint=_("A mobile number, or a landline with its area code."),
    ),
    SheetField(
        name="lon", title=_("Longitude"), parse=longitude,
        patterns=(r"(?:学校|校门|大门|地理|位置)*(?:坐标)?(?:东经|经度)(?:坐标)?e?|longitude|lon|lng|x坐标", r"坐标(?:x|经度)"),
        examples=("经度", "Longitude"), hint=_("Degrees, such as 115.667503. Say below the table which map they come from."),
    ),
    SheetField(
        name="lat", title=_("Latitude"), parse=latitude,
        patterns=(r"(?:学校|校门|大门|地理|位置)*(?:坐标)?(?:北纬|纬度)(?:坐标)?n?|latitude|lat|y坐标", r"坐标(?:y|纬度)"),
        examples=("纬度", "Latitude"), hint=_("Degrees, such as 28.9225."),
    ),
    SheetField(
        name="position", title=_("Longitude and latitude"), parse=position,
        patterns=(r"(?:学校|校门|大门|地理)*(?:经纬度|地理坐标|坐标|位置坐标)(?:坐标)?|longitudeandlatitude|coordinates|position|location",),
        examples=("经纬度",), hint=_("Both in one cell, such as 115.667503,28.9225; leave empty when the two columns before are filled in."),
    ),
    SheetField(
        name="remark", title=_("Remark"), blank="", parse=text(200), may_repeat=True, spans_rows=True,
        patterns=(r"(?:备注|附注).{0,20}|remarks?|notes?|comments?",),
        examples=("备注", "Remark"), hint=_("Anything else; at most 200 characters."),
    ),
)  # fmt: skip

ROSTER = SheetSpec(title=_("School roster"), fields=WHO + FIGURES + MEASURES + CONTACT, anchor="name")
