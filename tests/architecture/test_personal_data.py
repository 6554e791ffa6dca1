"""Every field that can hold words is marked personal or harmless, and nothing sorts people by what they are."""

import json
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import translation

from factories import make_county
from huyuan.api.root import api
from huyuan.common.reach import Permission
from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.importing import IMPORTERS
from huyuan.people.roles import ALL_ROLES

WORDY = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField, ArrayField)

# Says who somebody is or how to reach them, lets somebody in, or is written freely, so that it may speak of somebody.
PERSONAL = {
    "api.ApiToken": {"name", "sign_in_hash"},
    "emergency.Call": {"landline"},
    "emergency.CapNotice": {"description", "headline", "instruction"},
    "emergency.Confirmation": {"group"},
    "emergency.ContingencyPlan": {"content"},
    "emergency.FakeSend": {"address", "text"},
    "emergency.Finding": {"text"},
    "emergency.HandOverOfCommand": {"situation"},
    "emergency.Incident": {"place", "plan"},
    "emergency.LogEntry": {"facts", "words"},
    "emergency.OutsideReceiver": {"name", "secret", "url"},
    "emergency.Page": {"address"},
    "emergency.Press": {"cancel_reason", "place", "remarks"},
    "emergency.PressKey": {"name", "public_key"},
    "emergency.PushSubscription": {"auth", "endpoint", "p256dh"},
    "emergency.Review": {"to_change", "went_well"},
    "emergency.SmallSchool": {"reason"},
    "emergency.Statement": {"text"},
    "facilities.Device": {"sealed_key"},
    "facilities.TestWindow": {"reason"},
    "inspections.Answer": {"note"},
    "inspections.Extension": {"reason"},
    "inspections.HandOver": {"answer", "asked", "interim", "reason", "result"},
    "inspections.Hazard": {
        "contingency",
        "description",
        "funding",
        "ledger",
        "pause_reason",
        "place",
        "requirement",
        "responsible_name",
    },
    "inspections.Inspection": {"cancel_reason"},
    "inspections.NoticeItem": {"description", "requirement", "responsible_name"},
    "inspections.Rectification": {"remark", "report"},
    "inspections.RovingVisit": {"reason"},
    "inspections.RectificationNotice": {
        "receiver_name",
        "refusal_reason",
        "withdraw_reason",
        "witness_name",
        "witness_organisation",
    },
    "inspections.Supervision": {"decline_reason", "proposal_reason"},
    "ledgers.CountyColumnSet": {"columns", "layout", "title"},
    "ledgers.ImportRun": {"file_name", "message", "result"},
    "ledgers.SavedView": {"name", "query"},
    "notifications.Channel": {"address", "name"},
    "notifications.Message": {"facts"},
    "organisations.CalendarDay": {"reason"},
    "organisations.Organisation": {"phone"},
    "organisations.School": {"head_name", "head_phone", "remark"},
    "people.Delegation": {"reason"},
    "people.User": {"email", "name", "password", "phone", "sort_key"},
    "policy.PlanVersion": {"file_name", "preamble", "text"},
    "policy.Supplement": {"proof", "what", "withdrawal_reason"},
    "search.SearchEntry": {"detail", "title", "tokens"},
}
# Names of things and places, words of our own to choose from, codes and digests.
HARMLESS = {
    "api.ApiToken": {"digest", "scopes"},
    "attachments.Attachment": {"digest", "key_id", "media_type", "owner_kind", "place"},
    "audit.AuditRow": {"details", "kind", "target_code", "target_type"},
    "audit.AuditSeal": {"digest"},
    "emergency.Call": {"arrived_how", "part"},
    "emergency.CapNotice": {
        "area",
        "certainty",
        "event",
        "identifier",
        "message_type",
        "references",
        "sender",
        "sender_name",
        "severity",
        "status",
        "urgency",
    },
    "emergency.Confirmation": {"kind"},
    "emergency.ContingencyPlan": {"kind", "status", "template"},
    "emergency.FakeSend": {"channel"},
    "emergency.Incident": {"alarm_class", "outcome", "policy", "sign", "status"},
    "emergency.LogEntry": {"kind", "process"},
    "emergency.OutsideReceiver": {"kind"},
    "emergency.Page": {"channel", "claimed_by", "reason", "sign", "status"},
    "emergency.Press": {"alarm_class", "sign", "source"},
    "emergency.Review": {"measured"},
    "emergency.RoleTask": {"part", "text"},
    "emergency.Statement": {"kind"},
    "emergency.Probe": {"answered_by"},
    "emergency.Step": {"claimed_by", "kind", "subject"},
    "emergency.UnitMember": {"part"},
    "facilities.Device": {"account", "key_id", "kind", "place"},
    "facilities.Listener": {"name"},
    "facilities.RefusedAccount": {"account", "reason"},
    "facilities.Signal": {"event", "frame", "kind", "sequence", "zone"},
    "guardposts.Shift": {"duty"},
    "inspections.Answer": {"item_key", "value"},
    "inspections.Extension": {"decision"},
    "inspections.HandOver": {"kind", "status"},
    "inspections.Hazard": {
        "basis",
        "category",
        "due_kind",
        "guide_item",
        "item_key",
        "level",
        "origin",
        "stated_level",
        "status",
    },
    "inspections.Inspection": {"checklist_code", "status"},
    "inspections.NoticeItem": {"basis", "level"},
    "inspections.NoticeNumbering": {"prefix"},
    "inspections.Rectification": {"verdict"},
    "inspections.RovingPlan": {"checklist_code"},
    "inspections.RovingVisit": {"status"},
    "inspections.RectificationNotice": {"kind", "outside_number", "prefix", "status"},
    "inspections.Signature": {"content_digest", "side"},
    "inspections.StepUp": {"rule"},
    "inspections.Supervision": {"status"},
    "ledgers.CountyColumnSet": {"ledger"},
    "ledgers.ImportRun": {"datum", "importer", "status"},
    "ledgers.SavedView": {"ledger"},
    "notifications.Delivery": {"reason", "status", "way"},
    "notifications.Message": {"kind", "url"},
    "organisations.County": {"adcode", "name", "outline"},
    "organisations.Jurisdiction": {"line"},
    "organisations.Organisation": {"kind", "name", "sort_key"},
    "organisations.School": {"identifier", "kind"},
    "organisations.Site": {"name"},
    "people.OneTimeCode": {"digest"},
    "people.Post": {"role"},
    "people.User": {"language"},
    "policy.Adoption": {"digest"},
    "policy.Clause": {"marker", "number", "text", "title"},
    "policy.Obligation": {"bearer", "key"},
    "policy.ObligationVersion": {"chosen_rhythm", "clause", "measure", "rule"},
    "policy.Plan": {"code", "title"},
    "policy.PlanVersion": {"digest"},
    "policy.Effort": {"occasion"},
    "search.SearchEntry": {"kind"},
}

