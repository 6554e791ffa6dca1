"""People and the posts they hold: a user, an organisation and a role, from–to."""

import uuid
from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.pinyin import sort_key
from huyuan.common.reach import Permission, Reach
from huyuan.organisations.models import County, Organisation
from huyuan.people.roles import ROLE_CHOICES


class UserQuerySet(models.QuerySet["User"]):
    """People of a county."""

    def visible_to(self, reach: Reach) -> Self:
        """Oneself, and with the right to read people those who hold, or will hold, a post in one's charge."""
        people = self.filter(county_id=reach.county_id)
        if not reach.may(Permission.PEOPLE_READ):
            return people.filter(pk=reach.user_id)
        if reach.covers_county:
            return people
        posts = Post.objects.not_ended(timezone.localdate()).filter(organisation_id__in=reach.subjects)
        return people.filter(Q(pk=reach.user_id) | Q(pk__in=posts.values("user_id")))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # Django builds the class at run time
    """Makes users from phone numbers."""

    def create_user(self, phone: str, name: str, county: County, password: str | None = None, **others: Any) -> "User":
        """A user who can sign in once they have a password or a one-time code."""
        user: User = self.model(phone=phone, name=name, county=county, sort_key=sort_key(name), **others)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find by phone number."""
        user: User = self.get(phone=username)
        return user


class User(AbstractBaseUser):
    """A person who signs in with a phone number. What a person may do comes from posts alone."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="users")
    phone = models.CharField(_("phone number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=40)
    sort_key = models.CharField(max_length=200, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("active"), default=True)

    USERNAME_FIELD = "phone"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["county", "sort_key", "id"], name="user_by_name")]

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    """Who holds which role where."""

    def visible_to(self, reach: Reach) -> Self:
        """The posts of people the reader may see."""
        return self.filter(user__in=User.objects.visible_to(reach))

    def not_ended(self, day: date) -> Self:
        """Posts in force on a day or later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))

    def held_on(self, day: date) -> Self:
        """Posts in force on a day."""
        return self.not_ended(day).filter(starts_on__lte=day, user__is_active=True)

    def open_to(self, user_id: int, day: date) -> Self:
        """Posts a person may act from on a day: their own, and while they hold one those lent to them."""
        own = Post.objects.held_on(day).filter(user_id=user_id)
        lent = Q(delegations__to_user_id=user_id, delegations__starts_on__lte=day, delegations__ends_on__gte=day)
        return self.held_on(day).filter(Q(user_id=user_id) | lent & Exists(own)).distinct()


class Post(models.Model):
    """A user holds a role in an organisation from a day, until a day or until further notice."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=30, choices=ROLE_CHOICES)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="post_ends_after"),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=Q(ends_on=None), name="post_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "role"], name="post_by_role")]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.get_role_display()}"


class Delegation(models.Model):
    """While absent, a person lends one post to a colleague for stated days."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="delegations")
    to_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="borrowed")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_has_days")
        ]

    def __str__(self) -> str:
        return f"{self.post} → {self.to_user}"


class OneTimeCode(models.Model):
    """A printed code for the first sign-in or a reset: only its digest is kept, it works once, for some days."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="one_time_codes")
    digest = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"
