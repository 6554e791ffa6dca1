"""The figures of the burden meter. Each function is one statement, however many schools there are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Aggregate, Count, FloatField, OuterRef, Subquery, Sum
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from huyuan.common.effort import OCCASIONS
from huyuan.common.reach import Reach
from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.exports import EXPORTED
from huyuan.organisations.kinds import LABELS, SchoolKind
from huyuan.organisations.models import School
from huyuan.policy.models.efforts import Effort, EffortQuerySet

MONTHS = 12
FIGURES = ("entries", "typed", "filled", "reused", "seconds")


@dataclass(frozen=True)
class Total:
    """What some entries cost together."""

    entries: int = 0
    typed: int = 0
    filled: int = 0
    reused: int = 0
    seconds: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes, rounded."""
        return round(self.seconds / 60)

    def __add__(self, other: "Total") -> "Total":
        return Total(*(getattr(self, name) + getattr(other, name) for name in FIGURES))


@dataclass(frozen=True)
class Line:
    """What one occasion cost in this month and in the last twelve."""

    title: str
    month: Total
    year: Total


@dataclass(frozen=True)
class Burden:
    """What filling in cost: month by month, and occasion by occasion, those that take longest first.

    `ledgers` are those whose cells were filled from records instead of being typed.
    """

    months: Sequence[tuple[date, Total]]
    lines: Sequence[Line]
    ledgers: Sequence[Line]

    @property
    def month(self) -> Total:
        """This month."""
        return self.months[-1][1]

    @property
    def ledgers_of_month(self) -> int:
        """How many ledgers were taken out this month."""
        return sum(line.month.reused > 0 for line in self.ledgers)

    @property
    def year(self) -> Total:
        """The last twelve months."""
        return total(one for _month, one in self.months)

    @property
    def chart(self) -> dict[str, Any] | None:
        """The minutes of each month as bars; one month alone needs none."""
        if len(self.months) == 1:
            return None
        rows = [
            (date_format(month, pgettext("date format of a month on a chart", "M")), [one.minutes])
            for month, one in self.months
        ]
        return {"kind": "bar", "series": [{"name": _("minutes"), "colour": "--tblr-primary"}], "rows": rows}


def total(parts: Iterable[Total]) -> Total:
    """The sum."""
    return sum(parts, Total())


def months_until(today: date) -> list[date]:
    """The first days of the last twelve months, this one last."""
    place = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(place - MONTHS + 1, place + 1)]


def burden_of(efforts: EffortQuerySet, today: date) -> Burden:
    """The burden of the organisations whose efforts these are; months before the first entry are left out."""
    months = months_until(today)
    rows = efforts.filter(month__gte=months[0], month__lte=months[-1]).values("month", "occasion")
    found = {(row["month"], row["occasion"]): _total(row) for row in rows.annotate(**_sums())}
    first = min((month for month, _occasion in found), default=months[-1])
    lines = {
        key: Line(words_for(key), found.get((months[-1], key), Total()),
             total(one for (_month, occasion), one in found.items() if occasion == key))
        for key in {occasion for _month, occasion in found}
    }  # fmt: skip
    return Burden(
        [(month, total(one for (at, _key), one in found.items() if at == month)) for month in months if month >= first],
        _longest(line for key, line in lines.items() if not key.startswith(EXPORTED)),
        _longest(line for key, line in lines.items() if key.startswith(EXPORTED)),
    )


def month_of(efforts: EffortQuerySet, today: date) -> Total:
    """What this month has cost so far."""
    return _total(efforts.filter(month=today.replace(day=1)).aggregate(**_sums()))


def by_school(efforts: EffortQuerySet, schools: Sequence[School], today: date) -> list[tuple[School, Total]]:
    """These schools with what this month has cost each so far."""
    rows = efforts.filter(month=today.replace(day=1), organisation__in=[school.pk for school in schools])
    found = {row["organisation"]: _total(row) for row in rows.values("organisation").annotate(**_sums())}
    return [(school, found.get(school.pk, Total())) for school in schools]


class Median(Aggregate):
    """The middle value."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class KindMedian:
    """A kind of school: how many entered something this month, and the middle one of their minutes and typed fields."""

    kind: str | Promise
    schools: int
    minutes: int
    typed: int


def medians(reach: Reach, today: date) -> list[KindMedian]:
    """For each kind of school what its middle school has spent this month; schools without entries do not count."""
    mine = Effort.objects.filter(organisation_id=OuterRef("pk"), month=today.replace(day=1)).order_by()
    mine = mine.exclude(occasion__startswith=EXPORTED)
    sums = mine.values("organisation_id").annotate(seconds=Sum("seconds"), typed=Sum("typed"))
    schools = School.objects.visible_to(reach).annotate(
        seconds=Subquery(sums.values("seconds")), typed=Subquery(sums.values("typed"))
    ).filter(seconds__isnull=False)  # fmt: skip
    rows = schools.values("kind").annotate(
        schools=Count("pk"), middle_seconds=Median("seconds"), middle_typed=Median("typed")
    )
    found = {row["kind"]: row for row in rows}
    return [
        KindMedian(LABELS[kind], row["schools"], round(row["middle_seconds"] / 60), round(row["middle_typed"]))
        for kind in SchoolKind if (row := found.get(kind.value))
    ]  # fmt: skip


def words_for(key: str) -> str:
    """An occasion in plain words."""
    if key in OCCASIONS:
        return str(OCCASIONS[key].title)
    ledger, _dot, columns = key.removeprefix(EXPORTED).partition(".")
    if key.startswith(EXPORTED) and ledger in LEDGERS:
        titles = {entry.key: entry.title for entry in LEDGERS[ledger].column_sets}
        return f"{LEDGERS[ledger].title} · {titles.get(columns, columns)}"
    return key


def _longest(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.year.seconds, -line.year.typed, -line.year.reused, line.title))


def _sums() -> dict[str, Sum]:
    return {f"all_{name}": Sum(name) for name in FIGURES}


def _total(row: Any) -> Total:
    return Total(*(row[f"all_{name}"] or 0 for name in FIGURES))
