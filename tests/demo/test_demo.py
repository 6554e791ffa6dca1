"""The demo county: whole, believable, the same for the same day, and useful to every role."""

import itertools
import os
import random
import re
import time
from collections import Counter
from datetime import date, datetime
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import translation

from conftest import clone, drop, point_to
from huyuan.attachments.models import Attachment
from huyuan.audit.models import AuditRow
from huyuan.config.demo import aftermath, history, loading, places
from huyuan.config.demo.findings import FINDINGS, MAJOR
from huyuan.config.demo.names import names
from huyuan.config.demo.pictures import photo
from huyuan.config.demo.staffing import PASSWORD
from huyuan.config.demo.story import (
    FATES,
    MORNING_FOUND,
    MORNINGS,
    OPENINGS,
    ROVING_FOUND,
    SPOTS,
    STATION,
    VISITS,
    Visit,
)
from huyuan.emergency.models import Call, LogEntry, Page
from huyuan.inspections.checklists import current_checklists
from huyuan.inspections.models import (
    Answer,
    HandOver,
    Hazard,
    Inspection,
    Rectification,
    RovingVisit,
    StepUp,
    Supervision,
)
from huyuan.organisations.kinds import SchoolKind
from huyuan.organisations.models import Jurisdiction, Organisation, OrganisationKind, School, Site
from huyuan.people.models import User
from huyuan.people.queries import demo_accounts
from huyuan.people.reaches import reach_of
from huyuan.policy.models import Adoption, Effort, Supplement
from huyuan.policy.queries import tallies
from huyuan.policy.states import JUDGED, State
from huyuan.policy.worklist import tasks_for
from huyuan.search.queries import find
from tests.demo.conftest import ON


def story_told() -> list[tuple]:
    """What the demo tells, without the random codes."""
    hazards = Hazard.objects.order_by("pk").values_list(
        "school__organisation__name", "description", "status", "due_date", "ordered_at", "round", "responsible__name"
    )
    answers = Answer.objects.order_by("pk").values_list(
        "item_key", "value", "note", "answered_at", "answered_by__phone"
    )
    schools = School.objects.order_by("identifier").values_list("identifier", "staff", "head_name", "sites__lon")
    efforts = Effort.objects.order_by("organisation__sort_key", "month", "occasion")
    log = LogEntry.objects.order_by("pk").values_list("at", "kind", "actor__phone", "facts", "words")
    pages = Page.objects.values_list("channel", "made_at", "accepted_at", "address")
    calls = Call.objects.order_by("pk").values_list("user__phone", "part", "rank", "seen_at", "arrived_at")
    return [
        *hazards,
        *answers,
        *schools,
        *[tuple(map(str, row)) for row in log],
        *calls,
        *sorted(pages),
        *efforts.values_list("organisation__name", "month", "occasion", "typed", "seconds"),
    ]


def reach_of_account(account):
    user = User.objects.get(phone=account.phone)
    return reach_of(user, user.posts.select_related("organisation").first())


def test_the_county_has_schools_of_all_kinds_in_every_town(demo):
    kinds = Counter(School.objects.values_list("kind", flat=True))
    assert set(kinds) == set(SchoolKind) and sum(kinds.values()) == 46
    assert School.objects.values("town").distinct().count() == len(places.TOWNS) == 8
    assert School.objects.exclude(central_school=None).count() == 14
    assert not School.objects.filter(station=None).exists()
    assert 220 <= User.objects.count() <= 260


def test_phone_numbers_are_from_an_invented_range_and_nobody_stands_twice(demo):
    people = list(User.objects.values_list("phone", "name"))
    assert all(re.fullmatch(r"1990000\d{4}", phone) for phone, _name in people)
    assert len({name for _phone, name in people}) == len(people)
    assert not School.objects.filter(head_name="").exists()


def inside(lon, lat, ring) -> bool:
    crossings = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def test_every_school_stands_inside_the_border_and_apart(demo):
    (ring,) = demo.outline["coordinates"]
    sites = list(Site.objects.values_list("lon", "lat"))
    assert ring[0] == ring[-1]
    assert all(inside(lon, lat, ring) for lon, lat in sites)
    assert len(set(sites)) == 46


def test_central_schools_act_for_their_points(demo):
    point = School.objects.get(organisation__name="柳山教学点")
    lines = dict(Jurisdiction.objects.filter(subject=point.organisation).values_list("line", "overseer__name"))
    assert lines == {
        "own": "柳山教学点", "education": "清渠镇中心小学", "police": "清渠派出所", "territory": "清渠镇",
    }  # fmt: skip


