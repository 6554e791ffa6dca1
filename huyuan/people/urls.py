"""Addresses of people."""

from django.urls import path

from huyuan.people import views

app_name = "people"
urlpatterns = [
    path("me/", views.account, name="account"),
    path("me/post/", views.switch_post, name="switch_post"),
    path("me/language/", views.language, name="language"),
    path("posts/<uuid:code>/lend/", views.lend, name="lend"),
    path("posts/<uuid:code>/withdraw/", views.withdraw, name="withdraw"),
    path("posts/<uuid:code>/end/", views.end_post, name="end_post"),
    path("codes/", views.codes, name="codes"),
    path("activate/", views.activate, name="activate"),
    path("demo/", views.demo_sign_in, name="demo_sign_in"),
    path("<uuid:code>/", views.person, name="person"),
    path("<uuid:code>/reset/", views.reset, name="reset"),
]
