"""Addresses of the plan and of duties."""

from django.urls import path

from huyuan.policy.views import duties, plans

app_name = "policy"
urlpatterns = [
    path("", plans.plan, name="plan"),
    path("import/", plans.bring_in, name="import"),
    path("versions/<uuid:code>/", plans.version, name="version"),
    path("rhythms/", plans.rhythms, name="rhythms"),
    path("rhythms/<slug:key>/", plans.set_rhythm, name="set_rhythm"),
    path("obligations/<slug:key>/", plans.obligation, name="obligation"),
    path("duties/", duties.mine, name="mine"),
    path("duties/<uuid:code>/", duties.duties, name="duties"),
    path("duties/<uuid:code>/adopt/", duties.adopt, name="adopt"),
    path("duties/<uuid:code>/<slug:key>/", duties.duty, name="duty"),
    path("duties/<uuid:code>/<slug:key>/declare/", duties.declare, name="declare"),
    path("duties/<uuid:code>/<slug:key>/assign/", duties.assign, name="assign"),
    path("supplements/<uuid:code>/withdraw/", duties.withdraw, name="withdraw"),
]
