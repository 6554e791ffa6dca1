"""What tests of alarm buttons say of duties."""

from django.db.models import Count, F, Max, Min, OuterRef, Subquery, Value
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huyuan.common.reach import Reach
from huyuan.facilities.models import Device
from huyuan.facilities.presentation import words_of
from huyuan.facilities.queries import pressed_tests
from huyuan.organisations.models import OrganisationKind
from huyuan.policy.measuring import NOTHING_DUE, Evidence, Measure, Parameters, Rows, Scope, register

PROOFS = 200


def buttons_tested(scope: Scope, parameters: Parameters) -> Rows:
    """How many of a school's devices in use were tested in the period; all of them are wanted."""
    _first, after = scope.moments
    devices = Device.objects.filter(county_id=scope.county_id, retired_at=None, registered_at__lt=after)
    tests = pressed_tests(*scope.moments).filter(device=OuterRef("pk")).order_by().values("device")
    tested = devices.annotate(tested_at=Subquery(tests.annotate(first=Min("received_at")).values("first")))
    figures: Rows = scope.of(tested, "school_id").order_by().values(bearer=F("school_id")).annotate(
        value=Count("tested_at"), wanted=Count("pk"), late=Value(0), met_on=Max(TruncDate("tested_at")),
        due_on=NOTHING_DUE,
    )  # fmt: skip
    return figures


def proof_of_tests(reach: Reach, organisation: int, scope: Scope, parameters: Parameters) -> list[Evidence]:
    """The signals of the period that came from a button somebody pressed to test it."""
    devices = Device.objects.visible_to(reach).filter(school_id=organisation)
    signals = pressed_tests(*scope.moments).filter(device__in=devices).select_related("device__school__organisation")
    return [
        Evidence(
            signal.device.place, words_of(signal), timezone.localdate(signal.received_at),
            signal.device.get_absolute_url(),
        )
        for signal in signals.order_by("-received_at", "-pk")[:PROOFS]
    ]  # fmt: skip


register(Measure(
    "facilities.button_tests", _("alarm buttons tested"), frozenset({OrganisationKind.SCHOOL}), buttons_tested,
    proof_of_tests, "facilities:devices", declarable=False,
))  # fmt: skip
