"""A county in which everything that has a page is in every state it can be in."""

import uuid
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from factories import (
    IN_PLACE,
    NOW,
    Cast,
    answer_everything,
    answered_check,
    begun_check,
    called_incident,
    checklist,
    contingency_draft,
    contingency_in_force,
    drawn_plan,
    handed_over,
    hazard_at,
    list_for,
    make_county,
    notice_of,
    photo,
    proposal,
    signed_check,
    spot_fix,
)
from huyuan.api.actions import make_token
from huyuan.api.models import ApiToken
from huyuan.common.effort import Cost
from huyuan.common.reach import Permission
from huyuan.emergency.actions import command, contingency, exercises, handling, offers, responding, review, units
from huyuan.emergency.actions.cap import take_notice
from huyuan.emergency.actions.outside import add_receiver
from huyuan.emergency.cap.reading import read_alert
from huyuan.emergency.cap.vocabulary import Kind, Severity, Status
from huyuan.emergency.cap.writing import to_xml
from huyuan.emergency.models import Call, Incident, OutsideReceiver, Page, Press, PressKey
from huyuan.emergency.signs import Sign
from huyuan.emergency.tests.devices import devices_in_every_state
from huyuan.emergency.tests.test_cap_alerts import PLAIN
from huyuan.emergency.tokens import LIFE
from huyuan.guardposts.actions import plan_shift
from huyuan.inspections.actions import checks, coordination, deadlines, hazards, papers, roving, supervision
from huyuan.inspections.actions.levels import set_level
from huyuan.inspections.models import Answer, Hazard, Inspection, RectificationNotice, RovingVisit, Supervision
from huyuan.inspections.tests.standings import TEXT, make_plan
from huyuan.ledgers.models import CountyColumnSet, ImportRun, SavedView
from huyuan.notifications.models import Channel, Message
from huyuan.people.actions.posts import lend_post
from huyuan.people.queries import DEMO_COUNTY
from huyuan.policy.actions import duties
from huyuan.policy.actions.plans import import_plan
from huyuan.policy.efforts.recording import add_efforts
from huyuan.policy.models import DayKind, Plan, Supplement

Kwargs = dict[str, Any]
LATER = NOW + timedelta(days=4)
LONG_NAME = "青溪镇中心小学校园及周边安全情况2026年秋季学期统计表（汇总·第二次修改）.xlsx"


def checks_in_every_state(cast: Cast) -> list[Inspection]:
    """Begun, failed with note and photo, half signed, opened again, signed, cancelled."""
    station = cast.reach("station")
    begun, failed, half, again, cancelled = begun_check(cast), *(answered_check(cast, 2) for _n in range(4))
    for answer in Answer.objects.filter(inspection=failed, value="no"):
        checks.photograph_item(inspection=failed, item_key=answer.item_key, raw=photo(), by=station, now=NOW)
    checks.sign_check(inspection=half, by=station, now=NOW)
    checks.sign_check(inspection=again, by=station, now=NOW)
    checks.reopen_check(inspection=again, reason="有一项填错", by=cast.reach("head"), now=NOW)
    checks.cancel_check(inspection=cancelled, reason="点错了学校", by=station, now=NOW)
    return [begun, failed, half, again, signed_check(cast, 2), cancelled, *rounds_of_the_school(cast)]


def rounds_of_the_school(cast: Cast) -> list[Inspection]:
    """The school's own round being walked, and signed with something found."""
    safety, daily = cast.reach("safety"), checklist("daily")
    walked = answer_everything(cast, begun_check(cast, by="safety", entry=daily), 1, by="safety")
    done = answer_everything(cast, begun_check(cast, by="safety", entry=daily), 1, by="safety")
    return [walked, checks.sign_check(inspection=done, by=safety, now=NOW)]


def visits_in_every_state(cast: Cast) -> list[RovingVisit]:
    """Planned, late, made, moved, left out."""
    station = cast.reach("station")
    plan = drawn_plan(cast, now=NOW - timedelta(days=14), per_school=4, gap_weeks=2)
    made, moved, dropped, *planned = plan.visits.order_by("planned_on")
    made_by = checks.begin_check(
        code=uuid.uuid4(), school=made.school, checklist=checklist(), visit=made, by=station, now=NOW
    )
    answer_everything(cast, made_by)
    checks.sign_check(inspection=made_by, by=station, now=NOW)
    checks.sign_check(inspection=made_by, by=cast.reach("head"), now=NOW)
    roving.move_visit(visit=moved, planned_on=NOW.date(), reason="学校举行秋季运动会", by=station, now=NOW)
    roving.drop_visit(visit=dropped, reason="教学点撤并，学生已分流", by=station, now=NOW)
    RovingVisit.objects.filter(pk=planned[0].pk).update(planned_on=NOW.date() - timedelta(days=7))
    return [planned[0]]


