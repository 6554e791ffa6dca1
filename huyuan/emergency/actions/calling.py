"""Calling: everybody of all tiers in the second of the press, the next person after a silent one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q

from huyuan.audit import actions as audit
from huyuan.common.reach import Reach
from huyuan.emergency.actions.log import write_log, write_logs, write_nobody_left
from huyuan.emergency.actions.paging import page_calls, page_robots
from huyuan.emergency.candidates import Candidate, Scene, all_command, call_of, called_at_once, held_back
from huyuan.emergency.models import Call, Incident, Step, Tier
from huyuan.emergency.permissions import check_can_command
from huyuan.emergency.policies import Part
from huyuan.organisations.models import Organisation
from huyuan.people.models import User

# Who stays silent is rung once more, and once more when the tier is missed.
SILENT_ROUND, MISSED_ROUND = 2, 3


@transaction.atomic(savepoint=False)
def call_tiers(*, incident: Incident, now: datetime, me: str = "") -> list[Call]:
    """Call all tiers at once; whoever is called already is not called again. `me` is the engine that does it."""
    incident = running(incident)
    if incident.status != Incident.Status.OPEN:
        return []
    scene, known = Scene(incident, incident.rules, now), _known(incident)
    made: list[Call] = []
    tiers = list(incident.tiers.all())
    for tier in tiers:
        chosen = [
            one for part in scene.rules.alarm_class.tiers[tier.minute].parts for one in called_at_once(part, scene)
        ]
        new = list(_unknown(chosen, known))
        made += [_at(tier, call_of(one, incident=incident, rank=rank, now=now)) for rank, one in enumerate(new)]
    calls = _call(made, scene, me)
    page_robots(incident=incident, organisation_ids={call.organisation_id for call in calls}, now=now)
    counts = [(tier.minute, sum(call.tier_id == tier.pk for call in calls)) for tier in tiers]
    write_logs("called", incident=incident, now=now, facts=[{"minute": m, "count": count} for m, count in counts])
    return calls


@transaction.atomic(savepoint=False)
def follow_silent(*, calls: Sequence[Call], now: datetime, me: str = "") -> list[Call]:
    """Call the next person for each of an incident's people who have not seen the call in time, and ring these once more."""
    incident = running(calls[0].incident)
    rows = Call.objects.select_related("tier", "user").select_for_update(of=("self",), no_key=True).order_by("pk")
    silent = [call for call in rows.filter(pk__in=[call.pk for call in calls]) if not _answered(call)]
    if incident.status != Incident.Status.OPEN or not silent:
        return []
    Call.objects.filter(pk__in=[call.pk for call in silent]).update(silent_at=now)
    page_calls(calls=silent, incident=incident, now=now, round=SILENT_ROUND, me=me)
    return call_next(calls=silent, incident=incident, now=now, me=me)


def call_next(*, calls: Iterable[Call], incident: Incident, now: datetime, me: str = "") -> list[Call]:
    """Call who comes after each that is silent or unable: of the tier, of a later one, of the command centre."""
    scene, known = Scene(incident, incident.rules, now), _known(incident)
    left: dict[int | None, Iterator[Candidate]] = {}
    following: list[tuple[Call, Call]] = []
    nobody: dict[int | None, Call] = {}
    for call in calls:
        candidates = left.setdefault(call.tier_id, _unknown(_reserve(call.tier, scene), known))
        if candidate := next(candidates, None):
            following.append((call, _at(call.tier, call_of(candidate, incident=incident, rank=100, now=now))))
        else:
            nobody.setdefault(call.tier_id, call)
    called = _call([one for _call_before, one in following], scene, me) if following else []
    facts = [{"name": _name(call), "next": _name(one)} for call, one in following]
    write_logs("called_next", incident=incident, now=now, facts=facts)
    for call in nobody.values():
        write_nobody_left(call=call, incident=incident, now=now, name=_name(call))
    return called


