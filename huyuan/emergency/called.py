"""What somebody who is called needs to know: what, where, what is mine to do, who else comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from huyuan.common.geo import Point
from huyuan.common.packs import Text
from huyuan.emergency.models import Call, Incident, Tier, UnitMember
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
    """A tier with who is called in it and how many are on the spot."""

    tier: Tier
    calls: list[Call]

    @property
    def there(self) -> int:
        """How many count as being on the spot."""
        return sum(call.counts and call.arrived_at is not None for call in self.calls)


@dataclass(frozen=True)
class CalledPage:
    """Everything on the page of a call."""

    call: Call
    incident: Incident
    point: Point | None
    card: list[CardBlock]
    tiers: list[TierOfPeople]
    uncalled: list[Call]

    @property
    def running(self) -> bool:
        """Whether there is still something to answer."""
        return self.incident.status == Incident.Status.OPEN


def called_page(call: Call, now: datetime) -> CalledPage:
    """The page of a call as it stands."""
    incident = call.incident
    everybody = list(incident.calls.select_related("user", "organisation", "confirmed_by").order_by("rank", "pk"))
    tiers = [TierOfPeople(tier, [one for one in everybody if one.tier_id == tier.pk]) for tier in incident.tiers.all()]
    return CalledPage(
        call=call, incident=incident, point=place_of(incident.school_id), card=role_card(call, now), tiers=tiers,
        uncalled=[one for one in everybody if one.part == Call.Part.UNCALLED],
    )  # fmt: skip


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
