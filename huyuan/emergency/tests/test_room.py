"""The incident room: what each sees, what each may do, and that nothing is lost on the way."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from factories import LANDLINES, NOW, called_incident
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Conflict, Denied, Invalid
from huyuan.common.reach import Permission
from huyuan.emergency.actions import command, handling, responding
from huyuan.emergency.actions.stepping import run_step
from huyuan.emergency.board import board_of, points_of
from huyuan.emergency.models import Call, ContingencyPlan, HelpOffer, Incident, LogEntry, RoleTask, Statement, Tier
from huyuan.emergency.signs import Sign
from huyuan.notifications.models import Message
from huyuan.organisations.models import Organisation
from huyuan.people.roles import ROLES

PLAN = {
    "response": "lockdown",
    "private": False,
    "calls": ["police_110"],
    "cards": [
        {"part": "guard", "minute_1": [{"zh": "关校门", "en": "Shut the gate"}], "minute_3": [{"zh": "迎警", "en": "Meet the police"}]},
        {"part": "leader", "after": [{"zh": "安抚学生", "en": "Calm the pupils"}]},
    ],
    "parents": {"zh": "家长您好，{school}今天{time}发生情况，请不要来校。", "en": "Dear parents of {school}"},
    "press": {"zh": "{school}正在处置。{nobody}", "en": "{school} is dealing with it."},
    "assembly": [{"name": "操场"}],
}  # fmt: skip
ACCOUNTS = ("timeline_docx", "timeline_xlsx", "ics214_docx")
AT = [NOW + timedelta(seconds=seconds) for seconds in range(400)]


@pytest.fixture(autouse=True)
def database_clock(monkeypatch, clock):
    """The database's clock in pages is the given one."""
    for module in ("rooms", "watch", "reviews", "exercises"):
        monkeypatch.setattr(f"huyuan.emergency.views.{module}.database_now", lambda: clock.now)


@pytest.fixture
def incident(cast):
    """A real attack with a plan in force."""
    ContingencyPlan.objects.create(
        county=cast.county, school=cast.schools["school"], kind="violent_attack", version=3, content=PLAN,
        status=ContingencyPlan.Status.APPROVED, drafted_at=NOW, approved_at=NOW, approved_by=cast.head,
    )  # fmt: skip
    return called_incident(cast)


def clear(cast, incident, by="commander", outcome="handled", now=AT[300], words=""):
    return command.give_all_clear(incident=incident, outcome=outcome, words=words, by=cast.reach(by), now=now)


def test_the_map_shows_from_where_who_is_called_comes_and_how_far_they_have_got(cast, incident):
    station = cast.organisations["station"]
    assert {point["kind"] for point in points(cast, incident)} == {"alarm"}
    Organisation.objects.filter(pk=station.pk).update(lon=115.55, lat=28.905)
    (desk,) = (point for point in points(cast, incident) if point["kind"] != "alarm")
    assert (desk["name"], desk["kind"], desk["state"], desk["words"]) == (station.name, "police", "called", "")
    call = incident.calls.get(user=cast.station)
    responding.set_out(call=call, by=cast.reach("station"), now=NOW)
    assert next(point["state"] for point in points(cast, incident) if point["kind"] == "police") == "on_way"


def points(cast, incident):
    board = board_of(incident, cast.reach("commander"), NOW)
    return points_of(incident, [person for clock in board.tiers for person in clock.people])


def test_three_things_are_shown_apart(cast, incident, sign_in):
    page = sign_in(cast.commander).get(incident.get_absolute_url()).content.decode()
    assert page.count("尚未") >= 2 and "已入库" in page
    responding.mark_seen(call=incident.calls.get(user=cast.guard), by=cast.reach("guard"), now=AT[12])
    things = board_of(Incident.objects.get(), cast.reach("commander"), AT[20]).things
    assert [thing.seconds for thing in things] == [0, None, 12]


def test_110_can_be_dialled_and_the_platform_says_that_it_is_the_second_path(cast, incident, sign_in):
    for part in ("guard", "head", "station", "commander", "bureau"):
        page = sign_in(cast.users[part]).get(incident.get_absolute_url()).content.decode()
        assert 'href="tel:110"' in page and "第二通道" in page


