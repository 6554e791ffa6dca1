"""Every model keeps the rules of the house."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Model

from huyuan.common.states import Stateful

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = [
    {"config"}, {"web", "api"}, {"emergency"}, {"inspections", "guardposts", "facilities"}, {"policy"}, {"ledgers"}, {"attachments", "notifications"}, {"people"},
    {"organisations"}, {"audit", "search"}, {"common"},
]  # fmt: skip
SHARED = {
    "organisations.County": "the tenant itself",
    "organisations.Term": "every reader of a county may know its terms; read through the county",
    "organisations.CalendarDay": "every reader of a county may know its days; read through the county",
    "organisations.Jurisdiction": "the join that visible_to is made of",
    "people.Delegation": "read through the post it lends",
    "people.OneTimeCode": "never listed; redeemed by who holds the paper",
    "facilities.Listener": "a process of ours, no record; read by the engine alone",
    "search.SearchEntry": "read only by search.queries.find, which adds the reader's scope",
    "emergency.Probe": "nobody's data; read by the watchdog alone",
    "audit.AuditRow": "read only by the sealer and the verifier",
    "audit.AuditSeal": "read only by the verifier",
}


def our_models() -> list[type[Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("huyuan.")]


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_model_says_who_sees_its_rows(model):
    assert hasattr(model._default_manager, "visible_to") or model._meta.label in SHARED


def row_of(app: str) -> int:
    return next(number for number, row in enumerate(ROWS) if app in row)


@pytest.mark.parametrize("model", our_models(), ids=lambda m: m._meta.label)
def test_every_foreign_key_points_down(model):
    for field in model._meta.get_fields():
        target = getattr(field, "remote_field", None) and field.related_model
        if not target or field.auto_created or not target.__module__.startswith("huyuan."):
            continue
        same = target._meta.app_label == model._meta.app_label
        assert same or row_of(target._meta.app_label) > row_of(model._meta.app_label), f"{model} → {target}"


@pytest.mark.parametrize("model", [m for m in our_models() if issubclass(m, Stateful)], ids=lambda m: m._meta.label)
def test_every_status_is_in_its_table(model):
    reached = set().union(*model.TRANSITIONS.values()) | set(model.TRANSITIONS)
    assert reached == set(model.Status)


def test_no_migration_is_missing(db):
    ours = {model._meta.app_label for model in our_models()}
    call_command("makemigrations", *sorted(ours), "--check", "--dry-run", verbosity=0)


def test_every_root_row_carries_its_county():
    roots = {
        "User",
        "Organisation",
        "School",
        "Inspection",
        "Hazard",
        "Attachment",
        "Message",
        "ImportRun",
        "Term",
        "Plan",
        "RovingPlan",
        "Effort",
        "RectificationNotice",
        "Supervision",
        "Shift",
        "Device",
        "TestWindow",
        "Incident",
        "Press",
        "ContingencyPlan",
        "CapNotice",
        "OutsideReceiver",
    }
    for model in our_models():
        if model.__name__ in roots:
            assert any(f.name == "county" for f in model._meta.fields), model


def product_files() -> list[Path]:
    skip = {"tests", "migrations"}
    return [p for p in (ROOT / "huyuan").rglob("*.py") if not skip & set(p.relative_to(ROOT).parts)]


def test_files_stay_short_and_functions_shorter():
    for path in product_files():
        text = path.read_text()
        assert text.count("\n") < 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 40, f"{path}:{node.name}"


def test_no_signals_between_our_apps_and_no_drawers():
    for path in product_files():
        assert path.name not in {"utils.py", "helpers.py", "services.py", "managers.py", "signals.py"}
        assert "django.dispatch" not in path.read_text(), path
