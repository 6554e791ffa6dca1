"""The press address: what it takes, refuses and answers, while the database is there."""

import io
import json
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from factories import make_county
from huyuan.audit.models import AuditRow
from huyuan.emergency import draining, holding
from huyuan.emergency.actions.calling import call_tiers
from huyuan.emergency.actions.intake import SCHOOL_LOCK
from huyuan.emergency.actions.press_keys import register_key, revoke_key
from huyuan.emergency.actions.responding import mark_seen
from huyuan.emergency.journal import CannotKeep
from huyuan.emergency.models import Incident, LogEntry, Press, PressKey
from huyuan.emergency.press_address import LARGEST, PATH, PressAddress
from huyuan.emergency.press_bodies import press_record
from huyuan.emergency.tests.pressing import Phone, close_connections, end, press_body
from huyuan.people.actions.accounts import reset_person
from huyuan.people.models import User


@pytest.fixture
def county(own_database, clock):
    clock.set(datetime.now(UTC))
    return make_county()


@pytest.fixture
def address(county):
    """The address in front of pages that answer nothing but that they were asked."""

    def pages(environ, start):
        start("200 OK", [])
        return [b"pages"]

    made = PressAddress(pages)
    yield made
    end(made.holding())


@pytest.fixture
def phone_of(county):
    def phone_of(part):
        phone = Phone()
        made = register_key(public_key=phone.public_key, name="", by=county.reach(part), now=datetime.now(UTC))
        phone.token, phone.code = made.token, made.holder.key
        return phone

    return phone_of


@pytest.fixture
def ask(address):
    """Sends a request as a phone does; gives status and what was said."""

    def ask(method, path, body=b"", language="zh-CN", **headers):
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body),
            "HTTP_ACCEPT_LANGUAGE": language,
        }  # fmt: skip
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        statuses = []
        raw = b"".join(address(environ, lambda status, _headers: statuses.append(int(status.split()[0]))))
        return statuses[0], json.loads(raw)

    return ask


@pytest.fixture
def press(ask):
    def press(phone, body=None, path=PATH, **more):
        body = press_body() if body is None else body
        return ask("POST", path, body, **{**phone.headers(path, body), **more})

    return press


@pytest.fixture
def state(ask):
    return lambda phone, identity: ask("GET", f"{PATH}/{identity}", Authorization=f"Press {phone.token}")


@pytest.fixture
def cancel(press):
    def cancel(phone, identity, reason="误按"):
        return press(phone, json.dumps({"reason": reason}).encode(), f"{PATH}/{identity}/cancel")

    return cancel


def code_of(county, school="school"):
    return str(county.organisations[school].code)


def test_a_press_is_stored_and_answered_as_committed(county, press, phone_of):
    body = press_body(alarm_class="medical", school=code_of(county), place="操场", lon=116.4, lat=29.1)
    status, said = press(phone_of("guard"), body)
    assert (status, said["state"]) == (201, "committed")
    kept = Press.objects.get(code=said["identity"])
    assert (kept.pressed_by, kept.source, kept.sign, kept.alarm_class) == (county.guard, "phone", "real", "medical")
    assert (kept.place, kept.lon, kept.lat) == ("操场", 116.4, 29.1)
    assert said["incident"] == str(kept.incident.code) and said["school"]["code"] == code_of(county)
    assert AuditRow.objects.get(kind="alarm:press").actor_id == county.guard.pk


def test_what_is_not_a_press_goes_to_the_pages(address):
    assert address({"PATH_INFO": "/alarm/"}, lambda *_given: None) == [b"pages"]
    assert address({"PATH_INFO": "/alarm/pressed"}, lambda *_given: None) == [b"pages"]


def test_slow_pages_never_hold_the_threads_of_alarms(address, press, phone_of):
    """As many pages as there is room for hang; one more is refused in words, a press is taken, and room comes back."""
    room, asked, let = settings.WEB_THREADS - settings.WEB_THREADS_FOR_ALARMS, threading.Semaphore(0), threading.Event()

    def hanging(_environ, start):
        asked.release()
        let.wait()
        start("200 OK", [])
        return [b"page"]

    def page():
        statuses = []
        environ = {"PATH_INFO": "/", "HTTP_ACCEPT_LANGUAGE": "en"}
        return b"".join(address(environ, lambda status, _headers: statuses.append(status))), statuses

    address.pages = hanging
    with ThreadPoolExecutor(room) as threads:
        waiting = [threads.submit(page) for _number in range(room)]
        for _number in range(room):
            asked.acquire()
        refused, statuses = page()
        assert statuses == ["503 Service Unavailable"] and b"raising an alarm works all the same" in refused
        assert press(phone_of("guard"), press_body())[0] == 201
        let.set()
    assert {one.result()[0] for one in waiting} == {b"page"}
    assert page() == (b"page", ["200 OK"])


