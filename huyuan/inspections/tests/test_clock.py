"""One clock: the query, the record, Today, the ledger and the bar of states say the same on every day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from factories import NOW, handed_over, hazard_at, photo
from huyuan.inspections.actions import coordination, deadlines, hazards
from huyuan.inspections.models import Hazard
from huyuan.organisations.calendar import working_days
from huyuan.policy.clocks import days_left
from huyuan.policy.worklist import tasks_for

DAYS = range(-1, 45)


def promised(cast, days, at=NOW):
    request = handed_over(cast, "coordination")
    coordination.accept_coordination(handover=request, days=days, answer="", by=cast.reach("health"), now=at)
    return request


def paused(cast):
    by = cast.reach("station")
    return deadlines.pause_deadline(hazard=hazard_at(cast, "ordered"), reason="停工", by=by, now=NOW)


def rejected(cast):
    request = promised(cast, 5)
    hazards.rectify_hazard(hazard=request.hazard, report="已改", photos=[photo()], by=cast.reach("safety"), now=NOW)
    by = cast.reach("station")
    hazards.reject_rectification(hazard=request.hazard, remark="不行", days=4, by=by, now=NOW)


CASES = {
    "ordered": lambda cast: hazard_at(cast, "ordered"),
    "registered": lambda cast: hazard_at(cast, "registered"),
    "rectified": lambda cast: hazard_at(cast, "rectified"),
    "closed": lambda cast: hazard_at(cast, "closed"),
    "paused by the agency": paused,
    "help asked": lambda cast: handed_over(cast, "coordination"),
    "help for a day": lambda cast: promised(cast, 1),
    "help for ten days": lambda cast: promised(cast, 10),
    "help after it ran out": lambda cast: promised(cast, 10, NOW + timedelta(days=30)),
    "sent back after help": rejected,
}


@pytest.mark.parametrize("case", CASES)
def test_query_and_record_agree_on_every_day(cast, case):
    CASES[case](cast)
    hazard, calendar = Hazard.objects.get(), working_days(cast.county, cast.schools["school"])
    for n in DAYS:
        day = (NOW + timedelta(days=n)).date()
        late, still = Hazard.objects.overdue(day).exists(), Hazard.objects.paused(day).exists()
        assert hazard.is_overdue(day) == late, day
        assert (hazard.running_due_date is not None and hazard.is_paused(day)) == still, day
        assert not (late and still), day
        if late or still:
            left = days_left(hazard, day, calendar)
            assert left is None if still else left < 0, day
        for task in tasks_for(cast.reach("safety"), day):
            assert (task.due_date is not None and task.due_date < day and not task.paused) == late, day


@pytest.mark.parametrize(("after", "words"), [(3, "暂停至"), (16, "剩"), (40, "逾期")])
def test_ledger_and_bar_say_the_same_words(cast, sign_in, clock, after, words):
    request = promised(cast, 10)
    clock.set(NOW + timedelta(days=after))
    client = sign_in(cast.head)
    for page in (
        request.hazard.get_absolute_url(),
        reverse("inspections:hazards"),
        cast.schools["school"].get_absolute_url(),
    ):
        assert words in client.get(page).content.decode(), page
