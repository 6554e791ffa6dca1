"""What posts are called in lists: the roles a title can mean; the kind of organisation decides between several."""

import re
from functools import cache

from django.conf import settings
from django.utils import translation

from huyuan.common.sheets.cells import plain
from huyuan.people.roles import ROLES

POSTS_OFFERED = (
    "校长、园长、保卫干部、保安、教师、班主任、心理教师、志愿者、派出所民警、派出所所长、法治副校长、教体局干部、公安局民警、指挥中心值班员、"
    "领导小组成员、部门联络员、乡镇干部"
)
# What may stand in brackets and leaves the post what it is; 退休 or 拟免 does not.
ASIDE = re.compile(r"[(\[](?:兼|兼任|专职|兼职|主持工作|全面工作|在编|正|男|女|acting)[)\]]")
OFFICERS = ("bureau_officer", "police_officer", "commander", "station_officer", "department_officer", "town_officer")

SCHOOL_TITLES = {
    "school_head": "校长 园长 校园长 负责人 学校负责人 法人 法定代表人 校长园长 教学点负责人 principal headteacher head headmaster",
    "safety_officer": "保卫干部 安全员 安全干部 学校安全员 安保干部 专职安全员 安全主任 安全办主任 保卫科长 保卫主任 安全副校长 分管副校长"
    " 分管安全副校长 安全专干 safetyofficer securityofficer",
    "guard": "保安 保安员 专职保安 专职保安员 门卫 安保人员 securityguard",
    "teacher": "教师 老师 班主任 科任教师 任课教师 年级主任 classteacher formteacher",
    "counsellor": "心理教师 心理老师 心理健康教师 心理辅导员 心理辅导教师 专职心理教师 心理咨询师 counselor psychologist",
    "volunteer": "家长 志愿者 义警 家长志愿者 家委会 parent",
}
AGENCY_TITLES = {
    "vice_principal": "法治副校长 法制副校长 法治副校(园)长 法治副园长 ruleoflawviceprincipal legalviceprincipal",
    "station_officer": "派出所民警 社区民警 责任区民警 责任民警 驻校民警 所长 派出所所长 副所长 派出所副所长 教导员 派出所教导员 辅警 policestationofficer",
    "bureau_officer": "教体局 教育局 教体局干部 教育局干部 教体局工作人员 安全股长 安全股 安全股干部 安稳股长 安稳办主任 县教体局 educationbureauofficer",
    "police_officer": "公安局 公安局民警 县公安局 公安局干部 治安大队民警 治安大队长 countypolice",
    "commander": "指挥中心 指挥中心值班员 指挥中心民警 指挥长 接警员 值班长 commandcentreofficer",
    "leader": "县领导 领导 领导小组成员 领导小组组长 副组长 组长 成员 副县长 分管副县长 县委书记 县长 leader",
    "department_officer": "部门联络员 部门干部 卫健委干部 文旅局干部 城管局干部 市监局干部 市场监管局干部 执法人员 执法队员",
    "town_officer": "乡镇干部 镇干部 街道干部 镇长 乡长 副镇长 副乡长 分管副镇长 综治专干 综治主任 村干部 社区干部 村主任 村支书 网格员",
}
# Words that fit everywhere.
SHARED_TITLES = {
    "民警": ("station_officer", "police_officer", "commander"),
    "警察": ("station_officer", "police_officer", "commander"),
    "police": ("station_officer", "police_officer", "commander"),
    "police officer": ("station_officer", "police_officer", "commander"),
    "局长": OFFICERS, "副局长": OFFICERS, "主任": OFFICERS, "副主任": OFFICERS, "股长": OFFICERS, "科长": OFFICERS,
    "干部": OFFICERS, "工作人员": OFFICERS, "联络员": (*OFFICERS, "leader"), "科员": OFFICERS, "值班员": OFFICERS,
    "officer": OFFICERS, "负责人": (*OFFICERS, "school_head"),
    "志愿者": ("volunteer",),
}  # fmt: skip


@cache
def known_titles() -> dict[str, tuple[str, ...]]:
    """Every title in its plain form with the roles it can mean; the product's own names in all its languages, too."""
    known = {plain(key.replace("_", " ")): (key,) for key in ROLES} | {key: (key,) for key in ROLES}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known |= {plain(str(role.name)): (key,) for key, role in ROLES.items()}
    for titles in (SCHOOL_TITLES, AGENCY_TITLES):
        for key, words in titles.items():
            known |= {plain(word): (key,) for word in words.split()}
    return known | {plain(title): keys for title, keys in SHARED_TITLES.items()}


def roles_meant(said: str) -> tuple[str, ...]:
    """The roles that a title can mean; none when it is not known."""
    name = plain(said)
    for form in (
        name,
        ASIDE.sub("", name),
        name.replace("(", "").replace(")", ""),
        name.replace("-", "").replace("’", ""),
    ):
        if found := known_titles().get(form):
            return found
    return ()