def test_the_same_press_again_changes_nothing(press, phone_of):
    phone, body = phone_of("guard"), press_body()
    assert press(phone, body)[0] == 201
    status, said = press(phone, body)
    assert (status, said["state"]) == (200, "committed")
    assert (Press.objects.count(), Incident.objects.count()) == (1, 1)


def test_eight_threads_with_one_identity_are_one_press(press, phone_of):
    phone, body, answers = phone_of("guard"), press_body(), []
    threads = [threading.Thread(target=lambda: answers.append(press(phone, body))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(status for status, _said in answers) == [200] * 7 + [201]
    assert (Press.objects.count(), Incident.objects.count()) == (1, 1)
    assert LogEntry.objects.filter(kind="press").count() == 1


def test_pressing_twice_in_a_second_is_one_incident_with_two_presses(press, phone_of):
    phone = phone_of("guard")
    first, second = press(phone)[1], press(phone)[1]
    assert first["incident"] == second["incident"] and Press.objects.count() == 2
    assert list(LogEntry.objects.values_list("kind", flat=True)) == ["press", "press_again"]


def test_after_the_all_clear_a_press_opens_another_incident(press, phone_of):
    phone = phone_of("guard")
    first = press(phone)[1]
    Incident.objects.update(status="cleared", cleared_at=datetime.now(UTC))
    assert press(phone)[1]["incident"] != first["incident"]


def test_the_same_identity_with_another_body_is_refused(county, press, phone_of):
    phone, identity = phone_of("guard"), str(uuid.uuid4())
    assert press(phone, press_body(identity=identity))[0] == 201
    others = [{"school": code_of(county, "teaching_point")}] if "teaching_point" in county.organisations else []
    for other in [*others, {"sign": "exercise"}]:
        status, said = press(phone_of("safety") if "sign" in other else phone, press_body(identity=identity, **other))
        assert (status, said["error"]) == (409, "other_body")
        assert "重新" in said["sentence"]
    assert Press.objects.count() == 1


def test_a_press_without_a_school_is_for_the_school_of_who_pressed(county, press, phone_of):
    assert press(phone_of("guard"))[1]["school"]["code"] == code_of(county)


def test_a_press_without_a_school_is_refused_in_words_where_several_could_be_meant(press, phone_of):
    status, said = press(phone_of("commander"))
    assert (status, said["error"]) == (400, "no_school")
    assert "110" in said["sentence"] and not Press.objects.exists()


def test_another_school_is_refused(county, press, phone_of):
    status, said = press(phone_of("guard"), press_body(school=code_of(county, "far_school")))
    assert (status, said["error"]) == (403, "foreign_school")


def test_the_command_centre_presses_for_any_school_of_its_county_and_no_other(county, press, phone_of):
    foreign = make_county("南岭县", "360902", "198000")
    phone = phone_of("commander")
    assert press(phone, press_body(school=code_of(county, "far_school")))[0] == 201
    status, said = press(phone, press_body(school=code_of(foreign)))
    assert (status, said["error"]) == (403, "foreign_school")
    assert AuditRow.objects.filter(kind="request:foreign_school", actor_id=county.commander.pk).exists()


@pytest.mark.parametrize("hours", [-1, 1, 24 * 365])
def test_the_clock_of_the_phone_is_noted_and_never_judged(press, phone_of, hours):
    claimed = datetime.now(UTC) + timedelta(hours=hours)
    status, _said = press(phone_of("guard"), press_body(pressed_at=claimed.isoformat()))
    kept = Press.objects.get()
    assert status == 201 and kept.claimed_at == claimed
    assert abs(kept.received_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_a_press_can_do_without_never_stops_it(press, phone_of):
    body = press_body(pressed_at="yesterday", lon="east", lat=None, place=7, source="moon", alarm_class="unheard_of")
    assert press(phone_of("guard"), body)[0] == 201
    kept = Press.objects.get()
    assert (kept.claimed_at, kept.lon, kept.place, kept.source, kept.alarm_class) == (None, None, "", "phone", "attack")


@pytest.mark.parametrize(
    "claimed", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+08:00", "2026-09-15T08:00:00", 7]
)
def test_a_time_that_no_clock_shows_is_left_out(press, phone_of, claimed):
    assert press(phone_of("guard"), press_body(pressed_at=claimed))[0] == 201
    assert Press.objects.get().claimed_at is None


def test_a_place_with_signs_the_database_does_not_take_is_cleaned(press, phone_of):
    body = press_body().replace(b'"source"', b'"place": "a\\u0000b\\ud800", "source"')
    assert press(phone_of("guard"), body)[0] == 201
    assert Press.objects.get().place == "ab?"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"x"', b"\xff", b"[" * 5000])
def test_what_cannot_be_read_is_refused_in_words(press, phone_of, body):
    status, said = press(phone_of("guard"), body)
    assert (status, said["error"]) == (400, "malformed")
    assert "110" in said["sentence"] and not Press.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"identity": "x"}, {"identity": None}, {"sign": "joke"}, {"school": "x"}, {"school": 7}]
)
def test_a_press_that_says_nonsense_where_it_matters_is_refused(press, phone_of, wrong):
    assert press(phone_of("guard"), press_body(**wrong))[1]["error"] == "malformed"


