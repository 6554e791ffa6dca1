"""Who did what between which instants of the database's clock, held against rows, log, screen and exported timeline."""

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page

from huyuan.audit.models import AuditRow
from huyuan.common.clock import database_now
from huyuan.emergency.board import sentence_of
from huyuan.emergency.models import Confirmation, Incident, LogEntry, Statement
from huyuan.people.models import User

SYSTEM = "系统"
TITLES = ("序号", "时间", "距报警", "事项", "记录人")


@dataclass(frozen=True)
class Deed:
    """What somebody did, or the engine, not before one instant and not after another."""

    sign: str
    kind: str
    by: User | None
    about: str
    before: datetime
    after: datetime


@dataclass
class Witness:
    """Remembers every deed."""

    deeds: list[Deed] = field(default_factory=list)

    @contextmanager
    def deed(self, sign: str, kind: str, by: User | None, about: str = "") -> Iterator[None]:
        """Something is done and seen to be done; `about` stands in the sentence of the log."""
        before = database_now()
        yield
        self.deeds.append(Deed(sign, kind, by, about, before, database_now()))

    def of(self, incident: Incident) -> list[Deed]:
        return [deed for deed in self.deeds if deed.sign == incident.sign]


@dataclass(frozen=True)
class Timeline:
    """An exported handling timeline as a reader finds it."""

    heads: dict[str, str]
    lines: list[tuple[int, str, str, str, str]]


def timeline_of(content: bytes) -> Timeline:
    """Read the exported sheet."""
    rows = [row[:5] for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
    titles = rows.index(TITLES)
    heads = {name: value for name, value, *_rest in rows[:titles] if name}
    return Timeline(heads, rows[titles + 1 :])


def second(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def elapsed(incident: Incident, at: datetime, minutes: str = "02d") -> str:
    """Whole minutes and seconds from the press."""
    passed, rest = divmod(int((at - incident.opened_at).total_seconds()), 60)
    return f"+{passed:{minutes}}:{rest:02d}"


def words_of(entry: LogEntry) -> str:
    return f"{sentence_of(entry)} {entry.words}"


def entry_of(deed: Deed, log: Iterable[LogEntry]) -> LogEntry:
    """The one entry that a deed has left."""
    left = [
        entry for entry in log
        if (entry.kind, entry.actor) == (deed.kind, deed.by) and deed.about in words_of(entry)
    ]  # fmt: skip
    assert len(left) == 1, (deed, [words_of(entry) for entry in left])
    return left[0]


def moments_of(incident: Incident) -> dict[str, set[datetime | None]]:
    """When what happened, as the rows of the incident have it, by the kind of the log's entries."""
    calls, tiers = list(incident.calls.all()), list(incident.tiers.all())
    steps = [call for call in calls if call.arrived_how != "colleague"]
    said = {kind: {one.at for one in incident.confirmations.filter(kind=kind)} for kind in Confirmation.Kind}
    released = dict(incident.statements.filter(kind=Statement.Kind.PARENTS).values_list("kind", "released_at"))
    notes = AuditRow.objects.filter(kind="incident:note", target_code=str(incident.code))
    return {
        "press": {press.received_at for press in incident.presses.all()} | {incident.opened_at},
        "exercise_unannounced": {incident.opened_at} if incident.sign == "exercise" else set(),
        "called": {call.called_at for call in calls if call.rank < 100},
        "silent": {call.silent_at for call in calls},
        "seen": {call.seen_at for call in steps}, "on_way": {call.on_way_at for call in steps},
        "arrived": {call.arrived_at for call in calls}, "tier_reached": {tier.reached_at for tier in tiers},
        "tier_missed": {tier.missed_at for tier in tiers}, "task_done": {task.done_at for task in incident.tasks.all()},
        "lockdown": said["lockdown"], "headcount": said["headcount"], "parents_released": set(released.values()),
        "laid_out": set(incident.statements.filter(drafted_by=None).values_list("drafted_at", flat=True)),
        "handed_over": {one.at for one in incident.hand_overs.all()}, "note": {row.at for row in notes},
        "cleared": {incident.cleared_at}, "reviewed": {incident.review.written_at},
    }  # fmt: skip


# Entries that tell of the same moment as a row of another name.
TOLD_BY = {"called_next": "silent", "nobody_next": "silent", "called_more": "tier_missed"}


def check_log_and_rows(incident: Incident) -> None:
    """Each entry has the very time of what it tells, nothing that the rows know of is missing, and all were called at once."""
    told: dict[str, set[datetime | None]] = {}
    for entry in incident.log.all():
        told.setdefault(TOLD_BY.get(entry.kind, entry.kind), set()).add(entry.at)
    rows = {kind: moments - {None} for kind, moments in moments_of(incident).items()}
    # Where nobody is left to call, only the first silent one is told of.
    assert told.pop("silent", set()) <= rows.pop("silent")
    assert told == {kind: moments for kind, moments in rows.items() if moments}
    assert len(rows["called"]) == 1


def check_timeline(incident: Incident, exported: Timeline, deeds: Iterable[Deed]) -> None:
    """The exported timeline is the log in the order of the database, to the second; each deed lies where it was done."""
    log = list(incident.log.select_related("actor").order_by("pk"))
    expected = [
        (number, second(entry.at), elapsed(incident, entry.at), entry.actor.name if entry.actor else SYSTEM)
        for number, entry in enumerate(log, 1)
    ]
    assert [(number, at, after, actor) for number, at, after, _text, actor in exported.lines] == expected
    for entry, (*_line, text, _actor) in zip(log, exported.lines, strict=True):
        assert text.startswith(sentence_of(entry)) and entry.words in text
    places = []
    for deed in deeds:
        entry = entry_of(deed, log)
        assert deed.before <= entry.at <= deed.after, deed
        shown = exported.lines[log.index(entry)][1]
        assert second(deed.before) <= shown <= second(deed.after), deed
        places.append(entry.pk)
    assert places == sorted(places)
    assert (exported.heads["报警时间"], exported.heads["解除时间"]) == (
        second(incident.opened_at),
        second(incident.cleared_at),
    )


def check_screen(page: Page, incident: Incident) -> None:
    """The room shows the same log, the newest entry first, and the clocks of its tiers."""
    shown = page.locator(".hy-log li").evaluate_all(
        "(lines) => lines.map((line) => [line.id, ...[...line.querySelectorAll('.hy-mono')].map((one) => one.textContent)])"
    )
    assert shown == [
        [f"log-{entry.pk}", second(entry.at)[11:], elapsed(incident, entry.at, "d")]
        for entry in incident.log.order_by("-pk")
    ]
    whole = [elapsed(incident, tier.reached_at, "d") for tier in incident.tiers.all() if tier.reached_at]
    assert [clock.strip() for clock in page.locator(".hy-tier-whole .hy-tier-clock").all_text_contents()] == whole


def check_quorum(incident: Incident, whole: set[int]) -> None:
    """These tiers became whole, each with the arrival of the last one it needed."""
    for tier in incident.tiers.all():
        there = sorted(tier.calls.arrived().values_list("arrived_at", flat=True))
        assert tier.reached_at == (there[tier.needed - 1] if len(there) >= tier.needed else None)
    assert set(incident.tiers.filter(reached_at__isnull=False).values_list("minute", flat=True)) == whole
