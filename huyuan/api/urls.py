"""Pages around the REST interface."""

from django.urls import path

from huyuan.api import views

app_name = "api"
urlpatterns = [
    path("", views.description, name="description"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<uuid:code>/revoke/", views.revoke, name="revoke"),
]
