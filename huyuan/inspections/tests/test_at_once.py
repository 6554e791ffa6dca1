"""Several people at the same thing at the same time: one wins, the others are told, nothing is done twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

from django.db import connections, transaction

from factories import NOW, answer_everything, answered_check, begun_check, hazard_at, make_county
from huyuan.audit.models import AuditRow
from huyuan.common.errors import Refusal
from huyuan.inspections.actions import checks, hazards
from huyuan.inspections.models import Answer, Hazard, Inspection
from huyuan.inspections.tests.standings import make_plan, stands_of


def at_once(acts: list[Callable[[], object]]) -> Counter[str]:
    """Run the acts in threads that start together; count how they ended."""
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except Refusal as refusal:
            return refusal.kind
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as threads:
        return Counter(threads.map(run, acts))


def test_of_many_who_close_a_hazard_one_does(own_database):
    cast = make_county()
    hazard = hazard_at(cast, "rectified")
    closers = [cast.reach(part) for part in ("station", "station2", "bureau", "police")] * 4
    ends = at_once([lambda by=by: hazards.close_hazard(hazard=hazard, remark="", by=by, now=NOW) for by in closers])
    assert ends == {"done": 1, "conflict": len(closers) - 1}
    assert AuditRow.objects.filter(kind="hazard:close").count() == 1
    assert Hazard.objects.get(pk=hazard.pk).status == Hazard.Status.CLOSED


def test_closing_and_rejecting_at_once_leaves_one_verdict(own_database):
    cast = make_county()
    hazard = hazard_at(cast, "rectified")
    station, bureau = cast.reach("station"), cast.reach("bureau")
    ends = at_once([
        lambda: hazards.close_hazard(hazard=hazard, remark="", by=station, now=NOW),
        lambda: hazards.reject_rectification(hazard=hazard, remark="没修好", days=5, by=bureau, now=NOW),
    ])  # fmt: skip
    assert ends == {"done": 1, "conflict": 1}
    assert hazard.rounds.exclude(verdict="pending").count() == 1


def test_of_many_phones_answering_differently_one_answer_stands_and_the_others_are_told(own_database):
    cast = make_county()
    check = begun_check(cast)
    item = next(check.checklist.items())
    phones = [(cast.reach(part), value) for part in ("station", "safety", "head") for value in ("yes", "no")]
    ends = at_once([
        lambda by=by, value=value: checks.answer_item(
            inspection=check, item_key=item.key, value=value, note=f"{by.person}", base_revision=0, by=by, now=NOW
        )
        for by, value in phones
    ])  # fmt: skip
    assert ends == {"done": 1, "conflict": len(phones) - 1}
    assert Answer.objects.filter(inspection=check, item_key=item.key).count() == 1


def test_both_sides_signing_at_once_make_the_hazards_once(own_database):
    cast = make_county()
    check = answered_check(cast, failing=3)
    reaches = [cast.reach(part) for part in ("station", "head", "station2", "safety")]
    ends = at_once([lambda by=by: checks.sign_check(inspection=check, by=by, now=NOW) for by in reaches])
    assert ends == {"done": 2, "conflict": 2}
    assert Inspection.objects.get(pk=check.pk).status == Inspection.Status.SIGNED
    assert Hazard.objects.count() == 3


def test_a_check_signed_while_another_is_being_signed_is_counted_with_it_for_their_station(own_database):
    cast = make_county()
    make_plan(cast)
    first, second = signed_by_station(cast, "school"), signed_by_station(cast, "point")
    head, begun = cast.reach("head"), Event()

    def hold() -> None:
        with transaction.atomic():
            checks.sign_check(inspection=first, by=head, now=NOW)
            begun.set()
            wait_for_somebody_who_waits()

    def follow() -> None:
        begun.wait()
        checks.sign_check(inspection=second, by=head, now=NOW)

    assert at_once([hold, follow]) == {"done": 2}
    station = stands_of(cast, "station", NOW.date())["joint-check-station"]
    assert (station.row.value, station.row.wanted) == (2, 2)


def wait_for_somebody_who_waits() -> None:
    """Until another transaction waits for a lock."""
    while True:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return


def signed_by_station(cast, school: str) -> Inspection:
    """A check of a school that only the station has signed yet."""
    check = answer_everything(cast, begun_check(cast, school))
    return checks.sign_check(inspection=check, by=cast.reach("station"), now=NOW)
