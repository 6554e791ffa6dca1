"""Bringing people in from a list: a row is right or reported, and importing twice changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.audit import actions as audit
from huyuan.common.pinyin import sort_key
from huyuan.common.reach import Reach
from huyuan.common.sheets import RowProblem, Sentence
from huyuan.common.sheets.outcomes import Outcome, Progress
from huyuan.organisations.models import County, Organisation
from huyuan.people.actions.indexing import index_people
from huyuan.people.models import Post, User
from huyuan.people.permissions import check_can_import_people
from huyuan.people.posting import posts_changed
from huyuan.people.register import PersonRow, conflict_with

BATCH = 500
GONE = _("This organisation is no longer there. Read the file again.")


@dataclass
class PeopleOutcome(Outcome):
    """Also who is new and needs a one-time code."""

    newcomers: list[User] = field(default_factory=list)


@transaction.atomic
def apply_people(
    *, rows: Sequence[PersonRow], county: County, by: Reach, now: datetime, progress: Progress | None = None
) -> PeopleOutcome:
    """Create the people who are not there yet, and the posts they do not hold yet; nobody loses anything by it.

    Two imports at once wait for each other at the county's row.
    """
    check_can_import_people(by, county.pk)
    County.objects.select_for_update(no_key=True).get(pk=county.pk)
    outcome = PeopleOutcome()
    groups = _by_person(rows, county, outcome)
    for start in range(0, len(groups), BATCH):
        _apply_batch(groups[start : start + BATCH], county, by, now, outcome)
        if progress is not None:
            progress(min(start + BATCH, len(groups)), len(groups))
    return outcome


def _by_person(rows: Sequence[PersonRow], county: County, outcome: PeopleOutcome) -> list[list[PersonRow]]:
    """The rows of each person together; what has changed since the file was read is refused."""
    there = set(Organisation.objects.filter(county=county).values_list("pk", flat=True))
    known = {
        user.phone: user.name if user.county_id == county.pk else None
        for user in User.objects.filter(phone__in={row.phone for row in rows}).only("phone", "name", "county_id")
    }
    groups: dict[str, list[PersonRow]] = {}
    for row in rows:
        if row.organisation_id not in there:
            outcome.problems.append(RowProblem(row.row, "organisation", GONE, "", row.sheet))
        elif row.phone in known and (reason := conflict_with(row.name, known[row.phone])):
            outcome.problems.append(RowProblem(row.row, "phone", reason, row.phone, row.sheet))
        else:
            groups.setdefault(row.phone, []).append(row)
    return list(groups.values())


def _apply_batch(
    groups: Sequence[list[PersonRow]], county: County, by: Reach, now: datetime, outcome: PeopleOutcome
) -> None:
    today = timezone.localdate(now)
    phones = [group[0].phone for group in groups]
    people = {user.phone: user for user in User.objects.select_for_update(no_key=True).filter(phone__in=phones)}
    fresh = [_new_user(group, county) for group in groups if group[0].phone not in people]
    User.objects.bulk_create(fresh)
    people |= {user.phone: user for user in fresh}
    mailed = _new_mails(groups, people)
    User.objects.bulk_update(mailed, ["email"])
    posts = _new_posts(groups, people, today)
    Post.objects.bulk_create(posts)
    posts_changed(county_id=county.pk, organisations=[post.organisation_id for post in posts], now=now)
    _record(fresh, mailed, posts, people, by, now, outcome)
    index_people({user.pk for user in [*fresh, *mailed]} | {post.user_id for post in posts}, today)


def _record(
    fresh: list[User],
    mailed: list[User],
    posts: list[Post],
    people: dict[str, User],
    by: Reach,
    now: datetime,
    outcome: PeopleOutcome,
) -> None:
    """Audit and count what a batch did; who is neither new nor changed stays unchanged."""
    new, addressed, posted = ({user.pk for user in fresh}, {user.pk for user in mailed}, {p.user_id for p in posts})
    changed = [user for user in people.values() if user.pk in (addressed | posted) - new]
    audit.record_all("person:create", targets=fresh, by=by, now=now)
    audit.record_all("person:update", targets=changed, by=by, now=now)
    audit.record_all("post:begin", targets=posts, by=by, now=now)
    for user in sorted(changed, key=lambda one: one.pk):
        fields: list[Sentence] = [name for name, pks in (("post", posted), ("email", addressed)) if user.pk in pks]
        outcome.changes.append((user.name, fields))
    outcome.newcomers += fresh
    outcome.created += len(fresh)
    outcome.updated += len(changed)
    outcome.unchanged += len(people) - len(fresh) - len(changed)


def _new_user(group: list[PersonRow], county: County) -> User:
    mail = next((row.email for row in group if row.email), "")
    name = group[0].name
    return User(
        county=county,
        phone=group[0].phone,
        name=name,
        sort_key=sort_key(name),
        email=mail,
        password=make_password(None),
    )


def _new_mails(groups: Sequence[list[PersonRow]], people: dict[str, User]) -> list[User]:
    """Those whose list has another address; an empty cell takes nothing away."""
    changed = []
    for group in groups:
        user, mail = people[group[0].phone], next((row.email for row in group if row.email), "")
        if mail and user.email != mail:
            user.email = mail
            changed.append(user)
    return changed


def _new_posts(groups: Sequence[list[PersonRow]], people: dict[str, User], today: date) -> list[Post]:
    current = Post.objects.not_ended(today).filter(user__in=people.values())
    held = set(current.values_list("user_id", "organisation_id", "role"))
    wanted = {
        (people[row.phone].pk, row.organisation_id, row.role): None for group in groups for row in group
    }  # a dictionary, because it keeps the order of the file
    return [
        Post(user_id=user, organisation_id=organisation, role=role, starts_on=today)
        for user, organisation, role in wanted
        if (user, organisation, role) not in held
    ]
