"""Keyset paging: every row once, forwards and backwards, whatever a cursor says."""

import base64
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from factories import NOW, begun_check
from huyuan.ledgers.declaration import LEDGERS, Sort
from huyuan.ledgers.paging import page_of
from huyuan.organisations.models import Organisation, OrganisationKind, School

NEWEST = Sort("newest", "", ("started_at", "id"), descending=True)
OLDEST = Sort("oldest", "", ("started_at", "id"))
BY_NAME = Sort("name", "", ("organisation__sort_key", "organisation_id"))


def walk(rows, sort, size):
    """All pages forwards, and all pages backwards from the last."""
    forwards, pages, cursor = [], [], ""
    while cursor is not None:
        page = page_of(rows, sort, cursor, size)
        pages.append(page)
        forwards += [row.pk for row in page.rows]
        cursor = page.following
    backwards, cursor = [row.pk for row in pages[-1].rows], pages[-1].preceding
    while cursor is not None:
        page = page_of(rows, sort, cursor, size)
        backwards = [row.pk for row in page.rows] + backwards
        cursor = page.preceding
    return forwards, backwards


@pytest.fixture
def schools(cast):
    """Schools of which several have the same name, and so the same key to sort by."""
    for number in range(9):
        name = "希望小学" if number % 3 else "光明小学"
        one = Organisation.named(county=cast.county, kind=OrganisationKind.SCHOOL, name=name)
        one.save()
        School.objects.create(
            organisation=one, county=cast.county, identifier=f"21361001{number:02d}", kind="primary",
            town=cast.organisations["town"],
        )  # fmt: skip
    return School.objects.filter(county=cast.county).select_related("organisation")


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 11, 12, 13, 50])
def test_equal_names_are_neither_lost_nor_repeated(schools, size):
    expected = [s.pk for s in schools.order_by("organisation__sort_key", "organisation_id")]
    assert walk(schools, BY_NAME, size) == (expected, expected)


@pytest.fixture
def checks(cast):
    """Checks of the same instant, told to the microsecond, and of instants a few microseconds apart."""
    inspections = apps.get_model("inspections", "Inspection").objects
    for number in range(9):
        check = begun_check(cast, school=("school", "point", "far_school")[number % 3], by="bureau")
        apart = timedelta(microseconds=123_456 + number // 3)
        inspections.filter(pk=check.pk).update(started_at=NOW + apart, status="cancelled", cancel_reason="x")
    return inspections.all()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8, 9])
@pytest.mark.parametrize("sort", [NEWEST, OLDEST], ids=lambda sort: sort.key)
def test_rows_of_one_instant_are_neither_lost_nor_repeated(checks, sort, size):
    sign = "-" if sort.descending else ""
    expected = list(checks.order_by(f"{sign}started_at", f"{sign}id").values_list("pk", flat=True))
    assert walk(checks, sort, size) == (expected, expected)


def test_the_first_page_has_no_page_before_it_and_the_last_none_after(schools):
    first = page_of(schools, BY_NAME, "", 10)
    assert (first.preceding, len(first.rows)) == (None, 10)
    last = page_of(schools, BY_NAME, first.following, 10)
    assert (last.following, len(last.rows)) == (None, 2)
    back = page_of(schools, BY_NAME, last.preceding, 10)
    assert (list(back.rows), back.preceding) == (list(first.rows), None)


def test_a_row_that_is_gone_does_not_end_the_walk(schools):
    first = page_of(schools, BY_NAME, "", 4)
    left = schools.exclude(pk=first.rows[-1].pk)
    assert (
        next(iter(page_of(left, BY_NAME, first.following, 4).rows)).pk
        == schools.order_by("organisation__sort_key", "organisation_id")[4].pk
    )


def cursor(value):
    return "n" + base64.urlsafe_b64encode(value if isinstance(value, bytes) else json.dumps(value).encode()).decode()


STRANGE = [
    "n", "x", "n????", "nä", "n" + "A" * 5_000, cursor([]), cursor(["a"]), cursor(["a", 1, 2]), cursor({"a": 1}), cursor(7),
    cursor(["a\0", 1]), cursor(b'["\\ud800", 1]'), cursor(["a", "b"]), cursor(["a", None]), cursor(["a", 10**40]),
    cursor(b'["a", Infinity]'), cursor(b'["a", NaN]'), cursor(b"[" * 3_000), cursor(["a", -1]), cursor([["a"], 1]), "p",
]  # fmt: skip


@pytest.mark.parametrize("at", STRANGE)
def test_a_strange_cursor_is_answered_with_a_page(cast, sign_in, at):
    assert sign_in(cast.bureau).get(reverse("web:schools"), {"at": at}).status_code == 200


@pytest.mark.parametrize("value", [["2026-09-15", 1], ["2026-09-15T09:00:00", 1], ["gestern", 1], [1, 1], [True, 1]])
def test_a_strange_time_in_a_cursor_is_answered_with_a_page(cast, sign_in, value):
    url = reverse("inspections:inspections")
    assert sign_in(cast.bureau).get(url, {"at": cursor(value)}).status_code == 200


def test_every_declared_order_ends_in_something_unique():
    for ledger in LEDGERS.values():
        for sort in ledger.sorts:
            last = sort.fields[-1]
            assert last in {"id", "organisation_id", "identifier"}, f"{ledger.key} {sort.key}"
