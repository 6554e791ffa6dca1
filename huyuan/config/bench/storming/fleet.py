"""The county of a storm: schools with a whole unit, a phone and a panel each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from huyuan.config.bench.filling import fill_county
from huyuan.config.bench.phones import Phone
from huyuan.emergency.models import UnitMember
from huyuan.facilities.models import Device
from huyuan.organisations.models import School
from huyuan.people.models import Post, User

SINCE = date(2026, 9, 1)
# Classes whose people are all reached by screen, message and voice.
CLASSES = ("attack", "fire", "disaster")


@dataclass(frozen=True)
class Place:
    """A school with what it presses by."""

    phone: Phone
    account: str


def muster(schools: int, people: int, now: datetime) -> list[Place]:
    """So many schools, each with so many people in its unit; the first of them holds the phone."""
    county = fill_county(schools)
    rows = list(School.objects.filter(county=county).select_related("organisation").order_by("pk"))
    users = User.objects.bulk_create(
        [
            User(county=county, phone=f"2{place:06d}{number:03d}", name=f"组员{number}", sort_key=f"{number:03d}", password="!")  # noqa: S106  # nobody signs in with it
            for place in range(schools) for number in range(people)
        ],
        batch_size=2_000,
    )  # fmt: skip
    homes = [row for row in rows for _number in range(people)]
    posts = Post.objects.bulk_create(
        [Post(user=user, organisation_id=home.pk, role="guard", starts_on=SINCE) for user, home in zip(users, homes, strict=True)],
        batch_size=2_000,
    )  # fmt: skip
    UnitMember.objects.bulk_create(
        [UnitMember(school=home, user=user, part=part, since=SINCE)
         for (user, home), part in zip(zip(users, homes, strict=True), parts(), strict=False)],
        batch_size=2_000,
    )  # fmt: skip
    Device.objects.bulk_create(
        Device(
            county=county, school=row, kind=Device.Kind.PANEL, place="门卫室", account=f"{number:06X}", interval=90_000,
            registered_at=now,
        )
        for number, row in enumerate(rows, 0xA000)
    )  # fmt: skip
    phones = [Phone.registered(posts[number * people], row, now) for number, row in enumerate(rows)]
    return [Place(phone, f"{number:06X}") for number, phone in enumerate(phones, 0xA000)]


def parts() -> Iterator[str]:
    """The parts of a unit over and over."""
    while True:
        yield from (UnitMember.Part.GUARD, UnitMember.Part.SAFETY, UnitMember.Part.YOUNG_STAFF, UnitMember.Part.LEADER)