def order(cast: Cast, days: int) -> Hazard:
    """A hazard ordered put right within some days."""
    return hazards.order_rectification(
        hazard=hazard_at(cast, "registered"), requirement="更换损坏的疏散指示灯并检查全楼", responsible=cast.safety,
        days=days, due_kind=DayKind.CALENDAR, by=cast.reach("station"), now=NOW, **IN_PLACE,
    )  # fmt: skip


def hazards_in_every_state(cast: Cast) -> dict[str, list[Any]]:
    """Every state, every kind of deadline, and one that waits for a decision on more time."""
    station, safety = cast.reach("station"), cast.reach("safety")
    asked, paused, rejected = order(cast, 10), order(cast, 10), hazard_at(cast, "rectified")
    deadlines.ask_extension(
        hazard=asked, new_due_date=asked.due_date + timedelta(days=9), reason="等配件到货", by=safety, now=NOW
    )
    deadlines.pause_deadline(hazard=paused, reason="汛期停工", by=station, now=NOW)
    hazards.reject_rectification(hazard=rejected, remark="二楼的灯还不亮", days=7, by=station, now=NOW)
    states = [hazard_at(cast, status) for status in ("registered", "rectified", "closed")]
    fixed, unsure = spot_fix(cast), hazard_at(cast, "registered")
    set_level(hazard=unsure, level="major", guide_item="fire-exits", reason="", by=station, now=NOW)
    transfer, pending, promised = (handed_over(cast, kind) for kind in ("transfer", "coordination", "coordination"))
    coordination.accept_coordination(handover=promised, days=9, answer="供电所排期", by=cast.reach("health"), now=NOW)
    helped = [transfer.hazard, pending.hazard, promised.hazard]
    dated = [order(cast, days) for days in (1, 4, 5, 30)]
    return {
        "hazard": [*states, *dated, paused, rejected, asked, fixed, unsure, *helped], "asked": [asked], "fixed": [fixed],
        "handed": [transfer, pending], "promised": [promised],
    }  # fmt: skip


def notices_in_every_state(cast: Cast) -> dict[str, list[RectificationNotice]]:
    """Of the bureau: to be signed, signed, refused, withdrawn; of the station: a draft, a numbered one."""
    bureau, station = cast.reach("bureau"), cast.reach("station")
    waiting, signed, refused, withdrawn = (notice_of(cast, "bureau", 2) for _n in range(4))
    draft, numbered = (notice_of(cast, "station") for _n in range(2))
    papers.record_receipt(notice=signed, receiver_name="钱门卫", received_on=NOW.date(), by=bureau, now=NOW)
    papers.record_refusal(
        notice=refused, reason="校长不在", witness_name="孙村长", witness_organisation="青溪村委会", refused_on=NOW.date(),
        by=bureau, now=NOW,
    )  # fmt: skip
    papers.withdraw_notice(notice=withdrawn, reason="期限写错", by=bureau, now=NOW)
    papers.enter_number(notice=numbered, number="青公限改〔2026〕12号", dated_on=NOW.date(), by=station, now=NOW)
    ours = [notice.items.get().hazard for notice in (draft, numbered)]
    return {"notice": [waiting, signed, refused, withdrawn], "draft notice": [draft, numbered], "hazard": ours}


def supervision_in_every_state(cast: Cast) -> dict[str, list[Supervision]]:
    """Proposed, listed, declined, to be lifted, lifted."""
    leader = cast.reach("leader")
    proposed, listed, declined, closed, lifted = (proposal(cast) for _n in range(5))
    list_for(cast, listed)
    supervision.decline_supervision(supervision=declined, reason="已在施工", by=leader, now=NOW)
    for one in (closed, lifted):
        list_for(cast, one, then_close=True)
    supervision.lift_supervision(supervision=lifted, by=leader, now=NOW)
    return {"supervision": [proposed, listed, declined, closed, lifted], "supervised": [closed]}


