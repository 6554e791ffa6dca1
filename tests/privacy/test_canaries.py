"""What somebody wrote in confidence of their role is seen by nobody outside it, and stands in no audit row and no log."""

import json
import logging

import pytest
from django.apps import apps

from factories import NOW, hazard_at, photo
from huyuan.audit.models import AuditRow
from huyuan.inspections.actions import deadlines, hazards
from tests.access.declared import EXPECTED
from tests.access.resolver import addresses

CANARY = "金丝雀七四一"
OUTSIDERS = ("guard", "counsellor", "volunteer", "health", "other_station", "other_head", "nobody")


@pytest.fixture
def hazard(cast, caplog):
    """A hazard with the canary in every field somebody writes."""
    with caplog.at_level(logging.DEBUG):
        thing = hazard_at(cast, "registered")
        thing = hazards.order_rectification(
            hazard=thing, requirement=CANARY, responsible=cast.safety, level="general", days=10, due_kind="calendar",
            by=cast.reach("station"), now=NOW,
        )  # fmt: skip
        asked = deadlines.ask_extension(
            hazard=thing, new_due_date=thing.due_date.replace(month=11), reason=CANARY, by=cast.reach("safety"), now=NOW
        )
        deadlines.decide_extension(extension=asked, grant=True, by=cast.reach("station"), now=NOW)
        hazards.rectify_hazard(hazard=thing, report=CANARY, photos=[photo()], by=cast.reach("safety"), now=NOW)
        hazards.reject_rectification(hazard=thing, remark=CANARY, days=5, by=cast.reach("station"), now=NOW)
    return thing


def test_the_audit_holds_codes_and_digests_only(hazard):
    assert AuditRow.objects.count() >= 10
    for row in AuditRow.objects.all():
        assert CANARY not in json.dumps(row.details, ensure_ascii=False) + row.kind + row.target_code


def test_no_log_line_holds_what_was_written(hazard, caplog):
    assert CANARY not in caplog.text


@pytest.mark.parametrize("part", OUTSIDERS)
def test_no_page_shows_it_to_somebody_outside(cast, hazard, sign_in, part):
    client = sign_in(cast.users[part])
    pages = [
        a for a in addresses() if not a.parameters and EXPECTED[a.name].get and not a.name.startswith("account_log")
    ]
    assert len(pages) > 15
    for address in pages:
        assert CANARY not in client.get(f"/{address.route}", {"q": CANARY[:2]}).content.decode(errors="replace"), (
            address
        )
    assert CANARY not in client.get(hazard.get_absolute_url()).content.decode()


def test_who_belongs_to_it_does_see_it(cast, hazard, sign_in):
    assert CANARY in sign_in(cast.station).get(hazard.get_absolute_url()).content.decode()


FORBIDDEN = (
    "petition",
    "convict",
    "criminal",
    "addict",
    "drug",
    "illness",
    "disorder",
    "poverty",
    "ethnic",
    "religio",
    "risk_score",
)


def test_no_field_speaks_of_a_persons_status():
    for model in apps.get_models():
        if model.__module__.startswith("huyuan."):
            for field in model._meta.get_fields():
                assert not any(word in field.name.lower() for word in FORBIDDEN), f"{model.__name__}.{field.name}"
