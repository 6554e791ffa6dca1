"""Who asks, and one of everything that stands in an address, all at the school of the cast."""

import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from factories import (
    NOW,
    Cast,
    answered_check,
    begun_check,
    called_incident,
    contingency_draft,
    contingency_in_force,
    drawn_plan,
    handed_over,
    hazard_at,
    list_for,
    notice_of,
    photo,
    pressed,
    proposal,
    spot_fix,
)
from huyuan.api.actions import make_token
from huyuan.api.models import ApiToken
from huyuan.common.reach import Permission
from huyuan.emergency.actions import command, handling, outside, review, units
from huyuan.emergency.models import PressKey, RoleTask
from huyuan.emergency.tests.devices import device_of, test_of
from huyuan.emergency.tests.test_cap_alerts import PLAIN
from huyuan.guardposts.actions import plan_shift
from huyuan.inspections.actions import checks, coordination, deadlines
from huyuan.inspections.tests.standings import make_plan
from huyuan.ledgers.declaration import LEDGERS
from huyuan.ledgers.importing import IMPORTERS
from huyuan.ledgers.models import CountyColumnSet, ImportRun, SavedView
from huyuan.notifications.models import Channel, Message
from huyuan.policy.actions import duties

Body = tuple[bytes, str]
# One for all: making one loads every middleware anew.
HANDLER = Client().handler
NO_BODY: Body = (b"", "application/octet-stream")


def as_json(**said: Any) -> Body:
    return json.dumps(said).encode(), "application/json"


def as_form(**said: Any) -> Body:
    return encode_multipart(BOUNDARY, said), MULTIPART_CONTENT


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", photo(), "image/jpeg")


@dataclass(frozen=True)
class Caller:
    """Somebody who asks; each time with a fresh client, for an answer may sign them out."""

    said: str
    session: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said

    def ask(self, method: str, url: str, body: Body) -> int:
        """The status of one request; what it wrote is taken back."""
        client = Client(HTTP_HOST="localhost", headers=self.headers)
        client.handler = HANDLER
        if self.session:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.session
        with transaction.atomic():
            content, kind = NO_BODY if method in {"GET", "HEAD", "OPTIONS"} else body
            status = client.generic(method, url, content, kind).status_code
            transaction.set_rollback(True)
        return status


