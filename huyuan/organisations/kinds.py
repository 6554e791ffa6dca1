"""The seven kinds of school."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class SchoolKind(StrEnum):
    """What a school is; the value is stored, the label is shown."""

    KINDERGARTEN = "kindergarten"
    PRIMARY = "primary"
    JUNIOR_MIDDLE = "junior_middle"
    NINE_YEAR = "nine_year"
    SENIOR_MIDDLE = "senior_middle"
    VOCATIONAL = "vocational"
    SPECIAL = "special"

    @property
    def label(self) -> Promise:
        """The kind in the reader's language."""
        return LABELS[self]

    @property
    def chinese(self) -> str:
        """The word that rosters and exports use, whatever the reader's language."""
        return CHINESE[self]


LABELS: dict[SchoolKind, Promise] = {
    SchoolKind.KINDERGARTEN: _("kindergarten"),
    SchoolKind.PRIMARY: _("primary school"),
    SchoolKind.JUNIOR_MIDDLE: _("junior middle school"),
    SchoolKind.NINE_YEAR: _("nine-year school"),
    SchoolKind.SENIOR_MIDDLE: _("senior middle school"),
    SchoolKind.VOCATIONAL: _("vocational school"),
    SchoolKind.SPECIAL: _("special school"),
}
CHINESE: dict[SchoolKind, str] = {
    SchoolKind.KINDERGARTEN: "幼儿园",
    SchoolKind.PRIMARY: "小学",
    SchoolKind.JUNIOR_MIDDLE: "初级中学",
    SchoolKind.NINE_YEAR: "九年一贯制学校",
    SchoolKind.SENIOR_MIDDLE: "高级中学",
    SchoolKind.VOCATIONAL: "中等职业学校",
    SchoolKind.SPECIAL: "特殊教育学校",
}