def calls_in_every_state(cast: Cast) -> list[Call]:
    """Called, on the way, there, unable to come, after the all-clear, of an exercise, with a role card; uncalled."""
    real, drill, over = (called_incident(cast, alarm_class=key, sign=sign) for key, sign in (
        ("attack", Sign.REAL), ("fire", Sign.EXERCISE), ("gate", Sign.REAL)))  # fmt: skip
    card = {"part": "guard", "people": [cast.guard.pk]}
    card |= {f"minute_{minute}": [{"zh": "拿上防护盾，隔开来人", "en": "Keep the person away"}] for minute in (1, 3, 5)}
    Incident.objects.filter(pk=real.pk).update(plan={"cards": [card]})
    for part, answer in (("safety", responding.set_out), ("head", responding.decline)):
        answer(call=real.calls.get(user=cast.users[part]), by=cast.reach(part), now=NOW)
    arrived = real.calls.get(user=cast.station)
    responding.confirm_arrival(call=arrived, by=cast.reach("head"), now=NOW)
    uncalled = responding.come_uncalled(incident=real, by=cast.reach("teacher"), now=NOW)
    Incident.objects.filter(pk=over.pk).update(status="cleared", cleared_at=NOW, outcome="handled")
    mine = [real.calls.get(user=cast.users[part]) for part in ("guard", "safety", "head")]
    return [*mine, arrived, uncalled, *(one.calls.get(user=cast.guard) for one in (drill, over))]


def runs_in_every_state(cast: Cast) -> list[ImportRun]:
    """Imports being read, read with problems, without, refused, being written, done, dropped."""
    sentence = "该校出现两次且数字不一致：在校学生数本行为 226，第 8 行为 186。"
    problems = [
        {"row": row, "sheet": "学校基本情况", "field": "pupils", "value": "226", "reason": sentence, "offered": offered}
        for row, offered in ((0, []), (79, ["青溪镇中心小学", "青溪镇中心幼儿园"]))
    ]
    full = {"created": 63, "updated": 2, "unchanged": 1, "problems": problems, "notes": ["未使用的列：序号。"],
            "asked": [{"row": 5, "sheet": "隐患台账", "field": "level", "value": "较大", "reason": sentence}],
            "changes": [["青溪镇中心小学", ["pupils", "guards"]]]}  # fmt: skip
    empty = {"created": 0, "updated": 0, "unchanged": 66, "problems": []}
    status = ImportRun.Status
    states = [(status.READING, {}), (status.READ, full), (status.READ, empty), (status.REFUSED, {}),
              (status.APPLYING, full), (status.DONE, full), (status.DROPPED, full)]  # fmt: skip
    return [
        ImportRun.objects.create(
            county=cast.county, organisation=cast.organisations["bureau"], importer=importer, status=state,
            file_name=LONG_NAME, started_by=cast.bureau, post=cast.bureau.posts.get(), started_at=NOW, result=result,
            message="这是图片，不是表格。" if state == status.REFUSED else "",
        )
        for importer in ("schools", "people", "hazards") for state, result in states
    ]  # fmt: skip


def columns_of_the_county(cast: Cast) -> list[CountyColumnSet]:
    """An agency's own columns: just read with one title that nobody recognised, and looked through."""
    columns = [["序号", "line"], ["学校", "school"], ["隐患内容", "description"], ["网格员", ""]]
    layout = {"rows": [["青溪街道安全隐患台账", "", "", ""], [title for title, _key in columns]], "titles_at": 1,
              "merged": [[0, 0, 0, 3]]}  # fmt: skip
    return [
        CountyColumnSet.objects.create(
            county=cast.county, ledger="hazards", title="青溪街道安全隐患台账", columns=columns, layout=layout,
            added_by=cast.bureau, added_at=NOW, settled_at=settled,
        )
        for settled in (None, NOW)
    ]  # fmt: skip


def secure(cast: Cast) -> Authenticator:
    """One officer signs in with a second step and has a passkey."""
    TOTP.activate(cast.police, "A" * 32)
    RecoveryCodes.activate(cast.police)
    data = {"name": "办公电脑", "passwordless": True, "credential": passkey()}
    return Authenticator.objects.create(user=cast.police, type=Authenticator.Type.WEBAUTHN, data=data)


