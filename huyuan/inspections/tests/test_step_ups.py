"""What follows when nothing happens: each step on its day, told once, never while the clock is paused."""

import json
from datetime import date, datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from factories import NOW, hazard_at, make_county, photo, signed_check
from huyuan.audit.models import AuditRow
from huyuan.common.packs import PackError
from huyuan.common.reach import system_reach
from huyuan.inspections.actions import deadlines, hazards
from huyuan.inspections.actions.steps import step_up, step_up_everywhere
from huyuan.inspections.models import Hazard, StepUp, Supervision
from huyuan.inspections.step_ups import all_step_rules, read_step_rules, step_rules
from huyuan.inspections.tasks import step_up as hourly
from huyuan.inspections.tests.test_at_once import at_once
from huyuan.notifications.models import Message
from huyuan.organisations.calendar import WorkingDays
from huyuan.organisations.models import CalendarDay
from huyuan.policy.models import DayKind

ZONE = ZoneInfo("Asia/Shanghai")
DUE = date(2026, 9, 25)


def ordered(cast, level="general", kind=DayKind.CALENDAR, days=10):
    """A hazard ordered on the 15th; with ten calendar days it is due on the 25th."""
    [found] = signed_check(cast).hazards.all()
    hazards.order_rectification(
        hazard=found, requirement="更换", responsible=cast.safety, level="general", days=days, due_kind=kind,
        by=cast.reach("station"), now=NOW,
    )  # fmt: skip
    major = {"level": level, "guide_item": "fire-1", "funding": "学校公用经费", "contingency": "专人看守"}
    Hazard.objects.filter(pk=found.pk).update(**major if level == "major" else {})
    return Hazard.objects.get(pk=found.pk)


def run(cast, day, hour=9):
    moment = day if isinstance(day, datetime) else datetime.combine(day, time(hour), ZONE)
    return step_up(county=cast.county, by=system_reach(cast.county.pk), now=moment)


def told(kind):
    return set(Message.objects.filter(kind=f"hazard:step_{kind}").values_list("recipient__name", flat=True))


def days(start, end):
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def test_every_step_is_taken_on_its_day_and_told_to_whom_the_rules_name(cast):
    hazard = ordered(cast, "major")
    on = {}
    for day in days(NOW.date(), DUE + timedelta(days=9)):
        before = set(StepUp.objects.values_list("rule", flat=True))
        run(cast, day)
        on |= dict.fromkeys(set(StepUp.objects.values_list("rule", flat=True)) - before, day)
    assert on == {
        "reminder": date(2026, 9, 22),
        "overdue": date(2026, 9, 26),
        "agencies": date(2026, 9, 28),
        "listing": date(2026, 10, 2),
    }
    assert told("remind") == {cast.safety.name}
    assert told("overdue") == {cast.head.name}
    assert told("watch") == {cast.station.name, cast.station2.name, cast.bureau.name}
    assert Supervision.objects.get(hazard=hazard).status == "proposed"
    assert Message.objects.filter(kind="supervision:propose", recipient=cast.leader).count() == 1
    assert AuditRow.objects.filter(kind="hazard:step_up").count() == 4


def test_nothing_is_told_twice(cast):
    ordered(cast)
    for hour in (7, 8, 9):
        run(cast, DUE + timedelta(days=1), hour)
    assert Message.objects.filter(kind="hazard:step_overdue").count() == 1
    assert run(cast, DUE + timedelta(days=2)).told == 0


def test_who_answers_for_it_and_is_the_safety_officer_is_reminded_once(cast):
    ordered(cast)
    run(cast, date(2026, 9, 22))
    assert Message.objects.filter(kind="hazard:step_remind").count() == 1


def test_two_workers_at_once_tell_once(own_database):
    cast = make_county()
    ordered(cast)
    ends = at_once([lambda: run(cast, DUE + timedelta(days=1))] * 4)
    assert ends == {"done": 4}
    assert Message.objects.filter(kind="hazard:step_overdue").count() == 1


def test_after_missed_days_everybody_hears_once_and_the_reminder_is_only_written_down(cast):
    ordered(cast)
    taken = run(cast, DUE + timedelta(days=4))
    assert (taken.told, taken.skipped) == (1, 1)
    assert list(StepUp.objects.values_list("rule", "told")) == [
        ("reminder", False), ("overdue", True), ("agencies", True),
    ]  # fmt: skip
    assert not told("remind")
    assert told("watch") and told("overdue") and not told("watch") & told("overdue")