def test_clocks_say_who_is_missing_and_how_long_is_left(cast, incident):
    responding.arrive(
        call=incident.calls.get(user=cast.guard), how=Call.Arrival.TAP, by=cast.reach("guard"), now=AT[20]
    )
    first, third, _fifth = board_of(incident, cast.reach("station"), AT[30]).tiers
    assert (first.there, first.missing, first.state, third.state) == (1, 2, "running", "running")
    assert board_of(incident, cast.reach("station"), AT[90]).tiers[0].state == "late"


def test_who_cannot_come_is_expected_no_longer(cast, incident, sign_in):
    call = incident.calls.get(user=cast.guard)
    incident.calls.filter(pk=call.pk).update(predicted_seconds=25)
    Tier.objects.filter(pk=call.tier_id).update(needed=1)
    assert board_of(incident, cast.reach("station"), AT[5]).tiers[0].predicted == 25
    responding.decline(call=call, by=cast.reach("guard"), now=AT[6])
    incident.calls.filter(tier=call.tier).exclude(pk=call.pk).update(predicted_seconds=40)
    assert board_of(incident, cast.reach("station"), AT[7]).tiers[0].predicted == 40
    page = sign_in(cast.commander).get(incident.get_absolute_url()).content.decode()
    assert "预计 0:40" in page and "预计 0:25" not in page


def test_the_engine_lays_out_the_frozen_plan_once(cast, incident):
    ContingencyPlan.objects.update(content={})
    incident.steps.exclude(kind="lay_out").update(done_at=NOW)
    assert run_step(me="engine") is not None and run_step(me="engine") is None
    handling.lay_out_plan(incident=incident, now=AT[9])
    assert incident.log.filter(kind="laid_out").count() == 1
    assert [(task.part, task.minute) for task in incident.tasks.all()] == [("guard", 1), ("guard", 3), ("leader", 99)]
    texts = dict(incident.statements.values_list("kind", "text"))
    assert texts["parents"] == "家长您好，青溪镇中心小学今天09:00发生情况，请不要来校。"
    assert texts["press"] == "青溪镇中心小学正在处置。____"


def test_looking_at_an_incident_writes_nothing(cast, incident, sign_in):
    def counted():
        return [model.objects.count() for model in (LogEntry, AuditRow, Message, RoleTask, Statement)]

    clients = [sign_in(cast.users[part]) for part in ("head", "commander", "guard", "bureau")]
    before = counted()
    for client in clients:
        for name in ("incident", "parts"):
            assert client.get(reverse(f"emergency:{name}", args=[incident.code])).status_code == 200
    assert counted() == before


def test_a_line_of_a_card_is_ticked_once_and_stands_in_the_log(cast, incident):
    handling.lay_out_plan(incident=incident, now=NOW)
    task = incident.tasks.first()
    for second in (40, 50):
        handling.tick_task(task=task, by=cast.reach("guard"), now=AT[second])
    assert [entry.facts["task"] for entry in incident.log.filter(kind="task_done")] == ["关校门"]
    assert incident.tasks.first().done_at == AT[40]


def test_the_last_count_of_a_class_holds(cast, incident):
    for present in (40, 42):
        handling.count_heads(
            incident=incident, group="三（2）班", present=present, expected=42, by=cast.reach("head"), now=AT[80]
        )
    handling.confirm_lockdown(incident=incident, group="三（2）班", by=cast.reach("head"), now=AT[60])
    board = board_of(incident, cast.reach("commander"), AT[90])
    assert board.heads == (42, 42) and [door.group for door in board.doors] == ["三（2）班"]


def test_what_cannot_be_is_refused(cast, incident):
    head = cast.reach("head")
    with pytest.raises(Invalid):
        handling.count_heads(incident=incident, group="一班", present=900, expected=42, by=head, now=AT[80])
    with pytest.raises(Invalid):
        handling.confirm_lockdown(incident=incident, group=" ", by=head, now=AT[80])
    with pytest.raises(Invalid):
        handling.note_down(incident=incident, words="  ", by=head, now=AT[80])


def test_somebody_who_was_not_called_handles_nothing(cast, incident):
    with pytest.raises(Denied):
        handling.confirm_lockdown(incident=incident, group="一班", by=cast.reach("bureau"), now=AT[60])
    with pytest.raises(Denied):
        handling.note_down(incident=incident, words="好", by=cast.reach("teacher"), now=AT[60])


