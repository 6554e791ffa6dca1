"""Who works where in the demo county: about 240 people on the real import of people."""

import random
from datetime import datetime

from django.contrib.auth.hashers import make_password

from huyuan.common.reach import Reach
from huyuan.config.demo.names import names
from huyuan.config.demo.places import NAME
from huyuan.config.demo.roster import Roster
from huyuan.organisations.models import Organisation
from huyuan.organisations.models import OrganisationKind as K
from huyuan.people.actions.imports import apply_people
from huyuan.people.models import Post, User
from huyuan.people.reaches import reach_of
from huyuan.people.register import PersonRow

# Long enough for the rules, and no word of a real installation.
PASSWORD = "yunqi-demo-2024"  # noqa: S105  # printed at the start of every demo, worth nothing elsewhere
FIRST_PHONE = 19900000001
COUNTY_ROLES = {
    K.EDUCATION_BUREAU: ("bureau_officer", "bureau_officer"),
    K.SECURITY_BUREAU: ("police_officer", "police_officer"),
    K.COMMAND_CENTRE: ("commander", "commander"),
    K.LEADING_GROUP: ("leader",),
    K.PARTY_GROUP: ("leader",),
    K.HEALTH: ("department_officer",),
    K.MARKET_REGULATION: ("department_officer",),
    K.URBAN_MANAGEMENT: ("department_officer",),
    K.CULTURE_TOURISM: ("department_officer",),
}
STATION_ROLES = ("station_officer", "station_officer", "vice_principal")
SCHOOL_ROLES = ("school_head", "safety_officer")
# The schools that visitors of the demo look at have everybody.
LARGE_SCHOOL_ROLES = ("guard", "teacher", "counsellor", "volunteer")
LARGE_SCHOOLS = 2
# Who the emergency units of the others are made of, beside head and safety officer.
UNIT_ROLES = ("guard", "teacher", "teacher")
# Where the exercise of the past was that a volunteer came to.
WITH_VOLUNTEER = "云城镇中心小学"


class Staff:
    """Who acts for an organisation: the first post of each role."""

    def __init__(self, county_id: int) -> None:
        posts = Post.objects.filter(user__county_id=county_id).select_related("user", "organisation").order_by("pk")
        self.posts: dict[tuple[int, str], list[Post]] = {}
        for post in posts:
            self.posts.setdefault((post.organisation_id, post.role), []).append(post)

    def post(self, organisation_id: int, *roles: str, number: int = 0) -> Post:
        """A post of one of these roles there; `number` chooses among several."""
        found = [post for role in roles for post in self.posts.get((organisation_id, role), [])]
        return found[number % len(found)]

    def reach(self, organisation_id: int, *roles: str, number: int = 0) -> Reach:
        """The reach of whoever holds such a post."""
        post = self.post(organisation_id, *roles, number=number)
        return reach_of(post.user, post)


def staff(roster: Roster, *, by: Reach, now: datetime, draw: random.Random) -> Staff:
    """Bring in everybody and give them the demo's password."""
    invented, rows = names(draw), []
    for number, (organisation, role) in enumerate(_wanted(roster)):
        phone = str(FIRST_PHONE + number)
        rows.append(PersonRow(number + 1, NAME, next(invented), phone, organisation.pk, role, ""))
    apply_people(rows=rows, county=roster.county, by=by, now=now)
    # One hash for all: they share the password, and a hundred hashes would take a minute.
    User.objects.filter(county=roster.county).update(password=make_password(PASSWORD))
    _name_heads(roster)
    return Staff(roster.county.pk)


def _wanted(roster: Roster) -> list[tuple[Organisation, str]]:
    """Organisations and roles, those first that the sign-in page of the demo should offer."""
    wanted = [(roster.standing[kind], role) for kind, roles in COUNTY_ROLES.items() for role in roles]
    wanted += [(station, role) for station in roster.stations.values() for role in STATION_ROLES]
    wanted += [(town, "town_officer") for town in roster.towns.values()]
    for number, school in enumerate(roster.schools_with_staff()):
        roles = SCHOOL_ROLES + (LARGE_SCHOOL_ROLES if number < LARGE_SCHOOLS else ())
        wanted += [(school.organisation, role) for role in roles]
    others = roster.schools_with_staff()[LARGE_SCHOOLS:]
    wanted += [(school.organisation, role) for school in others for role in UNIT_ROLES]
    return [*wanted, (roster.schools[WITH_VOLUNTEER].organisation, "volunteer")]


def _name_heads(roster: Roster) -> None:
    """Write into the roster who leads each school; a teaching point's is its central school's."""
    heads = Post.objects.filter(role="school_head", user__county=roster.county).select_related("user")
    by_school = {post.organisation_id: post.user for post in heads}
    schools = list(roster.schools.values())
    for school in schools:
        head = by_school.get(school.pk) or by_school[school.central_school_id or 0]
        school.head_name, school.head_phone = head.name, head.phone
    type(schools[0]).objects.bulk_update(schools, ["head_name", "head_phone"])