@transaction.atomic(savepoint=False)
def judge_tier(*, tier: Tier, now: datetime, me: str = "") -> Tier:
    """Say at its deadline whether a tier is whole; where it is not, call as many as are missing, and ring again."""
    incident = running(tier.incident)
    tier = Tier.objects.select_for_update(no_key=True).get(pk=tier.pk)
    if incident.status != Incident.Status.OPEN or tier.reached_at or tier.missed_at:
        return tier
    there = Call.objects.arrived().filter(tier=tier).count()
    tier.missed_at = now
    tier.save(update_fields=["missed_at"])
    write_log("tier_missed", incident=incident, now=now, minute=tier.minute, there=there, needed=tier.needed)
    for call in _call_held_back(tier, incident, tier.needed - there, now, me):
        write_log("called_more", incident=incident, now=now, minute=tier.minute, next=_name(call))
    missing = incident.calls.filter(Q(tier=tier) | Q(part=Part.COMMAND_LINE), seen_at=None, arrived_at=None)
    round_ = MISSED_ROUND + tier.minute
    page_calls(calls=missing.select_related("user"), incident=incident, now=now, round=round_, me=me)
    return tier


@transaction.atomic
def call_more(
    *, incident: Incident, people: Iterable[User], organisation: Organisation, part: Part, by: Reach, now: datetime
) -> list[Call]:
    """Whoever commands calls further people, such as a patrol; they belong to the last tier."""
    incident = running(incident)
    check_can_command(by, incident)
    scene, known = Scene(incident, incident.rules, now), _known(incident)
    new = list(_unknown((Candidate(part, organisation, user) for user in people), known))
    last = incident.tiers.last()
    calls = _call([_at(last, call_of(one, incident=incident, rank=0, now=now)) for one in new], scene)
    for call in calls:
        audit.record("call:add", target=call, by=by, now=now, part=part.value)
        write_log("called_by_command", incident=incident, now=now, by=by, name=_name(call))
    return calls


def running(incident: Incident) -> Incident:
    """The incident as it is now, held until the transaction ends: its calls are made one after another."""
    rows = Incident.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("school__organisation", "school__station", "county").get(pk=incident.pk)


def _call_held_back(tier: Tier | None, incident: Incident, count: int, now: datetime, me: str) -> list[Call]:
    scene = Scene(incident, incident.rules, now)
    left = islice(_unknown(_reserve(tier, scene), _known(incident)), max(0, count))
    return _call([_at(tier, call_of(one, incident=incident, rank=100, now=now)) for one in left], scene, me)


def _reserve(tier: Tier | None, scene: Scene) -> Iterator[Candidate]:
    """Who is left to call: of the tier, of the later ones, of the command centre."""
    rules = scene.rules.alarm_class.tiers
    for minute, rule in sorted(rules.items()):
        if tier is None or minute >= tier.minute:
            yield from held_back(rule.parts, scene)
    yield from all_command(scene)


def _call(calls: Sequence[Call], scene: Scene, me: str = "") -> list[Call]:
    """Save calls with their pages, and with the step that looks after each when it stays silent."""
    saved = Call.objects.bulk_create(calls)
    page_calls(calls=saved, incident=scene.incident, now=scene.now, me=me)
    due_at = scene.now + timedelta(seconds=scene.rules.alarm_class.silent_seconds)
    Step.objects.bulk_create(
        [Step.of(scene.incident, Step.Kind.FOLLOW, due_at, str(call.code)) for call in saved], ignore_conflicts=True
    )
    return saved


def _known(incident: Incident) -> set[tuple[int | None, str]]:
    return set(incident.calls.values_list("user_id", "landline"))


def _unknown(candidates: Iterable[Candidate], known: set[tuple[int | None, str]]) -> Iterator[Candidate]:
    """Those not called yet, each once."""
    for candidate in candidates:
        if candidate.key not in known:
            known.add(candidate.key)
            yield candidate


def _at(tier: Tier | None, call: Call) -> Call:
    call.tier = tier
    return call


def _answered(call: Call) -> bool:
    """Whether somebody has said something: a duty desk answers by any of its people."""
    own = [call.seen_at, call.on_way_at, call.arrived_at, call.declined_at]
    if call.user_id is None:
        rows = Call.objects.filter(incident_id=call.incident_id, organisation_id=call.organisation_id)
        return rows.filter(seen_at__isnull=False, declined_at=None).exists()
    return any(own)


def _name(call: Call) -> str:
    return call.user.name if call.user else call.landline