def test_hazards_are_in_every_state_and_few_are_overdue(demo):
    states = Counter(Hazard.objects.values_list("status", flat=True))
    assert set(states) == set(Hazard.Status) and 65 <= sum(states.values()) <= 85
    assert 1 <= Hazard.objects.overdue(ON).count() <= 4
    assert Hazard.objects.exclude(paused_on=None).count() == 1
    assert Hazard.objects.filter(round=2).count() == 3
    assert set(Inspection.objects.values_list("status", flat=True)) == set(Inspection.Status)
    assert Inspection.objects.filter(checklist_code="comprehensive").count() == len(VISITS) == 30


@pytest.mark.clause("4.1")
def test_the_county_stands_half_way_through_its_plan_with_little_red(demo):
    counts = Counter()
    for tally in tallies(demo, Organisation.objects.filter(county=demo), ON):
        counts.update(tally.counts)
    judged = sum(counts[state] for state in JUDGED)
    assert counts[State.MET] > judged / 4
    assert 1 <= counts[State.MISSED] < judged / 20
    assert counts[State.NO_DATA] and counts[State.OUTSIDE]
    assert Adoption.objects.count() > 20 and Supplement.objects.count() == 2


def test_a_major_hazard_is_listed_and_another_waits_for_a_leader(demo):
    assert sorted(Supervision.objects.values_list("status", flat=True)) == ["listed", "proposed"]
    assert set(StepUp.objects.values_list("rule", flat=True)) == {"reminder", "overdue", "agencies", "listing"}


def test_some_schools_walk_their_own_round_and_some_leave_out_mondays(demo):
    rounds = Inspection.objects.filter(checklist_code="daily").select_related("school__organisation")
    assert {check.status for check in rounds} == {Inspection.Status.SIGNED}
    days = Counter(check.school.organisation.name for check in rounds)
    assert set(days) == {school for school, _since, _mondays in MORNINGS}
    assert all(3 <= days[school] <= since for school, since, _mondays in MORNINGS)
    assert sum(days.values()) < sum(since for _school, since, _mondays in MORNINGS)
    assert Hazard.objects.filter(inspection__in=rounds).count() == len(MORNING_FOUND)


def test_the_term_was_opened_by_checks_and_the_fire_day_by_roving_ones(demo):
    assert Inspection.objects.filter(checklist_code="opening", status="signed").count() == len(OPENINGS)
    states = Counter(RovingVisit.objects.values_list("status", flat=True))
    assert states["done"] >= 3 and states["planned"] >= 8
    fire = Inspection.objects.filter(checklist_code="fire", status="signed")
    assert fire.count() == states["done"] and fire.filter(signed_at__date__lt=date(2026, 11, 9)).exists()


def test_nothing_has_happened_yet_on_the_day_itself(demo):
    assert not Inspection.objects.filter(started_at__date__gte=ON).exists()
    assert not Hazard.objects.filter(closed_at__date__gte=ON).exists()
    starts = Inspection.objects.order_by("pk").values_list("started_at", flat=True)
    assert list(starts) == sorted(starts)


def test_every_failed_item_and_every_rectification_has_its_photo(demo):
    for hazard in Hazard.objects.exclude(inspection=None).select_related("inspection"):
        assert Attachment.objects.filter(owner_code=hazard.inspection.code, place=hazard.item_key).exists()
    rounds = sum(hazard.rounds.count() for hazard in Hazard.objects.all())
    shown = Attachment.objects.filter(owner_kind="inspections.hazard")
    assert shown.exclude(place="found").count() == rounds > 40
    assert shown.filter(place="found").count() == len(SPOTS)


def test_a_department_is_asked_help_is_promised_and_something_came_back(demo):
    transfer, help_promised = HandOver.objects.order_by("kind").reverse()
    assert (transfer.status, help_promised.status) == ("pending", "accepted")
    assert help_promised.hazard.is_paused(ON)
    assert Hazard.objects.exclude(recurrence_of=None).exists()