def passkey() -> dict[str, Any]:
    """A passkey as a browser registers it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), b"office", key)
    seen = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    about = AuthenticatorData.create(sha256(b"localhost"), seen, 0, credential)
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    response = {"clientDataJSON": client, "attestationObject": AttestationObject.create("none", about, {})}
    named = websafe_encode(credential.credential_id)
    kept = {name: websafe_encode(value) for name, value in response.items()}
    return {"type": "public-key", "id": named, "rawId": named, "response": kept}


def plan_with_its_duties(cast: Cast) -> tuple[Plan, Supplement]:
    """The plan in its second version; at one school a duty has somebody's name, two declarations, one taken back."""
    plan, head, school = make_plan(cast, counts_from=NOW.date()), cast.reach("head"), cast.organisations["school"]
    import_plan(
        county=cast.county, code=plan.code, text=TEXT.replace("人人有责", "人人尽责"), file_name="方案（修订）.txt", counts_from=None,
        by=cast.reach("bureau"), now=LATER,
    )  # fmt: skip
    joint, monthly = (plan.obligations.get(key=key) for key in ("joint-check", "monthly-check"))
    said, taken_back = (
        duties.declare_supplement(
            obligation=obligation, organisation=school, done_on=NOW.date() - timedelta(days=9), what="开学全面检查",
            proof="安全档案盒3", by=head, now=NOW,
        )
        for obligation in (joint, monthly)
    )  # fmt: skip
    duties.withdraw_supplement(supplement=taken_back, reason="填错了任务", by=head, now=NOW)
    duties.assign_duty(obligation=joint, organisation=school, person=cast.safety, by=head, now=NOW)
    duties.adopt_plan(organisation=school, by=head, now=NOW)
    return plan, said


def warnings_in_every_state(cast: Cast) -> None:
    """Of every severity, an exercise, a test, one replaced, one withdrawn, one over, one whose withdrawal came alone."""
    rain = read_alert(PLAIN.encode())
    said = replace(
        rain.infos[0], headline="云溪县气象台发布暴雨橙色预警信号", expires=LATER + timedelta(hours=9),
        description="预计今天白天我县大部有暴雨，局地大暴雨，山区需防范山洪和地质灾害。", instruction="各校停止户外活动，检查排水。",
    )  # fmt: skip
    made = [
        replace(rain, identifier=f"wx-{severity}", infos=(replace(said, severity=severity),)) for severity in Severity
    ]
    made += [replace(rain, identifier=f"wx-{status}", status=status, infos=(said,)) for status in Status]
    gone = [replace(rain, identifier=name, infos=(said,)) for name in ("old", "mistaken", "unknown")]
    ends = [(Kind.UPDATE, gone[0]), (Kind.CANCEL, gone[1]), (Kind.CANCEL, gone[2])]
    made += [rain, *gone[:2]]
    made += [
        replace(one, identifier=f"{one.identifier}-2", kind=kind, references=(one.reference,), sent=NOW)
        for kind, one in ends
    ]
    for alert in made:
        take_notice(raw=to_xml(alert), by=cast.reach("bureau"), now=NOW)


def receivers_of(cast: Cast) -> list[OutsideReceiver]:
    """A web hook and a receiving line."""
    return [
        add_receiver(
            name=name, kind=kind, url="https://line.example.cn/alarms/incoming/cap", secret="0123456789abcdef",
            by=cast.reach("commander"), now=NOW,
        )
        for name, kind in (("市公安局警情汇聚平台", "cap"), ("县接警中心", "line"))
    ]  # fmt: skip


def readiness_in_every_state(cast: Cast) -> dict[str, list[Kwargs]]:
    """A unit that is short, a small school, a draft beside the version in force, a plan given up, a shift, an offer."""
    head, school = cast.reach("head"), cast.schools["school"]
    for part, user in (("guard", cast.guard), ("leader", cast.head)):
        units.add_member(school=school, user=user, part=part, stand_in=False, by=head, now=NOW)
    units.declare_small(
        school=cast.schools["point"], helper=school.organisation, reason="在岗教师三人", by=head, now=NOW
    )
    in_force, draft = contingency_in_force(cast, "fire"), contingency_draft(cast, "fire")
    dropped = contingency.drop_draft(plan=contingency_draft(cast, "missing_pupil"), by=head, now=NOW)
    shift = plan_shift(
        organisation=school.organisation, user=cast.guard, duty="gate", weeks=1, starts_at=NOW,
        ends_at=NOW + timedelta(hours=9), by=head, now=NOW,
    )[0]  # fmt: skip
    offers.offer_help(by=cast.reach("volunteer"), now=NOW)
    private = contingency_draft(cast, "self_harm")
    return {
        "shift": [{"code": shift.code}], "school plan": [],
        "contingency": [{"code": plan.code} for plan in (draft, private, in_force, dropped)],
        "contingency in force": [{"code": in_force.code}],
    }  # fmt: skip


