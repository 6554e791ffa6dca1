"""Pages of alarm devices."""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import allowed
from huyuan.facilities.actions import announcing, registering
from huyuan.facilities.forms import KeyForm, RegisterForm, TestForm
from huyuan.facilities.models import Device, RefusedAccount, TestWindow
from huyuan.facilities.permissions import check_can_keep, check_can_register
from huyuan.facilities.presentation import state_of, with_outage, words_of
from huyuan.facilities.queries import SHOWN, next_test, story_of
from huyuan.people.http import PageRequest


@require_safe
def device(request: PageRequest, code: UUID) -> HttpResponse:
    """Show a device: its state, what it said, when it was silent, which tests were announced."""
    thing = visible_device(request, code)
    context = {
        "device": thing,
        "state": state_of(thing),
        "story": (story := story_of(request.reach, thing)),
        "signals": [(signal, words_of(signal)) for signal in story.signals],
        "test": next_test(thing.school, timezone.now()),
        "may_keep": allowed(check_can_keep, request.reach, thing.school) and thing.retired_at is None,
    }
    return render(request, "facilities/device.html", context)


@require_http_methods(["GET", "POST"])
def register(request: PageRequest) -> HttpResponse:
    """Register a device."""
    check_can_register(request.reach)
    form = RegisterForm(request.POST or None, reach=request.reach, initial={"school": request.GET.get("school")})
    if form.is_valid():
        made = registering.register_device(by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Registered. It is connected once it has been heard for the first time."))
        return redirect(made)
    return form_page(request, form, _("Register an alarm device"), _("Register"))


@require_http_methods(["GET", "POST"])
def set_key(request: PageRequest, code: UUID) -> HttpResponse:
    """Give a device another key."""
    thing = visible_device(request, code)
    check_can_keep(request.reach, thing.school)
    form = KeyForm(request.POST or None)
    if form.is_valid():
        registering.set_key(device=thing, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The key is set. Set the same in the device now."))
        return redirect(thing)
    return form_page(request, form, _("Set another key"), _("Set the key"), thing)


@require_POST
def retire(request: PageRequest, code: UUID) -> HttpResponse:
    """Take a device out of use."""
    thing = visible_device(request, code)
    registering.retire_device(device=thing, by=request.reach, now=timezone.now())
    messages.success(request, _("Taken out of use. What it said stays on this page."))
    return redirect(thing)


@require_http_methods(["GET", "POST"])
def announce(request: PageRequest) -> HttpResponse:
    """Announce a test."""
    check_can_register(request.reach)
    initial = {"school": request.GET.get("school"), "day": timezone.localdate()}
    form = TestForm(request.POST or None, reach=request.reach, initial=initial)
    if form.is_valid():
        window = announcing.announce_test(by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Announced. The command centre and the station have been told."))
        return redirect(window)
    return form_page(request, form, _("Announce a test"), _("Announce it"))


@require_safe
def test(request: PageRequest, code: UUID) -> HttpResponse:
    """Show an announced test: which devices were pressed in it, and which were not."""
    window = visible_test(request, code)
    now = timezone.now()
    context = {
        "window": window,
        "signals": [(signal, words_of(signal)) for signal in window.signals.select_related("device").order_by("pk")[:200]],
        "waiting": window.school.devices.active().exclude(signals__window=window).order_by("place", "pk"),
        "running": window.withdrawn_at is None and window.starts_at <= now < window.ends_at,
        "may_withdraw": allowed(check_can_keep, request.reach, window.school)
        and window.withdrawn_at is None and now < window.ends_at,
    }  # fmt: skip
    return render(request, "facilities/test.html", context)


@require_POST
def withdraw(request: PageRequest, code: UUID) -> HttpResponse:
    """Call a test off, or end it early."""
    window = visible_test(request, code)
    announcing.withdraw_test(window=window, by=request.reach, now=timezone.now())
    messages.success(request, _("The test is over. A press is real from now on."))
    return redirect(window)


@require_safe
def refused(request: PageRequest) -> HttpResponse:
    """Show the accounts that tried and were not taken."""
    check_can_register(request.reach)
    rows = list(RefusedAccount.objects.visible_to(request.reach).order_by("-last_at", "pk")[: 3 * SHOWN])
    known = Device.objects.visible_to(request.reach).active().filter(account__in=[row.account for row in rows])
    devices = {one.account: one for one in known.select_related("school__organisation")}
    context = {"rows": [(row, devices.get(row.account)) for row in rows]}
    return render(request, "facilities/refused.html", context)


def visible_device(request: PageRequest, code: UUID) -> Device:
    """The device, if the reader may see it."""
    rows = with_outage(Device.objects.visible_to(request.reach)).select_related("school__organisation", "county")
    found: Device = get_object_or_404(rows, code=code)
    return found


def visible_test(request: PageRequest, code: UUID) -> TestWindow:
    """The announced test, if the reader may see it."""
    rows = TestWindow.objects.visible_to(request.reach).select_related("school__organisation", "announced_by")
    return get_object_or_404(rows, code=code)


def form_page(
    request: PageRequest, form: Form, title: str, submit: str, device: Device | None = None
) -> HttpResponse:  # fmt: skip
    """A form about devices."""
    context = {"form": form, "title": title, "submit": submit, "device": device}
    return render(request, "facilities/form.html", context)
