"""The addresses of django-allauth that this product uses.

People are entered by phone number and reset with one-time codes: signing up, e-mail addresses and password resets by
mail are not mounted at all.
"""

from allauth.account import views
from allauth.account.views import LoginView
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from huyuan.people.forms import SignInForm

sign_in = login_not_required(LoginView.as_view(form_class=SignInForm))

urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
