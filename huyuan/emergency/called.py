"""What somebody who is called needs to know: what, where, what is mine to do, who else comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from huyuan.common.geo import Point
from huyuan.common.packs import Text
from huyuan.common.reach import Reach, allowed
from huyuan.emergency.models import Call, Incident, Tier, UnitMember
from huyuan.emergency.permissions import check_may_know_names
from huyuan.emergency.policies import MINUTES
from huyuan.emergency.queries import place_of


@dataclass(frozen=True)
class CardBlock:
    """The lines of one's role card for one minute; `now` is the one that counts at present."""

    minute: int
    lines: list[Text]
    now: bool


@dataclass(frozen=True)
class TierOfPeople:
    """A tier: how many count as being on the spot, how many come, and, for whom names are, who."""

    tier: Tier
    there: int
    coming: int
    calls: list[Call]


@dataclass(frozen=True)
class CalledPage:
    """Everything on the page of a call; without names for a volunteer."""

    call: Call
    incident: Incident
    named: bool
    point: Point | None
    card: list[CardBlock]
    tiers: list[TierOfPeople]
    uncalled: list[Call]

    @property
    def running(self) -> bool:
        """Whether there is still something to answer."""
        return self.incident.status == Incident.Status.OPEN


def called_page(call: Call, reach: Reach, now: datetime) -> CalledPage:
    """The page of a call as it stands, for one reader."""
    incident = call.incident
    named = allowed(check_may_know_names, reach, incident)
    everybody = list(incident.calls.select_related("user", "organisation", "confirmed_by").order_by("rank", "pk"))
    tiers = [
        _tier(tier, [one for one in everybody if one.tier_id == tier.pk], named=named) for tier in incident.tiers.all()
    ]
    return CalledPage(
        call=call, incident=incident, named=named, point=place_of(incident.school_id), card=role_card(call, now),
        tiers=tiers, uncalled=[one for one in everybody if named and one.part == Call.Part.UNCALLED],
    )  # fmt: skip


def _tier(tier: Tier, calls: list[Call], *, named: bool) -> TierOfPeople:
    counting = [call for call in calls if call.counts]
    there = sum(call.arrived_at is not None for call in counting)
    coming = sum(
        call.on_way_at is not None and call.arrived_at is None and call.declined_at is None for call in counting
    )
    return TierOfPeople(tier, there, coming, calls if named else [])


def role_card(call: Call, now: datetime) -> list[CardBlock]:
    """What the plan, as it stood at the press, gives the called person to do by which minute."""
    part = _part_of(call)
    cards = call.incident.plan.get("cards", [])
    mine = next((card for card in cards if call.user_id in card.get("people", ())), None)
    mine = mine or next((card for card in cards if part and card["part"] == part), None)
    if mine is None:
        return []
    minute_now = _minute_of(call.incident, now)
    blocks = [(minute, _lines(mine, minute)) for minute in MINUTES]
    return [CardBlock(minute, lines, minute == minute_now) for minute, lines in blocks if lines]


def _part_of(call: Call) -> str:
    """What the called person was in the school's unit at the press."""
    if call.part != Call.Part.UNIT:
        return ""
    on = timezone.localdate(call.incident.opened_at)
    member = UnitMember.objects.filter(school=call.incident.school_id, user=call.user_id).on(on).first()
    return member.part if member else ""


def _lines(card: dict[str, Any], minute: int) -> list[Text]:
    return [Text.model_validate(line) for line in card.get(f"minute_{minute}", [])]


def _minute_of(incident: Incident, now: datetime) -> int:
    """The tier whose clock runs: the first whose deadline is still to come, after all of them the last."""
    passed = now - incident.opened_at
    seconds = incident.rules.seconds
    return next((minute for minute in MINUTES if passed <= timedelta(seconds=seconds[minute])), MINUTES[-1])
