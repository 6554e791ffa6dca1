"""Which coordinate system a sheet says its coordinates are in."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from huyuan.common.geo import Datum

# Whose map a pair of figures was read from, as people know it.
DATUMS = [
    (Datum.GCJ02.value, _("Amap or Tencent (GCJ-02)")),
    (Datum.BD09.value, _("Baidu (BD-09)")),
    (Datum.WGS84.value, _("Tianditu or satellite (CGCS2000, WGS84)")),
]
SAID: dict[Datum, re.Pattern[str]] = {
    Datum.GCJ02: re.compile(r"GCJ[- ]?0?2|高德|腾讯|火星坐标|国测局坐标|amap|tencent", re.IGNORECASE),
    Datum.BD09: re.compile(r"BD[- ]?0?9|百度|baidu", re.IGNORECASE),
    Datum.WGS84: re.compile(
        r"WGS[- ]?(?:19)?84|CGCS[- ]?2000|国家2000|2000国家大地|天地图|GPS|tianditu", re.IGNORECASE
    ),
}
DENIED = re.compile(r"(?:不要|不得|不能|不是|请勿|勿|非|禁止|not )(?:使?用|填)?.{0,6}$", re.IGNORECASE)


def datums_said(remarks: Iterable[str]) -> set[Datum]:
    """The systems named around the table; one named only to be ruled out (不要用百度) does not count."""
    return {
        datum
        for remark in remarks
        for datum, pattern in SAID.items()
        for found in pattern.finditer(remark)
        if not DENIED.search(remark[: found.start()])
    }
