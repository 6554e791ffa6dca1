"""Half a term in the demo county: who checked which school how many working days ago, and what became of it.

Each check names its failed items with their fate:
  closed    put right and closed            again     not accepted at first, closed in the second round
  waiting   put right, waits for re-check   ordered   ordered, with days left
  soon      ordered, due in a day or two    late      ordered and overdue
  paused    the deadline stands still       asked     ordered, more time asked for
  longer    more time granted               found     registered, not ordered yet
  back      not accepted, in the second round now
  handed    a department is asked to take it over
  helped    the leading group has promised help, and so long the deadline stands still
  proposed  major, overdue for so long that it is proposed for listed supervision
  listed    major, overdue, and a leader has listed it
"""

from dataclasses import dataclass

MAJOR_FATES = frozenset({"proposed", "listed"})
BUREAU, POLICE, STATION, SCHOOL = "bureau", "police", "station", "school"
FATES = (
    "proposed",
    "listed",
    "closed",
    "again",
    "waiting",
    "ordered",
    "soon",
    "late",
    "paused",
    "asked",
    "longer",
    "found",
    "back",
    "handed",
    "helped",
)


@dataclass(frozen=True)
class Visit:
    """One check. `ends`: signed, agency (only the agency signed), school (only the school), open, cancelled."""

    school: str
    days_ago: int
    by: str
    failed: str = ""
    ends: str = "signed"
    checklist: str = "comprehensive"

    def findings(self) -> list[tuple[str, str]]:
        """The failed items with their fates."""
        return [(item, fate) for item, _colon, fate in (word.partition(":") for word in self.failed.split())]


VISITS = (
    Visit("云栖县第一中学", 46, STATION, "facility_fire:closed hundred_guard_post:closed rules_visitors:closed"),
    Visit("云栖县第二小学", 44, STATION, "guards_large:closed facility_equipment:again rules_patrols:closed"),
    Visit("南塘中学", 43, STATION, "facility_video:closed facility_fire:closed"),
    Visit("云栖县第一小学", 41, STATION, "facility_gate_barrier:closed rules_drill:closed facility_fire:again"),
    Visit("清渠镇中心小学", 39, STATION, "hundred_closed:closed ones_lockers:closed"),
    Visit("白石镇中心小学", 38, STATION, "facility_wall:longer rules_hazard_ledger:closed"),
    Visit("双桥中学", 36, STATION, "rules_vetting:closed facility_equipment:closed hundred_video:closed"),
    Visit("小太阳幼儿园", 34, BUREAU, "hundred_alarm:closed bus_before_trip:closed bus_attendant:closed"),
    Visit("松涧学校", 32, STATION, "facility_video_filed:closed bus_inspected:closed guards_trained:closed"),
    Visit("沙洲小学", 30, STATION, "hundred_closed:paused rules_patrols:closed"),
    Visit("云栖县第二中学", 28, POLICE, "guards_very_large:helped facility_fire:closed hundred_guard_post:closed"),
    Visit("竹溪学校", 26, STATION, "facility_fire:closed guards_certificates:closed rules_visitors:closed"),
    Visit("云栖县职业技术学校", 25, STATION, "rules_internal:closed facility_video:closed facility_fire:listed"),
    Visit("桃源岭乡中心小学", 23, STATION, "ones_door:closed hundred_video:late rules_hazard_ledger:closed"),
    Visit("城北小学", 21, STATION, "facility_separation:closed ones_visitors_room:closed facility_fire:proposed"),
    Visit("七彩阳光幼儿园", 19, STATION, "bus_before_trip:closed guards_medium:ordered"),
    Visit("云城镇中心小学", 17, STATION, "facility_fire:closed ones_alarm:waiting rules_patrols:closed"),
    Visit("启明星幼儿园", 15, BUREAU, "hundred_alarm:waiting rules_visitors:closed facility_equipment:ordered"),
    Visit("云栖县第三中学", 14, STATION, "", "cancelled"),
    Visit("云栖县第三中学", 13, STATION, "facility_wall:asked facility_fire:waiting rules_responsibility:closed"),
    Visit("云栖县第一小学", 12, SCHOOL, "facility_equipment:waiting rules_visitors:soon guards_certificates:late"),
    Visit("贝贝幼儿园", 10, STATION, "hundred_video:back bus_inspected:waiting"),
    Visit("石桥小学", 8, STATION, "facility_fire:ordered rules_patrols:soon"),
    Visit("云栖县机关幼儿园", 6, POLICE, "hundred_guard_post:waiting facility_video:ordered"),
    Visit("云栖县特殊教育学校", 5, STATION, "facility_fire:ordered rules_drill:found"),
    Visit("清渠中学", 4, BUREAU, "guards_gate_staffed:asked facility_video:found"),
    Visit("云栖县实验学校", 3, POLICE, "facility_separation:handed"),
    Visit("云栖县第二小学", 2, STATION, "hundred_guards:found", "school"),
    Visit("云栖县第一小学", 1, STATION, "facility_fire:found hundred_video:found", "agency"),
    Visit("云城镇中心幼儿园", 1, STATION, "", "open"),
)
# Walked on the first school days of the term, if these lie in the time that is told.
OPENINGS = (
    Visit("云栖县第三中学", 1, STATION, "opening_kit:closed opening_sports:closed", checklist="opening"),
    Visit("双桥镇中心小学", 1, STATION, "opening_wall:closed", checklist="opening"),
    Visit("南塘镇中心幼儿园", 2, BUREAU, checklist="opening"),
)
# The station that draws roving checks for fire safety, so many working days ago, and what it finds visit by visit.
ROVING_STATION, ROVING_DRAWN = "云城派出所", 14
ROVING_FOUND = (
    "fire_lights:closed",
    "fire_extinguishers:waiting fire_ducts:ordered",
    "fire_passages:closed fire_bikes:closed",
)
# The schools that walk their own round, from which working day on, and whether they are apt to leave out Mondays.
MORNINGS = (
    ("云栖县第一小学", 10, False), ("云栖县第二小学", 10, True), ("清渠镇中心小学", 10, False), ("小太阳幼儿园", 9, True),
    ("松涧学校", 6, False),
)  # fmt: skip
MORNING_FOUND = {
    ("云栖县第一小学", 7): "daily_ways_out:closed", ("清渠镇中心小学", 9): "daily_video:closed",
    ("小太阳幼儿园", 8): "daily_grounds:closed", ("松涧学校", 2): "daily_visitors:found",
}  # fmt: skip


@dataclass(frozen=True)
class Spot:
    """A trifle that the school found and put right at once; `confirmed` after so many working days, 0: not yet."""

    school: str
    days_ago: int
    category: str
    place: str
    description: str
    report: str
    scene: str
    confirmed: int = 0


SPOTS = (
    Spot("云栖县第一小学", 33, "fire", "综合楼三楼西楼梯", "安全出口指示牌松脱", "当场用螺丝固定", "corridor", 8),
    Spot("云栖县第二小学", 24, "security", "门卫室", "强光手电没有电", "换上备用电池，每周一试", "kit", 6),
    Spot("清渠镇中心小学", 18, "fire", "食堂后门", "纸箱堆在安全出口旁", "当场清走，告知食堂人员", "corridor", 9),
    Spot("云栖县第一小学", 5, "fire", "综合楼三楼西楼梯", "安全出口指示牌又松脱", "换成一体式指示牌", "corridor"),
    Spot("白石镇中心小学", 3, "rules", "门卫室", "来访登记漏填离校时间", "当场补登，晨会提醒", "folder"),
)
