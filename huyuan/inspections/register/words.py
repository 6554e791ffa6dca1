"""The words of hazard ledgers and what each means here; what is not among them is asked."""

from huyuan.inspections.categories import Category
from huyuan.inspections.models import Hazard

GENERAL, MAJOR = "一般", "重大"
LEVELS: dict[str, Hazard.Level] = {
    f"{word}{end}": level
    for word, level in ((GENERAL, Hazard.Level.GENERAL), (MAJOR, Hazard.Level.MAJOR))
    for end in ("", "隐患", "事故隐患", "安全隐患")
}
LEVEL_WORDS = {Hazard.Level.GENERAL: GENERAL, Hazard.Level.MAJOR: MAJOR}

OPEN, UNDER_WAY, WAITING, PUT_RIGHT, CLOSED = STATES = ("未整改", "整改中", "已上报待协调", "已整改", "已销号")
STATUS_OF: dict[str, Hazard.Status] = {
    OPEN: Hazard.Status.REGISTERED,
    UNDER_WAY: Hazard.Status.ORDERED,
    WAITING: Hazard.Status.ORDERED,
    PUT_RIGHT: Hazard.Status.RECTIFIED,
    CLOSED: Hazard.Status.CLOSED,
}
STATE_OF: dict[str, str] = {
    Hazard.Status.REGISTERED: OPEN,
    Hazard.Status.FIXED: PUT_RIGHT,
    Hazard.Status.ORDERED: UNDER_WAY,
    Hazard.Status.RECTIFIED: PUT_RIGHT,
    Hazard.Status.CLOSED: CLOSED,
}
STATE_NAMES: dict[str, str] = {
    name: state
    for state, names in {
        OPEN: "未整改 待整改 尚未整改 未开始 未处理",
        UNDER_WAY: "整改中 正在整改 正整改 限期整改中",
        WAITING: "已上报待协调 待协调 已上报 上报待协调",
        PUT_RIGHT: "已整改 整改完成 已完成整改 已整改到位 整改到位 已完成 待复查 待验收",
        CLOSED: "已销号 销号 已闭环 已办结 已验收销号",
    }.items()
    for name in names.split()
}

CATEGORIES: dict[str, Category] = {
    f"{name}{end}": category
    for category, names in {
        Hazard.Category.BUILDING: "校舍 建筑 房屋 校舍建筑",
        Hazard.Category.FIRE: "消防",
        Hazard.Category.ELECTRIC: "电气 用电 电力",
        Hazard.Category.SECURITY: "安防 技防 物防",
        Hazard.Category.RULES: "制度 管理 人防",
        Hazard.Category.BUS: "校车 交通",
        Hazard.Category.FOOD: "食品 食堂 饮食 食品卫生",
        Hazard.Category.SURROUNDINGS: "周边 校园周边 周边环境",
        Hazard.Category.SPORTS: "体育器材 体育 体育设施",
        Hazard.Category.LABORATORY: "实验室 危化品 实验室危化品",
        Hazard.Category.SUPPLY: "特种设备 燃气 供水 锅炉 水电气",
    }.items()
    for name in names.split()
    for end in ("", "安全", "类", "隐患", "安全隐患", "安全类")
}
CATEGORY_WORDS: dict[str, str] = {
    Hazard.Category.BUILDING: "校舍",
    Hazard.Category.FIRE: "消防",
    Hazard.Category.ELECTRIC: "电气",
    Hazard.Category.SECURITY: "安防",
    Hazard.Category.RULES: "制度和人员",
    Hazard.Category.BUS: "校车",
    Hazard.Category.FOOD: "食品",
    Hazard.Category.SURROUNDINGS: "周边",
    Hazard.Category.SPORTS: "体育器材",
    Hazard.Category.LABORATORY: "实验室",
    Hazard.Category.SUPPLY: "水电气热和电梯",
    Hazard.Category.OTHER: "其他",
}

AT_ONCE = "立即"
AT_ONCE_SAID = frozenset(
    ["立即", "立即整改", "当场", "当场整改", "即改", "即查即改", "立查立改", "立行立改", "即知即改", "马上整改", "即时"]
)