def incidents_in_every_state(cast: Cast) -> dict[str, list[Any]]:
    """A real alarm with a plan, an exercise and a test that run; cleared with findings, reviewed."""
    head, commander, school = cast.reach("head"), cast.reach("commander"), cast.schools["school"]
    contingency_in_force(cast, "violent_attack")
    real, test, cleared, reviewed = (
        called_incident(cast, alarm_class=kind, sign=sign, by="safety")
        for kind, sign in (("attack", "real"), ("gate", "test"), ("fire", "real"), ("medical", "real"))
    )
    exercise = exercises.start_exercise(
        school=school, alarm_class="attack", announced=True, place="东门", code=uuid.uuid4(), by=head, now=NOW
    )
    for one in (real, exercise, cleared):
        handling.lay_out_plan(incident=one, now=NOW)
    handling.tick_task(task=real.tasks.first(), by=head, now=NOW)
    handling.confirm_lockdown(incident=real, group="三（2）班", by=head, now=NOW)
    handling.count_heads(incident=real, group="三（2）班", present=41, expected=42, by=head, now=NOW)
    handling.note_down(incident=real, words="歹徒在东门", by=head, now=NOW)
    released = handling.release_statement(
        statement=real.statements.get(kind="parents"), text="学生安全", by=head, now=NOW
    )
    guard = real.calls.get(user=cast.guard)
    responding.arrive(call=guard, how=Call.Arrival.TAP, by=cast.reach("guard"), now=NOW + timedelta(seconds=20))
    voice = real.pages.filter(channel="voice", call__user=cast.safety)
    voice.update(status=Page.Status.FAILED, reason="无人接听")
    for one in (cleared, reviewed):
        command.give_all_clear(incident=one, outcome="handled", words="", by=commander, now=LATER)
    found, given, hazardous = (
        review.add_finding(incident=cleared, text="东门无人值守", by=head, now=LATER) for _n in range(3)
    )
    station = cast.organisations["station"]
    review.give_task(finding=given, to=station, due=LATER.date(), by=head, now=LATER)
    review.make_hazard(finding=hazardous, category="other", place="东门", by=head, now=LATER)
    review.close_review(incident=reviewed, went_well="快", to_change="无", by=head, now=LATER)
    return {
        "incident": [real, exercise, test, cleared, reviewed], "cleared incident": [cleared, reviewed, real],
        "role task": [real.tasks.last()], "call": [real.calls.get(user=cast.safety)],
        "statement": [real.statements.get(kind="press")], "released statement": [released], "finding": [found],
        "given finding": [given],
    }  # fmt: skip


