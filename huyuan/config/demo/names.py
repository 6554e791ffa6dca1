"""Names of invented people, one after the other, each once."""

import random
from collections.abc import Iterator

SURNAMES = "陈李张王刘黄吴周徐胡朱郭何罗高林郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶杜苏魏程吕丁任沈姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
MEN = (
    "建国", "志强", "卫东", "国平", "海波", "永康", "晓东", "文斌", "振华", "启明", "爱民", "俊杰", "伟民", "立新", "春生",
    "长根", "水生", "小明", "金龙", "明辉", "宏伟", "学军", "家荣", "兴旺", "德胜", "少华", "瑞祥", "思远", "浩然", "子文",
)  # fmt: skip
WOMEN = (
    "秀英", "丽华", "春梅", "雪梅", "小红", "玉兰", "桂芳", "美玲", "晓燕", "海燕", "素珍", "冬梅", "文静", "雅琴", "婷婷",
    "佳怡", "慧敏", "丹丹", "小琴", "月娥", "红英", "翠萍", "思雨", "欣悦", "静怡",
)  # fmt: skip


def names(draw: random.Random) -> Iterator[str]:
    """Full names in a random order, none twice."""
    everybody = [family + given for family in dict.fromkeys(SURNAMES) for given in (*MEN, *WOMEN)]
    draw.shuffle(everybody)
    yield from everybody