def test_a_text_is_released_by_a_named_person_once_and_sent_to_nobody(cast, incident, sign_in):
    handling.lay_out_plan(incident=incident, now=NOW)
    draft = incident.statements.get(kind="parents")
    before = Message.objects.count()
    client = sign_in(cast.head)
    assert client.get(reverse("emergency:statement_print", args=[draft.code])).status_code == 404
    client.post(reverse("emergency:release", args=[draft.code]), {"text": "各位家长：学生安全。"})
    assert (
        "各位家长：学生安全。" in client.get(reverse("emergency:statement_print", args=[draft.code])).content.decode()
    )
    assert Message.objects.count() == before
    with pytest.raises(Conflict):
        handling.release_statement(statement=draft, text="另一份", by=cast.reach("commander"), now=AT[200])
    with pytest.raises(Invalid):
        text = incident.statements.get(kind="press")
        handling.release_statement(statement=text, text=" ", by=cast.reach("commander"), now=AT[200])
    again = handling.draft_statement(incident=incident, kind="parents", by=cast.reach("head"), now=AT[210])
    assert handling.draft_statement(incident=incident, kind="parents", by=cast.reach("head"), now=AT[220]) == again
    with pytest.raises(Denied):
        handling.release_statement(statement=again, text="好", by=cast.reach("station"), now=AT[200])


def test_drafts_are_seen_only_by_who_belongs_to_the_incident_and_released_texts_by_all_called(cast, incident, sign_in):
    handling.lay_out_plan(incident=incident, now=NOW)
    Statement.objects.filter(kind="press").update(text="金丝雀七四一")
    url = incident.get_absolute_url()
    assert "金丝雀七四一" in sign_in(cast.head).get(url).content.decode()
    assert "金丝雀七四一" not in sign_in(cast.guard).get(url).content.decode()
    statement = incident.statements.get(kind="press")
    handling.release_statement(statement=statement, text="金丝雀七四一", by=cast.reach("head"), now=AT[100])
    assert "金丝雀七四一" in sign_in(cast.guard).get(url).content.decode()


def test_who_was_only_called_sees_no_log_and_no_deliveries(cast, incident, sign_in):
    handling.note_down(incident=incident, words="金丝雀七四二", by=cast.reach("head"), now=AT[50])
    assert "金丝雀七四二" in sign_in(cast.station).get(incident.get_absolute_url()).content.decode()
    page = sign_in(cast.guard).get(incident.get_absolute_url()).content.decode()
    assert "金丝雀七四二" not in page and "hy-ways" not in page


@pytest.mark.parametrize("part", ["health", "town", "counsellor", "volunteer", "other_station", "other_head", "nobody"])
def test_nobody_outside_sees_anything_of_it(cast, incident, sign_in, part):
    handling.note_down(incident=incident, words="金丝雀七四三", by=cast.reach("head"), now=AT[50])
    client = sign_in(cast.users[part])
    assert client.get(incident.get_absolute_url()).status_code == 404
    assert client.get(reverse("emergency:parts", args=[incident.code])).status_code == 404
    listed = (
        client.get(reverse("emergency:incidents")).content.decode()
        + client.get(reverse("emergency:running")).content.decode()
    )
    assert str(incident.code) not in listed and "金丝雀七四三" not in listed


@pytest.fixture
def volunteered(cast):
    """A volunteer who was called, too, while others come."""
    offered = {"user": cast.volunteer, "organisation": cast.organisations["school"], "offered_at": NOW}
    HelpOffer.objects.create(**offered)
    second = called_incident(cast)
    calls = {part: second.calls.get(user=cast.users[part]) for part in ("guard", "safety", "station")}
    responding.arrive(call=calls["guard"], how=Call.Arrival.TAP, by=cast.reach("guard"), now=AT[20])
    responding.set_out(call=calls["safety"], by=cast.reach("safety"), now=AT[21])
    responding.set_out(call=calls["station"], by=cast.reach("station"), now=AT[22])
    handling.lay_out_plan(incident=second, now=NOW)
    handling.confirm_lockdown(incident=second, group="一班", by=cast.reach("head"), now=AT[30])
    return second


def pages_of(client, incident, user):
    """The room and the page of one's own call."""
    own = reverse("emergency:call", args=[incident.calls.get(user=user).code])
    return [client.get(url).content.decode() for url in (incident.get_absolute_url(), own)]


def test_a_volunteer_sees_who_commands_and_how_many_come_and_nobody_s_name(cast, volunteered, sign_in):
    people = {call.user.name for call in volunteered.calls.filter(user__isnull=False).exclude(user=cast.volunteer)}
    assert len(people) > 5
    for page in pages_of(sign_in(cast.volunteer), volunteered, cast.volunteer):
        assert not [name for name in people if name in page]
        assert volunteered.command.name in page and "1人在途中" in page.replace(" ", "")
        assert not any(number in page for number in LANDLINES.values())


