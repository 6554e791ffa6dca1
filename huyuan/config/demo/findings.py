"""What is found wrong in the demo, in the words people use: per item what, what is asked for, what was done."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing found wrong: the note on the spot, the order, the report, and what its photo shows."""

    note: str
    requirement: str
    report: str
    scene: str


# Beside an item: what makes its hazard a major one.
MAJOR = "!"
FINDINGS: dict[str, tuple[Finding, ...]] = {
    f"facility_fire{MAJOR}": (
        Finding("学生宿舍二至四层南面窗户全部焊了防盗栅栏，没有逃生口", "拆除栅栏或改为可从里面打开的逃生窗", "栅栏已全部改装", "corridor"),
        Finding("教学楼东楼梯一层出口用铁门封住，只剩一个出口", "拆除铁门，恢复第二安全出口", "铁门已拆，出口畅通", "corridor"),
    ),
    "rules_responsibility": (
        Finding("后勤组和门卫没有签责任书", "补签责任书，明确到岗到人", "责任书已补签，共12份，贴在值班室", "folder"),
        Finding("新学期分工表还是上学年的名字", "按现有人员更新分工表并公示", "分工表已更新，校务栏公示", "folder"),
    ),
    "rules_internal": (
        Finding("没有实验室危险品领用登记", "建立领用登记，双人双锁", "登记本和双锁已启用", "folder"),
        Finding("案件报告制度只有标题没有内容", "补全制度内容并组织学习", "制度已补全，周一例会学习", "folder"),
    ),
    "rules_patrols": (
        Finding("夜间和午休没有巡查记录", "每天巡查不少于5次，当班签字", "巡查时间表上墙，每班签字", "folder"),
        Finding("巡查记录是一次补签的", "巡查当场签字，值班领导抽查", "改为点位签到，值班领导每天看", "folder"),
        Finding("周五只记了3次", "补齐巡查班次，落实到人", "已排出五个时段，连续一周都有记录", "folder"),
    ),
    "rules_visitors": (
        Finding("送货司机没登记就进了校门", "所有外来人员一律登记并联系被访人", "门卫已重新培训，登记本每天检查", "folder"),
        Finding("登记本上只有姓名，没有证件和离开时间", "按规定栏目登记齐全", "换了新登记本，栏目齐全", "folder"),
    ),
    "rules_hazard_ledger": (
        Finding("台账没写责任人和完成时间", "逐条写明责任人、时限，整改后销号", "台账已补全，7条已销号", "folder"),
        Finding("上月的隐患整改后没有销号", "核对并销号", "逐条核对，已销号", "folder"),
    ),
    "rules_drill": (
        Finding("本学期还没有组织过演练", "月底前组织一次防暴力疏散演练", "已组织全校疏散演练，用时2分40秒", "corridor"),
    ),
    "rules_vetting": (
        Finding("食堂新来的2名工人没有查询编号", "当日停岗，查询后再上岗", "已查询，编号登记在册", "folder"),
    ),
    "facility_wall": (
        Finding("操场西侧围墙塌了一段，约3米", "先拉警戒线，修复围墙并加防攀爬", "围墙已砌好，加装了防攀爬刺", "wall"),
        Finding("厕所后面的围墙外堆着砖，可以踩着翻进来", "清走砖堆，加高围栏", "砖已清走，围栏加高40厘米", "wall"),
    ),
    "facility_gate_barrier": (
        Finding("大门口两个隔离墩被车撞歪", "更换隔离墩", "换了4个新隔离墩", "gate"),
        Finding("升降柱坏了一直降着", "维修升降柱，修好前摆放隔离墩", "升降柱已修好，试用正常", "gate"),
    ),
    "facility_separation": (
        Finding("放学时家长电动车直接骑进校门", "设置人行通道，电动车停到划定区域", "已划线隔离，护学岗引导停车", "gate"),
    ),
    "facility_equipment": (
        Finding("钢叉只剩1把，防割手套不见了", "按清单配齐", "已补齐钢叉2把、手套4副", "kit"),
        Finding("器械锁在柜子里，钥匙在校长那里", "改为门卫伸手可取", "器械架移到门卫室门后", "kit"),
        Finding("强光手电没电，头盔少1顶", "充电并补齐头盔", "手电已换，头盔补齐", "kit"),
    ),
    "facility_video": (
        Finding("录像只能看到12天前", "扩容硬盘，保存不少于30天", "加装4T硬盘，现可存36天", "screen"),
        Finding("后门和车棚两路摄像头黑屏", "维修或更换", "换了2个摄像头，画面正常", "screen"),
        Finding("食堂后厨一路画面模糊看不清人", "清洁镜头或更换", "镜头已清洁，画面清楚", "screen"),
    ),
    "facility_video_filed": (
        Finding("新增的8个摄像头没有重新备案", "到县公安局办理变更备案", "变更备案回执已取", "folder"),
    ),
    "facility_fire": (
        Finding("二楼东侧疏散指示灯不亮", "更换损坏的指示灯并检查线路", "已更换3个，全楼试灯正常", "corridor"),
        Finding("三楼楼梯口堆放课桌，挡住通道", "立即清走，保持通道畅通", "课桌已搬到储藏室", "corridor"),
        Finding("宿舍楼一楼灭火器压力不足", "重新充装或更换", "更换灭火器6具", "cabinet"),
        Finding("食堂安全出口上了锁", "上课时间不得上锁", "锁已拆，换成推杆门锁", "corridor"),
        Finding("综合楼应急灯有4盏不亮", "更换应急灯", "4盏已换新", "corridor"),
    ),
    "hundred_closed": (
        Finding("后门敞开，没人值守", "上学时间关闭后门，配人或上锁", "后门已上锁，钥匙由门卫保管", "gate"),
        Finding("村道穿过操场，群众随意进出", "与村里协商改道，先安排人值守", "已装围网，村道改到校外", "wall"),
    ),
    "hundred_guards": (
        Finding("中午由后勤师傅顶班", "保安员轮班就餐，不得顶替", "排班表已调整", "gate"),
    ),
    "hundred_alarm": (
        Finding("试按两次，公安端都没有收到", "当天联系厂家检修并重新测试", "主机通信卡已换，试按3次均收到", "kit"),
        Finding("报警按钮装了，还没有联网", "联系公安指挥中心办理联网", "已联网，试按有回话", "kit"),
    ),
    "hundred_video": (
        Finding("平台上看校门画面掉线三天", "检修网络，恢复联网", "光纤已修复，平台画面在线", "screen"),
        Finding("只联了公安，没有联教育平台", "接入教育视频平台", "教育平台已接入", "screen"),
    ),
    "hundred_guard_post": (
        Finding("早高峰7点40才到岗，装备只有反光背心", "7点20到岗，钢叉盾牌带到岗位", "连续一周7点15到岗，装备齐全", "gate"),
        Finding("下午放学只有1名保安在岗", "按方案增加教师和志愿者", "每天下午3人到岗，有签到", "gate"),
    ),
    "ones_door": (
        Finding("安检门断电，靠墙放着", "恢复使用", "已通电，来访人员都过安检门", "gate"),
    ),
    "ones_lockers": (
        Finding("存储柜有5格打不开", "维修", "5格已修好", "kit"),
    ),
    "ones_alarm": (
        Finding("按钮装在柜子后面，够不着", "移到值班桌边", "按钮移到桌沿，伸手可按", "kit"),
    ),
    "ones_visitors_room": (
        Finding("会客室堆了体育器材", "腾出会客室", "器材搬走，会客室已启用", "folder"),
    ),
    "guards_certificates": (
        Finding("1名保安员的保安员证没有带来", "核实证件，无证的更换", "证件已核实，复印件存档", "folder"),
        Finding("2名保安员没有买意外险", "补买保险", "保险已买，保单存档", "folder"),
    ),
    "guards_gate_staffed": (
        Finding("夜里12点后门卫室没有人", "安排夜班，24小时有人", "增加夜班1人，交接班有记录", "gate"),
    ),
    "guards_trained": (
        Finding("有1名保安员没有参加本学期培训", "补训", "已到派出所补训", "folder"),
    ),
    "guards_medium": (
        Finding("实有1人，另1人上月辞职", "一个月内补足", "新保安员已到岗", "gate"),
    ),
    "guards_large": (
        Finding("应配3人，实有2人", "一个月内补足", "已补足3人", "gate"),
    ),
    "guards_very_large": (
        Finding("按学生人数还缺1人", "一个月内补足", "已补足", "gate"),
    ),
    "bus_inspected": (
        Finding("逃生锤少2把，急救箱过期", "配齐并更换", "逃生锤补齐，急救箱已换", "bus"),
    ),
    "bus_before_trip": (
        Finding("右后轮胎磨平，记录上写的是合格", "停用，换胎后再跑", "换了2条新胎，检查记录重新填", "bus"),
        Finding("最近一周没有出车前检查记录", "每天出车前逐项检查并签字", "检查表每天签字，园长抽查", "bus"),
    ),
    "opening_kit": (
        Finding("防割手套磨破，强光手电充不上电", "更换失效器械", "手套、手电已更换", "kit"),
    ),
    "opening_sports": (
        Finding("单杠底座松动，篮球架锈蚀", "停用并加固除锈", "单杠已加固，篮球架已除锈刷漆", "wall"),
    ),
    "opening_wall": (
        Finding("暴雨后围墙脚下排水沟堵塞，墙根泡水", "疏通排水沟，检查墙基", "排水沟已疏通，墙基无沉降", "wall"),
    ),
    "fire_lights": (
        Finding("教学楼三楼应急灯有2盏不亮", "更换并全楼试灯", "2盏已换，全楼断电试灯正常", "corridor"),
    ),
    "fire_passages": (
        Finding("楼梯间堆着体育器材和旧课桌", "当天清走", "已清走，楼梯间贴了禁放标志", "corridor"),
    ),
    "fire_bikes": (
        Finding("教师电动车停在办公楼门厅充电", "移到室外车棚，装保护装置", "车棚已装充电桩，门厅不再停车", "corridor"),
    ),
    "fire_extinguishers": (
        Finding("食堂2具灭火器压力不足", "更换或充装", "2具已更换", "cabinet"),
    ),
    "fire_ducts": (
        Finding("油烟管道半年没有清洗", "请有资质的单位清洗并留记录", "已清洗，记录存档", "cabinet"),
    ),
    "daily_ways_out": (
        Finding("二楼走廊放着值日的水桶拖把", "收进卫生间", "已收走，班主任交代值日生", "corridor"),
    ),
    "daily_video": (
        Finding("食堂门口一路画面黑屏", "检修", "网线松了，已接好", "screen"),
    ),
    "daily_grounds": (
        Finding("滑梯踏板松了一颗螺丝", "停用并拧紧", "已拧紧，试过牢固", "wall"),
    ),
    "daily_visitors": (
        Finding("送菜师傅离校时间没有登记", "补登并提醒当班保安", "已补登，保安已提醒", "folder"),
    ),
    "bus_attendant": (
        Finding("到站后没有最后清车检查", "上下车点名，清车后签字", "清车签字表已用起来", "bus"),
    ),
}  # fmt: skip