def test_whoever_has_something_to_do_sees_it_today_and_little_of_it_is_red(demo):
    wanted = {
        "bureau officer": 2, "county police officer": 2, "station officer": 5, "head of school": 3,
        "school safety officer": 3,
    }  # fmt: skip
    with translation.override("en"):
        accounts = {account.role: account for account in demo_accounts()}
    assert len(accounts) == 14
    for role, least in wanted.items():
        tasks = tasks_for(reach_of_account(accounts[role]), ON)
        late = [task for task in tasks if task.due_date and task.due_date < ON and not task.paused]
        assert least <= len(tasks) <= 15, role
        assert len(late) <= 3, role


@pytest.mark.parametrize(
    "page", ["web:today", "web:schools", "web:map", "inspections:hazards", "inspections:inspections"]
)
def test_the_pages_of_the_demo_answer(demo, page):
    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(phone=demo_accounts()[0].phone))
    assert client.get(reverse(page)).status_code == 200


def test_what_filling_in_has_cost_is_what_the_records_say(demo):
    rows = Effort.objects.filter(county=demo)
    sums = {
        row["occasion"]: row
        for row in rows.values("occasion").annotate(n=Sum("entries"), typed=Sum("typed"), seconds=Sum("seconds"))
    }
    assert sums["inspections.answer"]["n"] == Answer.objects.count()
    assert sums["inspections.rectify"]["n"] == Rectification.objects.count()
    assert sums["inspections.order"]["n"] == Hazard.objects.exclude(ordered_at=None).count()
    assert rows.filter(month__gt=ON).count() == 0 and rows.values("month").distinct().count() >= 3
    school = Organisation.objects.get(name="云栖县第一小学")
    minutes = sum(row.seconds for row in rows.filter(organisation=school)) / 60
    assert 5 < minutes < 300
    cells = rows.filter(organisation=school, occasion__startswith="export.").values_list("reused", flat=True)
    assert sum(cells) > sum(row.typed for row in rows.filter(organisation=school))


def test_schools_people_and_hazards_can_be_found(demo):
    reach = reach_of_account(demo_accounts()[0])
    head = School.objects.get(organisation__name="云栖县第一小学").head_name
    for words, kind in (("第一小学", "school"), (head, "person"), ("疏散指示灯", "hazard")):
        assert kind in {hit.kind for hit in find(reach, words).hits}, words


def test_loading_again_changes_nothing_and_takes_no_time(demo):
    before, begun = AuditRow.objects.count(), time.monotonic()
    assert not loading.load(ON)
    assert time.monotonic() - begun < 0.5
    assert AuditRow.objects.count() == before


def test_the_accounts_are_printed_with_a_password_that_lets_in(demo):
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 15 and PASSWORD in lines[-1]
    phone = lines[0].split()[0]
    user = User.objects.get(phone=phone)
    assert user.check_password(PASSWORD)
    validate_password(PASSWORD, user)


def test_a_real_installation_has_no_demo(demo, settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("load_demo")
    with pytest.raises(CommandError):
        call_command("demo_accounts")


def test_the_same_day_tells_the_same_story(demo, template, monkeypatch):
    told, name = story_told(), f"huyuan_again_{os.getpid()}"
    picture = photo("gate", fine=True, at=datetime(2026, 1, 1))
    for module in (history, aftermath):
        monkeypatch.setattr(module, "photo", lambda *_given, **_named: picture)
    before = connection.settings_dict["NAME"]
    clone(template, name)
    point_to(name)
    try:
        assert loading.load(ON)
        assert story_told() == told
    finally:
        point_to(before)
        drop(name)


def test_the_story_names_only_what_exists():
    lists = {entry.code: {item.key for item in entry.items()} for entry in current_checklists(ON)}
    schools = {place.name for place in places.SCHOOLS}
    told = [Visit("城北小学", 1, STATION, failed, checklist="fire") for failed in ROVING_FOUND]
    told += [Visit(school, 1, STATION, failed, checklist="daily") for (school, _day), failed in MORNING_FOUND.items()]
    for visit in (*VISITS, *OPENINGS, *told):
        assert visit.school in schools
        for item, fate in visit.findings():
            assert item in lists[visit.checklist] and item in FINDINGS and fate in FATES, (visit, item, fate)
    assert {item.removesuffix(MAJOR) for item in FINDINGS} <= set().union(*lists.values())


def test_names_are_never_used_twice():
    drawn = names(random.Random(1))
    many = [next(drawn) for _ in range(3000)]
    assert len(set(many)) == len(many)


def test_the_organisations_of_the_county_are_all_there(demo):
    kinds = set(Organisation.objects.values_list("kind", flat=True))
    assert kinds == set(OrganisationKind)