def test_a_volunteer_who_was_called_reports_nothing(cast, volunteered):
    by = cast.reach("volunteer")
    with pytest.raises(Denied):
        handling.count_heads(incident=volunteered, group="一班", present=30, expected=30, by=by, now=AT[60])
    with pytest.raises(Denied):
        handling.note_down(incident=volunteered, words="好", by=by, now=AT[60])
    assert volunteered.confirmations.filter(by=cast.volunteer).count() == 0


@pytest.mark.parametrize("part", ["guard", "station", "commander"])
def test_who_has_a_duty_in_it_sees_who_comes(cast, volunteered, sign_in, part):
    for page in pages_of(sign_in(cast.users[part]), volunteered, cast.users[part]):
        assert cast.safety.name in page and cast.head.name in page and cast.volunteer.name in page


def test_another_county_sees_nothing_of_it(foreign, incident, sign_in):
    client = sign_in(foreign.commander)
    assert client.get(incident.get_absolute_url()).status_code == 404
    assert str(incident.code) not in client.get(reverse("emergency:wall")).content.decode()


def test_the_log_stands_in_the_order_of_the_database_to_the_second(cast, incident, sign_in):
    responding.mark_seen(call=incident.calls.get(user=cast.guard), by=cast.reach("guard"), now=AT[7])
    handling.note_down(incident=incident, words="歹徒在东门", by=cast.reach("head"), now=AT[21])
    page = sign_in(cast.commander).get(incident.get_absolute_url()).content.decode()
    said = re.findall(r"\+(\d:\d\d)</span> <span>([^<]+)", page[page.index('class="hy-log"') :])
    seconds = [time for time, _words in said]
    assert seconds == sorted(seconds, reverse=True) and seconds[:2] == ["0:21", "0:07"]
    assert any("歹徒在东门" in words for _time, words in said)


def known_of(answer):
    """What a page knows: the newest entry, how many messages have come to an end, and whether it warns."""
    found = re.search(r'data-newest="(\d+)" data-delivered="(\d+)" data-warned="(\w+)"', answer.content.decode())
    return {"after": found[1], "delivered": found[2], "warned": found[3]}


def test_a_message_that_comes_to_an_end_is_shown_without_an_entry_of_the_log(cast, incident, sign_in):
    client, url = sign_in(cast.commander), reverse("emergency:parts", args=[incident.code])
    known = known_of(client.get(url))
    incident.pages.filter(channel="voice").update(status="failed", finished_at=NOW, reason="the gateway answered 503")
    assert "the gateway answered 503" in client.get(url, known).content.decode()


def test_a_phone_that_lost_the_stream_catches_up_and_skips_nothing(cast, incident, sign_in):
    client, url = sign_in(cast.commander), reverse("emergency:parts", args=[incident.code])
    known = known_of(client.get(url))
    assert client.get(url, known).status_code == 204
    for second, words in ((61, "第一条"), (62, "第二条"), (63, "第三条")):
        handling.note_down(incident=incident, words=words, by=cast.reach("head"), now=AT[second])
    caught_up = client.get(url, known).content.decode()
    assert [words in caught_up for words in ("第一条", "第二条", "第三条")] == [True] * 3


def test_a_small_form_is_taken_in_place_and_a_wrong_one_comes_back(cast, incident, sign_in):
    client, url = sign_in(cast.head), reverse("emergency:headcount", args=[incident.code])
    wrong = client.post(url, {"group": "一班", "present": "很多"}, headers={"HX-Request": "true"})
    assert wrong.status_code == 200 and "<form" in wrong.content.decode() and "<html" not in wrong.content.decode()
    right = client.post(url, {"group": "一班", "present": 40, "expected": 41}, headers={"HX-Request": "true"})
    assert right.status_code == 204 and right["HX-Trigger"] == "room"


def test_command_is_handed_over_with_the_situation(cast, incident, sign_in):
    client = sign_in(cast.commander)
    station = cast.organisations["station"]
    client.post(reverse("emergency:hand_over", args=[incident.code]), {"to": station.code, "situation": "嫌疑人已控制"})
    assert Incident.objects.get().command == station
    assert Message.objects.filter(kind="incident:hand_over", recipient=cast.station).exists()
    given = {"situation": "", "by": cast.reach("commander"), "now": AT[120]}
    for to in ("station", "school", "town"):
        with pytest.raises(Invalid):
            command.hand_over_command(incident=incident, to=cast.organisations[to], **given)
    assert command.commanders_of(called_incident(cast, alarm_class="gate"))[-1] == cast.organisations["school"]