def test_a_large_body_is_not_even_read(press, phone_of):
    status, said = press(phone_of("guard"), press_body(place="x" * LARGEST))
    assert (status, said["error"]) == (413, "too_large")


def test_each_failing_proof_has_its_own_sentence(press, ask, phone_of, clock):
    phone, other, body = phone_of("guard"), phone_of("safety"), press_body()
    good = phone.headers(PATH, body)
    tries = {
        "no_token": {"Press-Signature": good["Press-Signature"]},
        "bad_token": good | {"Authorization": "Press p1.k1.e30.AAAA"},
        "bad_signature": good | {"Press-Signature": other.headers(PATH, body)["Press-Signature"]},
    }
    said = {error: ask("POST", PATH, body, **headers) for error, headers in tries.items()}
    clock.set(clock.now + timedelta(days=15))
    said["expired"] = ask("POST", PATH, body, **good)
    assert {error: answer[1]["error"] for error, answer in said.items()} == {error: error for error in said}
    assert {status for status, _answer in said.values()} == {401}
    assert len({answer["sentence"] for _status, answer in said.values()}) == 4
    assert not Press.objects.exists()


def test_a_signed_body_changed_on_the_way_is_refused(ask, phone_of):
    phone, body = phone_of("guard"), press_body()
    status, said = ask("POST", PATH, body.replace(b"real", b"test"), **phone.headers(PATH, body))
    assert (status, said["error"]) == (401, "bad_signature")


def test_a_revoked_phone_is_refused_and_that_is_audited(county, press, phone_of):
    phone = phone_of("guard")
    revoke_key(key=PressKey.objects.get(code=phone.code), by=county.reach("guard"), now=datetime.now(UTC))
    status, said = press(phone)
    assert (status, said["error"]) == (403, "revoked")
    assert AuditRow.objects.filter(kind="request:revoked", actor_id=county.guard.pk).exists()
    assert not Press.objects.exists()


def test_the_phone_of_an_account_that_is_not_active_raises_nothing(county, press, phone_of):
    phone = phone_of("guard")
    User.objects.filter(pk=county.guard.pk).update(is_active=False)
    status, said = press(phone)
    assert (status, said["error"]) == (403, "revoked")
    assert not Press.objects.exists()
    User.objects.filter(pk=county.guard.pk).update(is_active=True)
    assert press(phone)[0] == 201


def test_who_was_reset_raises_nothing_with_the_phone_they_had(county, press, phone_of):
    phone, other = phone_of("guard"), phone_of("safety")
    reset_person(user=county.guard, by=county.reach("head"), now=datetime.now(UTC))
    status, said = press(phone)
    assert (status, said["error"]) == (403, "revoked")
    assert press(other)[0] == 201