class Scene:
    """The county, and for each kind of thing in an address the things that are looked at."""

    def __init__(self) -> None:
        self.cast = cast = make_county()
        make_county("示例县", DEMO_COUNTY, "197000")
        stand = hazards_in_every_state(cast)
        on_paper, listed = notices_in_every_state(cast), supervision_in_every_state(cast)
        stand["hazard"] += [*on_paper.pop("hazard"), *(one.hazard for one in listed["supervision"])]
        call_command("step_up", now=(NOW + timedelta(days=12)).isoformat(), json=True, stdout=StringIO())
        walked = checks_in_every_state(cast)
        key = secure(cast)
        self.make_small_things()
        devices, tests = devices_in_every_state(cast)
        warnings_in_every_state(cast)
        receivers = receivers_of(cast)
        told = called_incident(cast, alarm_class="disaster")
        incidents = incidents_in_every_state(cast)
        incidents["guard's call"] = calls_in_every_state(cast)
        incidents["alarm"] = list(Press.objects.filter(pressed_by=cast.safety)[:1])
        coded: dict[str, list[Any]] = {
            "school": [cast.organisations[key] for key in ("school", "point", "far_school")],
            "agency": [cast.organisations[key] for key in ("town", "security")],
            "check": walked, "visit": visits_in_every_state(cast), "view": list(SavedView.objects.all()), "token": list(ApiToken.objects.all()),
            "message": list(Message.objects.filter(recipient=cast.head)[:1]), "channel": list(Channel.objects.all()),
            "column set": columns_of_the_county(cast), "device": devices, "test": tests,
            "receiver": receivers, "told incident": [told],
            "phone": list(PressKey.objects.all()),
            "person": [cast.teacher, cast.counsellor, cast.nobody, cast.head],
            "post": [cast.teacher.posts.get(), cast.counsellor.posts.get()], "run": runs_in_every_state(cast), **stand, **on_paper, **listed,
            **incidents,
        }  # fmt: skip
        self.things: dict[str, list[Kwargs]] = {
            tag: [{"code": one.code} for one in found] for tag, found in coded.items()
        }
        plan, said = plan_with_its_duties(cast)
        school = cast.organisations["school"]
        self.things |= readiness_in_every_state(cast)
        self.things |= {
            "version": [{"code": plan.versions.latest("number").code}], "supplement": [{"code": said.code}],
            "obligation": [{"key": "joint-check"}, {"key": "screening"}],
            "duty": [{"code": school.code, "key": key} for key in ("joint-check", "monthly-check", "counselling", "rectify")],
            "": [{}], "importer": [{"key": "schools"}, {"key": "people"}, {"key": "hazards"}], "key": [{"pk": key.pk}],
            "ledger": [{"key": "hazards"}, {"key": "people"}], "ledger columns": [{"key": "hazards", "columns": "education"}],
            "check item": [{"code": walked[0].code, "item_key": "facility_wall"}], "photo": [],
            "cap message": [{"code": told.code, "entry": told.log.get(kind="press").pk}],
        }  # fmt: skip

    def make_small_things(self) -> None:
        """Somebody without a password, a lent post, a token, a saved view, a group robot."""
        cast = self.cast
        cast.counsellor.password = make_password(None)
        cast.counsellor.save(update_fields=["password"])
        day = NOW.date()
        lend_post(
            post=cast.guard.posts.get(), to_user=cast.teacher, starts_on=day, ends_on=day + timedelta(days=9),
            reason="外出培训", by=cast.reach("guard"), now=NOW,
        )  # fmt: skip
        cost = Cost("inspections.rectify", typed=2, filled=1, seconds=95)
        taken_out = Cost("export.hazards.police", reused=180)
        for part, at in (("safety", NOW - timedelta(days=20)), ("safety", NOW), ("other_head", NOW), ("bureau", NOW)):
            add_efforts(costs=[cost, taken_out], by=cast.reach(part), now=at)
        make_token(name="采集程序", scopes=[Permission.HAZARD_READ], days=30, by=cast.reach("station"), now=NOW)
        for person in (cast.station, cast.guard):
            for name, made, revoked in (("办公手机", NOW, None), ("", NOW - LIFE, None), ("丢失的手机", NOW, NOW)):
                PressKey.objects.create(
                    user=person, public_key="BP", name=name, made_at=made, renewed_at=made, revoked_at=revoked
                )
        SavedView.objects.create(user=cast.station, ledger="hazards", name="整改中的", query="status=ordered")
        Channel.objects.create(
            organisation=cast.organisations["station"], name="派出所工作群", address="wecombot://key"
        )

    def kwargs(self, tag: str) -> list[Kwargs]:
        """What fills an address; a new kind of thing has to be added here."""
        assert tag in self.things, f"tests/journeys/scene.py has no {tag!r} to fill an address with"
        return self.things[tag]


# Further renderings of a page under the same address.
QUERIES: dict[str, tuple[str, ...]] = {
    "inspections:hazards": ("", "?status=ordered", "?q=不存在的词", "?sort=due"),
    "inspections:inspections": ("", "?status=signed"),
    "facilities:devices": ("", "?state=silent"),
    "web:schools": ("", "?q=青溪"),
    "web:search": ("", "?q=青溪", "?q=没有这个词"),
    "emergency:plans": ("", "?school={school}"),
    "emergency:plan": ("", "?with=1"),
    "emergency:unit": ("", "?school={school}"),
    "policy:plan": ("", "?of={school}", "?show=no_data", "?show=missed"),
    "policy:obligation": ("", "?unmet"),
    "emergency:incidents": ("", "?sign=exercise"),
    "emergency:exercise": (
        "",
        "?school={school}&alarm_class=attack&place=",
        "?school={school}&alarm_class=attack&place=&announced=yes",
    ),
    "inspections:begin": ("", "?school={school}"),
    "inspections:open_hazards": ("", "?level=major&turn=school", "?category=bus"),
}