def test_of_two_who_give_the_all_clear_the_first_wins_and_the_second_is_told_who(cast, incident, sign_in):
    clear(cast, incident, words="嫌疑人已控制")
    second = sign_in(cast.station).post(
        reverse("emergency:clear", args=[incident.code]), {"outcome": "false_alarm"}, headers={"HX-Request": "true"}
    )
    assert second.status_code == 409
    assert "赵振华" in second.content.decode() and "已办结" in second.content.decode()
    closed = Incident.objects.get()
    assert (closed.outcome, closed.cleared_by, closed.log.filter(kind="cleared").count()) == (
        "handled",
        cast.commander,
        1,
    )
    assert Message.objects.filter(kind="incident:clear", recipient=cast.guard).count() == 1


def test_who_may_give_the_all_clear_follows_from_the_class(cast, incident):
    with pytest.raises(Denied):
        clear(cast, incident, by="head")
    with pytest.raises(Denied):
        clear(cast, incident, by="bureau")
    assert clear(cast, called_incident(cast, alarm_class="gate"), by="head").status == Incident.Status.CLEARED


def test_exercise_over_ends_exercises_only(cast, incident):
    with pytest.raises(Invalid):
        clear(cast, incident, outcome="exercise_over")
    exercise = called_incident(cast, by="safety", sign=Sign.EXERCISE)
    with pytest.raises(Invalid):
        clear(cast, exercise, outcome="handled")
    assert clear(cast, exercise, outcome="exercise_over").outcome == "exercise_over"


def test_after_the_all_clear_the_room_takes_nothing_more(cast, incident):
    clear(cast, incident)
    with pytest.raises(Conflict):
        handling.confirm_lockdown(incident=incident, group="一班", by=cast.reach("head"), now=AT[310])


def test_what_was_written_stands_in_the_audit_as_a_digest_only(cast, incident):
    handling.note_down(incident=incident, words="金丝雀七四四", by=cast.reach("head"), now=AT[50])
    clear(cast, incident, words="金丝雀七四四")
    kinds = {row.kind for row in AuditRow.objects.all()}
    assert {"incident:note", "incident:clear"} <= kinds
    assert all("金丝雀七四四" not in str(row.details) for row in AuditRow.objects.all())


def test_an_exercise_and_a_real_alarm_side_by_side_are_never_mixed_up(cast, incident, sign_in):
    called_incident(cast, by="safety", sign=Sign.EXERCISE)
    for name in ("emergency:wall", "emergency:incidents"):
        page = sign_in(cast.commander).get(reverse(name)).content.decode()
        assert page.index("hy-band-real") < page.index("hy-band-exercise")
        assert "真实报警" in page and "演练" in page
    exercise = Incident.objects.get(sign=Sign.EXERCISE)
    page = sign_in(cast.guard).get(exercise.get_absolute_url()).content.decode()
    assert "hy-band-exercise" in page and "hy-band-real" not in page
    assert all("【演练】" in text for text in exercise.statements.values_list("text", flat=True))


def test_the_gravest_alarm_stands_first_however_long_it_has_run(cast, incident, sign_in):
    called_incident(cast, alarm_class="medical", now=AT[200])
    for name in ("emergency:wall", "emergency:incidents"):
        page = sign_in(cast.commander).get(reverse(name)).content.decode()
        assert -1 < page.index("暴力袭击") < page.index("急病或受伤")


def test_screens_draw_the_gravest_and_newest_whole_and_count_the_others(cast, incident, sign_in, monkeypatch):
    monkeypatch.setattr("huyuan.emergency.watch.SHOWN", 2)
    newest = called_incident(cast, alarm_class="fire", now=AT[200])
    third = called_incident(cast, alarm_class="medical", now=AT[210])
    for name in ("emergency:running", "emergency:wall_parts"):
        page = sign_in(cast.commander).get(reverse(name))
        assert [one.incident for one in page.context["running"]] == [newest, incident]
        assert (page.context["more"], page.context["counts"]) == (1, {"real": 3})
        assert "另有 1 起" in page.content.decode()
        assert f'id="running-{third.pk}"' not in page.content.decode()
    points = sign_in(cast.commander).get(reverse("emergency:wall")).context["points"]
    alarmed = [point for point in points if point["kind"] == "real"]
    assert [point["url"] for point in alarmed] == [newest.get_absolute_url()]


