"""How alarms are answered, as packs: classes, clocks, quorums, speeds. An incident keeps the one of its press for ever."""

import enum
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import Field, model_validator

from huyuan.common.packs import Edition, Strict, Text, check_versions, packs_in, read_pack, register_reader, ruling

MINUTES = (1, 3, 5)


class Part(enum.StrEnum):
    """As what somebody is called."""

    UNIT = "unit"
    POLICE = "police"
    DUTY_LINE = "duty_line"
    NEIGHBOUR = "neighbour"
    VOLUNTEER = "volunteer"
    COMMAND = "command"
    COMMAND_LINE = "command_line"
    PATROL = "patrol"


class ChannelKind(enum.StrEnum):
    """Ways to reach somebody; a web push is too unreliable on many phones to count as one."""

    SCREEN = "screen"
    SMS = "sms"
    VOICE = "voice"
    BOT = "bot"
    PUSH = "push"
    OUTSIDE = "outside"


class UnitPart(enum.StrEnum):
    """What somebody is in the smallest emergency unit; source: plan clause 3.9 (保安、安保工作人员、年轻男教师)."""

    LEADER = "leader"
    GUARD = "guard"
    SAFETY = "safety"
    YOUNG_STAFF = "young_staff"
    MEDIC = "medic"
    MESSENGER = "messenger"


class TierRule(Strict):
    """One tier: how many people on the spot make it whole, and who is called."""

    needed: int = Field(ge=1, le=20)
    parts: tuple[Part, ...] = Field(min_length=1)


class Speed(Strict):
    """Metres a second in a straight line until road times exist, and the seconds before somebody sets out."""

    walk: float = Field(gt=0)
    school: float = Field(gt=0)
    police: float = Field(gt=0)
    patrol: float = Field(gt=0)
    ready_seconds: int = Field(ge=0)


class AlarmClass(Strict):
    """One class of alarm: what it looks and sounds like, and who comes."""

    key: str = Field(pattern=r"^[a-z_]{2,20}$")
    title: Text
    spoken: Text
    icon: str
    colour: str
    tone: str
    highest: bool
    events: tuple[str, ...]
    plan: str
    tiers: dict[int, TierRule]
    channels: tuple[ChannelKind, ...] = Field(min_length=1)
    silent_seconds: int = Field(ge=5, le=120)
    cancel_stops: bool
    closes: tuple[str, ...] = Field(min_length=1)
    lockdown: bool

    @model_validator(mode="after")
    def reaches_people(self) -> "AlarmClass":
        """Refuse tiers that are none, and a highest class with fewer than three ways that count."""
        if unknown := set(self.tiers) - set(MINUTES):
            raise ValueError(f"no such tier: {sorted(unknown)}")
        counting = set(self.channels) - {ChannelKind.PUSH, ChannelKind.OUTSIDE}
        if self.highest and len(counting) < 3:
            raise ValueError("the highest class needs three ways to reach people; push is not counted")
        return self


class LowClassLimit(Strict):
    """So many alarms of classes that are not the highest, within so many days, ask for a review of their use."""

    alarms: int = Field(ge=1)
    days: int = Field(ge=1)


class AlarmPolicy(Edition):
    """How a county answers alarms, in one version."""

    seconds: dict[int, int]
    cancel_seconds: int = Field(ge=0, le=60)
    low_class_limit: LowClassLimit
    unit: dict[UnitPart, int]
    speed: Speed
    classes: tuple[AlarmClass, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def is_whole(self) -> "AlarmPolicy":
        """Refuse a policy without a clock for each tier, or with a class that stands twice."""
        if tuple(sorted(self.seconds)) != MINUTES:
            raise ValueError("each of the tiers 1, 3 and 5 needs its seconds")
        if len({entry.key for entry in self.classes}) != len(self.classes):
            raise ValueError("an alarm class stands twice")
        return self

    def alarm_class(self, key: str) -> AlarmClass | None:
        """The class with this key."""
        return next((entry for entry in self.classes if entry.key == key), None)

    def class_of_event(self, event: str) -> AlarmClass:
        """The class that a panel's event means; what is not known is taken for the gravest."""
        fitting = [entry for entry in self.classes if event in entry.events]
        return fitting[0] if fitting else self.classes[0]


class FrozenPolicy(Strict):
    """What an incident keeps of the policy: its class, its clocks, the speeds; later editions change nothing."""

    code: str
    version: int
    alarm_class: AlarmClass
    seconds: dict[int, int]
    speed: Speed
    unit: dict[UnitPart, int]
    cancel_seconds: int


def frozen(policy: AlarmPolicy, key: str) -> FrozenPolicy:
    """The part of a policy that rules one incident; raises LookupError for a class that is not known."""
    entry = policy.alarm_class(key)
    if entry is None:
        raise LookupError(key)
    return FrozenPolicy(
        code=policy.code, version=policy.version, alarm_class=entry, seconds=policy.seconds, speed=policy.speed,
        unit=policy.unit, cancel_seconds=policy.cancel_seconds,
    )  # fmt: skip


def read_policy(path: Path) -> AlarmPolicy:
    """Read and check one pack; raises PackError with every problem's line and reason."""
    return read_pack(path, AlarmPolicy)


@cache
def all_policies() -> list[AlarmPolicy]:
    """Every version of every pack."""
    return [read_policy(path) for path in packs_in("alarms")]


def policy_of(adcode: str, today: date) -> AlarmPolicy:
    """The policy in force in a county: its own newest, else the newest default."""
    return ruling(all_policies(), adcode, today, folder="alarms")


register_reader("alarms", read_policy, check_versions)