def test_a_general_hazard_is_never_proposed(cast):
    ordered(cast)
    run(cast, DUE + timedelta(days=60))
    assert not Supervision.objects.exists()
    assert told("watch")


def test_a_major_hazard_without_a_guide_item_is_not_proposed(cast):
    hazard = ordered(cast, "major")
    Hazard.objects.filter(pk=hazard.pk).update(origin="imported", guide_item="")
    run(cast, DUE + timedelta(days=60))
    assert not Supervision.objects.exists()


def test_a_paused_hazard_never_steps_and_steps_from_its_new_date(cast):
    hazard = ordered(cast)
    deadlines.pause_deadline(hazard=hazard, reason="等配件", by=cast.reach("station"), now=NOW)
    assert run(cast, DUE + timedelta(days=30)).told == 0
    later = NOW + timedelta(days=30)
    resumed = deadlines.resume_deadline(hazard=hazard, by=cast.reach("station"), now=later)
    assert run(cast, resumed.due_date).told == 1
    assert StepUp.objects.get(told=True).due_date == resumed.due_date


def test_an_extension_begins_the_steps_anew_and_keeps_the_former_as_history(cast, sign_in):
    hazard = ordered(cast)
    run(cast, date(2026, 9, 22))
    extension = deadlines.ask_extension(
        hazard=hazard, new_due_date=date(2026, 10, 10), reason="等配件", by=cast.reach("safety"), now=NOW
    )
    deadlines.decide_extension(extension=extension, grant=True, by=cast.reach("station"), now=NOW)
    assert run(cast, date(2026, 9, 28)).told == 0
    assert run(cast, date(2026, 10, 7)).told == 1
    assert list(StepUp.objects.values_list("rule", "due_date")) == [
        ("reminder", DUE), ("reminder", date(2026, 10, 10)),
    ]  # fmt: skip
    html = sign_in(cast.head).get(hazard.get_absolute_url()).content.decode()
    assert "对应原期限2026年9月25日" in html
    assert "待县里确认" in html
    assert "2026-10-11" in html


def test_the_next_round_steps_anew(cast):
    hazard = ordered(cast)
    run(cast, DUE + timedelta(days=1))
    soon = NOW + timedelta(days=12)
    hazards.rectify_hazard(hazard=hazard, report="已修", photos=[photo()], by=cast.reach("safety"), now=soon)
    assert run(cast, DUE + timedelta(days=5)).told == 0
    hazards.reject_rectification(hazard=hazard, remark="没修好", days=5, by=cast.reach("station"), now=soon)
    assert run(cast, date(2026, 10, 3)).told == 1
    assert StepUp.objects.get(round=2, told=True).rule == "overdue"


def test_working_days_are_counted_in_the_days_of_the_hazard_and_of_its_school(cast):
    ordered(cast, kind=DayKind.WORKING)  # due on Tuesday the 29th; the 1st to the 7th of October are a holiday
    rules = {rule.key: rule for rule in step_rules("360901", NOW.date()).steps}
    whole, due = WorkingDays({}), date(2026, 9, 29)
    assert rules["overdue"].day(due, DayKind.WORKING, whole) == date(2026, 9, 30)
    assert rules["agencies"].day(due, DayKind.WORKING, whole) == date(2026, 10, 9)
    assert rules["reminder"].day(due, DayKind.WORKING, whole) == date(2026, 9, 23)
    assert run(cast, date(2026, 9, 22)).told == 0
    assert run(cast, date(2026, 9, 23)).told == 1
    school = cast.schools["school"]
    CalendarDay.objects.create(county=cast.county, school=school, day=date(2026, 9, 30), works=False, reason="校运会")
    assert run(cast, date(2026, 9, 30)).told == 0
    assert run(cast, date(2026, 10, 8)).told == 1


def test_a_step_is_found_exactly_when_its_day_has_come():
    calendar = WorkingDays({date(2026, 10, 12): False})
    for rule in step_rules("360901", NOW.date()).steps:
        for kind in DayKind.values:
            for today in days(date(2026, 9, 20), date(2026, 10, 20)):
                latest = rule.latest_due(today, kind, calendar)
                assert rule.day(latest, kind, calendar) <= today < rule.day(latest + timedelta(days=1), kind, calendar)