class Scene:
    """The two counties of a test, their callers and their things."""

    stranger = Caller("stranger")

    def __init__(self, cast: Cast, foreign: Cast) -> None:
        self.cast, self.foreign = cast, foreign
        self.callers: dict[str, Caller] = {}

    def session(self, part: str, foreign: bool = False) -> Caller:
        """Somebody signed in."""
        said = f"{'foreign ' if foreign else ''}{part}"
        if said not in self.callers:
            client = Client(HTTP_HOST="localhost")
            client.force_login((self.foreign if foreign else self.cast).users[part])
            self.callers[said] = Caller(said, session=client.cookies[settings.SESSION_COOKIE_NAME].value)
        return self.callers[said]

    def token(self, part: str, foreign: bool = False) -> Caller:
        """A program with every right of somebody's post."""
        said = f"{'foreign ' if foreign else ''}{part}'s token"
        if said not in self.callers:
            by = (self.foreign if foreign else self.cast).reach(part)
            made = make_token(name="采集", scopes=by.permissions, days=30, by=by, now=NOW)
            self.callers[said] = Caller(said, headers={"Authorization": f"Bearer {made}"})
        return self.callers[said]

    def url_of(self, name: str, thing: str) -> str:
        """The address with its thing filled in."""
        return reverse(name, kwargs=self.things[thing])

    def body_of(self, name: str) -> Body:
        """What an operation of the REST interface wants; a page is sent an empty form."""
        return self.bodies.get(name, NO_BODY)

    @cached_property
    def things(self) -> dict[str, dict[str, Any]]:
        """One of everything, as the arguments of its address."""
        cast = self.cast
        return {
            "": {},
            "agency": {"code": cast.organisations["town"].code},
            "school": {"code": cast.organisations["school"].code},
            "person": {"code": cast.teacher.code},
            "post": {"code": cast.teacher.posts.get().code},
            "key": {"pk": 1},
            **self._plan(), **self._checks(), **self._hazards(), **self._papers(), **self._own(), **self._ledgers(),
            **self._devices(), **self._cap(), **self._readiness(), **self._incidents(),
        }  # fmt: skip

    def _checks(self) -> dict[str, dict[str, Any]]:
        by, check = self.cast.reach("station"), answered_check(self.cast)
        key = next(check.checklist.items()).key
        kept = checks.photograph_item(inspection=check, item_key=key, raw=photo(), by=by, now=NOW)
        return {
            "check": {"code": check.code},
            "check item": {"code": check.code, "item_key": key},
            "open check item": {"code": begun_check(self.cast).code, "item_key": key},
            "half-signed check": {"code": checks.sign_check(inspection=answered_check(self.cast), by=by, now=NOW).code},
            "photo": {"code": kept.code},
            "visit": {"code": drawn_plan(self.cast).visits.first().code},
        }

    def _hazards(self) -> dict[str, dict[str, Any]]:
        cast = self.cast
        found = {state: hazard_at(cast, state) for state in ("registered", "ordered", "rectified")}
        asked, paused = hazard_at(cast, "ordered"), hazard_at(cast, "ordered")
        deadlines.pause_deadline(hazard=paused, reason="等配件", by=cast.reach("station"), now=NOW)
        deadlines.ask_extension(
            hazard=asked, new_due_date=asked.due_date.replace(month=12), reason="等配件", by=cast.reach("safety"),
            now=NOW,
        )  # fmt: skip
        found["paused"] = paused
        named = {f"{state} hazard": {"code": hazard.code} for state, hazard in found.items()}
        promised = handed_over(cast, "coordination")
        coordination.accept_coordination(handover=promised, days=5, answer="", by=cast.reach("health"), now=NOW)
        return named | {
            "hazard": named["ordered hazard"], "asked": {"code": asked.code}, "fixed": {"code": spot_fix(cast).code},
            "handed": {"code": handed_over(cast, "transfer").code}, "promised": {"code": promised.code},
        }  # fmt: skip

    def _readiness(self) -> dict[str, dict[str, Any]]:
        """A draft that can be approved, a plan in force, a shift, and a school that is arranged as small."""
        cast, school = self.cast, self.cast.schools["school"]
        units.declare_small(
            school=school, helper=cast.organisations["station"], reason="三人", by=cast.reach("head"), now=NOW
        )
        shift = plan_shift(
            organisation=cast.organisations["school"], user=cast.guard, duty="gate", weeks=1,
            starts_at=NOW, ends_at=NOW + timedelta(hours=9), by=cast.reach("head"), now=NOW,
        )[0]  # fmt: skip
        return {
            "shift": {"code": shift.code},
            "school plan": {"code": cast.organisations["school"].code, "kind": "fire"},
            "contingency": {"code": contingency_draft(cast, "gate_trouble").code},
            "contingency in force": {"code": contingency_in_force(cast, "medical").code},
        }

    def _plan(self) -> dict[str, dict[str, Any]]:
        """A plan in force, a duty of the school and something it declared."""
        cast = self.cast
        plan = make_plan(cast, counts_from=NOW.date())
        school, key = cast.organisations["school"], "joint-check"
        said = duties.declare_supplement(
            obligation=plan.obligations.get(key=key), organisation=school, done_on=NOW.date() - timedelta(days=9),
            what="开学检查", proof="档案盒", by=cast.reach("head"), now=NOW,
        )  # fmt: skip
        return {
            "version": {"code": plan.versions.get().code},
            "obligation": {"key": key},
            "duty": {"code": school.code, "key": key},
            "supplement": {"code": said.code},
        }

    def _incidents(self) -> dict[str, dict[str, Any]]:
        """An alarm that runs, with a task, a call and a draft; a cleared one with findings and a released text."""
        cast = self.cast
        running, over = called_incident(cast), called_incident(cast, alarm_class="fire")
        handling.lay_out_plan(incident=running, now=NOW)
        task = RoleTask.objects.create(incident=running, part="guard", minute=1, text={"zh": "关校门"})
        text = handling.draft_statement(incident=over, kind="parents", by=cast.reach("head"), now=NOW)
        handling.release_statement(statement=text, text="学生安全", by=cast.reach("head"), now=NOW)
        command.give_all_clear(incident=over, outcome="handled", words="", by=cast.reach("commander"), now=NOW)
        found, given = (
            review.add_finding(incident=over, text="东门无人", by=cast.reach("head"), now=NOW) for _n in range(2)
        )
        due, station = NOW.date() + timedelta(days=9), cast.organisations["station"]
        review.give_task(finding=given, to=station, due=due, by=cast.reach("head"), now=NOW)
        return {
            "incident": {"code": running.code}, "cleared incident": {"code": over.code}, "role task": {"code": task.code},
            "call": {"code": running.calls.get(user=cast.safety).code},
            "guard's call": {"code": running.calls.get(user=cast.guard).code},
            "statement": {"code": running.statements.get(kind="press").code},
            "released statement": {"code": text.code}, "finding": {"code": found.code}, "given finding": {"code": given.code},
        }  # fmt: skip

    def _papers(self) -> dict[str, dict[str, Any]]:
        """A notice of the bureau, a draft of the station, a proposal for listed supervision, one that can be lifted."""
        cast = self.cast
        undecided, closed = proposal(cast), proposal(cast)
        list_for(cast, closed, then_close=True)
        return {
            "notice": {"code": notice_of(cast, "bureau").code},
            "draft notice": {"code": notice_of(cast, "station").code},
            "supervision": {"code": undecided.code},
            "supervised": {"code": closed.code},
        }

    def _devices(self) -> dict[str, dict[str, Any]]:
        """An alarm panel of the school and a test that is announced."""
        return {"device": {"code": device_of(self.cast).code}, "test": {"code": test_of(self.cast).code}}

    def _own(self) -> dict[str, dict[str, Any]]:
        """What one person or organisation has: a saved view, a token, a message, a group robot."""
        cast = self.cast
        make_token(name="大屏", scopes=[Permission.HAZARD_READ], days=30, by=cast.reach("station"), now=NOW)
        view = SavedView.objects.create(user=cast.station, ledger="hazards", name="我的", query="status=ordered")
        columns = CountyColumnSet.objects.create(
            county=cast.county, ledger="hazards", title="街道台账", columns=[["学校", "school"]],
            layout={"rows": [["学校"]], "titles_at": 0, "merged": []}, added_by=cast.bureau, added_at=NOW,
        )  # fmt: skip
        phone = PressKey.objects.create(user=cast.guard, public_key="BP", made_at=NOW, renewed_at=NOW)
        robot = Channel.objects.create(
            organisation=cast.organisations["station"], name="所群", address="wecombot://key"
        )
        return {
            "view": {"code": view.code},
            "phone": {"code": phone.code},
            "alarm": {"code": pressed(cast).code},
            "column set": {"code": columns.code},
            "token": {"code": ApiToken.objects.get(name="大屏").code},
            "message": {"code": Message.objects.filter(recipient=cast.head).first().code},
            "channel": {"code": robot.code},
        }

    def _cap(self) -> dict[str, dict[str, Any]]:
        """A receiver outside, an incident and its first message."""
        cast = self.cast
        kept = outside.add_receiver(
            name="市局", kind="cap", url="https://line.example/cap", secret="0123456789abcdef",
            by=cast.reach("commander"), now=NOW,
        )  # fmt: skip
        incident = called_incident(cast)
        return {
            "receiver": {"code": kept.code},
            "told incident": {"code": incident.code},
            "cap message": {"code": incident.code, "entry": incident.log.get(kind="press").pk},
        }

    def _ledgers(self) -> dict[str, dict[str, Any]]:
        """Every ledger, every column set, every importer, and a run of each."""
        found: dict[str, dict[str, Any]] = {}
        for key, ledger in LEDGERS.items():
            found[f"{key} ledger"] = {"key": key}
            for columns in ledger.column_sets:
                found[f"{key} {columns.key} ledger columns"] = {"key": key, "columns": columns.key}
        bureau = self.cast.bureau
        for key in IMPORTERS:
            found[f"{key} importer"] = {"key": key}
            run = ImportRun.objects.create(
                county=self.cast.county, organisation=self.cast.organisations["bureau"], importer=key,
                status=ImportRun.Status.READ, file_name="名册.xlsx", started_by=bureau, post=bureau.posts.get(),
                started_at=NOW, result={"created": 1},
            )  # fmt: skip
            found[f"{key} run"] = {"code": run.code}
        return found

    @cached_property
    def bodies(self) -> dict[str, Body]:
        """What the operations of the REST interface are sent, by their names."""
        school = str(self.cast.organisations["school"].code)
        return {
            "api-v1:begin_check": as_json(code=str(uuid.uuid4()), school=school, checklist="comprehensive"),
            "api-v1:raise_alarm": as_json(code=str(uuid.uuid4()), school=school, alarm_class="gate", sign="real"),
            "api-v1:take_notice": (PLAIN.encode(), "application/cap+xml"),
            "api-v1:answer_item": as_json(value="yes"),
            "api-v1:photograph_item": as_form(photo=picture()),
            "api-v1:order_rectification": as_json(
                requirement="更换", responsible_phone=self.cast.safety.phone, level="general", days=5
            ),
            "api-v1:rectify_hazard": as_form(report="已更换", photos=[picture()]),
            "api-v1:close_hazard": as_json(remark=""),
            "api-v1:ask_extension": as_json(new_due_date="2026-12-20", reason="等配件"),
            "api-v1:decide_extension": as_json(grant=True),
            **dict.fromkeys(
                ("api-v1:pause_deadline", "api-v1:reopen_check", "api-v1:cancel_check"), as_json(reason="等配件")
            ),
            "api-v1:reject_rectification": as_json(remark="还不亮", days=3),
        }