def test_a_real_alarm_of_somebody_whose_post_has_ended_counts_and_the_log_says_so(county, press, phone_of):
    phone = phone_of("guard")
    yesterday = datetime.now(UTC).date() - timedelta(days=2)
    county.guard.posts.update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)
    assert press(phone)[0] == 201
    assert LogEntry.objects.filter(kind="press_not_entitled").count() == 1


def test_exercises_are_for_who_may_run_them(press, phone_of):
    status, said = press(phone_of("guard"), press_body(sign="exercise"))
    assert (status, said["error"]) == (403, "denied")
    assert press(phone_of("safety"), press_body(sign="exercise"))[0] == 201
    assert Press.objects.get().sign == "exercise"


def test_sentences_are_in_the_language_of_the_phone(press, phone_of):
    phone = phone_of("guard")
    assert press(phone, language="en-GB,en;q=0.9")[1]["sentence"].startswith("Your alarm is stored")
    assert "110" in press(phone, b"{", language="en")[1]["sentence"]
    assert press(phone, language="fr")[1]["sentence"].startswith("报警")


def test_the_state_goes_from_stored_to_line_to_answered(county, press, phone_of, state):
    phone = phone_of("guard")
    identity = press(phone)[1]["identity"]
    assert state(phone, identity)[1]["state"] == "committed"
    incident = Incident.objects.get()
    now = datetime.now(UTC)
    Incident.objects.update(line_accepted_at=now)
    status, said = state(phone, identity)
    assert (status, said["state"], said["answered_at"]) == (200, "line_accepted", None)
    call_tiers(incident=incident, now=now)
    mark_seen(call=incident.calls.get(user=county.head), by=county.reach("head"), now=now)
    said = state(phone, identity)[1]
    assert said["state"] == "answered" and said["line_accepted_at"] and said["answered_at"]


def test_nobody_reads_somebody_else_s_press(press, phone_of, state):
    identity = press(phone_of("guard"))[1]["identity"]
    for asked in (identity, uuid.uuid4()):
        status, said = state(phone_of("safety"), asked)
        assert (status, said["error"]) == (404, "unknown")


def test_a_withdrawn_alarm_of_a_lesser_class_ends_with_its_reason(press, phone_of, cancel):
    phone = phone_of("guard")
    identity = press(phone, press_body(alarm_class="gate"))[1]["identity"]
    status, said = cancel(phone, identity, "误按")
    assert (status, said["state"]) == (200, "cancelled") and said["cancelled_at"]
    kept = Press.objects.get()
    assert (kept.cancel_reason, kept.incident.status, kept.incident.outcome) == ("误按", "cleared", "withdrawn")
    assert list(LogEntry.objects.values_list("kind", flat=True)) == ["press", "press_cancelled", "cleared"]
    assert cancel(phone, identity, "再按一次")[0] == 200
    assert Press.objects.get().cancel_reason == "误按"


def test_an_alarm_that_another_person_pressed_too_goes_on(press, phone_of, cancel):
    phone, body = phone_of("guard"), press_body(alarm_class="gate")
    press(phone_of("teacher"), press_body(alarm_class="gate"))
    press(phone, body)
    assert cancel(phone, json.loads(body)["identity"])[1]["state"] == "cancelled"
    assert Incident.objects.get().status == "open"


def test_withdrawing_the_gravest_class_is_kept_and_help_keeps_coming(press, phone_of, cancel):
    phone = phone_of("guard")
    identity = press(phone, press_body(alarm_class="attack"))[1]["identity"]
    status, said = cancel(phone, identity)
    assert (status, said["state"]) == (200, "cancelled") and Incident.objects.get().status == "open"
    assert said["sentence"] != cancel_sentence_of_lesser(press, phone, cancel)


def cancel_sentence_of_lesser(press, phone, cancel):
    return cancel(phone, press(phone, press_body(alarm_class="gate"))[1]["identity"])[1]["sentence"]


def test_withdrawing_wants_a_reason_the_presser_and_its_seconds(press, phone_of, cancel):
    phone = phone_of("guard")
    identity = press(phone)[1]["identity"]
    assert cancel(phone, identity, " ")[1]["error"] == "no_reason"
    assert cancel(phone_of("safety"), identity)[1]["error"] == "denied"
    assert cancel(phone, uuid.uuid4())[1]["error"] == "unknown"
    Press.objects.update(received_at=datetime.now(UTC) - timedelta(minutes=1))
    status, said = cancel(phone, identity)
    assert (status, said["error"]) == (409, "too_late")
    assert Press.objects.get().cancelled_at is None


