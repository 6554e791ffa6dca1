"""Pages about people: oneself, others, one-time codes, the first sign-in."""

from uuid import UUID

from allauth.account.utils import perform_login
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from huyuan.common.reach import allowed
from huyuan.common.sheets.writing import XLSX
from huyuan.people.actions import accounts, posts
from huyuan.people.actions import codes as code_actions
from huyuan.people.forms import ActivateForm, CodesForm, EndPostForm, LendForm
from huyuan.people.http import PageRequest
from huyuan.people.middleware import SESSION_POST
from huyuan.people.models import Post, User
from huyuan.people.permissions import check_can_end, check_can_give_codes, check_can_lend, check_can_reset
from huyuan.people.printing import cards_for, codes_workbook
from huyuan.people.queries import DEMO_COUNTY, loans_of, waiting_by_organisation, waiting_for_code


def back(request: HttpRequest) -> str:
    """Where the reader came from, when that is a page of ours; otherwise Today."""
    url = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return url if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@require_safe
def account(request: PageRequest) -> HttpResponse:
    """Oneself: posts, what is lent and borrowed, language, sign-in."""
    today = timezone.localdate()
    loans = list(loans_of(request.user.pk, today))
    lent = {loan.post_id for loan in loans if loan.post.user_id == request.user.pk}
    own = Post.objects.not_ended(today).filter(user=request.user).select_related("organisation").order_by("pk")
    context = {
        "own_posts": [(post, post.pk not in lent) for post in own],
        "loans": loans,
        "acting": request.acting_post,
        "languages": settings.LANGUAGES,
        "may_give_codes": allowed(check_can_give_codes, request.reach),
    }
    return render(request, "people/account.html", context)


@require_POST
def switch_post(request: PageRequest) -> HttpResponse:
    """Act from another of the posts open to the reader."""
    wanted = next((post for post in request.posts if str(post.code) == request.POST.get("post")), None)
    if wanted is None:
        raise Http404
    request.session[SESSION_POST] = str(wanted.code)
    return redirect(back(request))


@require_POST
def language(request: PageRequest) -> HttpResponse:
    """Speak another language from now on, signed out too."""
    person = accounts.change_language(language=request.POST.get("language", ""), by=request.reach, now=timezone.now())
    response = redirect(back(request))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, person.language, max_age=365 * 24 * 3600, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
    return response


@require_http_methods(["GET", "POST"])
def lend(request: PageRequest, code: UUID) -> HttpResponse:
    """Lend a post to a colleague while absent."""
    post = get_object_or_404(Post.objects.visible_to(request.reach).select_related("organisation"), code=code)
    check_can_lend(request.reach, post)
    form = LendForm(request.POST or None, post=post)
    if form.is_valid():
        posts.lend_post(post=post, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your post is lent for these days. You can take it back at any time."))
        return redirect("people:account")
    return render(request, "people/lend.html", {"post": post, "form": form})


@require_POST
def withdraw(request: PageRequest, code: UUID) -> HttpResponse:
    """Take a lent post back, or give a borrowed one back."""
    mine = loans_of(request.user.pk, timezone.localdate()).values("post_id")
    post = get_object_or_404(Post.objects.filter(pk__in=mine), code=code)
    posts.withdraw_delegation(post=post, by=request.reach, now=timezone.now())
    messages.success(request, _("The loan of the post has ended."))
    return redirect("people:account")


@require_safe
def person(request: PageRequest, code: UUID) -> HttpResponse:
    """One person: their posts, and what the reader may do about them."""
    today = timezone.localdate()
    user = get_object_or_404(User.objects.visible_to(request.reach), code=code)
    held = Post.objects.not_ended(today).filter(user=user).order_by("pk")
    held = held.select_related("organisation__school", "organisation__county")
    context = {
        "person": user,
        "posts": [(post, allowed(check_can_end, request.reach, post)) for post in held],
        "may_reset": allowed(check_can_reset, request.reach, user, today),
        "waiting": not user.has_usable_password(),
    }
    return render(request, "people/person.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: PageRequest, code: UUID) -> HttpResponse:
    """Reset a person and show their one-time code, once."""
    now = timezone.now()
    user = get_object_or_404(User.objects.visible_to(request.reach), code=code)
    check_can_reset(request.reach, user, timezone.localdate(now))
    if request.method == "POST":
        clear = accounts.reset_person(user=user, by=request.reach, now=now)
        issued = [code_actions.IssuedCode(user, clear, now + code_actions.VALID)]
        return render(request, "people/cards.html", {"cards": cards_for(issued, timezone.localdate(now))})
    return render(request, "people/reset.html", {"person": user})


@require_http_methods(["GET", "POST"])
def end_post(request: PageRequest, code: UUID) -> HttpResponse:
    """Say on which day a person leaves a post."""
    visible = Post.objects.visible_to(request.reach).select_related("user", "organisation__county")
    post = get_object_or_404(visible, code=code)
    check_can_end(request.reach, post)
    form = EndPostForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if form.is_valid():
        posts.end_post(post=post, by=request.reach, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The post ends on the day you chose."))
        return redirect("people:person", post.user.code)
    return render(request, "people/end_post.html", {"post": post, "form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def codes(request: PageRequest) -> HttpResponse:
    """Print one-time codes for those who have no password yet; each printing withdraws the codes before."""
    now = timezone.now()
    today = timezone.localdate(now)
    check_can_give_codes(request.reach)
    if request.method == "GET":
        return render(request, "people/codes.html", {"waiting": waiting_by_organisation(request.reach, today)})
    form = CodesForm(request.POST)
    if not form.is_valid():
        return redirect("people:codes")
    users = waiting_for_code(request.reach, today, form.cleaned_data["organisation"])
    cards = cards_for(code_actions.issue_codes(users=users, by=request.reach, now=now), today)
    if form.cleaned_data["form"] == "sheet":
        return HttpResponse(
            codes_workbook(cards), content_type=XLSX,
            headers={"Content-Disposition": 'attachment; filename="codes.xlsx"'},
        )  # fmt: skip
    return render(request, "people/cards.html", {"cards": cards})


@login_not_required
@never_cache
@sensitive_post_parameters("code", "password1", "password2")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    """Choose a password with a printed one-time code, and go straight in."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = ActivateForm(request.POST or None)
    if form.is_valid():
        if not ratelimit.consume(request, action="activate"):
            form.add_error(None, _("Too many tries from here. Wait a minute and try again."))
            return render(request, "people/activate.html", {"form": form}, status=429)
        data = form.cleaned_data
        redemption = code_actions.redeem_code(
            phone=data["phone"], code=data["code"], password=data["password1"], now=timezone.now()
        )
        if redemption.user is not None:
            response: HttpResponse = perform_login(request, redemption.user)
            return response
        for reason in redemption.reasons:
            form.add_error(None, reason)
    return render(request, "people/activate.html", {"form": form})


@login_not_required
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as somebody of the demo county; a real installation does not have this page."""
    if not settings.DEMO:
        raise Http404
    people = User.objects.filter(county__adcode=DEMO_COUNTY, is_active=True)
    user = get_object_or_404(people, phone=request.POST.get("phone", ""))
    response: HttpResponse = perform_login(request, user)
    return response
