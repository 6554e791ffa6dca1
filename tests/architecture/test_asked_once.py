"""No fact is asked for twice: every field of every form, import and interface says which fact it writes."""

import json
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.forms.forms import BaseForm
from django.urls import get_resolver

from huyuan.api.schemas import Body
from huyuan.common.effort import OCCASIONS, Occasion, asked_twice
from huyuan.common.forms import Form
from huyuan.inspections.register import REGISTER
from huyuan.ledgers.importing import IMPORTERS
from huyuan.organisations.roster import ROSTER
from huyuan.people.forms import SignInForm
from huyuan.people.register import PEOPLE
from huyuan.web import forms as of_signing_in

# Signing in and its second step belong to another package; they ask for no fact.
OF_SIGNING_IN = {SignInForm, of_signing_in.AddPasskeyForm, of_signing_in.EditPasskeyForm}
# Not shown: what other forms are made of.
BASES = {"Form", "MajorFields", "OfSchool", "ReasonForm", "WithKey"}
# Facts that lie in no column of their own.
BESIDE = {
    "inspections.hazard.photos": "files, with the hazard",
    "inspections.inspection.photos": "files, with the item",
    "inspections.rectification.photos": "files, with the round",
    "inspections.signature.withdrawal": "told to the other side; the audit has its digest",
}
SHEETS = {"schools": ROSTER, "people": PEOPLE, "hazards": REGISTER}


def below(kind: type) -> set[type]:
    return {one for child in kind.__subclasses__() for one in {child, *below(child)}}


def ours(kind: type) -> list[type]:
    assert get_resolver().url_patterns  # every page is loaded, and with it every form
    return sorted(
        (one for one in below(kind) if one.__module__.startswith("huyuan.")), key=lambda one: one.__qualname__
    )


def asking_forms() -> list[type[Form]]:
    return [one for one in ours(Form) if one.__name__ not in BASES]


def test_every_form_is_made_of_ours():
    strange = [one for one in ours(BaseForm) if not issubclass(one, Form)]
    assert set(strange) == OF_SIGNING_IN


@pytest.mark.parametrize("form", asking_forms(), ids=lambda form: form.__qualname__)
def test_every_field_of_a_form_says_which_fact_it_writes(form):
    assert "occasion" in vars(form), f"{form.__qualname__} needs an occasion of its own"
    assert form.base_fields.keys() <= form.occasion.facts.keys()


@pytest.mark.parametrize("body", ours(Body), ids=lambda body: body.__qualname__)
def test_the_interface_asks_for_the_facts_of_a_form(body):
    assert body.occasion is not None
    assert body.model_fields.keys() <= body.occasion.facts.keys()


@pytest.mark.parametrize("key", IMPORTERS)
def test_every_column_of_an_import_says_which_fact_it_writes(key):
    assert {column.name for column in SHEETS[key].fields} <= IMPORTERS[key].occasion.facts.keys()


def test_facts_are_columns_of_the_records():
    for occasion in OCCASIONS.values():
        for fact in filter(None, occasion.facts.values()):
            if fact in BESIDE:
                continue
            app, model, column = fact.partition("@")[0].split(".")
            assert column in {field.name for field in apps.get_model(app, model)._meta.get_fields()}, fact


def test_nothing_is_asked_twice():
    assert asked_twice() == {}


def test_what_is_asked_for_again_has_its_reason_and_another_occasion():
    for occasion in OCCASIONS.values():
        others = {fact for other in OCCASIONS.values() if other is not occasion for fact in other.facts.values()}
        for fact, reason in occasion.again.items():
            assert fact in occasion.facts.values() and fact in others, f"{occasion.key}: {fact} is asked only here"
            assert len(reason) > 20, f"{occasion.key}: say why {fact} is asked again"


def test_a_second_form_for_the_same_fact_is_found(monkeypatch):
    monkeypatch.setattr("huyuan.common.effort.OCCASIONS", dict(OCCASIONS))
    Occasion("inspections.again", "", {"wanted": "inspections.hazard.requirement"})
    assert asked_twice() == {"inspections.hazard.requirement": ["inspections.again", "inspections.order"]}


def test_the_command_says_what_is_asked_and_that_nothing_is_asked_twice():
    out = StringIO()
    call_command("burden", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["asked_twice"] == 0 and said["twice"] == {}
    assert said["occasions"] == len(said["list"]) == len(OCCASIONS)
    assert said["fields"] >= said["facts"] > 40
    out = StringIO()
    call_command("burden", stdout=out)
    assert "0 asked_twice" in out.getvalue() and "inspections.reject asks again" in out.getvalue()
