"""Who is on duty, for one organisation or for all of a county at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from huyuan.common.reach import Permission, Reach
from huyuan.guardposts.models import Shift
from huyuan.organisations.models import Organisation, OrganisationKind, School
from huyuan.people.models import Post, User
from huyuan.people.queries import users_who_can

DAY = timedelta(days=1)
# Parents and volunteers take no shift of an organisation.
NOT_ON_DUTY = ("volunteer",)


def on_duty(organisation_ids: Iterable[int], now: datetime) -> dict[int, list[Shift]]:
    """Who is on duty now in each of these organisations, in one query; an empty list says that nobody was entered."""
    found: dict[int, list[Shift]] = {pk: [] for pk in organisation_ids}
    shifts = Shift.objects.at(now, found).select_related("user").order_by("duty", "starts_at", "pk")
    for shift in shifts:
        found[shift.organisation_id].append(shift)
    return found


def people_of(organisation: Organisation, on: date) -> QuerySet[User]:
    """Who can be on duty in an organisation: its own people, and for a teaching point those of its central school."""
    school = School.objects.filter(pk=organisation.pk).first()
    homes = [pk for pk in (organisation.pk, school and school.central_school_id) if pk]
    posts = Post.objects.held_on(on).filter(organisation_id__in=homes).exclude(role__in=NOT_ON_DUTY)
    people: QuerySet[User] = User.objects.filter(pk__in=posts.values("user_id")).order_by("sort_key", "pk")
    return people


def by_post(organisation: Organisation, on: date) -> list[User]:
    """Who would be asked where nobody was entered: those who enter the shifts."""
    return users_who_can(Permission.SHIFT_EDIT, [organisation.pk], on)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class DayOfWeek:
    """One day of a week with the shifts that begin on it, and those still running from the evening before."""

    day: date
    shifts: list[Shift]
    is_today: bool
    is_past: bool


def week_of(organisation: Organisation, monday: date, reach: Reach, now: datetime) -> list[DayOfWeek]:
    """The shifts of a week, day by day, as far as the reader may see them."""
    zone, today = timezone.get_current_timezone(), timezone.localdate(now)
    first = datetime.combine(monday, time.min, zone)
    shifts = (
        Shift.objects.visible_to(reach).standing()
        .filter(organisation=organisation, starts_at__gte=first, starts_at__lt=first + 7 * DAY)
        .select_related("user").order_by("starts_at", "duty", "pk")
    )  # fmt: skip
    begun: dict[date, list[Shift]] = {}
    for shift in shifts:
        begun.setdefault(timezone.localdate(shift.starts_at), []).append(shift)
    days = (monday + n * DAY for n in range(7))
    return [DayOfWeek(day, begun.get(day, []), day == today, day < today) for day in days]


@dataclass(frozen=True)
class Watch:
    """Who is on duty in one organisation now, and whom to ask where nobody was entered."""

    organisation: Organisation
    shifts: list[Shift]
    asked: list[User]


# The desks first, then schools by name.
RANKS = {OrganisationKind.COMMAND_CENTRE: 0, OrganisationKind.STATION: 1, OrganisationKind.SCHOOL: 2}


def watches(reach: Reach, now: datetime) -> list[Watch]:
    """Who is on duty now in every organisation of one's charge that keeps shifts; three queries whatever their number."""
    kept = Organisation.objects.within(reach).filter(kind__in=RANKS).order_by("sort_key", "pk")
    organisations = sorted(kept, key=lambda one: RANKS[OrganisationKind(one.kind)])
    found = on_duty([one.pk for one in organisations], now)
    silent = [pk for pk, shifts in found.items() if not shifts]
    posts = Post.objects.held_on(timezone.localdate(now)).filter(
        organisation_id__in=silent, role__in=("school_head", "station_officer", "commander")
    )
    asked: dict[int, list[User]] = {}
    for post in posts.select_related("user").order_by("pk"):
        asked.setdefault(post.organisation_id, []).append(post.user)
    return [Watch(one, found[one.pk], asked.get(one.pk, [])[:2]) for one in organisations]
