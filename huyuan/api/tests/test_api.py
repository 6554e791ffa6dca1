"""The REST interface: the same actions as the pages, behind personal tokens."""

import json
import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from factories import NOW, answered_check, begun_check, hazard_at, photo
from huyuan.api.actions import make_token, revoke_token
from huyuan.api.models import ApiToken
from huyuan.api.root import api
from huyuan.attachments.models import Attachment
from huyuan.audit.models import AuditRow
from huyuan.common.reach import Permission as P
from huyuan.inspections.models import Inspection
from huyuan.people.models import Delegation
from huyuan.people.reaches import reach_of

# Set in the environment, it makes the first test write down the interface as it is now.
AGREE = "HUYUAN_AGREE_OPENAPI"
SNAPSHOT = Path(__file__).parent / "openapi.json"


@pytest.fixture
def caller(cast):
    """A client that speaks for a member of the cast with some rights."""

    def call(part, *scopes, days=30):
        token = make_token(name="采集", scopes=scopes, days=days, by=cast.reach(part), now=NOW)
        return Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {token}"})

    return call


def send(client, method, path, body=None):
    return getattr(client, method)(f"/api/v1{path}", data=json.dumps(body or {}), content_type="application/json")


def test_the_schema_is_the_one_that_was_agreed(db):
    schema = json.loads(json.dumps(api.get_openapi_schema()))
    if os.environ.get(AGREE):
        SNAPSHOT.write_text(json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    assert SNAPSHOT.exists(), f"{SNAPSHOT.name} is missing: bring it back, or write it anew with {AGREE}=1"
    assert json.loads(SNAPSHOT.read_text()) == schema, (
        f"the interface changed: run this test with {AGREE}=1 and read the difference of {SNAPSHOT.name}"
    )


def test_a_token_is_shown_once_and_kept_as_a_digest(cast, sign_in):
    client = sign_in(cast.station)
    page = client.post(reverse("api:tokens"), {"name": "大屏", "scopes": ["hazard:read"], "days": 30})
    token = page.context["made"]
    assert token in page.content.decode()
    assert token not in client.get(reverse("api:tokens")).content.decode()
    assert ApiToken.objects.get().digest != token


def test_a_token_says_for_whom_and_with_which_rights_it_speaks(caller):
    assert caller("station", P.HAZARD_READ).get("/api/v1/me").json()["rights"] == ["hazard:read"]


def test_a_token_made_at_a_borrowed_post_speaks_for_its_owner(cast, caller):
    day, post = NOW.date(), cast.safety.posts.get()
    Delegation.objects.create(post=post, to_user=cast.teacher, starts_on=day, ends_on=day, reason="外出培训")
    by = reach_of(cast.teacher, post)
    token = make_token(name="采集", scopes=[P.HAZARD_READ], days=1, by=by, now=NOW)
    client = Client(HTTP_HOST="localhost", headers={"Authorization": f"Bearer {token}"})
    said = client.get("/api/v1/me").json()
    assert (said["name"], said["role"]) == (cast.teacher.name, "safety_officer")


@pytest.mark.parametrize("change", ["expired", "revoked", "post ended", "password reset", "unknown"])
def test_a_token_that_is_no_longer_valid_says_why(cast, caller, clock, change):
    client = caller("station", P.HAZARD_READ)
    token = ApiToken.objects.get()
    if change == "expired":
        clock.set(NOW + timedelta(days=31))
    elif change == "revoked":
        revoke_token(token=token, by=cast.reach("station"), now=NOW)
    elif change == "post ended":
        cast.station.posts.update(ends_on=NOW.date() - timedelta(days=1), starts_on=NOW.date() - timedelta(days=9))
    elif change == "password reset":
        cast.station.set_password("another-password-2")
        cast.station.save()
    else:
        token.delete()
    answer = client.get("/api/v1/hazards/")
    assert answer.status_code == 401
    assert len(answer.json()["message"]) > 5


def test_a_session_alone_does_not_open_the_interface(cast, sign_in):
    assert sign_in(cast.station).get("/api/v1/hazards/").status_code == 401


def test_a_right_of_the_post_that_the_token_lacks_is_refused(cast, caller):
    hazard = hazard_at(cast, "rectified")
    answer = send(caller("station", P.HAZARD_READ), "post", f"/hazards/{hazard.code}/close", {"remark": ""})
    assert answer.status_code == 403
    hazard.refresh_from_db()
    assert hazard.status == "rectified"
    assert AuditRow.objects.filter(kind="request:denied").exists()


def test_what_lies_outside_the_reach_does_not_exist(cast, caller):
    hazard = hazard_at(cast, "ordered")
    client = caller("other_station", P.HAZARD_READ)
    assert client.get(f"/api/v1/hazards/{hazard.code}").status_code == 404
    assert client.get("/api/v1/hazards/").json()["items"] == []


def test_a_check_begun_twice_under_one_code_is_one_check(cast, caller):
    client = caller("station", P.INSPECTION_CONDUCT, P.INSPECTION_READ, P.SCHOOL_READ)
    body = {"code": str(uuid.uuid4()), "school": str(cast.organisations["school"].code), "checklist": "comprehensive"}
    assert [send(client, "post", "/checks/", body).status_code for _ in range(2)] == [201, 201]
    assert Inspection.objects.count() == 1


def test_an_answer_on_an_old_revision_is_a_conflict(cast, caller):
    check = begun_check(cast)
    key = next(check.checklist.items()).key
    client = caller("station", P.INSPECTION_CONDUCT, P.INSPECTION_READ)
    path = f"/checks/{check.code}/items/{key}"
    assert send(client, "put", path, {"value": "yes"}).json()["revision"] == 1
    assert send(client, "put", path, {"value": "no"}).status_code == 409
    assert client.get(f"/api/v1/checks/{check.code}").json()["answers"][key]["value"] == "yes"


def test_whoever_may_not_order_learns_nothing_about_a_number(cast, caller):
    hazard = hazard_at(cast, "registered")
    order = {"requirement": "更换", "level": "general", "days": 5}
    answers = [
        send(
            caller("teacher", P.HAZARD_READ), "post", f"/hazards/{hazard.code}/order", order | {"responsible_phone": n}
        )
        for n in (cast.safety.phone, cast.other_head.phone, "13000000000")
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


def test_a_number_of_another_school_is_as_unknown_as_nobodys(cast, caller):
    hazard = hazard_at(cast, "registered")
    order = {"requirement": "更换", "level": "general", "days": 5}
    client = caller("station", P.HAZARD_READ, P.HAZARD_ORDER)
    answers = [
        send(client, "post", f"/hazards/{hazard.code}/order", order | {"responsible_phone": n})
        for n in (cast.other_head.phone, "13000000000")
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert {answer.json()["message"] for answer in answers} == {"这所学校没有人用这个手机号。"}


def test_the_loop_of_a_hazard_can_be_walked(cast, caller):
    hazard = hazard_at(cast, "registered")
    station = caller("station", P.HAZARD_READ, P.HAZARD_ORDER, P.HAZARD_RECHECK)
    school = caller("safety", P.HAZARD_READ, P.HAZARD_RECTIFY)
    order = {"requirement": "更换", "responsible_phone": cast.safety.phone, "level": "general", "days": 5}
    assert send(station, "post", f"/hazards/{hazard.code}/order", order).json()["status"] == "ordered"
    picture = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    done = school.post(f"/api/v1/hazards/{hazard.code}/rectify", {"report": "已更换", "photos": [picture]})
    assert done.json()["status"] == "rectified"
    rejected = send(station, "post", f"/hazards/{hazard.code}/reject", {"remark": "还不亮", "days": 3})
    assert (rejected.json()["status"], rejected.json()["round"]) == ("ordered", 2)


def test_more_time_is_asked_for_seen_and_decided(cast, caller):
    hazard = hazard_at(cast, "ordered")
    station, school = (
        caller("station", P.HAZARD_READ, P.HAZARD_ORDER),
        caller("safety", P.HAZARD_READ, P.HAZARD_RECTIFY),
    )
    path = f"/hazards/{hazard.code}/extension"
    assert send(station, "post", f"{path}/decision", {"grant": True}).status_code == 404
    send(school, "post", path, {"new_due_date": "2026-10-20", "reason": "等配件"})
    assert station.get("/api/v1/hazards/").json()["items"][0]["asked_due_date"] == "2026-10-20"
    decided = send(station, "post", f"{path}/decision", {"grant": True}).json()
    assert (decided["due_date"], decided["asked_due_date"]) == ("2026-10-20", None)


def test_a_deadline_is_paused_and_runs_again(cast, caller):
    hazard = hazard_at(cast, "ordered")
    client = caller("station", P.HAZARD_READ, P.HAZARD_PAUSE)
    path = f"/hazards/{hazard.code}"
    assert send(client, "post", f"{path}/pause", {"reason": " "}).status_code == 422
    assert send(client, "post", f"{path}/pause", {"reason": "等配件"}).json()["paused"]
    assert not send(client, "post", f"{path}/resume").json()["paused"]
    assert send(client, "post", f"{path}/resume").status_code == 409


def test_a_half_signed_check_is_opened_again_and_then_cancelled(cast, caller):
    check = answered_check(cast)
    client = caller("station", P.INSPECTION_READ, P.INSPECTION_SIGN, P.INSPECTION_CONDUCT)
    acts = [("sign", {}), ("reopen", {"reason": "漏了一项"}), ("cancel", {"reason": "查错学校"})]
    states = [send(client, "post", f"/checks/{check.code}/{act}", body).json()["status"] for act, body in acts]
    assert states == ["signing", "open", "cancelled"]


def test_a_photo_that_is_not_a_photo_leaves_everything_as_it_was(cast, caller):
    hazard = hazard_at(cast, "ordered")
    before = Attachment.objects.count()
    fake = SimpleUploadedFile("a.jpg", b"%PDF-1.7 not a photo", "image/jpeg")
    client = caller("safety", P.HAZARD_READ, P.HAZARD_RECTIFY)
    answer = client.post(f"/api/v1/hazards/{hazard.code}/rectify", {"report": "已更换", "photos": [fake]})
    assert answer.status_code == 400
    hazard.refresh_from_db()
    assert (hazard.status, Attachment.objects.count()) == ("ordered", before)


SPOILED = pytest.mark.parametrize("text", ["a\0b", "\ud800", "长" * 501], ids=["nul", "half a character", "too long"])


@SPOILED
@pytest.mark.parametrize("field", ["requirement", "responsible_phone", "remark"])
def test_words_about_a_hazard_that_cannot_be_kept_are_refused(cast, caller, field, text):
    hazard = hazard_at(cast, "rectified" if field == "remark" else "registered")
    body = {"requirement": "更换", "responsible_phone": cast.safety.phone, "level": "general", "days": 5, field: text}
    client = caller("station", P.HAZARD_READ, P.HAZARD_ORDER, P.HAZARD_RECHECK)
    path = f"/hazards/{hazard.code}/{'close' if field == 'remark' else 'order'}"
    assert send(client, "post", path, body).status_code == 422


@SPOILED
@pytest.mark.parametrize("field", ["value", "note"])
def test_an_answer_that_cannot_be_kept_is_refused(cast, caller, field, text):
    check = begun_check(cast)
    key = next(check.checklist.items()).key
    client = caller("station", P.INSPECTION_CONDUCT, P.INSPECTION_READ)
    assert send(client, "put", f"/checks/{check.code}/items/{key}", {"value": "yes", field: text}).status_code == 422


@pytest.mark.parametrize("report", ["a\0b", "长" * 501, " "], ids=["nul", "too long", "blank"])
def test_a_report_that_cannot_be_kept_is_refused(cast, caller, report):
    hazard = hazard_at(cast, "ordered")
    picture = SimpleUploadedFile("a.jpg", photo(), "image/jpeg")
    client = caller("safety", P.HAZARD_READ, P.HAZARD_RECTIFY)
    answer = client.post(f"/api/v1/hazards/{hazard.code}/rectify", {"report": report, "photos": [picture]})
    assert answer.status_code == 422


@pytest.mark.parametrize("question", ["status=%00", "status=lost", "cursor=%00", "cursor=lost"])
def test_a_question_that_is_not_understood_breaks_nothing(cast, caller, question):
    hazard_at(cast, "ordered")
    client = caller("station", P.HAZARD_READ)
    answer = client.get(f"/api/v1/hazards/?{question}")
    assert answer.status_code == (422 if "status" in question else 200)


def test_hazards_are_listed_by_state(cast, caller):
    hazard = hazard_at(cast, "ordered")
    client = caller("station", P.HAZARD_READ)
    found = {state: client.get(f"/api/v1/hazards/?status={state}").json()["items"] for state in ("ordered", "closed")}
    assert [item["code"] for item in found["ordered"]] == [str(hazard.code)]
    assert found["closed"] == []


def test_schools_come_a_page_at_a_time(cast, caller):
    items = caller("bureau", P.SCHOOL_READ).get("/api/v1/schools/").json()["items"]
    assert {item["name"] for item in items} == {"青溪镇中心小学", "青溪下屋教学点", "南浦中学"}
