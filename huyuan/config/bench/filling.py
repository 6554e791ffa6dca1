"""Filling a county for measurements: schools, people and hazards by COPY, believable in shape, seeded."""

import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db import connection, connections

from huyuan.common.text import tokens
from huyuan.organisations.models import County, Jurisdiction, Line, Organisation, OrganisationKind, School
from huyuan.people.models import Post, User
from huyuan.search.queries import county_scope, organisation_scope

DAY = date(2026, 11, 20)
SCHOOLS_A_STATION = 25
PLACES = ["一楼", "二楼", "三楼", "东侧", "西侧", "食堂", "宿舍", "门卫室", "操场", "实验室"]
THINGS = [
    "疏散指示灯不亮",
    "灭火器压力不足",
    "围墙有缺口",
    "防撞柱松动",
    "监控画面模糊",
    "应急照明损坏",
    "燃气报警器过期",
    "消防通道堆放杂物",
]
READERS = {"bureau": "1", "station": "2", "school": "3"}
RARE = "氯气泄漏报警器失灵"
HAZARD_COLUMNS = (
    "ledger, origin, category, place, stated_level, guide_item, year_inferred, responsible_name, funding, contingency, at_once, "
    "code, county_id, school_id, item_key, description, basis, level, status, agency_id, holder_id, round, found_on, due_kind, "
    "due_date, pause_reason, requirement, responsible_id, ordered_at, ordered_by_id, closed_at, closed_by_id"
)


def copy(table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows by COPY."""
    with connections["owner"].cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as target:
        for row in rows:
            target.write_row(row)


def fill_county(schools: int) -> County:
    """A county with so many schools, stations of 25 schools each, and one person a role that is measured."""
    county = County.objects.create(name="测试县", adcode="990099", starts_on=date(2026, 9, 1))
    bureau = _organisation(county, OrganisationKind.EDUCATION_BUREAU, "测试县教育体育局")
    town = _organisation(county, OrganisationKind.TOWN, "测试镇")
    stations = [
        _organisation(county, OrganisationKind.STATION, f"第{n}派出所") for n in range(-(-schools // SCHOOLS_A_STATION))
    ]
    organisations = Organisation.objects.bulk_create([
        Organisation(county=county, kind=OrganisationKind.SCHOOL, name=f"第{n}小学", sort_key=f"di {n:05d} xiao") for n in range(schools)
    ])  # fmt: skip
    School.objects.bulk_create([
        School(organisation=o, county=county, identifier=f"21{n:08d}", kind="primary", town=town, station=stations[n // SCHOOLS_A_STATION])
        for n, o in enumerate(organisations)
    ])  # fmt: skip
    reaches = [Jurisdiction(overseer=o, subject=o, line=Line.OWN) for o in [*organisations, *stations, town]]
    reaches += [
        Jurisdiction(overseer=stations[n // SCHOOLS_A_STATION], subject=o, line=Line.POLICE)
        for n, o in enumerate(organisations)
    ]
    Jurisdiction.objects.bulk_create(reaches, batch_size=5_000)
    for phone, role, organisation in (
        ("1", "bureau_officer", bureau), ("2", "station_officer", stations[0]), ("3", "safety_officer", organisations[0]),
    ):  # fmt: skip
        user = User.objects.create_user(phone, f"测试{phone}", county)
        Post.objects.create(user=user, organisation=organisation, role=role, starts_on=date(2026, 9, 1))
    return county


def _organisation(county: County, kind: str, name: str) -> Organisation:
    organisation = Organisation.named(county=county, kind=kind, name=name)
    organisation.save()
    return organisation


def fill_hazards(county: County, first: int, last: int) -> None:
    """Hazards number `first` to `last` over ten years, nine in ten closed, with their search entries."""
    schools = list(
        School.objects.filter(county=county).order_by("pk").values_list("pk", "station_id", "organisation__name")
    )
    people = dict(Post.objects.filter(organisation__county=county).values_list("role", "user_id"))
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP INDEX IF EXISTS search_tokens")
    copy("inspections_hazard", HAZARD_COLUMNS, (row for row, _entry in _rows(county, schools, people, first, last)))
    entries = (entry for _row, entry in _rows(county, schools, people, first, last))
    copy("search_searchentry", "kind, object_code, title, detail, day, tokens", entries)
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE INDEX search_tokens ON search_searchentry USING gin (tokens) WITH (fastupdate = off)")
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def _rows(
    county: County, schools: list[tuple[int, int, str]], people: dict[str, int], first: int, last: int
) -> Iterator[tuple[tuple[Any, ...], tuple[Any, ...]]]:
    dice = random.Random(f"huyuan {first}")  # noqa: S311 -- believable rows, not secrets
    by = people["station_officer"]
    for number in range(first, last):
        # The first stands at the school of the measured reader, who has something to open however many schools there are.
        school, station, name = schools[dice.randrange(len(schools)) if number else 0]
        code = uuid.UUID(int=dice.getrandbits(128), version=4)
        found = DAY - timedelta(days=dice.randrange(3_650))
        words = RARE if number % 20_000 == 7 else f"{dice.choice(PLACES)}{dice.choice(PLACES)}{dice.choice(THINGS)}"
        status = "closed" if dice.random() < 0.9 else dice.choice(["registered", "ordered", "rectified"])
        ordered = status != "registered"
        major = dice.random() < 0.02
        due = found + timedelta(days=15)
        holder = None if status == "closed" else school if status == "ordered" else station
        yield (
            (
                "{}", "check", "fire", "", "", "guide" if major else "", False, "", "school" if major else "", "guarded" if major else "",
                False, code, county.pk, school, "", words, "", "major" if major else "general", status, station, holder, 1, found,
                "calendar", due if ordered else None, "", "整改", people["safety_officer"] if ordered else None,
                found if ordered else None, by if ordered else None,
                due if status == "closed" else None, by if status == "closed" else None,
            ),
            (
                "hazard", code, words, name, found,
                [*sorted(tokens(words, name)), county_scope(county.pk), organisation_scope(school), organisation_scope(station)],
            ),
        )  # fmt: skip
