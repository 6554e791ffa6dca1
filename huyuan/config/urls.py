"""Root of all addresses."""

from django.urls import include, path

from huyuan.api.root import api

urlpatterns = [
    path("", include("huyuan.web.urls")),
    path("", include("huyuan.policy.urls")),
    path("checks/", include("huyuan.inspections.urls")),
    path("emergency/", include("huyuan.emergency.urls")),
    path("devices/", include("huyuan.facilities.urls")),
    path("shifts/", include("huyuan.guardposts.urls")),
    path("inbox/", include("huyuan.notifications.urls")),
    path("files/", include("huyuan.attachments.urls")),
    path("people/", include("huyuan.people.urls")),
    path("ledgers/", include("huyuan.ledgers.urls")),
    path("organisations/", include("huyuan.organisations.urls")),
    path("account/", include("huyuan.people.account_urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("api/", include("huyuan.api.urls")),
    path("api/v1/", api.urls),
]