REFUSED = re.compile(
    r"(?<![a-z])(petition|convict|crimin|offender|prison|addict|drug|illness|diagnos|mental|psychiatr|disorder|disabilit"
    r"|poverty|poor|welfare|famil|divorc|orphan|ethnic|religio|nationality|risk[ _-]?(level|score|rank|group|person))"
    r"|上访|信访|前科|犯罪|刑满|服刑|涉毒|吸毒|戒毒|精神病|病史|患病|疾病|残疾|贫困|低保|家庭|单亲|留守|离异|民族|宗教|国籍"
    r"|风险等级|危险等级|重点人员|重点人群"
)


def our_fields() -> list[tuple[str, models.Field]]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("huyuan.")]
    return [(model._meta.label, field) for model in ours for field in model._meta.fields]


def placed(table: dict[str, set[str]]) -> set[tuple[str, str]]:
    return {(label, name) for label, names in table.items() for name in names}


def test_every_field_that_holds_words_is_marked_personal_or_harmless():
    there = {(label, field.name) for label, field in our_fields() if isinstance(field, WORDY)}
    assert not placed(PERSONAL) & placed(HARMLESS)
    marked = placed(PERSONAL) | placed(HARMLESS)
    assert marked == there, f"not marked: {sorted(there - marked)}; gone: {sorted(marked - there)}"


def said_by_models() -> Iterator[str]:
    for label, field in our_fields():
        yield f"{label}.{field.name}"
        yield f"{label}.{field.name}: {field.verbose_name} {field.help_text}"
        for value, word in field.flatchoices:
            yield f"{label}.{field.name} = {value} {word}"


def said_by_ledgers(reaches) -> Iterator[str]:
    for key, ledger in LEDGERS.items():
        yield f"{key} {ledger.title}"
        for part in (*ledger.columns, *ledger.filters, *ledger.sorts, *ledger.column_sets):
            yield f"{key}: {part.key} {part.title}"
        for columns in ledger.column_sets:
            yield from (f"{key}: {title}" for title, _value in columns.columns)
        for entry in ledger.filters:
            for reach in reaches if entry.choices else ():
                yield from (f"{key}: {entry.key} = {value} {word}" for value, word in entry.choices(reach))
    for key, importer in IMPORTERS.items():
        yield from (f"{key}: {name} {word}" for name, word in importer.words.items())


def said_by_rights() -> Iterator[str]:
    yield from Permission
    yield from (f"{role.key} {role.name} {role.sentence}" for role in ALL_ROLES)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_nothing_sorts_people_by_what_they_are(db, language):
    cast = make_county()
    with translation.override(language):
        said = [
            *said_by_models(),
            *said_by_ledgers([cast.reach(part) for part in ("bureau", "head")]),
            *said_by_rights(),
            json.dumps(api.get_openapi_schema(), ensure_ascii=False),
        ]
    assert len(said) > 300
    assert [words for words in said if REFUSED.search(words.lower())] == []


@pytest.mark.parametrize("words", ["people.User.ethnicity", "risk_level", "家庭情况", "Mental illness", "是否上访"])
def test_the_words_that_are_refused_are_found(words):
    assert REFUSED.search(words.lower())
