"""Starting an exercise: where, which alarm, who will be called, announced or not."""

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huyuan.common.clock import database_now
from huyuan.common.errors import Denied
from huyuan.common.reach import Permission
from huyuan.emergency.actions import exercises as actions
from huyuan.emergency.forms.room import ExerciseForm
from huyuan.emergency.policies import FrozenPolicy, frozen, policy_of
from huyuan.emergency.rehearsal import who_would_be_called
from huyuan.organisations.models import Organisation, OrganisationKind
from huyuan.people.http import PageRequest


def _form(request: PageRequest, data: Any) -> ExerciseForm:
    if not request.reach.may(Permission.EXERCISE_RUN):
        raise Denied(_("Your role does not run exercises."))
    schools = Organisation.objects.within(request.reach).filter(kind=OrganisationKind.SCHOOL).order_by("sort_key")
    policy = policy_of(request.user.county.adcode, timezone.localdate())
    return ExerciseForm(data or None, schools=schools, classes=policy.classes)


def _rules(request: PageRequest, key: str, now: datetime) -> FrozenPolicy:
    return frozen(policy_of(request.user.county.adcode, timezone.localdate(now)), key)


@require_http_methods(["GET", "POST"])
def exercise(request: PageRequest) -> HttpResponse:
    """Choose; look at who will be called; start."""
    now = database_now()
    form = _form(request, request.POST or request.GET)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        if request.method == "POST":
            incident = actions.start_exercise(
                announced=request.POST.get("announced") == "yes", code=_code(request.POST.get("code", "")),
                by=request.reach, now=now, **given,
            )  # fmt: skip
            return redirect(incident)
        called = who_would_be_called(given["school"], _rules(request, given["alarm_class"], now), now)
        context |= {
            "called": called, "people": sum(len(tier.calls) for tier in called), "school": given["school"],
            "announced": request.GET.get("announced") == "yes", "code": uuid.uuid4(),
        }  # fmt: skip
    return render(request, "emergency/exercise.html", context)


def _code(given: str) -> uuid.UUID:
    """The identity that the page gave the press, so that sending it twice is one exercise."""
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid4()


@require_POST
def announce(request: PageRequest) -> HttpResponse:
    """Tell those who will be called that an exercise is coming."""
    now = database_now()
    form = _form(request, request.POST)
    if not form.is_valid():
        return render(request, "emergency/exercise.html", {"form": form})
    given = form.cleaned_data
    rules = _rules(request, given["alarm_class"], now)
    actions.announce_exercise(school=given["school"], rules=rules, by=request.reach, now=now)
    messages.success(request, _("Announced to whoever will be called."))
    kept = {name: request.POST.get(name, "") for name in ("school", "alarm_class", "place")} | {"announced": "yes"}
    return redirect(f"{reverse('emergency:exercise')}?{urlencode(kept)}")
