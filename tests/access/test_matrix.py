"""Address × method × role × tenant: every cell is declared, none answers otherwise (quality bar S1)."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from factories import NOW, answered_check, hazard_at, photo
from huyuan.api.actions import make_token
from huyuan.api.models import ApiToken
from huyuan.common.reach import Permission
from huyuan.inspections.actions import checks, hazards
from huyuan.ledgers.models import ImportRun, SavedView
from huyuan.notifications.models import Channel, Message
from tests.access.declared import EXPECTED
from tests.access.expectations import ALL, Expect
from tests.access.resolver import Address, addresses

METHODS = ("GET", "POST")


def declared_names() -> set[str]:
    return set(EXPECTED)


def test_every_address_is_declared_and_every_declaration_has_its_address():
    names = {address.name for address in addresses()}
    assert names == declared_names(), f"not declared: {names - declared_names()}; gone: {declared_names() - names}"


@pytest.fixture
def things(cast):
    """One of everything that stands in an address, all at the school of the cast."""
    check = answered_check(cast)
    key = next(check.checklist.items()).key
    kept = checks.photograph_item(inspection=check, item_key=key, raw=photo(), by=cast.reach("station"), now=NOW)
    hazard = hazard_at(cast, "ordered")
    asked = hazard_at(cast, "ordered")
    hazards.ask_extension(
        hazard=asked, new_due_date=asked.due_date.replace(month=12), reason="等配件", by=cast.reach("safety"), now=NOW
    )
    make_token(name="采集", scopes=[Permission.HAZARD_READ], days=30, by=cast.reach("station"), now=NOW)
    view = SavedView.objects.create(user=cast.station, ledger="hazards", name="我的", query="status=ordered")
    channel = Channel.objects.create(organisation=cast.organisations["station"], name="所群", address="wecombot://key")
    run = ImportRun.objects.create(
        county=cast.county, organisation=cast.organisations["bureau"], importer="schools", status=ImportRun.Status.READ,
        file_name="名册.xlsx", started_by=cast.bureau, post=cast.bureau.posts.get(), started_at=NOW, result={"created": 1},
    )  # fmt: skip
    return {
        "school": {"code": cast.organisations["school"].code},
        "check": {"code": check.code},
        "check item": {"code": check.code, "item_key": key},
        "hazard": {"code": hazard.code},
        "asked": {"code": asked.code},
        "photo": {"code": kept.code},
        "ledger": {"key": "hazards"},
        "ledger columns": {"key": "hazards", "columns": "education"},
        "view": {"code": view.code},
        "token": {"code": ApiToken.objects.get().code},
        "message": {"code": Message.objects.filter(recipient=cast.head).first().code},
        "channel": {"code": channel.code},
        "person": {"code": cast.teacher.code},
        "post": {"code": cast.teacher.posts.get().code},
        "importer": {"key": "schools"},
        "run": {"code": run.code},
        "key": {"pk": 1},
        "": {},
    }


def answer(client: Client, method: str, url: str) -> int:
    """The status of one request; what it wrote is taken back."""
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url)
        status = response.status_code
        transaction.set_rollback(True)
    return status


def url_of(address: Address, expect: Expect, things: dict) -> str:
    return reverse(address.name, kwargs=things[expect.things])


def acceptable(declared: int) -> set[int]:
    """A method that an address does not offer may say so instead of refusing the person."""
    return {declared, 405} if declared >= 400 else {declared}


@pytest.mark.parametrize("address", [a for a in addresses() if a.name in EXPECTED], ids=lambda a: a.name)
def test_every_cell_answers_as_declared(address, cast, foreign, things, sign_in):
    expect = EXPECTED[address.name]
    url = url_of(address, expect, things)
    wrong = []
    for method in METHODS:
        for part in ALL:
            status = answer(sign_in(cast.users[part]), method, url)
            if status not in acceptable(expect.status(method, part)):
                wrong.append(f"{method} {part}: {status}, declared {expect.status(method, part)}")
        strange = answer(Client(HTTP_HOST="localhost"), method, url)
        if strange not in (expect.stranger, 405):
            wrong.append(f"{method} stranger: {strange}, declared {expect.stranger}")
        if expect.foreign is not None:
            for part in ("bureau", "station", "head"):
                status = answer(sign_in(foreign.users[part]), method, url)
                if status not in (expect.foreign, 405):
                    wrong.append(f"{method} foreign {part}: {status}, declared {expect.foreign}")
    assert not wrong, "\n".join(wrong)
