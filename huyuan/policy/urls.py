"""Addresses of the burden meter."""

from django.urls import path

from huyuan.policy.views import burden

app_name = "policy"
urlpatterns = [
    path("burden/", burden.burden, name="burden"),
    path("burden/<uuid:code>/", burden.burden_of_school, name="burden_of_school"),
]