def test_who_is_called_is_told_on_every_page_until_they_answer(cast, incident, sign_in):
    client, url = sign_in(cast.guard), reverse("emergency:called")
    assert "你被呼叫" in client.get(url).content.decode()
    responding.mark_seen(call=incident.calls.get(user=cast.guard), by=cast.reach("guard"), now=AT[7])
    assert "hy-called" not in client.get(url).content.decode()
    assert "hy-called" not in sign_in(cast.teacher).get(url).content.decode()


def test_a_colleague_confirms_that_somebody_is_here(cast, incident, sign_in):
    call = incident.calls.get(user=cast.safety)
    sign_in(cast.head).post(reverse("emergency:confirm_there", args=[call.code]))
    call.refresh_from_db()
    assert (call.arrived_how, call.confirmed_by) == ("colleague", cast.head)


def test_the_wall_says_when_the_engine_is_late(cast, incident, sign_in, clock):
    incident.steps.update(done_at=NOW)
    assert "引擎准时" in sign_in(cast.commander).get(reverse("emergency:wall_parts")).content.decode()
    incident.steps.filter(kind="judge").update(done_at=None)
    clock.set(AT[90])
    assert "引擎自" in sign_in(cast.commander).get(reverse("emergency:wall_parts")).content.decode()


def test_the_room_warns_when_the_engine_is_late_and_stops_though_nothing_new_was_written(
    cast, incident, sign_in, clock
):
    incident.steps.update(done_at=NOW)
    client, url = sign_in(cast.guard), reverse("emergency:parts", args=[incident.code])
    calm = known_of(client.get(incident.get_absolute_url()))
    assert client.get(url, calm).status_code == 204
    incident.steps.filter(kind="judge").update(done_at=None)
    clock.set(AT[90])
    warned = client.get(url, calm)
    assert "报警处置服务延迟，请直接拨打110" in warned.content.decode() and "09:01:00" in warned.content.decode()
    assert client.get(url, known_of(warned)).status_code == 204
    incident.steps.update(done_at=AT[90])
    assert "报警处置服务延迟" not in client.get(url, known_of(warned)).content.decode()


@pytest.mark.parametrize("part", ["commander", "station", "head", "safety", "bureau", "leader"])
def test_the_account_is_offered_where_the_log_stands_and_may_be_taken_out(cast, incident, sign_in, part):
    client = sign_in(cast.users[part])
    offered = re.findall(
        r'href="([^"]+(?:timeline|ics214)[.](?:docx|xlsx))"', client.get(incident.get_absolute_url()).content.decode()
    )
    assert offered == [reverse(f"emergency:{name}", args=[incident.code]) for name in ACCOUNTS]
    assert [client.get(url).status_code for url in offered] == [200, 200, 200]


def test_the_account_is_not_offered_to_who_was_only_called(cast, incident, sign_in):
    client = sign_in(cast.guard)
    for url in (incident.get_absolute_url(), reverse("emergency:parts", args=[incident.code])):
        assert not any(form in client.get(url).content.decode() for form in ("timeline.", "ics214."))


def without(monkeypatch, right):
    role = ROLES["leader"]
    monkeypatch.setitem(ROLES, "leader", replace(role, permissions=role.permissions - {right}))


def test_who_reads_no_incidents_takes_no_account_out_though_called_to_one(cast, incident, sign_in):
    town = cast.schools["school"].town
    Call.objects.create(incident=incident, user=cast.users["town"], organisation=town, part="neighbour", called_at=NOW)
    client = sign_in(cast.users["town"])
    assert "timeline." not in client.get(incident.get_absolute_url()).content.decode()
    assert client.get(reverse("emergency:timeline_xlsx", args=[incident.code])).status_code == 403


def test_who_may_not_take_the_account_out_is_not_offered_it_though_the_log_is_there(
    cast, incident, sign_in, monkeypatch
):
    without(monkeypatch, Permission.LEDGER_EXPORT)
    client = sign_in(cast.leader)
    page = client.get(incident.get_absolute_url()).content.decode()
    assert "hy-log" in page and "timeline." not in page
    assert client.get(reverse("emergency:timeline_xlsx", args=[incident.code])).status_code == 403
