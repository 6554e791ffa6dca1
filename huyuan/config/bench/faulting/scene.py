"""The county under attack: as small as the path allows, with somebody in every part of every tier."""

import os
from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from huyuan.common.clock import database_now
from huyuan.config.bench.phones import Phone
from huyuan.emergency.models import PushSubscription
from huyuan.emergency.tokens import encode
from huyuan.facilities.models import Device
from huyuan.organisations.models import County, Jurisdiction, Line, Organisation, OrganisationKind, School, Site
from huyuan.people.models import Post, User

SINCE = date(2026, 9, 1)
PANEL = "A001"
# The teacher is called when somebody of the others stays silent.
STAFF = ("guard", "safety_officer", "school_head", "teacher")


@dataclass(frozen=True)
class Scene:
    """What cells need to know of the county: a phone and a name for each school."""

    phones: list[Phone]


def make_scene(schools: int) -> Scene:
    """Schools with a unit and a phone each, their station, the command centre; a panel at the last school."""
    kinds = OrganisationKind
    county = County.objects.create(name="试验县", adcode="990098", starts_on=SINCE)
    station = organisation(county, kinds.STATION, "试验派出所", "0990-5550110")
    centre = organisation(county, kinds.COMMAND_CENTRE, "试验县公安局指挥中心", "0990-5550000")
    town = organisation(county, kinds.TOWN, "试验镇")
    employ(county, station, "station_officer", "19800000001")
    commander = employ(county, centre, "commander", "19800000002")
    subscribe(commander.user)
    phones = [make_school(county, number, town, station) for number in range(schools)]
    Device.objects.create(
        county=county, school=phones[-1].school, kind=Device.Kind.PANEL, place="门卫室", account=PANEL, interval=90_000,
        registered_at=database_now(),
    )  # fmt: skip
    return Scene(phones)


def make_school(county: County, number: int, town: Organisation, station: Organisation) -> Phone:
    """A school with its unit; its guard has the phone."""
    home = organisation(county, OrganisationKind.SCHOOL, f"第{number + 1}试验小学")
    school = School.objects.create(
        organisation=home, county=county, identifier=f"21{number:08d}", kind="primary", town=town, station=station
    )
    Site.objects.create(school=school, name="主校区", lon=115.55 + number / 50, lat=28.9)
    Jurisdiction.objects.bulk_create(
        [Jurisdiction(overseer=home, subject=home, line=Line.OWN), Jurisdiction(overseer=station, subject=home, line=Line.POLICE)]
    )  # fmt: skip
    posts = [employ(county, home, role, f"198{number + 1:04d}{place:04d}") for place, role in enumerate(STAFF)]
    return Phone.registered(posts[0], school, database_now())


def organisation(county: County, kind: str, name: str, phone: str = "") -> Organisation:
    """One organisation."""
    made = Organisation.named(county=county, kind=kind, name=name)
    made.phone = phone
    made.save()
    return made


def employ(county: County, home: Organisation, role: str, phone: str) -> Post:
    """Somebody in a post."""
    user = User.objects.create_user(phone, f"试验{phone[-4:]}", county)
    return Post.objects.create(user=user, organisation=home, role=role, starts_on=SINCE)


def subscribe(user: User) -> None:
    """Somebody's browser takes pushes; each lane puts its own address in."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    public = encode(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))
    PushSubscription.objects.create(
        user=user, endpoint="http://localhost/push", p256dh=public, auth=encode(os.urandom(16)), made_at=database_now()
    )