@pytest.mark.parametrize(
    "method, path", [("GET", ""), ("OPTIONS", ""), ("PUT", ""), ("POST", "/{}"), ("GET", "/{}/cancel")]
)
def test_other_methods_are_not_allowed(ask, method, path):
    assert ask(method, PATH + path.format(uuid.uuid4()))[0] == 405


def test_addresses_that_are_none_are_not_found(ask):
    assert ask("GET", f"{PATH}/{uuid.uuid4()}/what")[0] == 404
    assert ask("GET", f"{PATH}/no-identity")[0] == 400


def test_with_a_full_disk_the_database_alone_takes_the_press(address, press, phone_of, monkeypatch):
    def full(_record):
        raise CannotKeep("No space left on device")

    monkeypatch.setattr(address.holding().journal, "keep", full)
    phone = phone_of("guard")
    assert press(phone)[0] == 201
    with monkeypatch.context() as away:
        away.setitem(connections["default"].settings_dict, "NAME", "no_such_database")
        close_connections(address.holding().attempts, holding.THREADS)
        status, said = press(phone)
    assert (status, said["error"]) == (503, "not_kept") and "110" in said["sentence"]


def test_without_database_a_press_is_held_and_committed_when_it_returns(address, press, state, phone_of, monkeypatch):
    monkeypatch.setattr(holding, "EVERY", 0.05)
    phone, body = phone_of("guard"), press_body()
    identity = json.loads(body)["identity"]
    with monkeypatch.context() as away:
        away.setitem(connections["default"].settings_dict, "NAME", "no_such_database")
        status, said = press(phone, body)
        assert (status, said["state"]) == (202, "held") and "110" in said["sentence"]
        assert state(phone, identity)[1]["state"] == "held"
        status, said = press(phone, json.dumps({"reason": "误按"}).encode(), f"{PATH}/{identity}/cancel")
        assert (status, said["state"]) == (202, "held")
        assert state(phone, uuid.uuid4())[1]["error"] == "unreadable"
    ended = threading.Event()
    while state(phone, identity)[1]["state"] != "cancelled":
        assert not ended.wait(0.05)
    assert Press.objects.get().cancel_reason == "误按"
    while address.holding().journal.waiting():
        assert not ended.wait(0.05)
    assert Press.objects.count() == 1


def test_a_database_that_hangs_makes_nobody_wait_and_loses_nothing(county, press, state, phone_of, monkeypatch):
    monkeypatch.setattr(holding, "PATIENCE", 0.5)
    monkeypatch.setattr(holding, "EVERY", 0.05)
    monkeypatch.setattr(draining, "STATEMENT_SECONDS", 1)
    phone = phone_of("guard")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SCHOOL_LOCK, county.schools["school"].pk])
        answers = [press(phone) for _ in range(3)]
        assert {said["state"] for _status, said in answers} == {"held"}
        time.sleep(1.5)
        assert state(phone, answers[0][1]["identity"])[1]["state"] == "held"
    for _status, said in answers:
        while state(phone, said["identity"])[1]["state"] != "committed":
            time.sleep(0.05)
    assert Press.objects.count() == 3 and Incident.objects.count() == 1


def test_a_press_that_waited_says_so_in_the_log(address, phone_of, clock):
    phone = phone_of("guard")
    holder = address.signer.holder(phone.token, clock.now)
    waited = press_record(press_body(), holder, clock.now - timedelta(seconds=42))
    assert address.holding().take(waited, "zh-hans").status == 201
    assert LogEntry.objects.get(kind="press_held").facts == {"seconds": 42}


def test_a_record_that_can_never_be_committed_is_set_aside_and_stops_no_other(address, press, phone_of, monkeypatch):
    monkeypatch.setattr(holding, "EVERY", 0.05)
    spoilt = {"kind": "press", "identity": str(uuid.uuid4())}
    address.holding().journal.keep(spoilt)
    address.holding().keep_retrying()
    ended = threading.Event()
    while address.holding().journal.waiting():
        assert not ended.wait(0.05)
    assert press(phone_of("guard"))[0] == 201
    aside = list((settings.JOURNAL / "damaged").iterdir())
    assert [json.loads(path.read_text()) for path in aside] == [spoilt]