def test_nobody_is_reminded_on_the_day_of_the_order(cast):
    ordered(cast, days=2)
    assert run(cast, NOW.date()).told == 0
    assert run(cast, NOW.date() + timedelta(days=1)).told == 1


def test_what_was_due_before_the_county_began_does_not_step(cast):
    ordered(cast)
    cast.county.starts_on = date(2026, 10, 1)
    cast.county.save()
    assert run(cast, date(2026, 10, 20)).told == 0


def test_closed_and_reported_hazards_do_not_step(cast):
    for status in ("registered", "rectified", "closed"):
        hazard_at(cast, status)
    assert run(cast, date(2026, 12, 1)).told == 0


def test_selecting_what_is_due_costs_the_same_for_one_hazard_and_for_many(cast, django_assert_max_num_queries):
    for _n in range(3):
        ordered(cast)
    with django_assert_max_num_queries(20):
        assert run(cast, NOW.date()).told == 0


def test_the_worker_wakes_nobody_and_takes_up_after_an_outage(cast, clock):
    ordered(cast)
    clock.set(datetime.combine(DUE + timedelta(days=1), time(6, 7), ZONE))
    hourly(timestamp=0)
    assert not StepUp.objects.exists()
    clock.set(datetime.combine(DUE + timedelta(days=5), time(7, 7), ZONE))
    hourly(timestamp=0)
    assert StepUp.objects.filter(told=True).count() == 2


def test_the_command_takes_the_time_and_counts(cast):
    ordered(cast, "major")
    out = StringIO()
    call_command("step_up", "--now", "2026-10-02T09:00", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"told": 1, "skipped": 1, "proposed": 1}
    call_command("step_up", "--now", "2026-10-02T09:00", stdout=out)
    assert "told 0" in out.getvalue()
    for wrong in ("gestern", "2026-13-45T09:00"):
        with pytest.raises(CommandError, match=wrong):
            call_command("step_up", "--now", wrong)


def test_every_county_steps_by_its_own_rules(cast, foreign):
    ordered(cast)
    ordered(foreign)
    taken = step_up_everywhere(now=datetime.combine(DUE + timedelta(days=1), time(9), ZONE))
    assert taken.told == 2
    assert set(Message.objects.filter(kind="hazard:step_overdue").values_list("county_id", flat=True)) == {
        cast.county.pk, foreign.county.pk,
    }  # fmt: skip


RULES = """
code: {code}
version: {version}
effective_from: 2026-01-01
confirmed: true
counties: {counties}
title: {{zh: 规则, en: Rules}}
source: {{zh: 县里, en: county}}
steps:
  - {{key: late, days: 2, says: {says}, to: [school_head], title: {{zh: 逾期, en: overdue}}}}
  - {{key: later, days: {days}, says: watch, to: [station], title: {{zh: 逾期, en: overdue}}}}
"""


def written(path, **words):
    path.write_text(
        RULES.format(**{"code": "own", "version": 1, "counties": "[]", "says": "overdue", "days": 5} | words)
    )
    return path


@pytest.fixture
def packs(settings, tmp_path):
    settings.PACKS = tmp_path
    (tmp_path / "step-ups").mkdir()
    all_step_rules.cache_clear()
    yield tmp_path / "step-ups"
    all_step_rules.cache_clear()


def test_a_county_has_its_own_rules_in_their_newest_version(packs):
    written(packs / "default.yaml", code="default")
    for version in (1, 2):
        written(packs / f"own-{version}.yaml", version=version, counties='["360901"]')
    assert (step_rules("360901", NOW.date()).code, step_rules("360901", NOW.date()).version) == ("own", 2)
    assert step_rules("360902", NOW.date()).code == "default"


def test_without_any_rules_the_sentence_says_what_is_missing(packs):
    with pytest.raises(LookupError, match="step-ups"):
        step_rules("360901", NOW.date())


@pytest.mark.parametrize("wrong", [{"says": "propose"}, {"days": 1}, {"days": "soon"}, {"counties": "{"}])
def test_rules_that_cannot_be_are_refused_with_their_file(tmp_path, wrong):
    with pytest.raises(PackError, match=r"wrong\.yaml"):
        read_step_rules(written(tmp_path / "wrong.yaml", **wrong))
