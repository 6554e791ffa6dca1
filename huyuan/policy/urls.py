"""Addresses of the plan, of duties and of the burden meter."""

from django.urls import path

from huyuan.policy.views import burden, duties, plans

app_name = "policy"
urlpatterns = [
    path("plan/", plans.plan, name="plan"),
    path("plan/import/", plans.bring_in, name="import"),
    path("plan/versions/<uuid:code>/", plans.version, name="version"),
    path("plan/rhythms/", plans.rhythms, name="rhythms"),
    path("plan/rhythms/<slug:key>/", plans.set_rhythm, name="set_rhythm"),
    path("plan/obligations/<slug:key>/", plans.obligation, name="obligation"),
    path("duties/", duties.mine, name="mine"),
    path("duties/<uuid:code>/", duties.duties, name="duties"),
    path("duties/<uuid:code>/adopt/", duties.adopt, name="adopt"),
    path("duties/<uuid:code>/<slug:key>/", duties.duty, name="duty"),
    path("duties/<uuid:code>/<slug:key>/declare/", duties.declare, name="declare"),
    path("duties/<uuid:code>/<slug:key>/assign/", duties.assign, name="assign"),
    path("plan/supplements/<uuid:code>/withdraw/", duties.withdraw, name="withdraw"),
    path("burden/", burden.burden, name="burden"),
    path("burden/<uuid:code>/", burden.burden_of_school, name="burden_of_school"),
]
